"""How typical a cover's colours are of a genre, and what would move it.

The score of a cover is the mean, over its area, of the logarithm of the genre's lift: above 0
where its colours are more common on that genre's covers than on all covers. It is placed among the
scores of the genre's own covers, each scored by a table built without its author.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.hues.names import BACKDROPS, COLOURS, HUES
from ml.hues.table import HueTable

MIN_COVERS = 100
"""Below this many measured covers of a genre, a percentile would be a guess."""
_MOVES = 3
_HEX = {**HUES, **BACKDROPS}


class Move(NamedTuple):
    """A colour whose share, made larger (or smaller), brings the cover nearer to the genre."""

    name: str
    hex: str
    lift: float


class Typicality(NamedTuple):
    """A cover among those of a genre."""

    genre: str
    percentile: int
    """0 to 100: how many of 100 covers of the genre look less like it than this one."""
    covers: int
    more: tuple[Move, ...]
    less: tuple[Move, ...]


def score(area: NDArray[np.float64], lift: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean log lift over the area: [..., 61] and [..., 61], broadcast together -> [...]."""
    result: NDArray[np.float64] = (area * np.log(np.maximum(lift, 0.05))).sum(axis=-1)
    return result


def typicality(
    table: HueTable, area: NDArray[np.float64], genres: Sequence[str]
) -> tuple[Typicality, ...]:
    """Place a cover among the covers of each genre.

    Args:
        table: the hue table.
        area: [61] the cover's shares (`CoverPalette.area`).
        genres: labels; one that has too few measured covers of its own is left out.
    """
    return tuple(_place(table, area, genre) for genre in genres if genre in table.reference)


def _place(table: HueTable, area: NDArray[np.float64], genre: str) -> Typicality:
    lift, quantiles = table.lifts[genre], table.reference[genre].scores
    percentile = np.interp(score(area, lift), quantiles, np.linspace(0, 100, len(quantiles)))
    # A colour moves the cover most where its lift is far from 1 and there is area to give or take.
    common = table.base * lift > 0.004
    up = [i for i in np.argsort(-lift, kind="stable") if common[i] and lift[i] >= 1.1]
    down = [
        i
        for i in np.argsort(area * np.log(np.maximum(lift, 0.05)), kind="stable")
        if area[i] >= 0.03 and lift[i] <= 1 / 1.1
    ]
    return Typicality(
        genre,
        round(float(percentile)),
        table.reference[genre].covers,
        _moves(lift, up),
        _moves(lift, down),
    )


def _moves(lift: NDArray[np.float64], columns: Sequence[int]) -> tuple[Move, ...]:
    names = [COLOURS[column] for column in columns[:_MOVES]]
    return tuple(
        Move(name, _HEX[name], float(lift[column]))
        for name, column in zip(names, columns, strict=False)
    )
