"""`python -m ml.hue_fitting.wider_names` writes the wider vocabulary of colour names.

It is the XKCD colour survey's (2010, CC0), reviewed; matplotlib carries its table. Left out are
names that nobody would put into a brief (`unfit_colour_names.txt`), and those with a slash.
"""

import csv
from functools import cache
from pathlib import Path

from ml.hues.naming import WIDER_NAMES

UNFIT = Path(__file__).with_name("unfit_colour_names.txt")


def wider_names() -> list[tuple[str, str]]:
    """Return (name, hex) of every name kept, in alphabetical order."""
    from matplotlib.colors import get_named_colors_mapping

    named = get_named_colors_mapping()
    survey = [(key.removeprefix("xkcd:"), named[key]) for key in named if key.startswith("xkcd:")]
    return sorted((name, str(code).lower()) for name, code in survey if _is_fit(name))


def _is_fit(name: str) -> bool:
    words = set(name.split())
    american = "gray" in words  # matplotlib adds one of each grey
    return not (american or "/" in name or f"={name}" in _unfit() or words & _unfit())


@cache
def _unfit() -> frozenset[str]:
    lines = UNFIT.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def write_wider_names(path: Path = WIDER_NAMES) -> int:
    """Write the table; returns how many names it holds."""
    rows = wider_names()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "hex"))
        writer.writerows(rows)
    return len(rows)


if __name__ == "__main__":
    write_wider_names()
