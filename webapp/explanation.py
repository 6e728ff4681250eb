"""Which words of a blurb spoke for a genre, ready to be laid over the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ml.serving.contributions import Contribution, ExplainedText

LEVELS = (0.6, 0.35, 0.2)
"""The share of the strongest word's value from which a word gets the heaviest line, and so on."""

MOST = 5


class Piece(NamedTuple):
    """A stretch of text: level 3 spoke most for the genre, 0 hardly mattered, -3 most against."""

    text: str
    level: int


@dataclass(frozen=True)
class Explanation:
    """What a blurb's words said of one label."""

    label: str
    pieces: tuple[Piece, ...]
    most: tuple[str, ...]
    """The words that spoke most for it, best first."""
    least: tuple[str, ...]
    """The words that spoke most against it."""


def explanation(label: str, explained: ExplainedText) -> Explanation:
    """Lay contributions over their text.

    Marks between words and the text's two ends have contributions too; they are small, mean
    nothing to a reader and are left out.
    """
    text = explained.text
    words = [found for found in explained.contributions if found.word[:1].isalnum()]
    strongest = max((abs(found.value) for found in words), default=0.0) or 1.0
    pieces, done = [], 0
    for found in words:
        pieces += [
            Piece(text[done : found.start], 0),
            Piece(text[found.start : found.end], _level(found.value / strongest)),
        ]
        done = found.end
    pieces.append(Piece(text[done:], 0))
    ranked = sorted(words, key=lambda found: -found.value)
    return Explanation(
        label,
        tuple(piece for piece in pieces if piece.text),
        _words(found for found in ranked if found.value > 0),
        _words(found for found in reversed(ranked) if found.value < 0),
    )


def _level(value: float) -> int:
    for level, least in zip((3, 2, 1), LEVELS, strict=True):
        if abs(value) >= least:
            return level if value > 0 else -level
    return 0


def _words(contributions: Iterable[Contribution]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.word.lower() for found in contributions))[:MOST]
