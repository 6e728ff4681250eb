"""Pages and servers that misbehave: each ends in its own recorded state, and the rest go on."""

import pytest

from tests.scraper import shop_pages

LOGIN = shop_pages.page(
    "Sign in", "<form><input name=user><input type=password name=pass></form> Please log in."
)
REMOVED = shop_pages.page("Oops!", "This book is no longer available.")
CASES = {
    "not-found": 404,
    "gone": 410,
    "forbidden": 403,
    "http-503": 503,
    "rate-limited": (429, {"Retry_After": "0"}),
    "timeout": "hang",
    "connection": "reset",
    "too-large": "huge",
    "not-html": (b"%PDF-1.7 ...", "application/pdf"),
    "empty": (b"  ", "text/html"),
    "soft-404": (REMOVED.encode(), "text/html"),
    "login-wall": (LOGIN.encode(), "text/html"),
    "redirect-offsite": (302, {"Location": "http://elsewhere.example/books/view/1"}),
    "redirect-loop": (302, {"Location": "/loop"}),
    "bad-address": (302, {"Location": "gopher://[bad"}),
    "missing-description": (
        b"<html><head><title>Smashwords - A Title - a book by Me</title></head><body>"
        b"<h1>A Title</h1><a itemprop=author>Me</a><div class=category>Fiction</div></body></html>",
        "text/html",
    ),
    "missing-title": (
        b"<html><body><a itemprop=author>Me</a><div itemprop=description>A long and patient "
        b"description of a book without a name.</div></body></html>",
        "text/html",
    ),
}


def test_every_fault_is_named_and_the_other_books_are_had(shop, scraper, processes):
    scraper.urls("1000")
    paths = [f"/{book.key}" for book in shop.books if book.category == 1000 and not book.adult]
    for path, fault in zip(paths, CASES.values(), strict=False):
        shop.faults[path] = fault
    shop.faults["/loop"] = (301, {"Location": "/loop"})
    scraper.details("--timeout", "1", "--attempts", "2")
    found = scraper.status()
    assert found["reasons"]["book"] == dict.fromkeys(CASES, 1)
    assert found["states"]["book"]["done"] == len(paths) - len(CASES)
    assert len(scraper.rows()) == len(paths) - len(CASES)


@pytest.mark.parametrize("fault", ["drip", "truncated", "huge-unannounced"])
def test_a_bad_body_is_given_up_in_time(shop, scraper, fault):
    scraper.urls("1003", "--max-pages", "1")
    first = scraper.shop.books[3]
    shop.faults[f"/{first.key}"] = fault
    scraper.details("--limit", "1", "--timeout", "2", "--attempts", "1")
    reason = {"drip": "timeout", "truncated": "connection", "huge-unannounced": "too-large"}[fault]
    assert scraper.status()["reasons"]["book"] == {reason: 1}


def test_trouble_that_passes_is_waited_out(shop, scraper):
    scraper.urls("1000", "--max-pages", "1")
    faults = (503, "reset", "truncated", (429, {"Retry_After": "0"}))
    for book, fault in zip((b for b in shop.books if b.category == 1000), faults, strict=False):
        shop.faults[f"/{book.key}"], shop.limits[f"/{book.key}"] = fault, 1
    scraper.details("--limit", "4")
    assert scraper.status()["reasons"] == {}


def test_failures_are_retried_by_reason(shop, scraper):
    scraper.urls("1000")
    books = [book for book in shop.books if book.category == 1000][:2]
    shop.faults = {f"/{books[0].key}": 404, f"/{books[1].key}": 500}
    scraper.details("--attempts", "1")
    shop.faults.clear()
    shop.seen.clear()
    assert "1 pages wait again" in scraper.run("retry", "--reason", "http-500")
    scraper.details()
    assert shop.paths("/books") == [f"/{books[1].key}"]
    assert scraper.status()["reasons"]["book"] == {"not-found": 1}
    assert "the reasons are not-found" in scraper.run("retry", "--reason", "http-500", code=2)


def test_a_broken_server_stops_the_run_with_a_clear_message(shop, scraper):
    scraper.urls("1000")
    shop.faults = {f"/{book.key}": 502 for book in shop.books}
    said = scraper.details("--attempts", "1", "--max-failures", "4", code=1)
    assert "4 failures in a row (http-502 4)" in said
    assert len(shop.paths("/books/view")) == 4
    shop.faults.clear()
    scraper.run("retry", "--reason", "all")
    scraper.details()
    assert scraper.status()["reasons"] == {}


def test_a_changed_markup_stops_the_run_and_a_parser_can_read_it_later(shop, scraper, processes):
    scraper.urls("1001")
    shop.changed = True
    said = scraper.details(code=1)
    assert "markup has probably changed" in said
    asked = len(shop.paths("/books/view"))
    assert asked <= 12
    assert scraper.status()["reasons"]["book"]["missing-description"] == asked
    shop.seen.clear()
    assert f"{asked} stored pages read, 0 books done" in scraper.run("parse")
    assert shop.seen == []


def test_adult_books_are_left_out_unless_asked_for(shop, scraper):
    adult = {book.number for book in shop.books if book.adult}
    scraper.urls()
    scraper.details()
    assert not adult & scraper.rows().keys()
    assert not [path for path in shop.paths() if path.endswith(tuple(map(str, adult)))]
    scraper.urls("1000-1005", "--again", "--adult")
    assert scraper.status()["states"]["book"]["waiting"] == len(adult)


def test_a_redirect_to_another_book_is_that_book_once(shop, scraper):
    scraper.urls("1000")
    books = [book for book in shop.books if book.category == 1000 and not book.adult]
    shop.faults[f"/{books[0].key}"] = (301, {"Location": f"/{books[1].key}/"})
    shop.faults[f"/{books[2].key}"] = (302, {"Location": "/books/view/7002"})
    scraper.details()
    found = scraper.status()
    assert found["states"]["book"]["moved"] == 2
    assert found["reasons"]["book"]["not-found"] == 1  # 7002, which nobody has
    assert len(shop.paths(f"/{books[1].key}")) == 1


class TestListings:
    def test_a_broken_page_in_the_middle_does_not_hide_the_pages_behind_it(self, shop, scraper):
        shop.faults["/books/category/1000/newest/20/any/any/"] = 500
        said = scraper.urls("1000", "--attempts", "1")
        assert "http-500 1" in said
        far = [b for b in shop.books if b.category == 1000 and not b.adult][40:]
        assert scraper.status()["states"]["book"]["waiting"] == 20 + len(far)

    @pytest.mark.parametrize(
        "target",
        [
            "/books/category/1005/newest/0/any/any/",
            "/books/category/1005/newest/20/any/any/?again=1",
            "/books/category/1005/newest/00/any/any",
        ],
    )
    def test_a_loop_ends(self, shop, scraper, target):
        books = [book for book in shop.books if book.category == 1005 and not book.adult]
        html = shop_pages.listing(books[20:40], next_url=target, base=shop.base, new=True)
        shop.faults["/books/category/1005/newest/20/any/any/"] = (html.encode(), "text/html")
        scraper.urls("1005")
        assert len(shop.paths("/books/category")) == 2

    def test_a_list_without_end_ends(self, shop, scraper):
        books = [book for book in shop.books if book.category == 1005 and not book.adult]
        for page in range(1, 60):
            html = shop_pages.listing(
                books[:20],
                next_url=f"/books/category/1005/newest/{(page + 1) * 20}/any/any/",
                base=shop.base,
                new=False,
            )
            path = f"/books/category/1005/newest/{page * 20}/any/any/"
            shop.faults[path] = (html.encode(), "text/html")
        scraper.urls("1005")
        assert len(shop.paths("/books/category")) == 6

    def test_one_empty_page_does_not_end_a_category(self, shop, scraper):
        following = "/books/category/1005/newest/40/any/any/"
        html = shop_pages.listing([], next_url=following, base=shop.base, new=True)
        shop.faults["/books/category/1005/newest/20/any/any/"] = (html.encode(), "text/html")
        scraper.urls("1005")
        assert following in shop.paths("/books/category")
