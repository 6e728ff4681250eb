"""The test shop: a local server that can be told to fail in every way a shop can."""

import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.scraper import shop_pages
from tests.scraper.shop_books import ShopBook, make_books

PAGE_SIZE = 20


@dataclass
class Seen:
    """A request as it arrived."""

    at: float
    path: str
    headers: dict[str, str]
    status: int = 0


@dataclass
class Shop:
    """The shop's books and its moods.

    Attributes:
        faults: path -> what happens there: see `Handler.fault`.
        limits: path -> how many requests still meet the fault; without an entry all do.
        new_from: books with a number from here on have pages of the newer markup.
        changed: the markup has changed beyond recognition.
        empty: paths that answer a fault with no body at all.
        short_links: listings link books as `/books/N`, and `/books/view/N` leads there.
        pause: seconds before each answer.
    """

    books: list[ShopBook] = field(default_factory=lambda: make_books(300))
    robots: str | None = "User-agent: *\nDisallow: /private/\n"
    faults: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    new_from: int = 7450
    changed: bool = False
    empty: set[str] = field(default_factory=set)
    short_links: bool = False
    pause: float = 0.0
    seen: list[Seen] = field(default_factory=list)
    base: str = ""

    def paths(self, start: str = "") -> list[str]:
        return [seen.path for seen in self.seen if seen.path.startswith(start)]

    def gaps(self) -> list[float]:
        """Seconds between one arrival and the next."""
        return [b.at - a.at for a, b in zip(self.seen, self.seen[1:], strict=False)]

    def __enter__(self) -> "Shop":
        shop = self

        class Bound(Handler):
            pass

        Bound.shop = shop
        self._server = QuietServer(("127.0.0.1", 0), Bound)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        return  # clients that hang up are a part of the tests


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    shop: Shop

    def do_GET(self) -> None:
        seen = Seen(time.monotonic(), self.path, dict(self.headers))
        self.shop.seen.append(seen)
        self.mine = seen
        fault = self.shop.faults.get(self.path)
        left = self.shop.limits.get(self.path)
        if fault is not None and left != 0:
            if left is not None:
                self.shop.limits[self.path] = left - 1
            self.fault(fault)
            return
        self.route()

    def route(self) -> None:
        time.sleep(self.shop.pause)
        path = self.path.partition("?")[0]
        if path == "/robots.txt":
            if self.shop.robots is None:
                self.reply(404, b"no rules", "text/plain")
            else:
                self.reply(200, self.shop.robots.encode(), "text/plain")
        elif path.startswith("/books/category/"):
            self.category(path)
        elif self.shop.short_links and path.startswith("/books/view/"):
            self.reply(301, b"", "", Location=path.replace("/view", ""))
        elif path.startswith("/books/"):
            self.book(int(path.rsplit("/", 1)[1]))
        elif path.startswith("/bookCovers/"):
            self.reply(200, b"\x89PNG not really " + path.encode(), "image/png")
        else:
            self.html(shop_pages.page("Welcome", "The front page."))

    def category(self, path: str) -> None:
        _, _, _, category, _, offset, *_ = path.split("/")
        start = int(offset)
        grown = "adultOff=no" in (self.headers.get("Cookie") or "")
        books = [
            book
            for book in self.shop.books
            if book.category == int(category) and (grown or not book.adult)
        ]
        if not books:
            self.html(shop_pages.page("Not found", "No such category."), 404)
            return
        following = start + PAGE_SIZE
        next_url = f"/books/category/{category}/newest/{following}/any/any/"
        page = shop_pages.listing(
            books[start:following],
            next_url=next_url if following < len(books) else None,
            base=self.shop.base,
            new=int(category) % 2 == 0,
        )
        self.html(page.replace("/books/view/", "/books/") if self.shop.short_links else page)

    def book(self, number: int) -> None:
        book = next((book for book in self.shop.books if book.number == number), None)
        if book is None:
            self.html(shop_pages.page("Not found", "No such book."), 404)
        elif self.shop.changed:
            self.html(
                f"<html><head><title>Shop</title></head><body><x-book>{book.title}</x-book>"
                f"<x-text>{book.description}</x-text></body></html>"
            )
        elif number >= self.shop.new_from:
            self.html(shop_pages.new_book(book, self.shop.base), etag=f'"{number}"')
        else:
            self.html(shop_pages.old_book(book, self.shop.base), etag=f'"{number}"')

    def fault(self, fault: Any) -> None:
        """Play a fault: a status, `(status, headers)`, bytes with a type, or a named mood."""
        if isinstance(fault, int):
            self.html(shop_pages.page("Error", "Something went wrong."), fault)
        elif isinstance(fault, tuple) and isinstance(fault[0], int):
            body = b"" if self.path in self.shop.empty else b"<p>moved or tired</p>"
            self.reply(fault[0], body, "text/html", **fault[1])
        elif isinstance(fault, tuple):
            self.reply(200, fault[0], fault[1])
        elif fault == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            self.close_connection = True
        elif fault == "hang":
            time.sleep(30)
        elif fault == "drip":
            self.start(200, "text/html", length=100_000)
            for _ in range(300):
                self.wfile.write(b"<")
                time.sleep(0.1)
        elif fault == "truncated":
            self.start(200, "text/html", length=5000)
            self.wfile.write(b"<html><head><title>cut</title>")
            self.close_connection = True
        else:  # "huge" announces its length, "huge-unannounced" does not
            self.start(200, "text/html", length=50 * 1024 * 1024 if fault == "huge" else None)
            self.close_connection = True
            self.flood(50)

    def flood(self, mebibytes: int) -> None:
        try:
            for _ in range(mebibytes):
                self.wfile.write(b"<p>spam</p>" * (1024 * 1024 // 11))
        except OSError:
            self.close_connection = True

    def html(self, text: str, status: int = 200, etag: str = "") -> None:
        if etag and self.headers.get("If-None-Match") == etag:
            self.reply(304, b"", "")
            return
        headers = {"ETag": etag} if etag else {}
        self.reply(status, text.encode(), "text/html; charset=utf-8", **headers)

    def reply(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.start(status, kind, length=len(body), **headers)
        self.wfile.write(body)

    def start(self, status: int, kind: str, *, length: int | None, **headers: str) -> None:
        self.mine.status = status
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


if __name__ == "__main__":
    with Shop() as opened:
        print(opened.base, flush=True)  # noqa: T201
        threading.Event().wait()
