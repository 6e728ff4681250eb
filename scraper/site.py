"""What a site must tell the core: its addresses, its listings, and how its pages are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from scraper.record import Record


@dataclass(frozen=True)
class Entry:
    """A book as it stands in a listing.

    Attributes:
        key: the one key of its own page.
        title: as the listing has it.
        author: as the listing has it, None where it says nothing.
        adult: whether the listing marks it so.
        record: all of the book, where the listing holds it whole: its page is then not fetched.
    """

    key: str
    title: str
    author: str | None = None
    adult: bool = False
    record: Record | None = None


@dataclass(frozen=True)
class Listing:
    """What a listing page says.

    Attributes:
        entries: its books in order, each once.
        next_key: the page that follows, None on the last.
        has_pager: whether it offers other pages, which an empty page of a changed site does too.
    """

    entries: list[Entry] = field(default_factory=list)
    next_key: str | None = None
    has_pager: bool = False


class Addresses(Protocol):
    """The site as served at a base, which is its own address or a test server's."""

    @property
    def base(self) -> str:
        """Where the site is served, without a slash at the end."""

    def url(self, key: str) -> str:
        """Return the absolute address of a key."""

    def key(self, link: str, page: str = "") -> str | None:
        """Return the path (with its query) that a link leads to, None when it leaves the site."""

    def book_key(self, link: str, page: str = "") -> str | None:
        """Return the key of the book that a link leads to, None when it leads to no book."""

    def shapes(self, key: str) -> tuple[str, ...]:
        """Return every key that the book of a key may go by, that key among them."""


class Site(Protocol):
    """One site. The core asks for nothing else; `scraper.sites` has the list."""

    name: str
    home: str
    parser_version: int
    """Raised with every change that reads a page differently; `parse` re-reads older records."""
    orders: tuple[str, ...]
    """In which a listing can be walked; the first is the default."""
    categories_help: str

    def categories(self, text: str) -> list[str]:
        """Return what `--categories` names.

        Raises:
            ValueError: it says what was expected.
        """

    def addresses(self, base: str) -> Addresses:
        """Return the site as served at `base`."""

    def cookies(self, *, adult: bool) -> Mapping[str, str]:
        """Return what is sent with every request."""

    def first_listing(self, category: str, order: str) -> str:
        """Return the key of a category's first page."""

    def following_listing(self, key: str) -> str | None:
        """Return the key behind a page that cannot be read, None where it cannot be told."""

    def listing_place(self, key: str) -> object:
        """Return what is equal for two spellings of one listing page."""

    def parse_listing(self, body: bytes, content_type: str, key: str, base: str) -> Listing:
        """Return what a listing page says.

        Raises:
            PageError: it is no listing, or not one that can be understood.
        """

    def parse_book(self, body: bytes, content_type: str, key: str, base: str) -> Record:
        """Return what a book's page says.

        Raises:
            PageError: the page holds no book, or not enough of one.
            MovedError: the page is another book's.
        """
