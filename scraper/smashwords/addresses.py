"""Which addresses are the site's, and the one key that names each page."""

import posixpath
import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

HOME = "https://www.smashwords.com"
PAGE_SIZE = 20

_OWN_HOST = "smashwords.com"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"http": 80, "https": 443}
_BOOK = re.compile(r"(?:^|/)books/(view/)?0*(\d{1,12})(?![\w.])")
"""Older links have `view/`, newer ones may lack it."""
_LISTING = re.compile(
    r"(?:^|/)books/category/(?P<category>\d+)/(?P<order>[a-z]+)/(?P<first>\d+)"
    r"(?P<rest>/[a-z]+/[a-z]+(?:/(?P<last>\d+))?)?/?$"
)


class Place(NamedTuple):
    """Where in a category a listing page stands; `offset` counts books."""

    category: str
    order: str
    offset: int


@dataclass(frozen=True)
class Addresses:
    """The site as served at `base`, which is its own address or a test server's.

    Links to the site's own host count as links to `base`, so that a copy is never left.
    """

    base: str = HOME

    def url(self, key: str) -> str:
        """Return the absolute address of a key."""
        return f"{self.base}/{key}"

    def key(self, link: str, page: str = "") -> str | None:
        """Return the path (with its query) that a link leads to, None when it leaves the site.

        Args:
            link: as it stands in a page, relative or absolute.
            page: the address of that page.
        """
        try:
            parts = urlsplit(urljoin(page or f"{self.base}/", link.strip()))
            inside = parts.scheme in _PORTS and self._is_ours(parts.scheme, parts.netloc)
        except ValueError:
            return None
        if not inside:
            return None
        path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._")
        folder = "/" if path.endswith("/") else ""
        path = re.sub("//+", "/", posixpath.normpath(path or "/") + folder)
        prefix = urlsplit(self.base).path
        path = path.removeprefix(prefix) if prefix else path
        return path.lstrip("/") + (f"?{parts.query}" if parts.query else "")

    def book_key(self, link: str, page: str = "") -> str | None:
        """Return the key of the book that a link leads to, None when it leads to no book."""
        key = self.key(link, page)
        match = _BOOK.search(key.partition("?")[0]) if key else None
        return f"books/{match[1] or ''}{match[2]}" if match else None

    def shapes(self, key: str) -> tuple[str, ...]:
        """Return every key that the book of a key may go by, that key among them."""
        match = _BOOK.search(key)
        return (f"books/view/{match[2]}", f"books/{match[2]}") if match else (key,)

    def _is_ours(self, scheme: str, netloc: str) -> bool:
        base = urlsplit(self.base)
        host, port = _host_and_port(scheme, netloc)
        if host == _OWN_HOST:
            return True
        own_host, own_port = _host_and_port(base.scheme, base.netloc)
        same_host = host == own_host or {host, own_host} <= _LOOPBACK
        return same_host and (port == own_port or {port, own_port} <= set(_PORTS.values()))


def listing_key(category: str, order: str, offset: int = 0) -> str:
    """Return the key of a category's listing page that starts at a book."""
    return f"books/category/{category}/{order}/{offset}/any/any/"


def listing_place(key: str) -> Place | None:
    """Return where in which category a listing's key stands, None when it is no listing.

    The older, shorter form keeps the offset at its end.
    """
    match = _LISTING.search(key.partition("?")[0])
    if not match:
        return None
    offset = match["last"] if match["last"] is not None else match["first"]
    return Place(match["category"], match["order"], int(offset))


def _host_and_port(scheme: str, netloc: str) -> tuple[str, int | None]:
    parts = urlsplit(f"{scheme}://{netloc}")
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.port or _PORTS.get(scheme)
