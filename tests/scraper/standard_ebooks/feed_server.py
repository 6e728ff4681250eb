"""A feed of invented books in the shape of an OPDS 1.2 catalogue, served page by page."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE_SIZE = 10
SUBJECTS = (
    ("Love stories", "Man-woman relationships--Fiction"),
    ("Detective and mystery stories", "Murder--Fiction"),
    ("Fantasy fiction", "Imaginary places--Fiction"),
    ("Horses--Juvenile fiction", "Adventure stories"),
)
BLURBS = (
    "Two neighbours who share a garden wall write to each other all summer and never speak, until "
    "a wedding invitation goes to the wrong door.",
    "The body in the dry dock has no shoes. Inspector Marl, who sells them on Saturdays, knows "
    "whose feet those were and wishes that she did not.",
    "The river kingdom chooses its ruler by flood. When the water passes over a thief and leaves "
    "her standing, the court wizard begins to pack.",
    "Pip the pit pony has never seen the sky. One night the gate is left open, and the road leads "
    "up and up, past the moon, to the sea.",
)


def entry(number: int) -> str:
    """One book, whole: half of them with a text as HTML, half as XHTML."""
    kind = number % len(BLURBS)
    blurb = escape(BLURBS[kind])
    content = (
        f'<content type="text/html">{escape(f"<p>{blurb}</p><p>Book {number}.</p>")}</content>'
        if number % 2
        else '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        f"<p>{blurb}</p><p>Book {number}.</p></div></content>"
    )
    subjects = "".join(
        f'<category scheme="http://purl.org/dc/terms/LCSH" term="{escape(term)}"/>'
        for term in SUBJECTS[kind]
    )
    return f"""<entry>
<id>https://standardebooks.org/ebooks/author-{number}/book-{number}</id>
<title>Book {number} &amp; More</title>
<author><name>Author {number}</name></author>
<dc:issued>2021-05-{1 + number % 28:02d}T10:00:00Z</dc:issued>
<dc:language>en-GB</dc:language>
<summary type="text">A short word on book {number}.</summary>{content}{subjects}
<category scheme="https://standardebooks.org/vocab/subjects" term="Fiction"/>
<link href="/images/{number}.png" rel="http://opds-spec.org/image" type="image/png"/>
<link href="/ebooks/author-{number}/book-{number}" rel="alternate" type="text/html"/>
</entry>"""


def feed(first: int, books: int) -> str:
    """A page of the feed, with a link to the next while there is one."""
    last = min(first + PAGE_SIZE, books)
    following = f'<link rel="next" href="/feeds/opds/all?page={last}"/>' if last < books else ""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/terms/"
 xmlns:schema="http://schema.org/"><id>all</id><title>All</title>{following}
{"".join(entry(number) for number in range(first, last))}</feed>"""


@contextmanager
def serve(books: int) -> Iterator[tuple[str, list[str]]]:
    """Serve a feed of so many books; give its address and the paths that were asked for."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            path, _, query = self.path.partition("?page=")
            found = path == "/feeds/opds/all"
            body = feed(int(query or 0), books).encode() if found else b""
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/atom+xml;profile=opds-catalog")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
        server.server_close()
