"""Rows of books for the pipeline: every kind of file that `catalogue` reads."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from catalogue import CatalogueError, genre_names, open_catalogue
from catalogue.writing.output import open_output, write_row
from ml.errors import InputError

__all__ = ["Row", "genre_names", "open_output", "read_rows", "write_row"]


class Row(NamedTuple):
    """One input row: its number (from 1), its fields, or what was wrong with it."""

    line: int
    fields: dict[str, Any]
    error: str | None = None


def read_rows(path: str, needs: tuple[str, ...] = ()) -> Iterator[Row]:
    """Yield the rows of a file (`-` for standard input) in order; a broken row carries its error.

    A field has the file's own name; `title`, `description` and `genres` are there whatever the
    file calls them.

    Raises:
        InputError: the file is missing, damaged, of no known kind, or lacks what it needs.
    """
    try:
        with open_catalogue(path, needs=needs) as books:
            for row in books:
                named = {name: row.fields[name] for name in _NAMED if name in row.fields}
                yield Row(row.number, {**row.original, **named}, row.error)
    except CatalogueError as error:
        raise InputError(str(error)) from error


_NAMED = ("title", "description", "genres")
