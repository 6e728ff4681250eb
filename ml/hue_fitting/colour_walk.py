"""An order of hues for drawings: a short walk through colour space that visits each once."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ml.hues.colour import ciede2000, hex_to_rgb, rgb_to_lab
from ml.hues.names import HUES


def colour_walk(names: Sequence[str]) -> tuple[str, ...]:
    """Order hue names so that neighbours are alike, by CIEDE2000.

    Each next one goes where it lengthens the walk least; the order given does not matter.

    Args:
        names: distinct names out of `HUES`.
    """
    names = sorted(names)
    lab = rgb_to_lab(np.array([hex_to_rgb(HUES[name]) for name in names]))
    distance = ciede2000(lab[:, None], lab[None])
    path = [0]
    for new in range(1, len(names)):
        inner = [
            distance[left, new] + distance[new, right] - distance[left, right]
            for left, right in pairwise(path)
        ]
        costs = [distance[new, path[0]], *inner, distance[new, path[-1]]]
        path.insert(int(np.argmin(costs)), new)
    return tuple(names[place] for place in path)
