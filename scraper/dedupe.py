"""Rows of one book brought together, by address, by title and author, or by title and text."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from urllib.parse import parse_qsl, urlencode, urlsplit

from scraper.rows import Row
from scraper.text import squeeze

_SERIES = re.compile(r"\s*[(\[][^()\[\]]*#[^()\[\]]*[)\]]\s*$")
_ROLE = re.compile(r"\s*\([^)]*\)")
_TRACKING = re.compile(r"utm_\w+|ref\w*|from_\w+|fbclid|gclid|source|ac|rank|rating", re.IGNORECASE)
_NUMBERED = re.compile(r"^(.*/(?:books/view|book/show))/(\d+)")


def distinct(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows of distinct books, in order of first appearance.

    The first row of a book stays; what it lacks is filled from the later ones. Rows wait in a
    temporary file, so that memory does not grow with them.
    """
    with closing(sqlite3.connect("")) as store:
        store.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, data TEXT)")
        store.execute("CREATE TABLE name (name TEXT PRIMARY KEY, id INTEGER) WITHOUT ROWID")
        store.execute("CREATE INDEX name_of ON name (id)")
        for row in rows:
            _add(store, row)
        for (data,) in store.execute("SELECT data FROM row ORDER BY id"):
            yield json.loads(data)


def names_of(row: Row) -> list[str]:
    """Return what a book goes by: rows that share one of these are the same book."""
    title = squeeze(_SERIES.sub("", str(row.get("title") or "")))
    names = [f"url {address}"] if (address := plain_address(str(row.get("url") or ""))) else []
    author = _ROLE.sub("", str(row.get("author") or ""))
    if title and squeeze(author):
        words = sorted(word for part in re.split(r"[\s,.]+", author) if (word := squeeze(part)))
        names.append(f"book {title} {' '.join(words)}")
    if title and row.get("description"):
        names.append(f"text {title} {squeeze(str(row['description']))[:200]}")
    return names


def plain_address(url: str) -> str:
    """Return an address without what does not tell books apart: scheme, `www.`, tracking, slugs."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.netloc or "").lower().removeprefix("www.")
    except ValueError:
        return url
    path = parts.path.rstrip("/")
    if match := _NUMBERED.match(path):
        return f"{host}{match[1]}/{int(match[2])}"
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.fullmatch(k)])
    return f"{host}{path}" + (f"?{query}" if query else "") if host else ""


def _add(store: sqlite3.Connection, row: Row) -> None:
    names = names_of(row)
    marks = ",".join("?" * len(names))
    found = store.execute(f"SELECT DISTINCT id FROM name WHERE name IN ({marks})", names)  # noqa: S608
    ids = sorted(number for (number,) in found)
    if not ids:
        data = json.dumps(row, ensure_ascii=False)
        ids = [store.execute("INSERT INTO row (data) VALUES (?)", [data]).lastrowid or 0]
    else:
        _fold(store, ids, row)
    store.executemany(
        "INSERT OR IGNORE INTO name VALUES (?, ?)", [(name, ids[0]) for name in names]
    )


def _fold(store: sqlite3.Connection, ids: list[int], row: Row) -> None:
    """Fill the first of these rows from the others, which it turns out to be, and the new one."""
    parts = [
        json.loads(store.execute("SELECT data FROM row WHERE id = ?", [number]).fetchone()[0])
        for number in ids
    ]
    whole: Row = {}
    for part in [*parts, row]:
        whole |= {name: value for name, value in part.items() if not whole.get(name)}
    store.execute(
        "UPDATE row SET data = ? WHERE id = ?", [json.dumps(whole, ensure_ascii=False), ids[0]]
    )
    for number in ids[1:]:
        store.execute("DELETE FROM row WHERE id = ?", [number])
        store.execute("UPDATE name SET id = ? WHERE id = ?", [ids[0], number])
