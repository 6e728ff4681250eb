"""Reading a listing page: the books on it, and where the next page is."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from bs4.element import NavigableString, Tag

from scraper.errors import PageError
from scraper.outcomes import Outcome
from scraper.site import Entry, Listing
from scraper.smashwords.addresses import Addresses, listing_place
from scraper.smashwords.markup import Markup
from scraper.text import one_line

BOX = re.compile(r"library-book|book-?(?:item|entry|card|row)|library-?item", re.IGNORECASE)
_TITLE = re.compile(r"(?:library|book)-?title", re.IGNORECASE)
_PAGER = re.compile(r"pagination|pager|page-?nav(?:igation)?|page-?links?", re.IGNORECASE)
_NEXT = re.compile(r"next\b.*|[›»→>]+|older\b.*", re.IGNORECASE)
_LAST = re.compile(r"last\b.*|[»>]{2}", re.IGNORECASE)
_ADULT = re.compile(r"(?:adult|mature)(?:-?(?:content|badge|only|book))?|nsfw", re.IGNORECASE)


def parse_listing(text: str, key: str, addresses: Addresses) -> Listing:
    """Return what a listing page says; `key` is the one it was fetched by.

    Raises:
        PageError: `not-understood`: there are books on it, and none leads to a page we know.
    """
    markup = Markup(text)
    here = urljoin(addresses.url(key), markup.page_base)
    entries: dict[str, Entry] = {}
    for entry in _entries(markup, here, addresses):
        entries.setdefault(entry.key, entry)
    boxes = sum(1 for _ in markup.with_class(BOX)) + sum(1 for _ in markup.with_class(_TITLE))
    if boxes and not entries:
        raise PageError(
            Outcome.NOT_UNDERSTOOD,
            f"{boxes} boxes or titles of books, and no link to a book's page",
        )
    pages = list(_other_pages(markup, key, here, addresses))
    return Listing(list(entries.values()), _next(pages, key), bool(pages))


def _entries(markup: Markup, here: str, addresses: Addresses) -> Iterator[Entry]:
    """Yield the books in known boxes, then titles outside of any, else every link to a book."""
    boxes = list(markup.with_class(BOX))
    titles = list(markup.with_class(_TITLE))
    title_ids = {id(tag) for tag in titles} | {id(tag.find("a")) for tag in titles}
    inside: set[int] = set()
    for box in boxes:
        inside.update(id(tag) for tag in box.descendants)
        links = _book_links(box.find_all("a"), here, addresses)
        best = next((tag for tag in links if id(tag) in title_ids), None)
        if best or links:
            yield _entry(best or links[0], box, here, addresses)
    loose = [tag if tag.name == "a" else tag.find("a") for tag in titles if id(tag) not in inside]
    if not boxes and not titles:
        loose = [tag for tag in markup.tags if tag.name == "a" and not tag.find_parent("aside")]
    for link in _book_links(loose, here, addresses):
        yield _entry(link, link, here, addresses)


def _book_links(
    links: Iterable[Tag | NavigableString | None], here: str, addresses: Addresses
) -> list[Tag]:
    """Return the links that lead to a book and have a text, not only a picture."""
    return [
        link
        for link in links
        if isinstance(link, Tag)
        and addresses.book_key(str(link.get("href", "")), here)
        and one_line(link.get_text())
    ]


def _entry(link: Tag, box: Tag, here: str, addresses: Addresses) -> Entry:
    author = box.find(itemprop="author") if box is not link else None
    adult = any(
        _ADULT.fullmatch(name)
        for tag in ([box, *box.find_all(True)] if box is not link else [])
        for name in (tag.get("class") or [])
    )
    return Entry(
        key=addresses.book_key(str(link["href"]), here) or "",
        title=one_line(link.get_text()),
        author=one_line(author.get_text()) or None if isinstance(author, Tag) else None,
        adult=adult,
    )


def _other_pages(
    markup: Markup, key: str, here: str, addresses: Addresses
) -> Iterator[tuple[int, str]]:
    """Yield the pages of the same listing that links lead to, with how much each says "next"."""
    own = listing_place(key)
    in_pager = {id(tag) for pager in markup.with_class(_PAGER) for tag in pager.descendants}
    for tag in markup.soup.find_all(["a", "link"]):
        href = str(tag.get("href", ""))
        other = addresses.key(href, here) if href and not href.startswith("#") else None
        if other is None or other == key:
            continue
        place = listing_place(other)
        says_next = _says_next(tag)
        if place is None and not (says_next and id(tag) in in_pager):
            continue
        if place and own and (place.category, place.order) != (own.category, own.order):
            continue
        yield (2 if says_next else 1), other


def _says_next(tag: Tag) -> bool:
    if "next" in str(tag.get("rel") or ""):
        return True
    labels = (tag.get_text(), str(tag.get("aria-label") or ""), str(tag.get("title") or ""))
    return any(_NEXT.fullmatch(one_line(text)) for text in labels) and not any(
        _LAST.fullmatch(one_line(text)) for text in labels
    )


def _next(pages: list[tuple[int, str]], key: str) -> str | None:
    """Return the page that says it is next, or the one that starts soonest after this one."""
    own = listing_place(key)
    if own is None:
        return next((other for rank, other in pages if rank == 2), None)

    def step(other: str) -> int | None:
        place = listing_place(other)
        return place.offset - own.offset if place else None

    for rank, other in pages:
        if rank == 2 and (step(other) is None or (step(other) or 0) > 0):
            return other
    ahead = [(distance, other) for _, other in pages if (distance := step(other) or 0) > 0]
    return min(ahead)[1] if ahead else None
