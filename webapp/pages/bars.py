"""A barcode as the pages draw it: bars side by side, each as wide as its share."""

from collections.abc import Sequence
from typing import NamedTuple

from ml.hues.export import Bar as Hue

_WIDE, _NARROW = 7.0, 3.5
"""From these widths on, in percent, a figure under its bar has room on a phone, and on a desk."""


class Bar(NamedTuple):
    """One bar of the barcode: `x` and `width` are percentages of the whole."""

    hue: Hue
    x: float
    width: float

    @property
    def middle(self) -> float:
        """Where its figure stands."""
        return round(self.x + self.width / 2, 2)

    @property
    def room(self) -> str:
        """Where its figure has room: "any" screen, a "wide" one, or none ("")."""
        if self.width >= _WIDE:
            return "any"
        return "wide" if self.width >= _NARROW else ""


def bars(hues: Sequence[Hue]) -> tuple[Bar, ...]:
    """Lay hues side by side, each as wide as its share."""
    laid, x = [], 0.0
    for hue in hues:
        width = 100 * hue.share
        laid.append(Bar(hue, round(x, 2), round(width, 2)))
        x += width
    return tuple(laid)
