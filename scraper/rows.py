"""Training rows in files: JSON Lines, CSV and Parquet, read and written row by row."""

import ast
import csv
import gzip
import importlib
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from scraper.errors import InputError

Row = dict[str, Any]

FORMATS = ("jsonl", "csv", "parquet")
COLUMNS = (
    "title", "author", "description", "genres", "url", "categories", "tags", "language", "words",
    "published", "cover", "palette", "origin",
)  # fmt: skip
"""The columns of every export, in order; `genres` and `tags` are lists, `categories` a list of
paths, `palette` a list of measured colours, `words` a whole number."""

_LISTS = ("genres", "categories", "tags", "palette")
_ALIASES = {
    "title": ("title", "book_title", "book title", "book_name", "name"),
    "author": ("author", "authors", "author_name", "book_author"),
    "description": ("description", "book_description", "desc", "blurb", "summary"),
    "genres": ("top_genres", "genres", "genre", "book_genres", "categories"),
    "url": ("url", "book_url", "link", "href", "book_link"),
}
_SEPARATORS = (" » ", ";", "|", ",")
_BATCH = 1000

csv.field_size_limit(64 * 1024 * 1024)


def format_of(path: str, wanted: str | None) -> str:
    """Return the format to write, from `--format` or the file's name; JSON Lines otherwise."""
    name = path.lower().removesuffix(".gz")
    ending = name.rpartition(".")[2]
    return wanted or {"csv": "csv", "parquet": "parquet"}.get(ending, "jsonl")


def write_rows(path: str, rows: Iterable[Row], form: str) -> int:
    """Write rows to a file that appears only when it is complete (`-`: standard output).

    Returns:
        How many rows were written.

    Raises:
        InputError: the file cannot be written, or Parquet is wanted and pyarrow is not installed.
    """
    if path == "-":
        if form == "parquet":
            raise InputError("Parquet cannot go to standard output: name a file")
        return _write_text(sys.stdout, rows, form)
    part = Path(f"{path}.part")
    try:
        if form == "parquet":
            count = _write_parquet(part, rows)
        else:
            opened = gzip.open if path.lower().endswith(".gz") else open
            with opened(part, "wt", encoding="utf-8", newline="") as file:
                count = _write_text(file, rows, form)
        os.replace(part, path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        part.unlink(missing_ok=True)
    return count


def read_rows(path: str) -> Iterator[Row]:
    """Yield the rows of an export, or of a CSV in the original's shapes, with the names used here.

    The format is told by the content: Parquet, JSON Lines or CSV, the last two also gzipped.

    Raises:
        InputError: the file cannot be read, or a line is not what was expected.
    """
    for where, raw in read_raw(path):
        row = {name: raw[name] for name in COLUMNS if raw.get(name) not in (None, "")}
        for name, aliases in _ALIASES.items():
            found = next(
                (raw[alias] for alias in aliases if raw.get(alias) not in (None, "")), None
            )
            if found is not None:
                row[name] = found
        try:
            row["genres"] = ranked(as_list(row.get("genres")))
            for name in ("categories", "tags", "palette"):
                if name in row:
                    row[name] = as_list(row[name])
        except ValueError as error:
            raise InputError(f"{where}: {error}") from error
        yield row


def read_raw(path: str) -> Iterator[tuple[str, Row]]:
    """Yield each row of a file as it stands, column names in lower case, with where it stands.

    Raises:
        InputError: the file cannot be read, or a line is not what was expected.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(4)
            file.seek(0)
            if head == b"PAR1":
                yield from _read_parquet(path)
                return
            stream: IO[bytes] = gzip.GzipFile(fileobj=file) if head[:2] == b"\x1f\x8b" else file  # type: ignore[assignment]
            with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
                yield from _read_text(path, text)
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text ({error})") from error


def as_list(value: Any) -> list[Any]:
    """Return a list from a list, its Python or JSON writing, or names parted by ; | , or ».

    Raises:
        ValueError: it looks like a written list and cannot be read.
    """
    if value is None or isinstance(value, float):  # an empty cell of a data frame is NaN
        return []
    if isinstance(value, (list, tuple)):
        return list(value)
    text = str(value).strip()
    if text[:1] in ("[", "("):
        for read in (json.loads, ast.literal_eval):
            try:
                return list(read(text))
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                continue
        raise ValueError(f"expected a list such as ['Fantasy', 'Romance'], found {text[:60]!r}")
    mark = next((mark for mark in _SEPARATORS if mark in text), ",")
    return [part.strip() for part in text.split(mark) if part.strip()]


def ranked(names: Iterable[Any]) -> list[str]:
    """Return names each once, the most repeated first and equal ones in order."""
    counts = Counter(str(name).strip() for name in names)
    return [name for name, _ in counts.most_common() if name]


def _write_text(file: IO[str], rows: Iterable[Row], form: str) -> int:
    count = 0
    writer = csv.writer(file, lineterminator="\n")
    if form == "csv":
        writer.writerow(COLUMNS)
    for row in rows:
        count += 1
        if form == "csv":
            writer.writerow([_cell(row.get(name)) for name in COLUMNS])
        else:
            file.write(
                json.dumps({name: row[name] for name in COLUMNS if name in row}, ensure_ascii=False)
            )
            file.write("\n")
    return count


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _arrow() -> tuple[Any, Any]:
    """Import pyarrow only where Parquet is wanted: it is large."""
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise InputError(
            "Parquet needs pyarrow: pip install -r requirements-scraper.txt"
        ) from error


def _write_parquet(path: Path, rows: Iterable[Row]) -> int:
    arrow, parquet = _arrow()
    kinds: dict[str, Any] = dict.fromkeys(COLUMNS, arrow.string())
    kinds |= {
        "genres": arrow.list_(arrow.string()),
        "tags": arrow.list_(arrow.string()),
        "categories": arrow.list_(arrow.list_(arrow.string())),
        "words": arrow.int64(),
    }
    schema = arrow.schema(list(kinds.items()))
    count = 0
    with parquet.ParquetWriter(path, schema) as writer:
        for batch in _batches(rows):
            for row in batch:
                if "palette" in row:
                    row["palette"] = json.dumps(row["palette"])
            writer.write_table(arrow.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(dict(row))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _read_parquet(path: str) -> Iterator[tuple[str, Row]]:
    arrow, parquet = _arrow()
    try:
        with parquet.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches(_BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{path}, row {number}", row
    except arrow.ArrowInvalid as error:
        raise InputError(f"{path}: is no Parquet file that can be read ({error})") from error


def _read_text(path: str, text: IO[str]) -> Iterator[tuple[str, Row]]:
    first = next((line for line in text if line.strip()), "")
    if not first:
        raise InputError(f"{path}: is empty; expected JSON Lines, or CSV with a header line")
    lines = _from(first, text)
    if first.lstrip().startswith("{"):
        yield from _read_json(path, lines)
        return
    reader = csv.DictReader(lines)
    reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or []]
    if not set(reader.fieldnames) & {alias for names in _ALIASES.values() for alias in names}:
        raise InputError(
            f"{path}, line 1: expected a header with `title`, `description`, `genres` or `url`, "
            f"found {first.strip()[:80]!r}"
        )
    try:
        for raw in reader:
            yield f"{path}, line {reader.line_num}", {k: v for k, v in raw.items() if k}
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: is no CSV ({error})") from error


def _read_json(path: str, lines: Iterable[str]) -> Iterator[tuple[str, Row]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except ValueError as error:
            raise InputError(f"{path}, line {number}: is no JSON ({error})") from error
        if not isinstance(raw, dict):
            raise InputError(f"{path}, line {number}: expected a JSON object, found {line[:40]!r}")
        yield f"{path}, line {number}", raw


def _from(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest
