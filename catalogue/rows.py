"""The two shapes of a row: as its file has it, and as every door of the project wants it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Record(NamedTuple):
    """One row as a reader of one format found it."""

    number: int
    """The line it begins on, or its place among the records; from 1."""
    where: str
    """The same in words: "line 3", "record 3", "sheet Books, row 3"."""
    cells: dict[str, Any]
    """Column -> value, as the file has them."""
    error: str | None = None
    warnings: tuple[str, ...] = ()
    source: bytes | None = None
    """Of an exchange format: the whole record, so that it can be written back with additions."""


@dataclass
class Table:
    """What a reader of one format hands over: its records, and what is known before they come."""

    format: str
    """In words: "CSV separated by semicolons, in Windows-1252"."""
    kind: str
    """For the machine: "csv", "excel", "parquet", "json", "onix", "marc", ..."""
    unit: str
    """What its rows are counted in: "line", "row" or "record"."""
    records: Iterator[Record]
    names: tuple[str, ...] | None = None
    """The columns, where the file declares them; else they are seen in its first records."""
    notes: list[str] = field(default_factory=list)
    """What a person should know before the work starts."""
    frame: Mapping[str, Any] = field(default_factory=dict)
    """What surrounds the records of an exchange format and is needed to write it back."""


class Row(NamedTuple):
    """One row as the doors want it: values under the project's own names."""

    number: int
    where: str
    id: str | int
    """The file's; or the row's number, as a number where the file has no ids and in words
    ("line 7") where it has them, so that no two are the same."""
    fields: dict[str, Any]
    """Role -> value: `title`, `subtitle`, `description` and other texts are `str`, `genres` a list
    of names; roles without a value are absent."""
    original: dict[str, Any]
    """Every column of the input, as it stands."""
    error: str | None = None
    """Why this row cannot be used, with its place; the rest of the file goes on."""
    warnings: tuple[str, ...] = ()
    source: bytes | None = None

    @property
    def title(self) -> str:
        """The title with its subtitle, or ""."""
        title: str = self.fields.get("title", "")
        subtitle: str = self.fields.get("subtitle", "")
        if not title or not subtitle or subtitle.casefold() in title.casefold():
            return title
        return f"{title}: {subtitle}"

    @property
    def description(self) -> str:
        """The blurb, or ""."""
        text: str = self.fields.get("description", "")
        return text

    @property
    def genres(self) -> list[str]:
        """The genres that the file gives, by their names there."""
        names: list[str] = self.fields.get("genres", [])
        return names
