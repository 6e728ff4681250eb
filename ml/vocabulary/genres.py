"""The genre vocabulary: which labels there are, and which raw names mean them.

`genres.csv` beside this file is the table to read and to correct: one label a line with its
facet, whether the original project had it, the raw names merged into it and its wider genres.
"""

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("genres.csv")
FACETS = ("genre", "audience", "form", "setting", "shelf")

_PARENT_CHILD = re.compile(r"^(?P<parent>.+?)\s*\((?P<child>.+)\)\s*$")


class GenreEntry(NamedTuple):
    """One line of the vocabulary."""

    label: str
    facet: str
    original: bool
    synonyms: tuple[str, ...]
    parents: tuple[str, ...]


def key(name: str) -> str:
    """Fold case, apostrophes, ampersands, hyphens and spaces: "Sci-Fi " and "sci fi" are one."""
    name = re.sub(r"['’]", "", name.lower()).replace("&", " and ")
    return " ".join(re.findall(r"\w+", name))


@cache
def vocabulary() -> dict[str, GenreEntry]:
    """Read the table; label -> its entry, in the table's order (the 141 original ones first)."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        entries = [
            GenreEntry(
                row["label"],
                row["facet"],
                row["original"] == "yes",
                tuple(filter(None, row["synonyms"].split("|"))),
                tuple(filter(None, row["parents"].split("|"))),
            )
            for row in csv.DictReader(file)
        ]
    return {entry.label: entry for entry in entries}


@cache
def _names() -> dict[str, str]:
    """Every known name's key -> label."""
    names = {key(entry.label): entry.label for entry in vocabulary().values()}
    for entry in vocabulary().values():
        for synonym in entry.synonyms:
            other = names.setdefault(key(synonym), entry.label)
            if other != entry.label:
                raise ValueError(f"{TABLE.name}: '{synonym}' means both {other} and {entry.label}")
    return names


def canonical(raw: str) -> tuple[str, ...]:
    """Return the labels that one raw name means: none, one, or a child and its parent.

    "Science Fiction (Aliens)" is Aliens and Science Fiction; "Cultural (China)" only China,
    since the parent is no label.
    """
    match = _PARENT_CHILD.match(raw.strip())
    parts = (match["child"], match["parent"]) if match else (raw,)
    found = (_names().get(key(part)) for part in parts)
    return tuple(dict.fromkeys(label for label in found if label))


def canonical_all(raw_names: Iterable[str]) -> tuple[str, ...]:
    """Return the labels that a book's raw names mean, in order and without repeats."""
    return tuple(dict.fromkeys(label for raw in raw_names for label in canonical(raw)))
