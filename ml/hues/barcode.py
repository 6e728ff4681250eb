"""The order of the bars: the shortest walk through colour space that visits every hue once.

Neighbours are then as alike as they can be, so that the barcode reads as a gradient instead of
noise, and the same genres always give the same picture. Widths are not touched: they stay true.
"""

from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ml.hues.colour import ciede2000, hex_to_rgb, rgb_to_lab
from ml.hues.names import HUES

_EXACT = 12
"""Up to this many hues the walk is the shortest there is; beyond, it is grown by insertion."""


@cache
def _lab() -> dict[str, NDArray[np.float64]]:
    lab = rgb_to_lab(np.array([hex_to_rgb(code) for code in HUES.values()]))
    return dict(zip(HUES, lab, strict=True))


@lru_cache(maxsize=4096)
def barcode_order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Order hue names along the shortest walk by CIEDE2000, from its darker end.

    Args:
        names: distinct names out of `HUES`; their own order does not matter.
    """
    if len(names) < 2:
        return names
    names = tuple(sorted(names))
    lab = np.array([_lab()[name] for name in names])
    distance = ciede2000(lab[:, None], lab[None, :])
    path = _shortest(distance) if len(names) <= _EXACT else _inserted(distance)
    if lab[path[0], 0] > lab[path[-1], 0]:
        path.reverse()
    return tuple(names[place] for place in path)


def _shortest(distance: NDArray[np.float64]) -> list[int]:
    """Return the shortest open path (Held and Karp, 1962)."""
    n = len(distance)
    cost = np.full((1 << n, n), np.inf)
    before = np.zeros((1 << n, n), dtype=int)
    cost[1 << np.arange(n), np.arange(n)] = 0.0
    ends = np.arange(n)
    for sets in _by_size(n):
        steps = cost[sets[:, None] & ~(1 << ends)] + distance.T
        best = steps.argmin(2)
        reached = np.take_along_axis(steps, best[:, :, None], 2)[:, :, 0]
        cost[sets] = np.where((sets[:, None] >> ends) & 1 == 1, reached, np.inf)
        before[sets] = best
    visited, end = (1 << n) - 1, int(cost[-1].argmin())
    path = []
    while visited:
        path.append(end)
        visited, end = visited & ~(1 << end), int(before[visited, end])
    return path


@cache
def _by_size(n: int) -> tuple[NDArray[np.int64], ...]:
    """Return the sets of 2, 3 ... n out of n places, as bit masks."""
    masks = np.arange(1 << n)
    sizes = np.array([mask.bit_count() for mask in range(1 << n)])
    return tuple(masks[sizes == size] for size in range(2, n + 1))


def _inserted(distance: NDArray[np.float64]) -> list[int]:
    """Grow a path by putting each next colour where it lengthens the path least."""
    path = [0]
    for new in range(1, len(distance)):
        ends = [distance[new, path[0]], distance[new, path[-1]]]
        inner = [
            distance[left, new] + distance[new, right] - distance[left, right]
            for left, right in pairwise(path)
        ]
        costs = [ends[0], *inner, ends[1]]
        path.insert(int(np.argmin(costs)), new)
    return path
