"""Reading rows of books from JSON Lines or CSV, plain or gzipped, and writing JSON Lines."""

import ast
import csv
import gzip
import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any, NamedTuple

from ml.errors import InputError

csv.field_size_limit(16 * 1024 * 1024)

_SEPARATORS = (";", "|", " » ", ",")


class Row(NamedTuple):
    """One input row: its line number (from 1), its fields, or what was wrong with it."""

    line: int
    fields: dict[str, Any]
    error: str | None = None


def read_rows(path: str) -> Iterator[Row]:
    """Yield the rows of a file (`-` for standard input) in order; a broken row carries its error.

    Raises:
        InputError: the file is missing, not text, empty of columns, or of no known format.
    """
    with _open_text(path) as file:
        yield from _parse(file, path)


def write_row(file: IO[str], row: dict[str, Any]) -> None:
    """Write one JSON object as a line."""
    file.write(json.dumps(row, ensure_ascii=False) + "\n")


@contextmanager
def open_output(path: str) -> Iterator[IO[str]]:
    """Open a file for JSON Lines (`-` for standard output, `.gz` compressed)."""
    if path == "-":
        with nullcontext(sys.stdout) as file:
            yield file
            file.flush()
        return
    try:
        opened = (
            gzip.open(path, "wt", encoding="utf-8")
            if path.endswith(".gz")
            else Path(path).open("w", encoding="utf-8")
        )
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
    with opened as file:
        yield file


def genre_names(value: Any) -> list[str]:
    """Return a row's raw genre names from a list, a Python-style list string or a separated one.

    Raises:
        ValueError: the value is none of these.
    """
    if value is None:
        return []
    if isinstance(value, str):
        text = value.strip()
        if text.startswith(("[", "(")) and text.endswith(("]", ")")):
            try:
                value = ast.literal_eval(text)
            except (ValueError, SyntaxError) as error:
                raise ValueError("genres look like a Python list but cannot be read") from error
        else:
            separator = next((mark for mark in _SEPARATORS if mark in text), ",")
            value = text.split(separator)
    if not isinstance(value, (list, tuple)) or not all(isinstance(name, str) for name in value):
        raise ValueError("genres must be a list of names or a separated string")
    return [name.strip() for name in value if name.strip()]


@contextmanager
def _open_text(path: str) -> Iterator[IO[str]]:
    """Open plain or gzipped UTF-8 text, told apart by the first bytes rather than the name."""
    try:
        binary: IO[bytes] = sys.stdin.buffer if path == "-" else Path(path).open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    with binary if path != "-" else nullcontext(binary) as source:
        buffered = io.BufferedReader(source) if isinstance(source, io.RawIOBase) else source
        head = buffered.peek(2)[:2] if isinstance(buffered, io.BufferedReader) else b""
        stream = gzip.GzipFile(fileobj=buffered) if head == b"\x1f\x8b" else buffered
        yield io.TextIOWrapper(stream, encoding="utf-8-sig", errors="strict", newline="")


def _parse(file: IO[str], path: str) -> Iterator[Row]:
    try:
        first = next((line for line in file if line.strip()), "")
        if not first:
            raise InputError(f"{path}: is empty; expected JSON Lines or CSV with a description column")
        lines = _chain(first, file)
        yield from _json_rows(lines) if first.lstrip().startswith("{") else _csv_rows(lines, path)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise InputError(f"{path}: is not UTF-8 text, plain or gzipped ({error})") from error


def _chain(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _json_rows(lines: Iterator[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except ValueError as error:
            yield Row(number, {}, f"line {number}: not JSON ({error})")
            continue
        if isinstance(fields, dict):
            yield Row(number, fields)
        else:
            yield Row(number, {}, f"line {number}: expected a JSON object, found {type(fields).__name__}")


def _csv_rows(lines: Iterator[str], path: str) -> Iterator[Row]:
    reader = csv.DictReader(lines, restkey="", strict=True)
    if "description" not in (reader.fieldnames or ()):
        raise InputError(
            f"{path}: line 1: expected JSON objects or a CSV header with a 'description' column, "
            f"found {', '.join(reader.fieldnames or ())[:80]!r}"
        )
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(reader.line_num, {}, f"line {reader.line_num}: not CSV ({error})")
            continue
        if "" in fields:
            yield Row(reader.line_num, {}, f"line {reader.line_num}: more fields than columns")
        else:
            yield Row(reader.line_num, dict(fields))
