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


class WordContributions(NamedTuple):
    """What each word of a text added to each label's score; with the biases they sum to it.

    Attributes:
        text: the cleaned text that the model read.
        spans: (start, end) of each word, or mark between words, in order of the text.
        values: [words, labels].
        rest: [labels] what the opening and the closing token added.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    values: NDArray[np.floating]
    rest: NDArray[np.floating]


def sum_by_word(
    text: str, offsets: Sequence[tuple[int, int]], values: NDArray[np.floating]
) -> WordContributions:
    """Sum contributions of tokens over the words of a text; nothing is lost.

    Args:
        text: the text that was tokenized.
        offsets: (start, end) of each token read.
        values: [tokens + 2, labels], those of the opening and closing token included.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    spans: list[tuple[int, int]] = []
    firsts: list[int] = []
    at = 0
    for token, (start, end) in enumerate(offsets):
        while at < len(words) and words[at][1] <= start:
            at += 1
        inside = at < len(words) and words[at][0] <= start
        span = words[at] if inside else (start, end)
        if not spans or spans[-1][0] != span[0]:
            spans.append(span)
            firsts.append(token)
    summed = np.add.reduceat(values[1:-1], firsts, axis=0) if firsts else values[1:-1]
    return WordContributions(text, tuple(spans), summed, values[0] + values[-1])


def by_word(
    text: str, offsets: Sequence[tuple[int, int]], values: NDArray[np.floating]
) -> tuple[Contribution, ...]:
    """Sum one label's contributions [tokens + 2] over the words of a text; nothing is lost.

    Args:
        text: the text that was tokenized.
        offsets: (start, end) of each token read.
        values: [tokens + 2] contributions, those of the opening and closing token included.

    Returns:
        One contribution a word (or a mark between words), in order of the text, and last one
        with an empty word for the opening and closing tokens, if they are not nothing.
    """
    found = sum_by_word(text, offsets, values[:, None])
    result = [
        Contribution(text[start:end], start, end, value)
        for (start, end), value in zip(found.spans, found.values[:, 0].tolist(), strict=True)
    ]
    rest = float(found.rest[0])
    return (*result, Contribution("", 0, 0, rest)) if rest else tuple(result)
