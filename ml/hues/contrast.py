"""How well a title reads on a colour: the contrast of WCAG 2.2, section 1.4.3."""

from typing import NamedTuple

from ml.hues.colour import hex_to_rgb


class Contrast(NamedTuple):
    """Contrast ratios, 1 to 21, of white and of black letters; 3 is enough for large ones."""

    white: float
    black: float


def title_contrast(code: str) -> Contrast:
    """Return the contrast of a title on the colour "#rrggbb"."""
    red, green, blue = (_linear(part / 255) for part in hex_to_rgb(code))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return Contrast(1.05 / (luminance + 0.05), (luminance + 0.05) / 0.05)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
