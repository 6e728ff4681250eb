"""`details`: fetches each book's page, reads it, and with `--cover` measures its cover."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scraper.errors import MovedError, PageError
from scraper.fetch import IMAGE_LIMIT
from scraper.ledger import Ledger
from scraper.outcomes import Outcome
from scraper.page_states import add_page, fail, wait_again
from scraper.parsing import move, read_book
from scraper.schema import BOOK, COVER, DONE, LEFT_OUT, STORED, WAITING, Book, Page, Palette, now
from scraper.session import Visit

Measure = Callable[[bytes], list[Any]]
"""Takes the bytes of an image, returns its palette as what JSON can hold."""


@dataclass
class Tally:
    """What a run did."""

    fetched: int = 0
    covers: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


def queue(ledger: Ledger, site: str, *, adult: bool, refresh_days: float | None) -> int:
    """Sort the waiting books before a run; return how many there are to do.

    Args:
        ledger: the ledger.
        site: the site's name.
        adult: whether adult books are wanted; otherwise those that a listing marks are left out.
        refresh_days: books fetched longer ago than this are asked for again.
    """
    of_site = (Page.site == site, Page.kind == BOOK)
    with ledger.session() as session:
        marked = select(Book.page_id).where(Book.adult)
        if adult:
            left = select(Page.id).where(*of_site, Page.state == LEFT_OUT)
            wait_again(session, session.scalars(left).all(), forget=True)
        else:
            waiting = update(Page).where(*of_site, Page.state == WAITING, Page.id.in_(marked))
            session.execute(waiting.values(state=LEFT_OUT, reason=Outcome.ADULT))
        if refresh_days is not None:
            limit = datetime.now(UTC) - timedelta(days=refresh_days)
            old = select(Page.id).where(
                *of_site, Page.state == DONE, Page.fetched_at < limit.isoformat(timespec="seconds")
            )
            wait_again(session, session.scalars(old).all(), forget=False)
        left_to_do = select(func.count()).where(*of_site, Page.state.in_((WAITING, STORED)))
        return session.scalars(left_to_do).one()


def fetch_details(visit: Visit, *, limit: int | None, measure: Measure | None) -> Iterator[Tally]:
    """Fetch and read the waiting books, in the order they were found.

    Yields:
        The tally so far, after each book.
    """
    tally = Tally()
    while (page := _next_book(visit)) is not None:
        if page.state == WAITING:
            if limit is not None and tally.fetched >= limit:
                break
            tally.fetched += 1
        outcome = _one_book(visit, page)
        tally.outcomes[outcome] += 1
        if measure is not None and outcome == Outcome.DONE:
            _one_cover(visit, page.id, measure, tally)
        yield tally
    if measure is not None:
        for book_id in _books_without_palette(visit):
            _one_cover(visit, book_id, measure, tally)
            yield tally


def _next_book(visit: Visit) -> Page | None:
    """Return a book that was stored when an earlier run was killed, or else the next to fetch."""
    of_site = (Page.kind == BOOK, Page.site == visit.site.name)
    with visit.ledger.session() as session:
        for state in (STORED, WAITING):
            of_state = select(Page).where(*of_site, Page.state == state)
            if (page := session.scalar(of_state.order_by(Page.id).limit(1))) is not None:
                return page
    return None


def _one_book(visit: Visit, page: Page) -> str:
    """Bring a book to its end state and return it."""
    if page.state == WAITING:
        try:
            visit.fetch(page)
        except MovedError as error:
            move(visit.ledger, page, error)
            visit.streak.note(None)
            return error.reason
        except PageError as error:
            visit.streak.note(error)
            visit.books.note(error.reason)
            return error.reason
        visit.streak.note(None)
    outcome = read_book(visit.ledger, page)
    visit.books.note(outcome)
    return outcome


def _books_without_palette(visit: Visit) -> list[int]:
    with visit.ledger.session() as session:
        with_cover = select(Book.page_id).join(Page, Page.id == Book.page_id)
        undone = select(Page.id).where(Page.kind == COVER, Page.state == WAITING)
        wanted = (Book.cover_id.is_(None)) | (Book.cover_id.in_(undone))
        return list(
            session.scalars(
                with_cover.where(
                    Page.site == visit.site.name,
                    Page.state == DONE,
                    Book.record["cover"].as_string().is_not(None),
                    wanted,
                ).order_by(Page.id)
            )
        )


def _one_cover(visit: Visit, book_id: int, measure: Measure, tally: Tally) -> None:
    """Fetch a book's cover unless it was measured before; keep its palette, not its image."""
    with visit.ledger.session() as session:
        page = _cover_page(session, visit, book_id)
    if page is None or page.state != WAITING:
        return
    try:
        answer = visit.fetcher.get(page.key, limit=IMAGE_LIMIT)
        if not answer.content_type.lower().startswith("image/"):
            raise PageError(
                Outcome.NOT_IMAGE, f"the answer is {answer.content_type or 'of no type'}"
            )
        try:
            palette = measure(answer.body)
        except Exception as error:
            # Whatever a strange image does to the extractor, the other books go on.
            raise PageError(Outcome.UNREADABLE_IMAGE, str(error)[:200]) from error
    except PageError as error:
        fail(visit.ledger, page.id, error)
        tally.outcomes[f"cover {error.reason}"] += 1
        visit.streak.note(error)
        return
    with visit.ledger.session() as session:
        session.merge(Palette(page_id=page.id, colours=palette))
        done = {"state": DONE, "reason": None, "note": None, "fetched_at": now()}
        session.execute(update(Page).where(Page.id == page.id).values(done))
    visit.streak.note(None)
    tally.covers += 1


def _cover_page(session: Session, visit: Visit, book_id: int) -> Page | None:
    book = session.get_one(Book, book_id)
    url = (book.record or {}).get("cover")
    if not url:
        return None
    own = visit.addresses.key(url)  # the site's own covers are served where its pages are
    key = visit.addresses.url(own) if own is not None else url
    book.cover_id = add_page(
        session, site=visit.site.name, kind=COVER, key=key, base=visit.manners.base
    )
    return session.get_one(Page, book.cover_id)
