"""Measure a cover: five CIELAB clusters, each named by the nearest of the 58 hues.

The method is the one that measured the covers of the hue table, so that the two can be compared.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.hues.colour import ciede2000, hex_to_rgb, lab_to_rgb, rgb_to_lab
from ml.hues.image import CoverError, read_pixels
from ml.hues.names import BACKDROPS, COLOURS, HUES
from ml.hues.naming import plain_name

__all__ = ["CoverColour", "CoverError", "CoverPalette", "extract_palette"]

CLUSTERS = 5
_NEARLY_ALL = 0.95
"""A share of the area that leaves too little to be a cover."""
_FLAT = 2.0
"""Below this spread an image is flat areas of colour: a drawing, or a mock-up."""
_STARTS = 4
_STEPS = 60


class CoverColour(NamedTuple):
    """One cluster of a cover's pixels."""

    hex: str
    share: float
    """Of the cover's area."""
    css: str
    """The nearest of the 58 hues by CIEDE2000, at `difference`."""
    difference: float
    neutral: str | None
    """"black", "white" or "grey" where the colour is achromatic."""

    says: str
    """What people call it."""

    @property
    def worn(self) -> str:
        """The measured hex."""
        return self.hex

    @property
    def name(self) -> str:
        """What the area counts as: the backdrop where it is achromatic, else the hue."""
        return self.neutral or self.css


class CoverPalette(NamedTuple):
    """The colours of one cover, the largest first; shares sum to 1."""

    colours: tuple[CoverColour, ...]
    lightness: float
    """Mean CIELAB lightness, 0 (black) to 100."""
    spread: float
    """Mean CIELAB distance of the pixels from their cluster's colour; small for flat areas."""

    @property
    def painted(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The colours in CIELAB [k, 3] and their shares [k], as `ml.hues.shelves` reads them."""
        codes = np.array([hex_to_rgb(colour.hex) for colour in self.colours])
        return rgb_to_lab(codes), np.array([colour.share for colour in self.colours])

    @property
    def blank(self) -> str | None:
        """Why there are too few colours to say anything of: "one colour", "nearly all white"."""
        for name, share in self.shares.items():
            if name in BACKDROPS and share >= _NEARLY_ALL:
                return f"nearly all {name}"
        return "one colour" if self.colours[0].share >= _NEARLY_ALL else None

    @property
    def flaw(self) -> str | None:
        """What sets the image apart from the covers measured, if anything."""
        if self.blank:
            return self.blank
        return "a flat drawing" if self.spread < _FLAT else None

    @property
    def shares(self) -> Mapping[str, float]:
        """Colour name (of the 61) -> its share of the cover's area."""
        total: dict[str, float] = {}
        for colour in self.colours:
            total[colour.name] = total.get(colour.name, 0.0) + colour.share
        return total

    @property
    def area(self) -> NDArray[np.float64]:
        """[61] the same in the order of `COLOURS`."""
        shares = self.shares
        return np.array([shares.get(name, 0.0) for name in COLOURS])


def extract_palette(source: bytes | Path) -> CoverPalette:
    """Measure a cover image (JPEG, PNG or WebP).

    Args:
        source: the file's bytes, or its path.

    Raises:
        CoverError: with a clear message, where the image cannot be used.
    """
    lab = rgb_to_lab(read_pixels(source))
    centres, counts = _cluster(lab)
    order = np.argsort(-counts, kind="stable")
    colours = tuple(_colour(centres[row], counts[row] / len(lab)) for row in order)
    spread = float(np.sqrt(_squared(lab, centres).min(axis=1)).mean())
    return CoverPalette(colours, float(lab[:, 0].mean()), spread)


@cache
def _hues() -> NDArray[np.float64]:
    return rgb_to_lab(np.array([hex_to_rgb(code) for code in HUES.values()]))


def _colour(lab: NDArray[np.float64], share: float) -> CoverColour:
    red, green, blue = lab_to_rgb(lab)
    difference, achromatic = ciede2000(lab, _hues()), neutral(lab)
    nearest = int(difference.argmin())
    return CoverColour(
        f"#{red:02x}{green:02x}{blue:02x}",
        float(share),
        COLOURS[nearest],
        float(difference[nearest]),
        achromatic,
        achromatic or plain_name(lab),
    )


def neutral(lab: NDArray[np.float64]) -> str | None:
    """Return the backdrop that an achromatic colour is, or None; the reference covers' rule."""
    lightness, chroma = float(lab[0]), float(np.hypot(lab[1], lab[2]))
    black, white, grey = BACKDROPS
    if lightness < 13 or (lightness < 20 and chroma < 8):
        return black
    if lightness > 93 and chroma < 10:
        return white
    return grey if chroma < 9 else None


def _cluster(lab: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the centres and sizes of up to five clusters: k-means from the best of a few starts.

    The random starts are seeded, so that a file always gives the same palette.
    """
    rng = np.random.default_rng(0)
    starts = [_seed(lab, rng) for _ in range(_STARTS)]
    best = min(starts, key=lambda centres: _squared(lab, centres).min(axis=1).sum())
    centres, label = _kmeans(lab, best)
    counts = np.bincount(label, minlength=len(centres))
    return centres[counts > 0], counts[counts > 0]


def _kmeans(
    points: NDArray[np.float64], centres: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Run Lloyd's algorithm until the centres rest; returns centres and labels.

    They rest when together they move by less than 1e-4 of the points' variance (scikit-learn's
    default tolerance), which no palette shows.
    """
    rest = 1e-4 * float(points.var(axis=0).mean())
    for _ in range(_STEPS):
        member = np.eye(len(centres))[_squared(points, centres).argmin(axis=1)]
        counts = member.sum(axis=0)[:, None]
        moved = np.where(counts > 0, member.T @ points / np.maximum(counts, 1), centres)
        shift = float(((moved - centres) ** 2).sum())
        centres = moved
        if shift <= rest:
            break
    return centres, _squared(points, centres).argmin(axis=1)


def _seed(points: NDArray[np.float64], rng: "np.random.Generator") -> NDArray[np.float64]:
    """Choose starting centres far from each other (k-means++, Arthur and Vassilvitskii, 2007)."""
    chosen = [int(rng.integers(len(points)))]
    while len(chosen) < CLUSTERS:
        nearest = _squared(points, points[chosen]).min(axis=1)
        if nearest.sum() < 1e-6:  # fewer colours than clusters
            break
        chosen.append(int(rng.choice(len(points), p=nearest / nearest.sum())))
    return points[chosen]


def _squared(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances [n, k]; clipped, since rounding can take the expanded form below 0."""
    square = np.einsum("nc,nc->n", points, points)[:, None] - 2 * points @ centres.T
    square += np.einsum("kc,kc->k", centres, centres)
    clipped: NDArray[np.float64] = np.maximum(square, 0.0)
    return clipped
