"""What people call a colour: a designer's name for each of the 58 hues, or a measured colour's own.

The 58 names stay the identifiers of tables and of the API. Where a measured colour is near to none
of them, it is called by the nearest name of a wider vocabulary, the XKCD colour survey's (CC0;
`ml.hue_fitting.wider_names` writes the table).
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.hues.colour import ciede2000, hex_to_rgb, rgb_to_lab
from ml.hues.names import BACKDROPS, HUES

NEAR = 5.0
"""Up to this CIEDE2000 difference from what covers wear under a hue's name, the hue's designer name
is the colour's; beyond, the wider vocabulary is asked. Two paints 5 apart are told apart side by
side, and still called the same."""

DESIGNER_NAMES = Path(__file__).with_name("designer_names.csv")
WIDER_NAMES = Path(__file__).with_name("colour_names.csv")


@cache
def designer_names() -> Mapping[str, str]:
    """Read the reviewed table: each of the 61 colour names -> what a designer calls it."""
    with DESIGNER_NAMES.open(encoding="utf-8", newline="") as file:
        said = {row["name"]: row["designer_name"] for row in csv.DictReader(file)}
    return {name: said[name] for name in HUES} | {name: name for name in BACKDROPS}


def plain_name(lab: NDArray[np.float64]) -> str:
    """Return the name of a measured colour, CIELAB [3]: "rose pink", "butter yellow"."""
    names, points = _vocabulary()
    difference = ciede2000(lab, points)
    own = difference[: len(HUES)]
    nearest = int(own.argmin()) if own.min() <= NEAR else int(difference.argmin())
    return names[nearest]


@cache
def _vocabulary() -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the designer names and then the wider ones, with their colours in CIELAB [n, 3]."""
    with DESIGNER_NAMES.open(encoding="utf-8", newline="") as file:
        rows = [(row["designer_name"], row["worn"]) for row in csv.DictReader(file)]
    with WIDER_NAMES.open(encoding="utf-8", newline="") as file:
        rows += [(row["name"], row["hex"]) for row in csv.DictReader(file)]
    codes = np.array([hex_to_rgb(code) for _, code in rows])
    return tuple(name for name, _ in rows), rgb_to_lab(codes)
