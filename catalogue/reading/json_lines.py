"""JSON Lines, and the Open Library dump, whose lines have JSON in their last column."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from catalogue.reading import json_documents
from catalogue.reading.csv_lines import Lines, OverlongError
from catalogue.reading.encodings import UNREADABLE, Encoding
from catalogue.rows import Record, Table

_DUMPED = ("/type/work", "/type/edition")


def read(stream: io.TextIOBase, encoding: Encoding, longest: int) -> Table:
    """Read JSON Lines, or a JSON document where the first lines are no objects of their own."""
    lines = Lines(stream, longest)
    filled = [line for line in lines.ahead(20) if line.strip()]
    if _is_document(filled):
        return json_documents.read("".join(lines.rest()), stream, encoding.said, longest)
    notes = [encoding.note] if encoding.note else []
    records = _records(lines, _object)
    return Table(f"JSON Lines, {encoding.said}", "json", "line", records, notes=notes)


def read_dump(stream: io.TextIOBase, encoding: Encoding, longest: int) -> Table:
    """Read lines of the Open Library dump: type, key, revision, time and JSON, between tabs."""
    records = _records(Lines(stream, longest), _dumped)
    return Table("an Open Library dump", "json", "line", records)


def _is_document(filled: list[str]) -> bool:
    """Tell a document from JSON Lines by its first two lines that are not blank."""
    if len(filled) < 2 or filled[0].lstrip().startswith("["):
        return True
    return not any(_parses(line) for line in filled[:2])


def _parses(line: str) -> bool:
    try:
        return isinstance(json.loads(line, strict=False), dict)
    except (ValueError, RecursionError):
        return False


def _records(lines: Lines, parse: Callable[[str], dict[str, Any]]) -> Iterator[Record]:
    while True:
        lines.begin()
        number = lines.number + 1
        where = f"line {number}"
        try:
            line = next(lines)
        except StopIteration:
            return
        except OverlongError:
            yield Record(number, where, {}, "the line is longer than a record may be")
            continue
        if not line.strip("\ufeff \t\r\n\x00"):
            continue
        warnings: tuple[str, ...] = ()
        if not line.isascii() and UNREADABLE.search(line):
            line, count = UNREADABLE.subn("\ufffd", line)
            warnings = (f"{count} bytes could not be read as text; each became \ufffd",)
        try:
            yield Record(number, where, json_documents.lifted(parse(line)), None, warnings)
        except RecursionError:
            yield Record(number, where, {}, "not JSON (nested too deep)")
        except ValueError as error:
            yield Record(number, where, {}, str(error))


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line, strict=False)
    except ValueError as error:
        raise ValueError(f"not JSON ({error})") from error
    if isinstance(value, dict):
        return value
    kind = {list: "a list", str: "a text", type(None): "null"}.get(type(value), "a single value")
    raise ValueError(f"expected a JSON object, found {kind}")


def _dumped(line: str) -> dict[str, Any]:
    cells = line.split("\t", 4)
    if len(cells) < 5:
        raise ValueError(f"expected five columns between tabs, found {len(cells)}")
    if cells[0] not in _DUMPED:
        raise ValueError(f"is a record of {cells[0]}, which is no book")
    return _object(cells[4])
