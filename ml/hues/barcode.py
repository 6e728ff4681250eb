"""The order of the bars: the shortest walk through colour space that visits every hue once.

Neighbours are then as alike as they can be, so that the barcode reads as a gradient instead of
noise, and the same genres always give the same picture. Widths are not touched: they stay true.
"""

from functools import cache, lru_cache
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from ml.hues.colour import ciede2000, hex_to_rgb, rgb_to_lab
from ml.hues.names import HUES

_EXACT = 12
"""Up to this many hues the walk is the shortest there is; beyond, it is grown by insertion."""


_PLACE = {name: place for place, name in enumerate(HUES)}


@cache
def _lab() -> NDArray[np.float64]:
    """Return the hues in CIELAB [58, 3]."""
    return rgb_to_lab(np.array([hex_to_rgb(code) for code in HUES.values()]))


@cache
def _distances() -> NDArray[np.float64]:
    """Return CIEDE2000 between all hues [58, 58]."""
    return ciede2000(_lab()[:, None], _lab()[None, :])


@lru_cache(maxsize=4096)
def barcode_order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Order hue names along the shortest walk by CIEDE2000, from its darker end.

    Args:
        names: distinct names out of `HUES`; their own order does not matter.
    """
    if len(names) < 2:
        return names
    names = tuple(sorted(names))
    places = [_PLACE[name] for name in names]
    distance = _distances()[np.ix_(places, places)]
    path = _shortest(distance) if len(names) <= _EXACT else _inserted(distance)
    lightness = _lab()[places, 0]
    if lightness[path[0]] > lightness[path[-1]]:
        path.reverse()
    return tuple(names[place] for place in path)


def _shortest(distance: NDArray[np.float64]) -> list[int]:
    """Return the shortest open path (Held and Karp, 1962)."""
    n = len(distance)
    cost = np.full((1 << n, n), np.inf)  # of the best path through a set that ends in a place
    cost[1 << np.arange(n), np.arange(n)] = 0.0
    for sets, ends, without in _by_size(n):
        cost[sets, ends] = (cost.take(without, 0) + distance.take(ends, 0)).min(2)
    unvisited = (1 << n) - 1
    path = [int(cost[unvisited].argmin())]
    while unvisited := unvisited & ~(1 << path[-1]):
        path.append(int((cost[unvisited] + distance[path[-1]]).argmin()))
    return path


@cache
def _by_size(n: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """Return, for sizes 2, 3 ... n, the ways in which a path through a set of places can end.

    These are the sets [sets, 1] as bit masks, their places [sets, size], each of which may be the
    end, and the sets without it [sets, size].
    """
    found = []
    for size in range(2, n + 1):
        ends = np.array(list(combinations(range(n), size)))
        sets = (1 << ends).sum(1, keepdims=True)
        found.append((sets, ends, sets & ~(1 << ends)))
    return found


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
