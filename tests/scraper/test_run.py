"""Whole runs against the test shop: every book once, every field right, nothing asked for twice."""

import signal
import time
from collections import Counter

from tests.scraper.shop_books import ShopBook


def check_row(row: dict, book: ShopBook) -> None:
    assert row["title"] == book.title
    assert row["author"] == book.author
    assert row["description"] == book.description
    assert row["language"] == book.language
    assert row["words"] == book.words
    assert row["published"] == book.iso_date
    assert row.get("tags", []) == list(book.tags)
    assert row["categories"] == [list(path) for path in book.categories]
    assert set(row["genres"]) == {step for path in book.categories for step in path}
    assert row["cover"].endswith(f"/bookCovers/{book.number}.png")


def test_a_complete_run_has_every_book_once_with_every_field(shop, scraper, processes):
    said = scraper.urls()
    wanted = {book.number: book for book in shop.books if not book.adult}
    assert f"{len(wanted)} new books" in said
    scraper.details()
    rows = scraper.rows()
    assert rows.keys() == wanted.keys()
    for number, row in rows.items():
        check_row(row, wanted[number])
    asked = Counter(path for path in shop.paths() if path != "/robots.txt")
    assert set(asked.values()) == {1}
    assert not [path for path in asked if "999" in path or path.endswith("/view/52")]


def test_a_second_run_asks_for_nothing_but_robots_txt(shop, scraper):
    scraper.urls("1000-1001")
    scraper.details("--limit", "5")
    shop.seen.clear()
    scraper.urls("1000-1001")
    scraper.details("--limit", "0")
    assert set(shop.paths()) == {"/robots.txt"}


def test_max_pages_stops_early_and_a_later_run_goes_on(shop, scraper):
    scraper.urls("1000", "--max-pages", "1")
    assert len(shop.paths("/books/category")) == 1
    scraper.urls("1000", "--max-pages", "2")
    assert shop.paths("/books/category")[1:] == ["/books/category/1000/newest/20/any/any/"]


def test_walking_again_asks_conditionally_and_finds_new_books(shop, scraper):
    scraper.urls("1001")
    new = shop.books.pop(next(i for i, book in enumerate(shop.books) if book.category == 1000))
    shop.books.insert(0, type(new)(**{**vars(new), "category": 1001, "number": 5}))
    scraper.urls("1001", "--again")
    assert "/books/view/5" in shop_urls(scraper)


def shop_urls(scraper) -> list[str]:
    scraper.details("--limit", "1000")
    return [row["url"].removeprefix(scraper.shop.base) for row in scraper.rows().values()]


def test_refresh_sends_what_the_server_said_and_keeps_an_unchanged_book(shop, scraper):
    scraper.urls("1003", "--max-pages", "1")
    scraper.details("--limit", "3")
    before = scraper.rows()
    shop.seen.clear()
    time.sleep(1.1)
    scraper.details("--limit", "3", "--refresh", "0")
    asked = [seen for seen in shop.seen if seen.path.startswith("/books/view")]
    assert [seen.status for seen in asked] == [304, 304, 304]
    assert all(seen.headers["If-None-Match"] for seen in asked)
    assert scraper.rows() == before


def test_killed_at_any_moment_it_goes_on_without_asking_twice(shop, scraper, processes):
    shop.pause = 0.005
    wanted = {book.number for book in shop.books if not book.adult and book.category < 1002}
    site = ("--base-url", shop.base, "--delay", "0")
    kills = 0
    for more in (1, 2, 2):
        kills += killed(shop, scraper.start("urls", "--categories", "1000-1001", *site), more)
    scraper.urls("1000-1001")
    for more in (1, 3, 7, 2):
        kills += killed(shop, scraper.start("details", *site), more)
    scraper.details()
    assert kills >= 5
    assert scraper.rows().keys() == wanted
    asked = Counter(path for path in shop.paths() if path != "/robots.txt")
    again = sum(count - 1 for count in asked.values())
    assert again <= kills  # at most the request in flight at each kill


def killed(shop, process, after: int) -> bool:
    """Kill -9 a process some requests later; return whether it was still running."""
    wait_for_requests(shop, len(shop.paths("/books")) + after, process)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return alive


def wait_for_requests(shop, count: int, process) -> None:
    limit = time.monotonic() + 60
    while len(shop.paths("/books")) < count and process.poll() is None:
        assert time.monotonic() < limit
        time.sleep(0.001)


def test_a_stopped_run_says_so_and_keeps_everything(shop, scraper):
    scraper.urls("1000")
    shop.pause = 0.05
    process = scraper.start("details", "--base-url", shop.base, "--delay", "0")
    wait_for_requests(shop, 7, process)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "nothing is lost" in said
    done = scraper.status()["states"]["book"]["done"]
    asked = len(shop.paths("/books/view"))
    assert 3 <= done < 33
    assert asked - done in (0, 1)


def test_two_processes_on_one_ledger_the_second_is_refused(shop, scraper, processes):
    scraper.urls("1000")
    shop.pause = 0.3
    first = scraper.start("details", "--base-url", shop.base, "--delay", "0")
    wait_for_requests(shop, 4, first)
    said = scraper.details(code=1)
    assert "another process is working on this ledger" in said
    assert scraper.status()["states"]["book"]  # reading is allowed meanwhile
    shop.pause = 0
    first.communicate(timeout=60)
    assert first.returncode == 0
    assert set(Counter(shop.paths("/books/view")).values()) == {1}
