"""JSON documents: an array of books, one under a key, books by their ids, columns, or one book."""

import io
from collections.abc import Iterator
from typing import Any

from catalogue.columns import known_role
from catalogue.errors import CatalogueError
from catalogue.reading.json_scanner import JsonDamageError, Scanner
from catalogue.rows import Record, Table

_WRAPPERS = frozenset({
    "items", "docs", "books", "results", "records", "data", "entries", "works", "rows", "hits",
    "response", "list", "products", "publications", "library", "catalogue", "catalog", "feed",
    "entry", "content", "collection", "volumes", "titles", "documents", "payload", "result",
})  # fmt: skip
_LIFTED = ("volumeInfo", "_source", "book", "work", "fields", "attributes", "metadata", "node")
_TELLING = {"title", "description"}


def read(text: str, stream: io.TextIOBase, said: str, longest: int) -> Table:
    """Read a document whose text begins with `text` and goes on in `stream`.

    Raises:
        CatalogueError: it holds no books in any known shape; the message names what it holds.
    """
    shape = _Shape()
    records = _numbered(_documents(Scanner(text, stream, longest), shape))
    first = next(records, None)
    if first is None:
        raise CatalogueError(f"is a JSON document without books; {shape.said()}")
    return Table(f"JSON, {shape.where}, {said}", "json", "record", _chain(first, records))


def lifted(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with what lies in an envelope ("volumeInfo", "_source") beside the rest."""
    if _TELLING & {known_role(key) for key in record}:
        return record
    for name in _LIFTED:
        if isinstance(record.get(name), dict):
            rest = {key: value for key, value in record.items() if key != name}
            lifted: dict[str, Any] = rest | record[name]
            return lifted
    return record


class _Shape:
    """What was found where, for the person who is told what the file is."""

    def __init__(self) -> None:
        self.where = "one book"
        self.keys: list[str] = []

    def said(self) -> str:
        """Name what the document holds instead."""
        if not self.keys:
            return "it is empty, or holds no objects"
        shown = ", ".join(f"`{key}`" for key in self.keys[:12])
        return f"it is one object with the keys {shown}"


def _documents(scanner: Scanner, shape: _Shape) -> Iterator[Any]:
    """Yield the books of one document after the other."""
    while start := scanner.peek():
        if start == "[":
            shape.where = "an array"
            yield from _array(scanner, [])
        elif start == "{":
            yield from _object(scanner, shape)
        else:
            raise JsonDamageError(f"line {scanner.line}: expected {{ or [, found {start!r}")
        if scanner.peek() == ",":  # objects one after the other, as an array without brackets
            scanner.passes(",")


def _array(scanner: Scanner, names: list[Any]) -> Iterator[Any]:
    """Yield an array's elements; rows of cells get their names, or are the names where first."""
    scanner.passes("[")
    if scanner.peek() == "]":
        scanner.passes("]")
        return
    while True:
        element = scanner.value()
        if isinstance(element, list) and all(isinstance(cell, str) for cell in names or element):
            if names:
                yield dict(zip(names, element, strict=False))
            else:
                names = element
        else:
            yield element
        if scanner.passes(",", "]") == "]":
            return


def _object(scanner: Scanner, shape: _Shape) -> Iterator[Any]:
    """Yield the books in an object, or the object itself as one book."""
    scanner.passes("{")
    rest: dict[str, Any] = {}
    found = False
    while scanner.peek() == '"':
        key = scanner.value()
        scanner.passes(":")
        opens = scanner.peek()
        if (
            key in _WRAPPERS
            and opens in ("[", "{")
            and not _TELLING & {known_role(k) for k in rest}
        ):
            found = True
            shape.where = f"an array under `{key}`"
            inner = (
                _array(scanner, rest.get("columns", []))
                if opens == "["
                else _object(scanner, shape)
            )
            yield from inner
        else:
            value = scanner.value()
            if isinstance(value, dict) and _is_book(value) and key not in _LIFTED:
                found, shape.where = True, "books by their ids"
                yield value if _has_id(value) else {"id": key, **value}
            else:
                rest[key] = value
        if scanner.passes(",", "}") == "}":
            break
    else:
        scanner.passes("}")
    if not found:
        yield from _whole(rest, shape)


def _whole(rest: dict[str, Any], shape: _Shape) -> Iterator[dict[str, Any]]:
    """Yield what an object without inner books is: columns of values, or one book."""
    columns = [value for value in rest.values() if isinstance(value, (dict, list))]
    named = _TELLING & {known_role(key) for key in rest}
    if named and len(columns) == len(rest) and _are_columns(columns):
        shape.where = "columns of values"
        places = columns[0] if isinstance(columns[0], dict) else range(len(columns[0]))
        for place in places:
            yield {name: column[place] for name, column in rest.items()}
    elif _is_book(lifted(rest)):
        yield rest
    else:
        shape.keys += list(rest)


def _are_columns(columns: list[Any]) -> bool:
    if all(isinstance(column, dict) for column in columns):
        return all(column.keys() == columns[0].keys() for column in columns)
    if all(isinstance(column, list) for column in columns):
        return all(len(column) == len(columns[0]) for column in columns)
    return False


def _is_book(value: dict[str, Any]) -> bool:
    """Tell a book by its keys: a title or a description that is no object of its own."""
    return any(
        known_role(key) in _TELLING and not (isinstance(inner, dict) and "value" not in inner)
        for key, inner in lifted(value).items()
    )


def _has_id(value: dict[str, Any]) -> bool:
    return any(known_role(key) == "id" for key in value)


def _numbered(values: Iterator[Any]) -> Iterator[Record]:
    """Give the books numbers; where the document breaks off, the last record says so."""
    number = 0
    try:
        for number, value in enumerate(values, start=1):
            where = f"record {number}"
            if isinstance(value, dict):
                yield Record(number, where, lifted(value))
            else:
                kind = "a list" if isinstance(value, list) else "a single value"
                yield Record(number, where, {}, f"expected an object, found {kind}")
    except JsonDamageError as error:
        number += 1
        yield Record(number, f"record {number}", {}, f"{error}; what follows cannot be read")


def _chain(first: Record, rest: Iterator[Record]) -> Iterator[Record]:
    yield first
    yield from rest
