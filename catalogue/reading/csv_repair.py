"""Records whose quotes are not as they should be, read as they were meant, or given up."""

import csv
import re
from typing import NamedTuple

LOOKED_AT = 50
"""Lines that a record with stray quotes may span."""


class Repaired(NamedTuple):
    """The cells that were meant, how many lines they took, and what was wrong with them."""

    cells: list[str]
    lines: int
    warning: str


def repair(lines: list[str], delimiter: str, width: int) -> Repaired | None:
    """Read a broken record of `width` cells that begins with the first of these lines.

    Quotes may be escaped with a backslash, not doubled inside a quoted cell, or opened and never
    closed. A later line that is a whole row by itself is never part of a broken one.
    """
    lines = lines[:LOOKED_AT]
    if any('\\"' in line for line in lines):
        for count in _spans(lines, delimiter, width):
            text = "".join(lines[:count]).replace('\\"', '""')
            if (cells := strict_cells(text, delimiter)) and len(cells) == width:
                return Repaired(cells, count, "")
    for count in _spans(lines, delimiter, width):
        cells = _loose_cells("".join(lines[:count]), delimiter)
        if cells and len(cells) == width:
            return Repaired(cells, count, "quotes within a cell are not doubled")
    cells = [cell.strip().strip('"') for cell in lines[0].rstrip("\r\n").split(delimiter)]
    if len(cells) == width > 1:
        return Repaired(cells, 1, "a quote opens a cell and does not close")
    if not lines[0].count('"') and (cells := _rejoined(lines[0], delimiter, width)):
        return Repaired(cells, 1, "a separator before a blank was taken as part of the text")
    return None


def _rejoined(line: str, delimiter: str, width: int) -> list[str] | None:
    """Join cells that begin with a blank to the one before, where that gives the right number."""
    cells: list[str] = []
    for part in line.rstrip("\r\n").split(delimiter):
        if cells and part.startswith(" "):
            cells[-1] += delimiter + part
        else:
            cells.append(part)
    return cells if len(cells) == width else None


def strict_cells(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of one well-formed record, else None."""
    try:
        rows = list(
            csv.reader(
                text.splitlines(keepends=True),
                delimiter=delimiter, skipinitialspace=True, strict=True,
            )
        )  # fmt: skip
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _spans(lines: list[str], delimiter: str, width: int) -> range:
    """Return how many lines a record could span: up to the next that is a row by itself."""
    for place, line in enumerate(lines[1:], start=1):
        cells = strict_cells(line, delimiter)
        if cells and len(cells) == width > 1:
            return range(1, place + 1)
    return range(1, len(lines) + 1)


def _loose_cells(text: str, delimiter: str) -> list[str] | None:
    """Split where a quote closes only before a separator or at the end; None if one stays open."""
    mark = re.escape(delimiter)
    cell = re.compile(
        rf' *"(.*?)"[ ]*(?:({mark})|[\r\n]*\Z)|([^{mark}]*?)(?:({mark})|[\r\n]*\Z)', re.S
    )
    cells, place = [], 0
    while match := cell.match(text, place):
        quoted, after_quoted, plain, after_plain = match.groups()
        if quoted is None and plain.lstrip().startswith('"'):
            return None
        cells.append(quoted.replace('""', '"') if quoted is not None else plain.strip(" \r\n"))
        place = match.end()
        if not (after_quoted or after_plain):
            return cells
    return None
