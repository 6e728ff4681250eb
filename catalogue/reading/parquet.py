"""Parquet files, by pyarrow, batch after batch."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any

from catalogue.errors import CatalogueError
from catalogue.rows import Record, Table

_BATCH = 256


def read(file: IO[bytes]) -> Table:
    """Read a Parquet file; columns that pandas added for its index are left out.

    Raises:
        CatalogueError: it is damaged, or pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise CatalogueError("Parquet needs pyarrow: pip install -r requirements.txt") from error
    try:
        table = parquet.ParquetFile(file)
        names = [name for name in table.schema_arrow.names if not name.startswith("__index_level_")]
    except (pyarrow.ArrowException, OSError) as error:
        raise CatalogueError(f"begins as Parquet but cannot be read ({error})") from error
    records = _records(table, names, pyarrow.ArrowException)
    return Table("Parquet", "parquet", "row", records, tuple(names))


def _records(table: Any, names: list[str], damage: type[Exception]) -> Iterator[Record]:
    number = 0
    try:
        for batch in table.iter_batches(_BATCH, columns=names):
            for cells in batch.to_pylist():
                number += 1
                plain = {name: _plain(value) for name, value in cells.items()}
                yield Record(number, f"row {number}", plain)
    except (damage, OSError) as error:
        problem = f"the file is damaged after row {number} ({error})"
        yield Record(number + 1, f"row {number + 1}", {}, problem)


def _plain(value: Any) -> Any:
    """Return the value as plain Python: decimals as numbers, bytes as text where they are."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    if isinstance(value, datetime.datetime) and value.tzinfo is None and not value.time():
        return value
    return value
