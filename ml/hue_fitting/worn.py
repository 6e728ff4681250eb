"""What covers wear under each hue's name: the mean measured colour, for all covers and by label."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.hue_fitting.covers import Cover
from ml.hue_fitting.fitting import Sample, hue_labels
from ml.hues.colour import hex_to_rgb, lab_to_rgb, rgb_to_lab
from ml.hues.names import HUES
from ml.hues.table import ALL

PSEUDO_AREA = 1.0
"""A label's mean is that of its own covers' area and of this much area (in covers) of all covers'
mean: a hue that a label hardly wears looks as it does elsewhere."""
_CANONICAL = 1e-3
"""Covers' worth of the canonical colour, for a hue that no cover wears."""


def worn(covers: Sequence[Cover], data: Sample) -> dict[str, NDArray[np.uint8]]:
    """Return label -> [58, 3] sRGB, and under `ALL` that of all covers; measured areas only.

    Args:
        covers: as `read_covers` returned them.
        data: the same covers as arrays.
    """
    rows = data.measured if data.measured.any() else np.ones_like(data.measured)
    paint = np.stack([cover.paint for cover in covers])[rows, : len(HUES)]
    area = data.area[rows, : len(HUES), None]
    canonical = rgb_to_lab(np.array([hex_to_rgb(code) for code in HUES.values()]))
    everywhere = (paint.sum(axis=0) + _CANONICAL * canonical) / (area.sum(axis=0) + _CANONICAL)
    found = {ALL: lab_to_rgb(everywhere)}
    member = data.member[rows].T.astype(np.float64)
    flat = member @ paint.reshape(len(paint), -1)
    shares = (member @ area[..., 0])[..., None]
    mean = flat.reshape(-1, len(HUES), 3) + PSEUDO_AREA * everywhere
    for label, colours in zip(hue_labels(), mean / (shares + PSEUDO_AREA), strict=True):
        found[label] = lab_to_rgb(colours)
    return found
