"""How fast stored pages are parsed, and what 20,000 books cost `status`, `export` and `merge`.

    python -m benchmarks.scraper [--books N]

Prints pages a second on one core for pages of several sizes, and for each command its seconds and
the most memory it held, measured in a process of its own.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from scraper.ledger import hold_ledger
from scraper.schema import BOOK, DONE, Body, Book, Page
from scraper.smashwords.addresses import HOME, Addresses
from scraper.smashwords.book import parse_book
from scraper.smashwords.site import Smashwords
from tests.scraper.shop_books import make_books
from tests.scraper.shop_pages import new_book, old_book

ROOT = Path(__file__).parents[1]

_FILLER = (
    '<li class="nav-item"><a class="nav-link" href="/books/category/{n}"><span>Shelf {n}</span></a>'
    "<script>window.shelf = {n};</script></li>\n"
)


def parsing() -> None:
    """Parse pages of both generations, plain and padded to the size of the live site's."""
    books = make_books(60)
    for filler in (0, 300):
        sidebar = "<nav><ul>" + "".join(_FILLER.format(n=n) for n in range(filler)) + "</ul></nav>"
        for render in (old_book, new_book):
            pages = [
                (book.key, render(book, HOME).replace("</body>", f"{sidebar}</body>"))
                for book in books
            ]
            start = time.process_time()
            for key, html in pages:
                parse_book(html, key, Addresses())
            seconds = time.process_time() - start
            size = sum(len(html) for _, html in pages) / len(pages) / 1024
            print(f"{render.__name__}, {size:5.1f} KiB: {len(pages) / seconds:6.0f} pages/s")


def fill(path: Path, count: int) -> None:
    """Make a ledger of many parsed books."""
    shop = make_books(500)
    html = os.urandom(9000)  # what a page of 40 KiB takes when compressed
    with hold_ledger(path) as ledger, ledger.session() as session:
        for number in range(1, count + 1):
            book = shop[number % len(shop)]
            record: dict[str, Any] = {
                "title": f"{book.title} / {number}",
                "author": book.author,
                "description": f"{number}. {book.description} " * 3,
                "categories": [list(path) for path in book.categories],
                "genres": [step for path in book.categories for step in path],
                "tags": list(book.tags),
                "language": book.language,
                "words": book.words,
                "published": book.iso_date,
                "places": {"title": "h1", "description": "itemprop", "author": "itemprop"},
            }
            page = {"id": number, "site": "smashwords", "kind": BOOK, "base": HOME, "state": DONE}
            session.execute(insert(Page).values(key=f"books/view/{number}", **page))
            session.execute(insert(Body).values(page_id=number, html=html))
            session.execute(
                insert(Book).values(
                    page_id=number, adult=False, record=record, parser=Smashwords.parser_version
                )
            )


def command(*args: str) -> None:
    """Run a command in a process of its own; print its time and its largest memory."""
    start = time.monotonic()
    child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-m", "scraper", *args])
    _, code, used = os.wait4(child, 0)
    seconds = time.monotonic() - start
    name = " ".join(arg for arg in args if not arg.startswith(("/", "--ledger")))
    cpu = used.ru_utime + used.ru_stime
    mebibytes = used.ru_maxrss / 1024
    print(f"{name}: {seconds:.1f} s ({cpu:.1f} s of CPU), {mebibytes:.0f} MiB, exit code {code}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=20_000)
    count = parser.parse_args().books
    os.chdir(ROOT)
    parsing()
    with tempfile.TemporaryDirectory() as folder:
        ledger, rows = Path(folder) / "ledger.sqlite3", Path(folder) / "rows"
        fill(ledger, count)
        print(f"a ledger of {count} books, {ledger.stat().st_size / 2**20:.0f} MiB")
        command("--ledger", str(ledger), "status")
        for form in ("jsonl", "csv", "parquet"):
            command("--ledger", str(ledger), "export", f"{rows}.{form}")
        command("merge", f"{rows}.jsonl", f"{rows}.csv", f"{rows}.all.jsonl")


if __name__ == "__main__":
    main()
