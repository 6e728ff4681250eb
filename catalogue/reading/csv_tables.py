"""Tables of separated cells: any separator, quoting and line end; damage costs its own row."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from catalogue.errors import CatalogueError
from catalogue.reading.csv_dialects import DELIMITERS, cells_of, find_dialect
from catalogue.reading.csv_lines import Lines, OverlongError
from catalogue.reading.csv_repair import LOOKED_AT, repair
from catalogue.reading.encodings import UNREADABLE, Encoding
from catalogue.reading.headers import LOOKED_AT as HEADER_LINES
from catalogue.reading.headers import column_names
from catalogue.rows import Record, Table

_LONGEST = 16 << 20
csv.field_size_limit(_LONGEST)


def read(stream: io.TextIOBase, encoding: Encoding, longest: int) -> Table:
    """Read a table of separated cells.

    Args:
        stream: its text, with line ends as they stand.
        encoding: what it was decoded with.
        longest: characters of one record at most.

    Raises:
        CatalogueError: it is empty.
    """
    lines = Lines(stream, min(longest, _LONGEST))
    first = lines.ahead(HEADER_LINES)
    blank = next((place for place, line in enumerate(first) if line.strip()), None)
    if blank is None:
        raise CatalogueError("is empty; expected a table of books, or records of them")
    lines.skip(blank)
    dialect = find_dialect(first[blank:])
    lines.skip(dialect.header + 1)
    header = cells_of(first[blank + dialect.header], dialect.delimiter)
    names = column_names([cell.strip("\ufeff\x00 ") for cell in header])
    said = DELIMITERS.get(dialect.delimiter, repr(dialect.delimiter))
    kind = "TSV" if dialect.delimiter == "\t" else "CSV"
    return Table(
        format=f"{kind} separated by {said}, {encoding.said}",
        kind="csv",
        unit="line",
        records=_Records(lines, dialect.delimiter, names),
        names=names,
        notes=[encoding.note] if encoding.note else [],
    )


class _Records(Iterator[Record]):
    """Reads record after record; a broken one is repaired, or costs its first line alone."""

    def __init__(self, lines: Lines, delimiter: str, names: tuple[str, ...]) -> None:
        self._lines, self._delimiter, self._names = lines, delimiter, names
        self._reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)

    def __next__(self) -> Record:
        while True:
            self._lines.begin()
            start = self._lines.number + 1
            try:
                cells = next(self._reader)
            except (csv.Error, OverlongError):
                return self._mend(start)
            if len(cells) == len(self._names):
                return self._record(start, cells)
            if any(cell.strip() for cell in cells):
                return self._uneven(start, cells)

    def _uneven(self, start: int, cells: list[str]) -> Record:
        """Take a record with more or fewer cells than columns."""
        width = len(self._names)
        spanned = len(self._lines.taken)
        if not any(cell.strip() for cell in cells[width:]) and len(cells) > width:
            return self._record(start, cells[:width])
        if spanned > 1 or len(cells) > width:
            return self._mend(start)
        missing = width - len(cells)
        warning = f"the last {missing} of {width} cells are missing" if missing > 1 else ""
        return self._record(start, cells + [""] * missing, warning)

    def _mend(self, start: int) -> Record:
        """Repair the record that begins at a line, or give up that line and go on after it."""
        spanned, last = len(self._lines.taken), self._lines.number
        overlong = spanned == 1 and len(self._lines.taken[0]) > _LONGEST
        lines = self._lines.ahead(max(LOOKED_AT, spanned))
        repaired = None if overlong else repair(lines, self._delimiter, len(self._names))
        if repaired:
            self._lines.skip(repaired.lines)
            warning = repaired.warning
            if warning and (swallowed := spanned - repaired.lines) > 0:
                warning += f"; {swallowed} lines that it swallowed were read by themselves"
            return self._record(start, repaired.cells, warning)
        self._lines.skip(1)
        found = len(cells_of(lines[0], self._delimiter))
        problem = f"{found} cells where there are {len(self._names)} columns"
        if spanned > 1:
            problem = f"a quote opens here and does not close before line {last}"
            problem += f"; the {spanned - 1} lines that it swallowed were read by themselves"
        return Record(start, f"line {start}", {}, problem)

    def _record(self, start: int, cells: list[str], warning: str = "") -> Record:
        warnings = [warning] if warning else []
        text = "".join(cells)
        if "\x00" in text:
            warnings.append(f"{text.count(chr(0))} zero bytes were left out")
            cells = [cell.replace("\x00", "") for cell in cells]
        if not text.isascii() and UNREADABLE.search(text):
            count = len(UNREADABLE.findall(text))
            warnings.append(f"{count} bytes could not be read as text; each became \ufffd")
            cells = [UNREADABLE.sub("\ufffd", cell) for cell in cells]
        fields: dict[str, Any] = dict(zip(self._names, cells, strict=True))
        return Record(start, f"line {start}", fields, None, tuple(warnings))
