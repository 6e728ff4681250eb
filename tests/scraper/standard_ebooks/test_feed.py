"""A second site through the same commands: everything stands in its feed."""

import json

import pytest

from scraper.errors import PageError
from scraper.standard_ebooks.feed import parse_feed
from scraper.standard_ebooks.site import Addresses
from tests.scraper.standard_ebooks.feed_server import BLURBS, entry, feed, serve

KIND = "application/atom+xml"
KEY = "feeds/opds/all"


def test_a_feed_is_walked_and_no_book_page_is_asked_for(scraper, tmp_path):
    with serve(25) as (base, seen):
        site = ("--site", "standard-ebooks", "--base-url", base, "--delay", "0")
        said = scraper.run("urls", "--categories", "all", *site)
        assert "25 new books" in said
        assert "0 pages asked for" in scraper.run("details", *site)
    assert [path for path in seen if "robots" not in path] == [
        "/feeds/opds/all", "/feeds/opds/all?page=10", "/feeds/opds/all?page=20"
    ]  # fmt: skip
    out = tmp_path / "rows.jsonl"
    scraper.run("export", str(out))
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 25
    first = rows[0]
    assert first["title"] == "Book 0 & More"
    assert first["author"] == "Author 0"
    assert first["description"] == f"{BLURBS[0]}\n\nBook 0."
    assert first["genres"] == ["Love stories", "Man-woman relationships", "Fiction"]
    assert first["language"] == "English"
    assert first["published"] == "2021-05-01"
    assert first["url"] == f"{base}/ebooks/author-0/book-0"
    assert first["origin"] == "standard-ebooks"
    assert "next: `export` writes 25 books" in scraper.run("status")


def test_html_and_xhtml_texts_read_alike():
    texts = [
        e.record.description.replace(f"Book {n}.", "")
        for n, e in enumerate(parse_feed(feed(0, 5).encode(), KIND, KEY, Addresses()).entries)
    ]
    assert texts[0] == texts[4]
    assert texts[1].strip() == BLURBS[1]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b" ", "empty"),
        (b"<html><body><h1>Hello", "not-understood"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "not-understood"),
        (
            b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>x</id><title>a</title></entry></feed>",
            "not-understood",
        ),
    ],
)
def test_what_is_no_feed_of_books_says_so(body, reason):
    with pytest.raises(PageError) as caught:
        parse_feed(body, KIND, KEY, Addresses())
    assert caught.value.reason == reason


def test_entities_are_not_expanded():
    bomb = (
        '<!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:dc='http://purl.org/dc/terms/'>"
        + entry(1).replace("Author 1", "&f;&b;")
        + "</feed>"
    )
    (found,) = parse_feed(bomb.encode(), KIND, KEY, Addresses()).entries
    assert "root:" not in str(found)
    assert "haha" not in str(found)


@pytest.mark.parametrize("name", ["", "../all", "all feeds", "a//b"])
def test_a_feed_that_cannot_be_one_is_refused(scraper, name):
    site = ("--site", "standard-ebooks", "--base-url", "http://127.0.0.1:9", "--delay", "0")
    assert "expected a feed such as all" in scraper.run("urls", "--categories", name, *site, code=2)
