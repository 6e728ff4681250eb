"""Smashwords as a site of the scraper."""

from collections.abc import Mapping

from scraper.html import html_of
from scraper.record import Record
from scraper.site import Listing
from scraper.smashwords.addresses import (
    HOME,
    PAGE_SIZE,
    Addresses,
    listing_key,
    listing_place,
)
from scraper.smashwords.book import parse_book
from scraper.smashwords.listing import parse_listing


class Smashwords:
    """Category listings of 20 books a page, and a page for each book."""

    name = "smashwords"
    home = HOME
    parser_version = 2
    orders: tuple[str, ...] = ("newest", "downloads")
    categories_help = "category numbers, e.g. 1000-2000 or 1105,1206,1300-1310"

    def categories(self, text: str) -> list[str]:
        """Return the numbers that ranges name."""
        numbers: dict[int, None] = {}
        for part in text.split(","):
            first, _, last = part.strip().partition("-")
            last = last or first
            if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
                raise ValueError(f"{part!r}: expected a number or a range like 1000-2000")
            numbers |= dict.fromkeys(range(int(first), int(last) + 1))
        return [str(number) for number in numbers]

    def addresses(self, base: str) -> Addresses:
        """Return the site as served at `base`."""
        return Addresses(base)

    def cookies(self, *, adult: bool) -> Mapping[str, str]:
        """Return the cookie that shows adult books, where they are wanted."""
        return {"adultOff": "no"} if adult else {}

    def first_listing(self, category: str, order: str) -> str:
        """Return the key of a category's first page."""
        return listing_key(category, order)

    def following_listing(self, key: str) -> str | None:
        """Return the page that starts 20 books later."""
        place = listing_place(key)
        if place is None:
            return None
        return listing_key(place.category, place.order, place.offset + PAGE_SIZE)

    def listing_place(self, key: str) -> object:
        """Return category, order and offset, or a key that is no listing's as it is."""
        return listing_place(key) or key

    def parse_listing(self, body: bytes, content_type: str, key: str, base: str) -> Listing:
        """Read a listing page."""
        return parse_listing(html_of(body, content_type), key, Addresses(base))

    def parse_book(self, body: bytes, content_type: str, key: str, base: str) -> Record:
        """Read a book's page."""
        return parse_book(html_of(body, content_type), key, Addresses(base))
