"""From a stored body to what it says: the parsing step, which needs no network."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, or_, select

from scraper.errors import MovedError, PageError
from scraper.ledger import Ledger
from scraper.outcomes import UNREAD, Outcome
from scraper.page_states import add_page, fail, finish_book, read_body
from scraper.schema import BOOK, DONE, FAILED, LEFT_OUT, MOVED, STORED, Body, Book, Page
from scraper.site import Site
from scraper.sites import SITES
from scraper.text import is_cut


def read_book(ledger: Ledger, page: Page) -> str:
    """Parse a stored book page and record the outcome.

    Returns:
        What became of it; `CUT_DESCRIPTION` where there is a record, but with a cut text.
    """
    site = SITES[page.site]
    with ledger.session() as session:
        body = read_body(session, page.id)
    try:
        record = site.parse_book(body or b"", page.content_type or "", page.key, page.base)
    except MovedError as error:
        move(ledger, page, error)
        return error.reason
    except PageError as error:
        fail(ledger, page.id, error, state=LEFT_OUT if error.reason == Outcome.ADULT else FAILED)
        return error.reason
    except Exception as error:
        # Whatever a strange page does to the parser, the other books go on.
        fail(
            ledger,
            page.id,
            PageError(Outcome.PARSER_ERROR, f"{type(error).__name__}: {error}"[:200]),
        )
        return Outcome.PARSER_ERROR
    finish_book(ledger, page.id, record, site.parser_version)
    only_cut = record.places.get("description", "").startswith("meta") and is_cut(
        record.description
    )
    return Outcome.CUT_DESCRIPTION if only_cut else Outcome.DONE


def move(ledger: Ledger, page: Page, error: MovedError) -> None:
    """Record that a page is another book's, and see to it that the ledger has that book."""
    with ledger.session() as session:
        other = add_page(session, site=page.site, kind=BOOK, key=error.key, base=page.base)
        if session.get(Book, other) is None:
            own = session.get(Book, page.id)
            session.add(Book(page_id=other, title=own.title if own else None))
    fail(ledger, page.id, error, state=MOVED)


def reread(ledger: Ledger, *, everything: bool) -> Iterator[tuple[int, int, str]]:
    """Parse stored book pages again: those that failed or that an older parser read, or all.

    Yields:
        For each page how many are done, how many there are, and the outcome of `read_book`.
    """
    unread = or_(Page.state == STORED, Page.reason.in_(UNREAD))
    older = or_(*(_older(site) for site in SITES.values()))
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


def _older(site: Site) -> ColumnElement[bool]:
    """Return the condition for what an older parser of a site read."""
    return (Page.state == DONE) & (Page.site == site.name) & (Book.parser < site.parser_version)
