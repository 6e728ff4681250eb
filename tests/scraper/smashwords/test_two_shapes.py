"""Addresses of both shapes, the longer of two descriptions, and the filter under a book's name."""

# ruff: noqa: E501 (pages are easier to read unbroken)

import pytest

from scraper.errors import PageError
from scraper.smashwords.addresses import Addresses
from scraper.smashwords.book import parse_book
from scraper.smashwords.listing import parse_listing

HERE = "books/category/7/newest/0/any/any/"
SHORT = "A bell rings."
LONG = "A lighthouse keeper hears a second bell, and it rings from under the sea. He rows out."


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("/books/1001", "books/1001"),
        ("/books/1001?ref=list", "books/1001"),
        ("/books/view/0012", "books/view/12"),
        ("/books/category/1001", None),
        ("/books/tags/1001x", None),
        ("/books/1001.jpg", None),
    ],
)
def test_a_book_has_an_address_of_either_shape(link, key):
    assert Addresses().book_key(link) == key


def test_listings_link_books_in_either_shape():
    html = (
        "<div class=library-book><a class=library-title href='/books/1001'>One</a></div>"
        "<div class=library-book><a class=library-title href='/books/view/2'>Two</a></div>"
    )
    entries = parse_listing(html, HERE, Addresses()).entries
    assert [entry.key for entry in entries] == ["books/1001", "books/view/2"]


def test_boxes_without_a_link_to_a_book_are_not_understood():
    html = "<div class=library-book><a class=library-title href='/title/one'>One</a></div>"
    with pytest.raises(PageError) as caught:
        parse_listing(html, HERE, Addresses())
    assert caught.value.reason == "not-understood"


def test_a_category_of_either_shape_is_had_once(shop, scraper):
    """A listing that links `/books/N` for books that the ledger has as `/books/view/N`."""
    scraper.urls("1003")
    before = scraper.status()["states"]["book"]
    shop.short_links = True
    scraper.urls("1003", "--again")
    assert scraper.status()["states"]["book"] == before
    fresh = shop.books[3].category + 2
    scraper.urls(str(fresh))
    scraper.details()
    assert set(scraper.status()["states"]["book"]) == {"done"}


@pytest.mark.parametrize(
    "blocks",
    [
        f"<div class=description>{SHORT}</div><div class='collapse' id=fullDescription>{LONG}</div>",
        f"<div itemprop=description>{SHORT}</div><div class=description-full hidden-xs>{LONG}</div>",
        f"<div id=shortDescription>{SHORT}</div><div id=longDescription>{LONG}</div>",
    ],
)
def test_the_longer_of_two_descriptions_is_taken(blocks):
    html = f"<h1>The Bell</h1><a itemprop=author>Ada</a><p class=category>Fiction</p>{blocks}"
    assert parse_book(html, "books/view/1", Addresses()).description == LONG


@pytest.mark.parametrize("heading", ["Adult content filter", "Adult Filter is on"])
def test_the_adult_filter_is_no_book_though_its_window_names_one(heading):
    html = (
        "<title>Smashwords – The Bell – a book by Ada Hale</title>"
        "<meta property='og:title' content='The Bell'>"
        f"<h1>{heading}</h1><p>This book is hidden by the filter. Change your settings to see it.</p>"
    )
    with pytest.raises(PageError) as caught:
        parse_book(html, "books/view/1", Addresses())
    assert caught.value.reason == "adult"
