"""Which labels imply and which exclude each other: what no answer may contradict.

`consistency.csv` beside this file is the table to read and to correct. An implication stands there
where the meaning of the names demands it and the data bears it out: at least nine in ten books
with the narrower label have the wider one, and what is missing is missing from the source.
"""

import csv
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("consistency.csv")

Pairs = tuple[tuple[str, str], ...]


def implied() -> Pairs:
    """Return (narrower, wider) labels."""
    return _pairs("implies")


def excluding() -> Pairs:
    """Return pairs of labels of which a book has at most one."""
    return _pairs("excludes")


@cache
def _pairs(kind: str) -> Pairs:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["label"], row["other"]) for row in csv.DictReader(file) if row["kind"] == kind
        )
