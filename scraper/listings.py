"""`urls`: walks category listings to their ends and records every book once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from scraper.errors import PageError
from scraper.ledger import Ledger
from scraper.page_states import add_page, fail, read_body, wait_again
from scraper.parsing import html_of
from scraper.schema import (
    BOOK,
    DONE,
    FAILED,
    LISTING,
    STORED,
    WAITING,
    Book,
    Page,
    Sighting,
)
from scraper.session import Visit
from scraper.smashwords.addresses import PAGE_SIZE, listing_key, listing_place
from scraper.smashwords.listing import Entry, Listing, parse_listing

SITE = "smashwords"
MOST_BARREN = 5
"""Listing pages in a row without a book new to their category, after which it has ended."""
MOST_BROKEN = 3
"""Listing pages in a row that cannot be had, after which a category is given up."""
_FINAL = frozenset({"not-found", "gone", "robots-disallowed", "redirect-offsite", "login-wall"})
"""Failures that the next page of the category would only repeat."""
_BARREN = "nothing new"


@dataclass
class Tally:
    """What a walk did."""

    categories: int = 0
    pages: int = 0
    books: int = 0
    failed: Counter[str] = field(default_factory=Counter)


def walk_categories(
    visit: Visit,
    categories: Iterable[int],
    order: str,
    *,
    most_pages: int | None = None,
    again: bool = False,
) -> Iterator[Tally]:
    """Walk each category's listing page by page, going on where an earlier run stopped.

    Yields:
        The tally so far, after each category.
    """
    tally = Tally()
    for category in categories:
        walk = f"{category}/{order}"
        _begin(visit, walk, category, order, again=again)
        while (page := _next_page(visit.ledger, walk, most_pages)) is not None:
            _go_on(visit, page, tally)
        tally.categories += 1
        yield tally


def _begin(visit: Visit, walk: str, category: int, order: str, *, again: bool) -> None:
    """Put the first page in the ledger, or with `again` every page that it has of the walk."""
    with visit.ledger.session() as session:
        known = session.scalars(select(Page).where(*_of(walk))).all()
        if not known:
            key = listing_key(str(category), order)
            base = visit.manners.base
            add_page(session, site=SITE, kind=LISTING, key=key, base=base, walk=walk)
        elif again and not any(page.state in (WAITING, STORED) for page in known):
            ids = [page.id for page in known]
            session.execute(delete(Sighting).where(Sighting.listing_id.in_(ids)))
            wait_again(session, ids, forget=False)


def _of(walk: str | None) -> tuple[ColumnElement[bool], ...]:
    return (Page.walk == walk, Page.site == SITE)


def _next_page(ledger: Ledger, walk: str, most_pages: int | None) -> Page | None:
    """Return the walk's first page that is stored and not yet read, or else waiting."""
    with ledger.session() as session:
        stored = session.scalar(select(Page).where(*_of(walk), Page.state == STORED).limit(1))
        if stored is not None:
            return stored
        tried = select(func.count()).where(*_of(walk), Page.state.in_((DONE, FAILED)))
        if most_pages is not None and session.scalars(tried).one() >= most_pages:
            return None
        waiting = select(Page).where(*_of(walk), Page.state == WAITING)
        return session.scalar(waiting.order_by(Page.id).limit(1))


def _go_on(visit: Visit, page: Page, tally: Tally) -> None:
    """Fetch one listing page if it is not stored yet, and read it."""
    try:
        if page.state == WAITING:
            tally.pages += 1
            visit.fetch(page)
        listing = _read(visit, page)
    except PageError as error:
        tally.failed[error.reason] += 1
        with visit.ledger.session() as session:
            _step_over(session, page, error)
        visit.streak.note(error)
        return
    with visit.ledger.session() as session:
        tally.books += _record(session, page, listing)
    visit.streak.note(None)
    visit.listings.note("no-books" if listing.has_pager and not listing.entries else None)


def _read(visit: Visit, page: Page) -> Listing:
    with visit.ledger.session() as session:
        body = read_body(session, page.id) or b""
    try:
        return parse_listing(html_of(body, page.content_type or ""), page.key, visit.addresses)
    except PageError as error:
        fail(visit.ledger, page.id, error)
        raise


def _step_over(session: Session, page: Page, error: PageError) -> None:
    """Go on behind a listing page that cannot be had: the books there may still be."""
    place = listing_place(page.key)
    if error.reason in _FINAL or place is None:
        return
    tried = select(Page.state).where(*_of(page.walk), Page.state.in_((DONE, FAILED)))
    recent = session.scalars(tried.order_by(Page.id.desc()).limit(MOST_BROKEN)).all()
    if len(recent) < MOST_BROKEN or DONE in recent:
        _add_next(session, page, listing_key(place.category, place.order, place.offset + PAGE_SIZE))


def _record(session: Session, page: Page, listing: Listing) -> int:
    """Commit what a listing page says; return how many books the ledger did not have."""
    of_walk = select(Sighting.book_id).join(Page, Page.id == Sighting.listing_id)
    seen = set(session.scalars(of_walk.where(*_of(page.walk))))
    books = session.scalars(select(func.count()).select_from(Book)).one()
    ids = [_add_book(session, page, entry) for entry in listing.entries]
    for position, book_id in enumerate(ids):
        row = insert(Sighting).values(listing_id=page.id, book_id=book_id, position=position)
        session.execute(row.on_conflict_do_nothing())
    barren = seen.issuperset(ids)
    values = {"state": DONE, "reason": None, "note": _BARREN if barren else None}
    session.execute(update(Page).where(Page.id == page.id).values(values))
    done = select(Page.note).where(*_of(page.walk), Page.state == DONE)
    recent = session.scalars(done.order_by(Page.id.desc()).limit(MOST_BARREN)).all()
    if listing.next_key and (len(recent) < MOST_BARREN or set(recent) != {_BARREN}):
        _add_next(session, page, listing.next_key)
    return session.scalars(select(func.count()).select_from(Book)).one() - books


def _add_book(session: Session, page: Page, entry: Entry) -> int:
    book_id = add_page(session, site=SITE, kind=BOOK, key=entry.key, base=page.base)
    book = session.get(Book, book_id)
    if book is None:
        book = Book(page_id=book_id, adult=entry.adult)
        session.add(book)
    book.title = book.title or entry.title or None
    book.author = book.author or entry.author
    session.flush()
    return book_id


def _add_next(session: Session, page: Page, key: str) -> None:
    """Add the page that follows, unless the walk has been there under any spelling."""
    keys = session.scalars(select(Page.key).where(*_of(page.walk))).all()
    place = listing_place(key)
    if place is None or place not in {listing_place(known) for known in keys}:
        add_page(session, site=SITE, kind=LISTING, key=key, base=page.base, walk=page.walk or "")
