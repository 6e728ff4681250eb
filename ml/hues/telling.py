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
    # Each call costs more than a larger one: the first of the order nearly always suffice.
    likely = order[: 2 * n + 8]
    apart = ciede2000(lab[likely][:, None], lab[likely][None])
    places: list[int] = []
    passed: list[int] = []
    for place, column in enumerate(likely):
        if len(places) == n:
            break
        alike = places and apart[place, places].min() < ALIKE
        (passed if alike or _IS_GROUND[column] else places).append(place)
    passed.sort(key=lambda place: bool(_IS_GROUND[likely[place]]))
    return likely[(places + passed)[:n]]
