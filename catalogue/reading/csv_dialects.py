"""What separates the cells of a table, told by its header, or else by its first rows."""

import csv
import re
from collections import Counter
from typing import NamedTuple

from catalogue.reading.headers import find_header

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_HINT = re.compile(r'\s*"?sep=(.)"?\s*$', re.IGNORECASE)


class Dialect(NamedTuple):
    """How a table is written."""

    delimiter: str
    header: int
    """Lines before the header."""
    known: bool
    """Whether the header names a column that is known."""


def find_dialect(lines: list[str]) -> Dialect:
    """Tell the dialect from the first lines of a table."""
    hint = _HINT.match(lines[0]) if lines else None
    skipped = 1 if hint else 0
    delimiters = [hint[1]] if hint else list(DELIMITERS)
    best = Dialect(delimiters[0], skipped, False)
    most: tuple[bool, int, int] = (False, 0, 0)
    for delimiter in delimiters:
        rows = [cells_of(line, delimiter) for line in lines[skipped:]]
        header = find_header(rows)
        width = len(rows[header.place]) if rows else 0
        rank = (header.describes, header.roles, width)
        if header.roles and rank > most:
            most, best = rank, Dialect(delimiter, skipped + header.place, True)
    return best if best.known or hint else best._replace(delimiter=_steadiest(lines))


def cells_of(line: str, delimiter: str) -> list[str]:
    """Split one line into its cells, leniently."""
    try:
        return next(iter(csv.reader([line], delimiter=delimiter, skipinitialspace=True)), [])
    except csv.Error:
        return line.split(delimiter)


def _steadiest(lines: list[str]) -> str:
    """Return the separator that cuts most lines into the same number of cells, above one."""

    def steadiness(delimiter: str) -> int:
        counts = Counter(len(cells_of(line, delimiter)) for line in lines if line.strip())
        return max((n * (width > 1) for width, n in counts.items()), default=0)

    return max(DELIMITERS, key=steadiness)
