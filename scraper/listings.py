"""`urls`: walks category listings to their ends and records every book once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from scraper.errors import PageError
from scraper.outcomes import Outcome
from scraper.page_states import add_page, fail, put_record, read_body, wait_again
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
from scraper.site import Entry, Listing

MOST_BARREN = 5
"""Listing pages in a row without a book new to their category, after which it has ended."""
MOST_BROKEN = 3
"""Listing pages in a row that cannot be had, after which a category is given up."""
_FINAL = frozenset(
    {
        Outcome.NOT_FOUND,
        Outcome.GONE,
        Outcome.ROBOTS_DISALLOWED,
        Outcome.REDIRECT_OFFSITE,
        Outcome.LOGIN_WALL,
        Outcome.CONSENT_WALL,
    }
)
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
    categories: Iterable[str],
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
        while (page := _next_page(visit, walk, most_pages)) is not None:
            _go_on(visit, page, tally)
        tally.categories += 1
        yield tally


def _begin(visit: Visit, walk: str, category: str, order: str, *, again: bool) -> None:
    """Put the first page in the ledger, or with `again` every page that it has of the walk."""
    with visit.ledger.session() as session:
        known = session.scalars(select(Page).where(*_of(visit, walk))).all()
        if not known:
            key = visit.site.first_listing(category, order)
            _add_listing(visit, session, key, walk)
        elif again and not any(page.state in (WAITING, STORED) for page in known):
            ids = [page.id for page in known]
            session.execute(delete(Sighting).where(Sighting.listing_id.in_(ids)))
            wait_again(session, ids, forget=False)


def _of(visit: Visit, walk: str | None) -> tuple[ColumnElement[bool], ...]:
    return (Page.walk == walk, Page.site == visit.site.name)


def _add_listing(visit: Visit, session: Session, key: str, walk: str) -> None:
    base = visit.manners.base
    add_page(session, site=visit.site.name, kind=LISTING, key=key, base=base, walk=walk)


def _next_page(visit: Visit, walk: str, most_pages: int | None) -> Page | None:
    """Return the walk's first page that is stored and not yet read, or else waiting."""
    of_walk = _of(visit, walk)
    with visit.ledger.session() as session:
        stored = session.scalar(select(Page).where(*of_walk, Page.state == STORED).limit(1))
        if stored is not None:
            return stored
        tried = select(func.count()).where(*of_walk, Page.state.in_((DONE, FAILED)))
        if most_pages is not None and session.scalars(tried).one() >= most_pages:
            return None
        waiting = select(Page).where(*of_walk, Page.state == WAITING)
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
            _step_over(visit, session, page, error)
        visit.streak.note(error)
        visit.listings.note(error.reason)
        return
    with visit.ledger.session() as session:
        tally.books += _record(visit, session, page, listing)
    visit.streak.note(None)
    bare = listing.has_pager and not listing.entries
    visit.listings.note(Outcome.NO_BOOKS if bare else Outcome.DONE)


def _read(visit: Visit, page: Page) -> Listing:
    with visit.ledger.session() as session:
        body = read_body(session, page.id) or b""
    try:
        return visit.site.parse_listing(body, page.content_type or "", page.key, page.base)
    except PageError as error:
        fail(visit.ledger, page.id, error)
        raise


def _step_over(visit: Visit, session: Session, page: Page, error: PageError) -> None:
    """Go on behind a listing page that cannot be had: the books there may still be."""
    following = visit.site.following_listing(page.key)
    if error.reason in _FINAL or following is None:
        return
    tried = select(Page.state).where(*_of(visit, page.walk), Page.state.in_((DONE, FAILED)))
    recent = session.scalars(tried.order_by(Page.id.desc()).limit(MOST_BROKEN)).all()
    if len(recent) < MOST_BROKEN or DONE in recent:
        _add_next(visit, session, page, following)


def _record(visit: Visit, session: Session, page: Page, listing: Listing) -> int:
    """Commit what a listing page says; return how many books the ledger did not have."""
    of_walk = select(Sighting.book_id).join(Page, Page.id == Sighting.listing_id)
    seen = set(session.scalars(of_walk.where(*_of(visit, page.walk))))
    books = session.scalars(select(func.count()).select_from(Book)).one()
    ids = [_add_book(visit, session, page, entry) for entry in listing.entries]
    for position, book_id in enumerate(ids):
        row = insert(Sighting).values(listing_id=page.id, book_id=book_id, position=position)
        session.execute(row.on_conflict_do_nothing())
    barren = seen.issuperset(ids)
    values = {"state": DONE, "reason": None, "note": _BARREN if barren else None}
    session.execute(update(Page).where(Page.id == page.id).values(values))
    done = select(Page.note).where(*_of(visit, page.walk), Page.state == DONE)
    recent = session.scalars(done.order_by(Page.id.desc()).limit(MOST_BARREN)).all()
    if listing.next_key and (len(recent) < MOST_BARREN or set(recent) != {_BARREN}):
        _add_next(visit, session, page, listing.next_key)
    return session.scalars(select(func.count()).select_from(Book)).one() - books


def _add_book(visit: Visit, session: Session, page: Page, entry: Entry) -> int:
    book_id = _known_book(visit, session, entry.key) or add_page(
        session, site=visit.site.name, kind=BOOK, key=entry.key, base=page.base
    )
    book = session.get(Book, book_id)
    if book is None:
        book = Book(page_id=book_id, adult=entry.adult)
        session.add(book)
    book.title = book.title or entry.title or None
    book.author = book.author or entry.author
    session.flush()
    if entry.record is not None:
        put_record(session, book_id, entry.record, visit.site.parser_version)
    return book_id


def _known_book(visit: Visit, session: Session, key: str) -> int | None:
    """Return the id of a book that the ledger has, under whichever shape of its key."""
    of_site = (Page.site == visit.site.name, Page.kind == BOOK)
    shapes = visit.addresses.shapes(key)
    return session.scalar(select(Page.id).where(*of_site, Page.key.in_(shapes)).limit(1))


def _add_next(visit: Visit, session: Session, page: Page, key: str) -> None:
    """Add the page that follows, unless the walk has been there under any spelling."""
    keys = session.scalars(select(Page.key).where(*_of(visit, page.walk))).all()
    place = visit.site.listing_place
    if place(key) not in {place(known) for known in keys}:
        _add_listing(visit, session, key, page.walk or "")
