"""What a palette is made of: hues with their reasons, a backdrop, and how well it is known."""

from dataclasses import dataclass
from typing import NamedTuple

from ml.hues.barcode import barcode_order


class Reason(NamedTuple):
    """Why a hue is in a palette: covers of `genre` wear it `lift` times as much as all covers."""

    genre: str
    lift: float

    def __str__(self) -> str:
        return f"{self.genre} {self.lift:.1f}×"


class Hue(NamedTuple):
    """One bar: its share of the ten, its lift over all covers, and the genres that explain it."""

    name: str
    hex: str
    share: float
    lift: float
    reasons: tuple[Reason, ...]


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


class Reference(NamedTuple):
    """Scores of a genre's own covers, each by a table built without its author."""

    covers: int
    scores: tuple[float, ...]
    """Quantiles at even steps from the lowest to the highest."""


@dataclass(frozen=True)
class Palette:
    """What covers of a book's genres lean to."""

    hues: tuple[Hue, ...]
    """The most characteristic first; shares sum to 1."""
    backdrop: Backdrop
    evidence: Evidence
    genres: tuple[str, ...]
    """The labels it rests on, weightiest first."""

    @property
    def barcode(self) -> tuple[Hue, ...]:
        """The same hues in the order of the barcode: a short walk through colour space."""
        by_name = {hue.name: hue for hue in self.hues}
        return tuple(by_name[name] for name in barcode_order(tuple(by_name)))
