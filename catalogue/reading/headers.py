"""Finding the header among the first rows of a table, and names for its columns."""

from collections.abc import Sequence
from typing import NamedTuple

from catalogue.columns import known_role

LOOKED_AT = 20
"""Rows among which the header is looked for: exports begin with a title, a date, empty lines."""


class Header(NamedTuple):
    """Where the header stands and how much it looks like one."""

    place: int
    roles: int
    """How many different roles its names stand for."""
    describes: bool


def find_header(rows: Sequence[Sequence[object]]) -> Header:
    """Return the first row that names the most roles; the first row of all where none does."""
    best = Header(0, 0, False)
    for place, cells in enumerate(rows[:LOOKED_AT]):
        roles = {known_role(cell) for cell in cells if isinstance(cell, str) and len(cell) < 60}
        found = Header(place, len(roles - {None}), "description" in roles)
        enough = found.roles >= 2 or place == 0
        if enough and (found.describes, found.roles) > (best.describes, best.roles):
            best = found
    return best


def column_names(cells: Sequence[object]) -> tuple[str, ...]:
    """Return a name for each cell of a header; unnamed ones get their place, repeats a number."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(str(cell).split()) if cell is not None else ""
        name = name or f"column {place}"
        again = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({again + 1})" if again and name in names else name)
    return tuple(names)
