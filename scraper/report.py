"""`status` and `retry`: what became of every page, and which of them to try again."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select

from scraper.errors import InputError
from scraper.ledger import Ledger
from scraper.outcomes import MARKUP_CHANGED, SHUT_OUT, TRANSIENT
from scraper.page_states import wait_again
from scraper.schema import (
    BOOK,
    COVER,
    DONE,
    FAILED,
    LEFT_OUT,
    LISTING,
    MOVED,
    STORED,
    WAITING,
    Book,
    Page,
)
from scraper.sites import SITES

FIELDS = (
    "title", "author", "description", "categories", "tags", "language", "words", "published",
    "cover",
)  # fmt: skip


@dataclass
class Report:
    """How a ledger stands.

    Attributes:
        states: kind of page -> state -> how many.
        reasons: kind of page -> reason of failure -> how many.
        places: field -> place it was found in -> how many books.
    """

    states: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    places: dict[str, Counter[str]] = field(default_factory=dict)


def report(ledger: Ledger) -> Report:
    """Count what a ledger holds."""
    result = Report()
    counted = select(Page.kind, Page.state, Page.reason, func.count())
    with ledger.session() as session:
        grouped = session.execute(counted.group_by(Page.kind, Page.state, Page.reason))
        for kind, state, reason, count in grouped:
            result.states.setdefault(kind, Counter())[state] += count
            if state in (FAILED, LEFT_OUT, MOVED):
                result.reasons.setdefault(kind, Counter())[reason or state] += count
        for name in FIELDS:
            place = Book.record["places"][name].as_string()
            found = session.execute(
                select(place, func.count())
                .join(Page, Page.id == Book.page_id)
                .where(Page.state == DONE)
                .group_by(place)
            )
            result.places[name] = Counter({place or "not found": count for place, count in found})
    return result


def as_text(result: Report) -> str:
    """Return a report for a person to read."""
    lines = []
    for kind, title in ((LISTING, "listing pages"), (BOOK, "books"), (COVER, "covers")):
        states = result.states.get(kind, Counter())
        if not states:
            continue
        lines.append(
            f"{title:14} {states.total():>8} found   {states[DONE]:>8} fetched   "
            f"{states[FAILED]:>6} failed   {states[WAITING] + states[STORED]:>8} waiting"
        )
        others = ((LEFT_OUT, "left out"), (MOVED, "moved to another book"))
        lines += [f"{'':14} {states[state]:>8} {words}" for state, words in others if states[state]]
        for reason, count in result.reasons.get(kind, Counter()).most_common():
            lines.append(f"{'':14} {count:>8} x {reason}")
    books = result.states.get(BOOK, Counter())[DONE]
    if books:
        lines.append(f"where the fields of {books} books were found")
        for name, places in result.places.items():
            parts = ", ".join(f"{place} {count}" for place, count in places.most_common())
            lines.append(f"  {name:12} {parts}")
    return "\n".join([*lines, f"next: {next_step(result)}"] if lines else ["the ledger is empty"])


def next_step(result: Report) -> str:
    """Return in one line what a person should do now."""
    listings, books = (result.states.get(kind, Counter()) for kind in (LISTING, BOOK))
    reasons = sum((result.reasons.get(kind, Counter()) for kind in (LISTING, BOOK)), Counter())
    read = books[DONE] + listings[DONE]
    shut_out = {name: count for name, count in reasons.items() if name in SHUT_OUT}
    changed = {name: count for name, count in reasons.items() if name in MARKUP_CHANGED - SHUT_OUT}
    if shut_out and sum(shut_out.values()) > read:
        name = max(shut_out, key=lambda reason: shut_out[reason])
        return f"look at the site: it has shut us out ({name}); later `retry --reason {name}`"
    if changed and sum(changed.values()) > read:
        name = max(changed, key=lambda reason: changed[reason])
        return f"look at a stored page: the markup has probably changed ({name}); then `parse`"
    if left := listings[WAITING] + listings[STORED]:
        return f"`urls` goes on with {left} listing page{'s' * (left != 1)}"
    if left := books[WAITING] + books[STORED]:
        return f"`details` fetches {left} book{'s' * (left != 1)}"
    again = [name for name in reasons if name in TRANSIENT or name.startswith("http-5")]
    if again:
        return f"`retry --reason {again[0]}` and the same command, for what may come back"
    return f"`export` writes {books[DONE]} book{'s' * (books[DONE] != 1)}"


def retry(ledger: Ledger, reasons: list[str]) -> int:
    """Put failed pages back to waiting, to be fetched whole by the next run; return how many.

    Args:
        ledger: the ledger.
        reasons: reasons as `status` shows them, or `all`.

    Raises:
        InputError: no page failed for one of these reasons.
    """
    failed = select(Page.id, Page.reason).where(Page.state == FAILED, Page.site.in_(SITES))
    with ledger.session() as session:
        pages = session.execute(failed).all()
        known = {reason or "" for _, reason in pages}
        for reason in reasons:
            if reason != "all" and reason not in known:
                there = ", ".join(sorted(known)) or "none: no page failed"
                raise InputError(f"no page failed for {reason!r}; the reasons are {there}")
        ids = [page_id for page_id, reason in pages if "all" in reasons or reason in reasons]
        wait_again(session, ids, forget=True)
    return len(ids)
