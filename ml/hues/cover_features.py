"""A cover's five colours as the numbers that the shelf model reads. Numpy only.

Two soft histograms of CIELAB (each colour's area is spread over the cells near it, so that close
colours look alike), and moments of lightness, chroma and the two colour axes.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

READ = 5
"""Colours of a palette that are read, the largest first."""
_SEEN = 0.02
"""A colour below this share is left out of extremes."""


_WARM_HUE = np.radians(50)
"""Hue angle of the warmest colours, orange; its opposite, blue, is the coldest."""


class Grid(NamedTuple):
    """The cells of a soft histogram."""

    centres: NDArray[np.float64]
    """[k, 3] in CIELAB."""
    width: float
    """Standard deviation of the bell that spreads an area, in CIELAB units."""


def features(
    lab: NDArray[np.float64], weight: NDArray[np.float64], grids: tuple[Grid, ...]
) -> NDArray[np.float64]:
    """Return [n, f] features of n covers.

    Args:
        lab: [n, 5, 3] the colours.
        weight: [n, 5] their shares of the area, summing to 1; 0 for a colour that is not there.
        grids: the histograms' cells.
    """
    histograms = [np.sqrt(_spread(lab, weight, grid)) for grid in grids]
    return np.concatenate([*histograms, _moments(lab, weight) / 100], axis=1)


def _spread(
    lab: NDArray[np.float64], weight: NDArray[np.float64], grid: Grid
) -> NDArray[np.float64]:
    """Return [n, k] the area in each cell."""
    total = np.zeros((len(lab), len(grid.centres)))
    for place in range(lab.shape[1]):
        square = ((lab[:, place, None] - grid.centres) ** 2).sum(axis=-1)
        # Less the least square: a colour far from every cell goes to the nearest.
        near = np.exp((square.min(axis=1, keepdims=True) - square) / (2 * grid.width**2))
        total += weight[:, place, None] * near / near.sum(axis=1, keepdims=True)
    return total


def _moments(lab: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    seen, rows = weight > _SEEN, np.arange(len(lab))
    found: list[NDArray[np.float64]] = []
    for value in (*np.moveaxis(lab, -1, 0), chroma):
        mean = (weight * value).sum(axis=1)
        apart = value - mean[:, None]
        found += [
            mean,
            np.sqrt((weight * apart**2).sum(axis=1)),
            np.cbrt((weight * apart**3).sum(axis=1)),
            np.where(seen, value, -np.inf).max(axis=1),
            np.where(seen, value, np.inf).min(axis=1),
        ]
    largest = -np.sort(-weight, axis=1)
    found += [-30 * (weight * np.log(weight + 1e-9)).sum(axis=1)]
    found += [100 * largest[:, 0], 100 * largest[:, 1]]
    vivid = np.where(seen, chroma, -1).argmax(axis=1)
    dark = np.where(seen, lab[..., 0], np.inf).argmin(axis=1)
    light = np.where(seen, lab[..., 0], -np.inf).argmax(axis=1)
    for which in (weight.argmax(axis=1), vivid, dark, light):
        found += [*lab[rows, which].T, chroma[rows, which], 100 * weight[rows, which]]
    between = np.sqrt(((lab[:, :, None] - lab[:, None]) ** 2).sum(axis=-1))
    found.append(np.einsum("ni,nj,nij->n", weight, weight, between))
    return np.stack(found, axis=1)


def lightness_and_warmth(
    lab: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return [n, 2]: mean lightness, and mean chroma towards orange less that towards blue."""
    warm = lab[..., 1] * np.cos(_WARM_HUE) + lab[..., 2] * np.sin(_WARM_HUE)
    return np.stack([(weight * lab[..., 0]).sum(axis=1), (weight * warm).sum(axis=1)], axis=1)
