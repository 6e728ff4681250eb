"""`export` and `merge`: training rows from the ledger, and from files of several makes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from scraper.dedupe import distinct
from scraper.ledger import Ledger
from scraper.rows import Row, read_rows, write_rows
from scraper.schema import BOOK, DONE, Book, Page, Palette
from scraper.sites import SITES


@dataclass
class Tally:
    """What went in and what came out."""

    read: int = 0
    without_text: int = 0
    adult: int = 0
    other_language: int = 0
    without_genres: int = 0
    written: int = 0

    @property
    def repeats(self) -> int:
        """Rows that were another row's book."""
        left = self.read - self.without_text - self.adult - self.other_language
        return left - self.written


def export_rows(
    ledger: Ledger,
    out: str,
    form: str,
    *,
    top_genres: int,
    adult: bool = False,
    language: str | None = None,
) -> Tally:
    """Write the books of a ledger as training rows.

    Args:
        ledger: the ledger.
        out: the file, `-` for standard output.
        form: `jsonl`, `csv` or `parquet`.
        top_genres: how many of each book's genres to keep, the most frequent on its page first.
        adult: whether adult books are wanted.
        language: only books in this language, by its English name.
    """
    tally = Tally()

    def wanted() -> Iterator[Row]:
        for row in _ledger_rows(ledger):
            tally.read += 1
            if row.pop("adult", False) and not adult:
                tally.adult += 1
            elif not row.get("title") or not row.get("description"):
                tally.without_text += 1
            elif language and str(row.get("language") or "").casefold() != language.casefold():
                tally.other_language += 1
            else:
                row["genres"] = row["genres"][:top_genres]
                yield row

    tally.written = write_rows(out, _counted(distinct(wanted()), tally), form)
    return tally


def merge_files(paths: list[str], out: str, form: str) -> Tally:
    """Write the distinct books of several files.

    Raises:
        InputError: a file is not what was expected; nothing is written.
    """
    tally = Tally()

    def wanted() -> Iterator[Row]:
        for path in paths:
            for row in read_rows(path):
                tally.read += 1
                if row.get("title") and row.get("description"):
                    yield row
                else:
                    tally.without_text += 1

    tally.written = write_rows(out, _counted(distinct(wanted()), tally), form)
    return tally


def _counted(rows: Iterator[Row], tally: Tally) -> Iterator[Row]:
    for row in rows:
        tally.without_genres += not row.get("genres")
        yield row


def _ledger_rows(ledger: Ledger) -> Iterator[Row]:
    query = (
        select(Page.site, Page.base, Page.key, Book.record, Palette.colours)
        .join(Book, Book.page_id == Page.id)
        .join(Palette, Palette.page_id == Book.cover_id, isouter=True)
        .where(Page.kind == BOOK, Page.state == DONE)
        .order_by(Page.id)
    )
    with ledger.session() as session:
        for site, base, key, record, palette in session.execute(query).yield_per(500):
            yield _row(site, base, key, record or {}, palette)


def _row(site: str, base: str, key: str, record: dict[str, Any], palette: list[Any] | None) -> Row:
    row = {name: value for name, value in record.items() if value not in (None, [], "")}
    row.pop("places", None)
    row["genres"] = list(record.get("genres") or [])
    if not key.startswith("import:"):
        row["url"] = SITES[site].addresses(base).url(key) if base else key
    row["origin"] = site
    if palette is not None:
        row["palette"] = palette
    return row
