"""Standard Ebooks as a site of the scraper: one feed that holds every book whole."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from scraper.errors import PageError
from scraper.outcomes import Outcome
from scraper.record import Record
from scraper.site import Listing
from scraper.standard_ebooks.feed import parse_feed

HOME = "https://standardebooks.org"
_OWN_HOST = "standardebooks.org"
_BOOK = "ebooks/"


@dataclass(frozen=True)
class Addresses:
    """The site as served at `base`; links to its own host count as links to `base`."""

    base: str = HOME

    def url(self, key: str) -> str:
        """Return the absolute address of a key."""
        return f"{self.base}/{key}"

    def key(self, link: str, page: str = "") -> str | None:
        """Return the path (with its query) that a link leads to, None when it leaves the site."""
        try:
            parts = urlsplit(urljoin(page or f"{self.base}/", link.strip()))
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            return None
        own = {_OWN_HOST, urlsplit(self.base).hostname}
        if parts.scheme not in ("http", "https") or host not in own:
            return None
        path = posixpath.normpath(parts.path or "/").lstrip("/")
        return path + (f"?{parts.query}" if parts.query else "")

    def book_key(self, link: str, page: str = "") -> str | None:
        """Return the key of the book that a link leads to, None when it leads to no book."""
        key = (self.key(link, page) or "").partition("?")[0]
        return key if key.startswith(_BOOK) and key.count("/") >= 2 else None

    def shapes(self, key: str) -> tuple[str, ...]:
        """Return the key: a book has one."""
        return (key,)


class StandardEbooks:
    """The OPDS feed of all books, or of a subject, page by page."""

    name = "standard-ebooks"
    home = HOME
    parser_version = 1
    orders: tuple[str, ...] = ("newest",)
    categories_help = "feeds, e.g. all or subjects/fantasy,subjects/horror"

    def categories(self, text: str) -> list[str]:
        """Return the feeds that are named."""
        names = [name.strip().strip("/") for name in text.split(",")]
        for name in names:
            if not name or not all(part.replace("-", "").isalnum() for part in name.split("/")):
                raise ValueError(f"{name!r}: expected a feed such as all or subjects/fantasy")
        return list(dict.fromkeys(names))

    def addresses(self, base: str) -> Addresses:
        """Return the site as served at `base`."""
        return Addresses(base)

    def cookies(self, *, adult: bool) -> Mapping[str, str]:
        """Return nothing: the site sets and needs no cookie."""
        return {}

    def first_listing(self, category: str, order: str) -> str:
        """Return the key of a feed."""
        return f"feeds/opds/{category}"

    def following_listing(self, key: str) -> str | None:
        """Return nothing: what follows stands in the feed alone."""
        return None

    def listing_place(self, key: str) -> object:
        """Return the key: a page has one."""
        return key

    def parse_listing(self, body: bytes, content_type: str, key: str, base: str) -> Listing:
        """Read a page of a feed; its books are whole."""
        return parse_feed(body, content_type, key, Addresses(base))

    def parse_book(self, body: bytes, content_type: str, key: str, base: str) -> Record:
        """Refuse: the feed holds every book, so that no page is asked for."""
        raise PageError(Outcome.NOT_UNDERSTOOD, "a book of this site is read from its feed alone")
