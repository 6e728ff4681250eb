"""What a palette is made of: hues with their reasons, a backdrop, and how well it is known."""

from dataclasses import dataclass
from typing import NamedTuple


class Reason(NamedTuple):
    """Why a hue is in a palette: covers of `genre` wear it `lift` times as much as all covers."""

    genre: str
    lift: float

    def __str__(self) -> str:
        return f"{self.genre} {self.lift:.1f}×"


class Hue(NamedTuple):
    """One bar: its share of the ten, its lift over all covers, and the genres that explain it."""

    name: str
    """One of the 58 names; with `hex`, its canonical colour, the identifier of the API."""
    hex: str
    share: float
    lift: float
    reasons: tuple[Reason, ...]
    worn: str
    """The hex that covers wear: the mean measured colour of that name on covers of the genres."""
    says: str
    """What a designer calls it: "dusty pink"."""


class Backdrop(NamedTuple):
    """The shares of a cover's whole area that are achromatic, and which way they lean."""

    lean: str
    black: float
    white: float
    grey: float
    black_lift: float
    white_lift: float


class Evidence(NamedTuple):
    """How well a genre's colours are known; see docs/hues.md for the rule."""

    strength: str
    """"strong", "fair" or "weak"."""
    covers: int
    sources: int
    replication: float | None
    """Correlation of the log lifts between scanned covers and the other collections."""
    lean: float | None
    """Mean `typicality.score` of held-out covers, above that of their collections' mean cover."""
    interval: tuple[float, float] | None
    """95 % interval of `lean`; above 0, the genre's colours really recur on unseen covers."""


class Backing(NamedTuple):
    """How well one of the genres behind a palette is known."""

    genre: str
    strength: str
    covers: int
    sources: int


class Reference(NamedTuple):
    """Scores of a genre's own covers, each by a table built without its author."""

    covers: int
    scores: tuple[float, ...]
    """Quantiles at even steps from the lowest to the highest."""


@dataclass(frozen=True)
class Palette:
    """What covers of a book's genres lean to; lists and drawings show `hues` in this one order."""

    hues: tuple[Hue, ...]
    """The most telling ones, the widest first; shares sum to 1."""
    backdrop: Backdrop
    evidence: Evidence
    backing: tuple[Backing, ...]
    """The labels it rests on, weightiest first, each with its evidence."""

    @property
    def genres(self) -> tuple[str, ...]:
        """The labels it rests on, weightiest first."""
        return tuple(backing.genre for backing in self.backing)
