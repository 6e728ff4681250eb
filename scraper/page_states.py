"""The states a page goes through in the ledger; each change is one transaction."""

import zlib
from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from scraper.errors import PageError
from scraper.fetch import Answer
from scraper.ledger import Ledger
from scraper.record import Record
from scraper.schema import DONE, FAILED, STORED, WAITING, Body, Book, Page, now


def add_page(session: Session, *, site: str, kind: str, key: str, base: str, **more: str) -> int:
    """Return the id of a page, added as waiting where the ledger does not have it yet."""
    same = (Page.site == site, Page.kind == kind, Page.key == key)
    known = session.scalar(select(Page.id).where(*same))
    if known is not None:
        return known
    page = Page(site=site, kind=kind, key=key, base=base, state=WAITING, **more)
    session.add(page)
    session.flush()
    return page.id


def store(ledger: Ledger, page_id: int, answer: Answer) -> None:
    """Commit a fetched page: its new state and its bytes together."""
    values = {
        "state": STORED,
        "reason": None,
        "note": None,
        "status": answer.status,
        "fetched_at": now(),
    }
    with ledger.session() as session:
        if answer.status != 304:  # not modified: the bytes at hand still hold
            values |= {
                "content_type": answer.content_type,
                "etag": answer.etag,
                "last_modified": answer.last_modified,
            }
            html = zlib.compress(answer.body)
            statement = insert(Body).values(page_id=page_id, html=html)
            session.execute(
                statement.on_conflict_do_update(index_elements=["page_id"], set_={"html": html})
            )
        session.execute(update(Page).where(Page.id == page_id).values(values))


def read_body(session: Session, page_id: int) -> bytes | None:
    """Return the stored bytes of a page, None when there are none."""
    html = session.scalar(select(Body.html).where(Body.page_id == page_id))
    return zlib.decompress(html) if html is not None else None


def fail(ledger: Ledger, page_id: int, error: PageError, *, state: str = FAILED) -> None:
    """Record why a page has no content."""
    values = {"state": state, "reason": error.reason, "note": error.note or None}
    with ledger.session() as session:
        session.execute(update(Page).where(Page.id == page_id).values(values))


def finish_book(ledger: Ledger, page_id: int, record: Record, parser: int) -> None:
    """Record what the parser of a version took from a book's page."""
    with ledger.session() as session:
        put_record(session, page_id, record, parser)


def put_record(session: Session, page_id: int, record: Record, parser: int) -> None:
    """Record a whole book within a transaction."""
    values = {"record": record.as_dict(), "parser": parser, "parsed_at": now()}
    session.execute(update(Book).where(Book.page_id == page_id).values(values))
    done = {"state": DONE, "reason": None, "note": None}
    session.execute(update(Page).where(Page.id == page_id).values(done))


def validators(page: Page) -> dict[str, str]:
    """Return the headers that ask for a page only if it changed since it was stored."""
    known = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
    return {name: value for name, value in known.items() if value}


def wait_again(session: Session, page_ids: Iterable[int], *, forget: bool) -> None:
    """Put pages back to waiting; with `forget` they are fetched whole, unconditionally."""
    values: dict[str, str | None] = {"state": WAITING, "reason": None, "note": None}
    if forget:
        values |= {"etag": None, "last_modified": None}
    for page_id in page_ids:
        session.execute(update(Page).where(Page.id == page_id).values(values))
