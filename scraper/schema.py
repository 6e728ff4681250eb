"""The tables of the ledger: pages with their states, stored bodies, books, sightings, hosts."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION = 1

LISTING, BOOK, COVER = "listing", "book", "cover"

WAITING = "waiting"  # to be fetched
STORED = "stored"  # its body is here, not yet parsed
DONE = "done"  # parsed; a cover: its palette is here
FAILED = "failed"  # see `reason`
LEFT_OUT = "left-out"  # not wanted: adult
MOVED = "moved"  # another book's address; see `note`


def now() -> str:
    """Return the present time as ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Base(DeclarativeBase):
    """The base of every table."""


class Page(Base):
    """One address and what became of it."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("site", "kind", "key"),
        Index("page_by_state", "kind", "state"),
        Index("page_by_walk", "walk"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    """Path under `base` that names it once, e.g. `books/view/12`; a cover: its whole URL."""
    base: Mapped[str]
    walk: Mapped[str | None]
    """A listing page: `<category>/<order>`."""
    state: Mapped[str] = mapped_column(default=WAITING)
    reason: Mapped[str | None]
    note: Mapped[str | None]
    status: Mapped[int | None]
    content_type: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    fetched_at: Mapped[str | None]


class Body(Base):
    """The bytes of a page as they were served, compressed with zlib."""

    __tablename__ = "body"

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    html: Mapped[bytes] = mapped_column(LargeBinary)


class Book(Base):
    """What is known of a book: from listings at first, then from its own page."""

    __tablename__ = "book"

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    title: Mapped[str | None]
    author: Mapped[str | None]
    adult: Mapped[bool] = mapped_column(default=False)
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Every field that was parsed, and under `places` where each one was found."""
    parser: Mapped[int | None]
    parsed_at: Mapped[str | None]
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"))


class Sighting(Base):
    """A book stood in a listing page."""

    __tablename__ = "sighting"

    listing_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True, index=True)
    position: Mapped[int]


class Palette(Base):
    """The colours measured on a cover; the image itself is not kept."""

    __tablename__ = "palette"

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    colours: Mapped[list[Any]] = mapped_column(JSON)


class Host(Base):
    """When a host may be asked again, across runs."""

    __tablename__ = "host"

    name: Mapped[str] = mapped_column(primary_key=True)
    delay: Mapped[float]
    not_before: Mapped[float]
    """Seconds since 1970."""
    in_flight: Mapped[bool]
    """A request had been sent and its end was not recorded (the process was killed)."""
