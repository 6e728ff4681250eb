"""Training rows in files: JSON Lines, CSV and Parquet, read and written row by row."""

import csv
import gzip
import importlib
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from catalogue import CatalogueError, genre_names, open_catalogue
from scraper.errors import InputError

Row = dict[str, Any]

FORMATS = ("jsonl", "csv", "parquet")
COLUMNS = (
    "title", "author", "description", "genres", "url", "categories", "tags", "language", "words",
    "published", "cover", "palette", "origin",
)  # fmt: skip
"""The columns of every export, in order; `genres` and `tags` are lists, `categories` a list of
paths, `palette` a list of measured colours, `words` a whole number."""

_TOLD = ("title", "description", "genres", "url")
_BATCH = 1000


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
    """Yield the rows of a catalogue file of any kind, with the names used here.

    Raises:
        InputError: the file cannot be read, or a row is not what was expected.
    """
    for where, raw, row in _read(path):
        own = {name: raw[name] for name in COLUMNS if raw.get(name) not in (None, "")}
        try:
            own["genres"] = ranked(genre_names(raw.get("top_genres") or row.get("genres")))
            for name in ("categories", "tags", "palette"):
                if name in own:
                    own[name] = as_list(own[name])
        except ValueError as error:
            raise InputError(f"{where}: {error}") from error
        taken = ("title", "author", "description", "url")
        yield own | {name: row[name] for name in taken if name in row}


def read_raw(path: str) -> Iterator[tuple[str, Row]]:
    """Yield each row of a file as it stands, column names in lower case, with where it stands.

    Raises:
        InputError: the file cannot be read, or a row is not what was expected.
    """
    for where, raw, _ in _read(path):
        yield where, raw


def _read(path: str) -> Iterator[tuple[str, Row, Row]]:
    """Yield where each row stands, its own columns, and its values by role."""
    try:
        with open_catalogue(path, needs=()) as books:
            for row in books:
                if row.error:
                    raise InputError(f"{path}, {row.error}")
                if not any(map(books.columns.of, _TOLD)):
                    raise InputError(
                        f"{path}, {row.where}: expected `title`, `description`, `genres` or `url`, "
                        f"found {', '.join(f'`{name}`' for name in row.original)}"
                    )
                raw = {name.strip().lower(): value for name, value in row.original.items()}
                yield f"{path}, {row.where}", raw, row.fields
    except CatalogueError as error:
        raise InputError(str(error)) from error


def as_list(value: Any) -> list[Any]:
    """Return a list from a list or its JSON writing, as exports have them, or from names.

    Raises:
        ValueError: it looks like a written list and cannot be read.
    """
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, str) and value.lstrip().startswith(("[[", "[{")):
        return list(json.loads(value))
    return genre_names(value)


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
