"""Which hues to show: the most telling ones, no two of them alike, and no ground among them."""

import numpy as np
from numpy.typing import NDArray

from ml.hues.colour import ciede2000
from ml.hues.names import HUES

GROUND = ("silver", "lavender", "slategrey", "darkslategray")
"""Near-greys: half of the area that covers wear under these names has a chroma under 15 (silver
12.3, lavender 12.4, darkslategray 14.1, slategrey 14.2; the next, rosybrown, 16.5). They are ground
to the eye, as black, white and grey are, and every genre wears them."""
ALIKE = 8.0
"""Two colours nearer than this (CIEDE2000, as worn) are one bar to the eye; the second is left for
a hue that says more."""

_IS_GROUND = np.isin(list(HUES), GROUND)


def most_telling(
    character: NDArray[np.float64], lab: NDArray[np.float64], n: int
) -> NDArray[np.int64]:
    """Return the columns of `n` hues, most telling first.

    Hues like one chosen already, and ground, come only after all others.

    Args:
        character: [58] how telling each hue is.
        lab: [58, 3] CIELAB of what is worn under each name.
        n: how many, 1 to 58.
    """
    order = np.argsort(-character, kind="stable")
    chosen: list[int] = []
    passed: list[int] = []
    for column in order:
        if len(chosen) == n:
            break
        alike = chosen and ciede2000(lab[column], lab[chosen]).min() < ALIKE
        (passed if alike or _IS_GROUND[column] else chosen).append(int(column))
    passed.sort(key=lambda column: bool(_IS_GROUND[column]))
    return np.array((chosen + passed)[:n])
