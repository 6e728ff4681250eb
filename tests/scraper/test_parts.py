"""Decoding, addresses and listing pages, each alone."""

# ruff: noqa: E501 (rows and pages are easier to read unbroken)

import subprocess
import sys

import pytest

from scraper.decode import decode
from scraper.smashwords.addresses import Addresses
from scraper.smashwords.listing import parse_listing

TEXT = "<html><p>Čapek’s “naïve” café — 日本</p></html>"
WEST = "<html><p>Céline’s naïve café</p></html>"


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (TEXT.encode(), "text/html; charset=utf-8", TEXT),
        (TEXT.encode(), "text/html; charset=iso-8859-1", TEXT),
        (TEXT.encode(), "", TEXT),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=latin1", TEXT),
        (TEXT.encode("utf-16"), "text/html", TEXT),
        (TEXT.encode("utf-16-le"), "text/html; charset=utf-16le", TEXT),
        (TEXT.encode(), "text/html; charset=utf-16", TEXT),
        (WEST.encode("cp1252"), "text/html; charset=ISO-8859-1", WEST),
        (WEST.encode("cp1252"), "text/html; charset=utf-8", WEST),
        (WEST.encode("cp1252"), "text/html; charset=nonsense", WEST),
        ("<p>Война и мир".encode("cp1251"), "text/html; charset=windows-1251", "<p>Война и мир"),
        (
            "<meta charset=windows-1251><p>Война".encode("cp1251"),
            "text/html; charset=ISO-8859-1",
            "<meta charset=windows-1251><p>Война",
        ),
        ("<p>日本語".encode("iso2022_jp"), "text/html; charset=iso-2022-jp", "<p>日本語"),
        ("<p>日本語".encode("shift_jis"), "text/html; charset=shift_jis", "<p>日本語"),
        (TEXT.encode().replace(b"<p>", b"<p>\xff"), "text/html; charset=utf-8", TEXT.replace("<p>", "<p>�")),
        (b"<p>a\x00b\x07c", "text/html", "<p>abc"),
    ],
)  # fmt: skip
def test_bytes_become_the_right_text(body, kind, text):
    assert decode(body, kind) == text


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("/books/view/12", "books/view/12"),
        ("/books/view/12?ref=abc#top", "books/view/12"),
        ("/books/view/12/", "books/view/12"),
        ("//www.smashwords.com/books//view/0012/reviews", "books/view/12"),
        ("HTTP://SMASHWORDS.com:80/books/view/12-the-bell", "books/view/12"),
        ("../../books/./view/%31%32", "books/view/12"),
        ("  /books/view/12\n", "books/view/12"),
        ("http://127.0.0.1:8080/shop/books/view/12", "books/view/12"),
        ("http://localhost:8080/books/view/12", "books/view/12"),
        ("http://127.0.0.1:9090/books/view/12", None),
        ("https://evil.example/books/view/12", None),
        ("https://smashwords.com.evil.example/books/view/12", None),
        ("/books/view/abc", None),
        ("/books/category/12", None),
        ("javascript:void(0)", None),
        ("http://[bad/books/view/12", None),
        ("mailto:books/view/12", None),
    ],
)
def test_one_key_for_every_spelling_of_a_books_address(link, key):
    assert Addresses("http://127.0.0.1:8080/shop").book_key(link) == key


HERE = "books/category/7/newest/20/any/any/"
BOX = "<div class='library-book'><a class=library-title href='/books/view/1'>One</a></div>"


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ("<ul class=pagination><li class=page-item><a class=page-link href='{40}'>Next ›</a></ul>", 40),
        ("<nav><ul class=pagination><li class=page-item><a href='../../../40/any/any/'>›</a></ul></nav>", 40),
        ("<a href='{40}'>Next »</a>", 40),
        ("<a rel=next href='{40}'><img></a>", 40),
        ("<link rel=next href='{40}'>", 40),
        ("<a aria-label='Next page' href='{40}'>▶</a>", 40),
        ("<ul class=pagination><a href='{0}'>1</a><b>2</b><a href='{40}'>3</a><a href='{60}'>4</a></ul>", 40),
        ("<ul class=pagination><a href='{40}'>3</a><a href='{900}'>Last »</a></ul>", 40),
        ("<ul class=pagination><a href='{0}'>‹ Previous</a><li class=disabled><span>Next ›</span></ul>", None),
        ("<a href='{0}'>Next ›</a>", None),
        ("<a href='/books/category/8/newest/40/any/any/'>Next ›</a>", None),
        ("<a href='https://evil.example/books/category/7/newest/40/any/any/'>Next ›</a>", None),
        ("<a style='display:none' href='{40}'>Next ›</a>", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_next_page_is_found_or_there_is_none(pager, following):
    for offset in (0, 40, 60, 900):
        address = f"/books/category/7/newest/{offset}/any/any/"
        pager = pager.replace(f"{{{offset}}}", address)
    listing = parse_listing(f"<html><body>{BOX}{pager}</body></html>", HERE, Addresses())
    wanted = following and f"books/category/7/newest/{following}/any/any/"
    assert listing.next_key == wanted


def test_the_older_shorter_form_of_a_listing_goes_on():
    pager = "<a href='/books/category/1/downloads/0/free/medium/40'>Next</a>"
    key = "books/category/1/downloads/0/free/medium/20"
    listing = parse_listing(f"<body>{BOX}{pager}", key, Addresses())
    assert listing.next_key == "books/category/1/downloads/0/free/medium/40"


def test_a_listing_names_each_book_once_and_no_book_beside_it():
    html = (
        "<div class='left-nav-box'><a href='/books/view/52'>Style guide</a></div>"
        "<div class='library-book row p-2'><a href='/books/view/1'><img></a>"
        "<a class=library-title href='https://www.smashwords.com/books/view/1'>One &amp; only</a>"
        "<a itemprop=author><span>Ada</span></a></div>"
        "<div class='library-book'><a class=library-title href='/books/view/1/'>One again</a></div>"
        "<div class='library-book'><a class=library-title href='../view/2'>Two</a>"
        "<span class=adult>18+</span></div>"
        "<a style='display:none' class=library-title href='/books/view/666'>trap</a>"
        "<footer><a href='/books/view/305'>Marketing guide</a></footer>"
    )
    listing = parse_listing(html, "books/category/7", Addresses())
    found = [(entry.key, entry.title, entry.author, entry.adult) for entry in listing.entries]
    assert found == [
        ("books/view/1", "One & only", "Ada", False),
        ("books/view/2", "Two", None, True),
    ]


def test_a_listing_of_unknown_markup_still_gives_its_books():
    html = "<ul><li><a href='/books/view/1'><h3>One</h3></a></li><li><a href='/books/view/2'>Two</a></li></ul>"
    assert [entry.title for entry in parse_listing(html, HERE, Addresses()).entries] == [
        "One",
        "Two",
    ]


def test_the_scraper_imports_neither_the_model_nor_the_site():
    code = (
        "import sys, scraper.cli\n"
        "bad = {'ml', 'webapp', 'torch', 'pandas', 'pyarrow', 'numpy'} & set(sys.modules)\n"
        "sys.exit(str(bad) if bad else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
