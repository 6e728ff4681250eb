"""Reading rows of books from JSON Lines or CSV, plain or gzipped, and writing JSON Lines."""

import ast
import csv
import gzip
import io
import itertools
import json
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from ml.errors import InputError

csv.field_size_limit(16 * 1024 * 1024)

_NOT_UTF8 = re.compile("[\udc80-\udcff]")
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
    """Open a file for JSON Lines (`-` for standard output, `.gz` compressed).

    Lone surrogates, which UTF-8 lacks, are written as JSON's own escapes.
    """
    with ExitStack() as stack:
        try:
            binary: IO[bytes] = (
                stack.enter_context(nullcontext(sys.stdout.buffer))
                if path == "-"
                else stack.enter_context(Path(path).open("wb"))
            )
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror})") from error
        if path.endswith(".gz"):
            stream = gzip.GzipFile(fileobj=binary, mode="wb", mtime=0)
            binary = cast(IO[bytes], stack.enter_context(stream))
        text = io.TextIOWrapper(binary, encoding="utf-8", errors="backslashreplace", newline="\n")
        try:
            yield text
        finally:
            text.flush()
            text.detach()


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
    """Open UTF-8 text, plain or gzipped: told apart by the first bytes, not by the name.

    Bytes that are not UTF-8 come as lone surrogates, so that they spoil their row only.
    """
    with ExitStack() as stack:
        try:
            binary: io.BufferedReader = (
                sys.stdin.buffer  # type: ignore[assignment]
                if path == "-"
                else stack.enter_context(Path(path).open("rb"))
            )
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from error
        stream: IO[bytes] = binary
        if binary.peek(2)[:2] == b"\x1f\x8b":
            stream = cast(IO[bytes], stack.enter_context(gzip.GzipFile(fileobj=binary)))
        yield io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _parse(file: IO[str], path: str) -> Iterator[Row]:
    try:
        blank = 0
        first = ""
        for first in file:
            if first.strip():
                break
            blank += 1
        if not first.strip():
            raise InputError(f"{path}: is empty; expected JSON Lines, or CSV with a description")
        lines = itertools.chain([first], file)
        if first.lstrip().startswith("{"):
            yield from _json_rows(lines, blank)
        else:
            yield from _csv_rows(lines, path, blank)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise InputError(f"{path}: is gzipped but damaged ({error})") from error


def _json_rows(lines: Iterator[str], before: int) -> Iterator[Row]:
    for number, line in enumerate(lines, start=before + 1):
        if not line.strip():
            continue
        if _NOT_UTF8.search(line):
            yield Row(number, {}, f"line {number}: not UTF-8 text")
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Row(number, {}, f"line {number}: not JSON ({error})")
            continue
        if isinstance(fields, dict):
            yield Row(number, fields)
        else:
            kind = type(fields).__name__
            yield Row(number, {}, f"line {number}: expected a JSON object, found {kind}")


def _csv_rows(lines: Iterator[str], path: str, before: int) -> Iterator[Row]:
    reader = csv.DictReader(lines, restkey="", strict=True)
    try:
        columns = reader.fieldnames or ()
    except csv.Error:
        columns = ()
    if "description" not in columns:
        raise InputError(
            f"{path}: line {before + 1}: expected JSON objects, or a CSV header with a "
            "'description' column"
        )
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number = before + reader.line_num
            yield Row(number, {}, f"line {number}: not CSV ({error})")
            continue
        number = before + reader.line_num
        if "" in fields:
            yield Row(number, {}, f"line {number}: more fields than columns")
        elif any(_NOT_UTF8.search(value or "") for value in fields.values()):
            yield Row(number, {}, f"line {number}: not UTF-8 text")
        else:
            yield Row(number, dict(fields))
