"""`open_catalogue`: the one way from a file to rows."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from catalogue.columns import ALIASES, Columns, fold, take_columns
from catalogue.errors import CatalogueError
from catalogue.genres import read_genres
from catalogue.limits import Limits
from catalogue.placeholders import is_placeholder
from catalogue.reading.choosing import read_table
from catalogue.reading.sources import Source
from catalogue.refusals import explain_missing
from catalogue.rows import Record, Row
from catalogue.values import text_of

_SAMPLE = 100
"""Records in which the columns of a file without a header are looked for before work starts."""
_NUMBERS = frozenset({"id", "title", "subtitle", "author", "language"})
"""Roles in which a number is text too: the title 1984."""


class Catalogue:
    """An opened catalogue: what it is, what was taken for what, and its rows, once through."""

    def __init__(self, source: Source, chosen: Mapping[str, str], needs: tuple[str, ...]) -> None:
        self._source, self._chosen = source, chosen
        self.name = source.name
        table = read_table(source)
        sample = list(islice(table.records, _SAMPLE))
        self._whole = len(sample) < _SAMPLE
        self._records = chain(sample, table.records)
        names = table.names
        if names is None:
            names = tuple(dict.fromkeys(key for record in sample for key in record.cells))
        self.columns: Columns = take_columns(names, chosen)
        self.kind = table.kind
        self.unit = table.unit
        self.frame = table.frame
        self.format = ", ".join([table.format, *(f"in {packing}" for packing in source.packing)])
        """What the file is, in words."""
        self.warnings = [*source.notes, *table.notes]
        """What a person should know of the whole file before work starts."""
        self._has_ids = bool(self.columns.of("id"))
        missing = [role for role in needs if not self.columns.of(role)]
        if missing and (table.names is not None or self._whole):
            raise CatalogueError(explain_missing(missing, table.format, names, sample))

    @property
    def names(self) -> tuple[str, ...]:
        """All columns of the input, in order; more may turn up in a file without a header."""
        return self.columns.names

    def said(self) -> list[str]:
        """Say what the file is and what was taken for what, for a person, before work starts."""
        ids = "" if self._has_ids else f"; id: the {self.unit}'s number"
        lines = [f"{self.name}: {self.format}", f"{self.columns.said()}{ids}"]
        return lines + [f"note: {warning}" for warning in self.warnings]

    def __iter__(self) -> Iterator[Row]:
        for record in self._records:
            yield self._row(record)

    def __enter__(self) -> "Catalogue":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def _row(self, record: Record) -> Row:
        """Bring a record's values under the project's names."""
        if not self.columns.known_names >= record.cells.keys():
            names = dict.fromkeys([*self.columns.names, *record.cells])
            self.columns = take_columns(names, self._chosen)
        fields: dict[str, Any] = {}
        warnings = list(record.warnings)
        error = record.error
        for role in ALIASES:
            try:
                value, warning = self._value(role, record.cells)
            except ValueError as problem:
                error = error or str(problem)
                continue
            if value not in ("", [], None):
                fields[role] = value
            if warning:
                warnings.append(warning)
        return Row(
            number=record.number,
            where=record.where,
            id=fields.pop("id") if "id" in fields else self._own_id(record),
            fields=fields,
            original=record.cells,
            error=f"{record.where}: {error}" if error else None,
            warnings=tuple(warnings),
            source=record.source,
        )

    def _value(self, role: str, cells: Mapping[str, Any]) -> tuple[Any, str | None]:
        """Return what a record has for a role, and a warning.

        Raises:
            ValueError: what it has is no text.
        """
        for name in self.columns.of(role):
            cell = cells.get(name)
            if cell is None or cell == "":
                continue
            if role == "genres":
                found = read_genres(cell)
                warning = found.problem and f"`{name}` was not read: it is {found.problem}"
                return found.names, warning
            if role == "id":
                cell = identifier(cell, name)
            else:
                cell = _text(cell, name, numbers=role in _NUMBERS)
            if cell not in ("", None):
                return cell, None
        return None, None

    def _own_id(self, record: Record) -> str | int:
        return f"{self.unit} {record.number}" if self._has_ids else record.number


def open_catalogue(
    path: str,
    columns: Mapping[str, str] | None = None,
    *,
    needs: tuple[str, ...] = ("description",),
    limits: Limits | None = None,
    member: str | None = None,
) -> Catalogue:
    """Open a catalogue of any known kind.

    Args:
        path: the file; "-" is standard input.
        columns: role -> the column that the person named for it; "" for none.
        needs: roles that a column must be there for.
        limits: how much is read; the command line's where None.
        member: which file of a zip archive of several.

    Raises:
        CatalogueError: it is missing, damaged, of no known kind, or has no column that it needs;
            one sentence that says what was found and what would be right.
    """
    source = Source(path, limits or Limits(), member)
    try:
        return Catalogue(source, columns or {}, needs)
    except CatalogueError as error:
        source.close()
        if str(error).startswith(source.name):
            raise
        raise CatalogueError(f"{source.name}: {error}") from error
    except BaseException:
        source.close()
        raise


def identifier(cell: Any, column: str = "id") -> str | int | None:
    """Return a cell as an id: a number as a whole one, a text without Excel's `="..."`.

    Zero is an id, and no ISBN.
    """
    numbered = fold(column).startswith(("isbn", "ean", "gtin", "asin"))
    if isinstance(cell, int) and not isinstance(cell, bool) and not (numbered and cell == 0):
        return cell
    if isinstance(cell, list):
        cell = next(iter(cell), None)
    try:
        text = text_of(cell, numbers=True).strip()
    except ValueError:
        return None
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return None if not text or (is_placeholder(text) and (numbered or text != "0")) else text


def _text(cell: Any, name: str, *, numbers: bool) -> str:
    try:
        return text_of(cell, numbers=numbers)
    except ValueError as error:
        raise ValueError(f"expected a text under `{name}`, {error}") from error
