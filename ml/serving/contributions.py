"""From contributions of tokens to contributions of words."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\w+(?:['’-]\w+)*")


class Contribution(NamedTuple):
    """What one word added to a label's score; `start` and `end` are offsets into the text."""

    word: str
    start: int
    end: int
    value: float


class ExplainedText(NamedTuple):
    """What each word of a text said for or against a label."""

    text: str
    """The cleaned text that the model read; the contributions' offsets count in it."""
    contributions: tuple[Contribution, ...]
    """In units of the calibrated logit; with the label's bias they sum to it."""


def by_word(
    text: str, offsets: Sequence[tuple[int, int]], values: NDArray[np.floating]
) -> tuple[Contribution, ...]:
    """Sum token contributions over the words of a text; nothing is lost.

    Args:
        text: the text that was tokenized.
        offsets: (start, end) of each token read.
        values: [tokens + 2] contributions, those of the opening and closing token included.

    Returns:
        One contribution a word (or a mark between words), in order of the text, and last one
        with an empty word for the opening and closing tokens, if they are not nothing.
    """
    spans = [match.span() for match in _WORD.finditer(text)]
    result: list[Contribution] = []
    at = 0
    for (start, end), value in zip(offsets, values[1:-1], strict=True):
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        inside = at < len(spans) and spans[at][0] <= start
        first, last = spans[at] if inside else (start, end)
        if result and result[-1].start == first:
            result[-1] = result[-1]._replace(value=result[-1].value + float(value))
        else:
            result.append(Contribution(text[first:last], first, last, float(value)))
    rest = float(values[0] + values[-1])
    return (*result, Contribution("", 0, 0, rest)) if rest else tuple(result)
