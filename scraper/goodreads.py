"""`import-goodreads`: files that a person downloaded; nothing is fetched from the site."""

import re
from typing import Any

from sqlalchemy.orm import Session

from scraper.errors import InputError
from scraper.ledger import Ledger
from scraper.outcomes import Outcome
from scraper.page_states import add_page
from scraper.record import Record
from scraper.rows import as_list, ranked, read_raw
from scraper.schema import BOOK, DONE, FAILED, Book, Page, now
from scraper.text import one_line, paragraphs

SITE = "goodreads"
PARSER_VERSION = 1

_SHOW = re.compile(r"/book/show/(\d+)")
_READING_STATES = {"to-read", "read", "currently-reading", "owned", "favorites", "books-i-own"}
_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("book id", "book_id", "bookid", "goodreads_id", "id"),
    "title": ("title", "book_title", "book_name", "name"),
    "author": ("author", "authors", "author_name", "book_author"),
    "description": ("description", "book_description", "desc", "blurb", "summary"),
    "genres": ("genres", "genre", "book_genres", "top_genres"),
    "url": ("url", "book_url", "link", "href", "book_link"),
    "cover": (
        "cover",
        "cover_image_uri",
        "cover_url",
        "coverimg",
        "image_url",
        "image",
        "book_image",
    ),
    "tags": ("bookshelves", "shelves"),
    "language": ("language",),
    "published": ("original publication year", "year published", "publication_date"),
}


def import_file(ledger: Ledger, path: str) -> tuple[int, int, int]:
    """Take the books of a library export, a list export or the original's `book_details.csv`.

    Ratings, reviews and private notes are not taken.

    Returns:
        How many rows were read, how many books are new, and how many have no description: these
        are kept by title, author and address, and left out of exports.

    Raises:
        InputError: the file has neither titles nor addresses; nothing is taken.
    """
    rows = new = bare = 0
    with ledger.session() as session:
        for where, raw in read_raw(path):
            rows += 1
            try:
                record = _record(raw)
            except ValueError as error:
                raise InputError(f"{where}: {error}") from error
            key = _address(raw, record)
            if key is None:
                raise InputError(
                    f"{where}: expected a title and a `Book Id` or `url`, found neither"
                )
            new += _take(session, key, record)
            bare += not record.description
    return rows, new, bare


def _value(raw: dict[str, Any], name: str) -> Any:
    return next((raw[alias] for alias in _NAMES[name] if raw.get(alias) not in (None, "")), None)


def _record(raw: dict[str, Any]) -> Record:
    genres = ranked(as_list(_value(raw, "genres")))
    shelves = [shelf for shelf in as_list(_value(raw, "tags")) if shelf not in _READING_STATES]
    record = Record(
        title=one_line(str(_value(raw, "title") or "")),
        author=one_line(str(_value(raw, "author") or "")) or None,
        description=paragraphs(str(_value(raw, "description") or "")),
        categories=[[genre] for genre in genres],
        genres=genres,
        tags=ranked(shelves),
        language=_value(raw, "language"),
        published=str(_value(raw, "published") or "") or None,
        cover=_value(raw, "cover"),
    )
    fields = ("title", "author", "description", "genres", "tags", "language", "published", "cover")
    record.places = {name: "import" for name in fields if getattr(record, name)}
    return record


def _address(raw: dict[str, Any], record: Record) -> str | None:
    """Return the address that names a book once, None when there is no telling."""
    url = str(_value(raw, "url") or "")
    number = _SHOW.search(url)
    book_id = number[1] if number else str(_value(raw, "id") or "")
    if book_id.isdigit():
        return f"https://www.goodreads.com/book/show/{book_id}"
    if url:
        return url
    return f"import:{record.title}/{record.author or ''}" if record.title else None


def _take(session: Session, key: str, record: Record) -> bool:
    page = session.get_one(Page, add_page(session, site=SITE, kind=BOOK, key=key, base=""))
    book = session.get(Book, page.id)
    is_new = book is None
    if book is None:
        book = Book(page_id=page.id)
        session.add(book)
    elif book.record and book.record.get("description") and not record.description:
        return False  # a library export must not wipe out a fuller import
    book.title, book.author = record.title or None, record.author
    book.record, book.parser, book.parsed_at = record.as_dict(), PARSER_VERSION, now()
    page.state, page.reason = (
        (DONE, None)
        if record.title and record.description
        else (FAILED, Outcome.MISSING_DESCRIPTION)
    )
    session.flush()
    return is_new
