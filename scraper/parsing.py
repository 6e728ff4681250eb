"""From a stored body to what it says: the parsing step, which needs no network."""

from collections.abc import Iterator

from sqlalchemy import or_, select

from scraper.decode import decode
from scraper.errors import MovedError, PageError
from scraper.ledger import Ledger
from scraper.page_states import add_page, fail, finish_book, read_body
from scraper.schema import BOOK, DONE, FAILED, LEFT_OUT, MOVED, STORED, Body, Book, Page
from scraper.smashwords.addresses import Addresses
from scraper.smashwords.book import parse_book
from scraper.smashwords.description import is_cut
from scraper.smashwords.record import PARSER_VERSION, Record

PARSE_REASONS = (
    "adult",
    "empty",
    "login-wall",
    "missing-description",
    "missing-title",
    "moved",
    "not-html",
    "parser-error",
    "soft-404",
)
"""Why a stored page gave no record."""

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_UNSURE_TYPES = ("", "text/plain", "application/octet-stream", "application/xml", "text/xml")
_NO_HTML = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")


def html_of(body: bytes, content_type: str) -> str:
    """Return the text of an HTML body.

    Raises:
        PageError: `empty` or `not-html`.
    """
    if not body.strip():
        raise PageError("empty", "the answer had no content")
    kind = content_type.partition(";")[0].strip().lower()
    head = body[:1024].lstrip().lower()
    looks_like = any(
        mark in head for mark in (b"<html", b"<!doctype html", b"<head", b"<body", b"<div")
    )
    if body.startswith(_NO_HTML) or not (
        kind in _HTML_TYPES or (kind in _UNSURE_TYPES and looks_like)
    ):
        raise PageError("not-html", f"the answer is {kind or 'of no stated type'}")
    return decode(body, content_type)


def read_book(ledger: Ledger, page: Page) -> str | None:
    """Parse a stored book page and record the outcome.

    Returns:
        The reason why there is no record, `cut-description` where only a cut text was found,
        or None when all is well.
    """
    with ledger.session() as session:
        body = read_body(session, page.id)
    try:
        record = _parse(body or b"", page)
    except MovedError as error:
        move(ledger, page, error)
        return error.reason
    except PageError as error:
        fail(ledger, page.id, error, state=LEFT_OUT if error.reason == "adult" else FAILED)
        return error.reason
    except Exception as error:
        # Whatever a strange page does to the parser, the other books go on.
        fail(ledger, page.id, PageError("parser-error", f"{type(error).__name__}: {error}"[:200]))
        return "parser-error"
    finish_book(ledger, page.id, record)
    only_cut = record.places["description"].startswith("meta") and is_cut(record.description)
    return "cut-description" if only_cut else None


def move(ledger: Ledger, page: Page, error: MovedError) -> None:
    """Record that a page is another book's, and see to it that the ledger has that book."""
    with ledger.session() as session:
        other = add_page(session, site=page.site, kind=BOOK, key=error.key, base=page.base)
        if session.get(Book, other) is None:
            own = session.get(Book, page.id)
            session.add(Book(page_id=other, title=own.title if own else None))
    fail(ledger, page.id, error, state=MOVED)


def reread(ledger: Ledger, *, everything: bool) -> Iterator[tuple[int, int, str | None]]:
    """Parse stored book pages again: those that failed or that an older parser read, or all.

    Yields:
        For each page how many are done, how many there are, and the outcome of `read_book`.
    """
    unread = or_(Page.state == STORED, Page.reason.in_(PARSE_REASONS))
    older = (Page.state == DONE) & (Book.parser < PARSER_VERSION)
    ever_read = or_(unread, Page.state == DONE)
    wanted = (
        select(Page.id)
        .join(Book, Book.page_id == Page.id)
        .join(Body, Body.page_id == Page.id)
        .where(ever_read if everything else or_(unread, older))
        .order_by(Page.id)
    )
    with ledger.session() as session:
        ids = list(session.scalars(wanted))
    for count, page_id in enumerate(ids, start=1):
        with ledger.session() as session:
            page = session.get_one(Page, page_id)
        yield count, len(ids), read_book(ledger, page)


def _parse(body: bytes, page: Page) -> Record:
    text = html_of(body, page.content_type or "")
    return parse_book(text, page.key, Addresses(page.base))
