"""What is known of one book: its genres, decided on and ranked."""

from dataclasses import dataclass
from typing import NamedTuple

SHELF = "shelf"
"""The facet of reading habits, such as Audiobook, which are no genres."""


class Label(NamedTuple):
    """A label, its facet, and the least probability at which a book gets it."""

    name: str
    facet: str
    threshold: float


class Genre(NamedTuple):
    """A label's calibrated probability for one book, and the threshold it was held against."""

    name: str
    probability: float
    facet: str
    threshold: float


@dataclass(frozen=True)
class Prediction:
    """The genres of one book."""

    genres: tuple[Genre, ...]
    """Those decided on (at or above the label's threshold), best first, of every facet."""
    ranked: tuple[Genre, ...]
    """All labels, best first."""
    tokens: int
    """How many tokens the model read."""
    truncated: bool
    """Whether the text was longer than the model reads, so that its middle was left out."""

    @property
    def weights(self) -> dict[str, float]:
        """What its palette rests on: genres decided on, or else the best guesses; no shelves."""
        decided = [genre for genre in self.genres if genre.facet != SHELF]
        return {genre.name: genre.probability for genre in decided or self.guesses()}

    def guesses(self, n: int = 3) -> tuple[Genre, ...]:
        """Return the best `n` labels that were not decided on, shelf labels left out."""
        decided = set(self.genres)
        rest = (g for g in self.ranked if g not in decided and g.facet != SHELF)
        return tuple(g for g, _ in zip(rest, range(n), strict=False))
