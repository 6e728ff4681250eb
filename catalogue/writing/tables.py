"""Tables of answers: CSV, TSV, Excel and Parquet, a row at a time."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

Cells = Mapping[str, Any]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_IN_EXCEL = 32_767
"""Characters of a cell (Excel's specification); the rest is cut off, and the cell ends in "…"."""
_MOST_ROWS_IN_EXCEL = 1_048_576
_BATCH = 1000


class TooManyRowsError(Exception):
    """A worksheet cannot hold the rows."""


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Cells], separator: str) -> None:
    """Write CSV or TSV in UTF-8 with a byte order mark, by which Excel knows it."""
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, delimiter=separator, lineterminator="\n")
        writer.writerow([safe(name) for name in names])
        writer.writerows([safe(cell(row.get(name))) for name in names] for row in rows)


def write_excel(path: Path, names: Sequence[str], rows: Iterable[Cells]) -> None:
    """Write one worksheet; numbers stay numbers, and no text becomes a formula or a link.

    Raises:
        TooManyRowsError: there are more rows than a worksheet holds.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Genre Hues")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            sheet.write_string(0, column, safe(name), bold)
        for place, row in enumerate(rows, start=1):
            if place >= _MOST_ROWS_IN_EXCEL:
                raise TooManyRowsError(
                    f"an Excel sheet holds {_MOST_ROWS_IN_EXCEL - 1:,} rows; write CSV or Parquet"
                )
            for column, name in enumerate(names):
                value = row.get(name)
                if _is_number(value):
                    sheet.write_number(place, column, value)
                    continue
                text = safe(cell(value))
                if len(text) > _MOST_IN_EXCEL:
                    text = f"{text[: _MOST_IN_EXCEL - 1]}…"
                if text:
                    sheet.write_string(place, column, text)


def write_parquet(path: Path, names: Sequence[str], rows: Iterable[Cells]) -> None:
    """Write Parquet with every column as text; lists and numbers as JSON writes them."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
    with parquet.ParquetWriter(path, schema) as writer:
        for batch in _batches(rows):
            columns = [[cell(row.get(name)) or None for row in batch] for name in names]
            writer.write_table(pyarrow.table(columns, schema=schema))


def cell(value: Any) -> str:
    """Return a value as a cell's text: lists and objects as JSON, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _is_number(value: Any) -> bool:
    """Tell whether Excel can hold a value as a number: it keeps 15 digits."""
    return type(value) in (int, float) and abs(value) < 1e15


def safe(text: str) -> str:
    """Return a cell that a spreadsheet shows and does not compute (OWASP, "CSV injection")."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _batches(rows: Iterable[Cells]) -> Iterator[list[Cells]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch
