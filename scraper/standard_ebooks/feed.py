"""Reading an OPDS 1.2 feed of whole entries (https://specs.opds.io/opds-1.2)."""

from urllib.parse import urljoin

from bs4 import BeautifulSoup
from lxml import etree

from scraper.errors import PageError
from scraper.outcomes import Outcome
from scraper.record import Record
from scraper.site import Addresses, Entry, Listing
from scraper.text import block_text, one_line, paragraphs

_NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/terms/",
    "schema": "http://schema.org/",
}
_LCSH = "http://purl.org/dc/terms/LCSH"
_IMAGE = "http://opds-spec.org/image"
_LANGUAGES = {"en": "English", "fr": "French", "de": "German", "es": "Spanish", "la": "Latin"}


def parse_feed(body: bytes, content_type: str, key: str, addresses: Addresses) -> Listing:
    """Return the books of a feed's page, each whole, and the page that follows.

    Raises:
        PageError: `empty`, or `not-understood`: it is no Atom feed, or its entries are no books.
    """
    if not body.strip():
        raise PageError(Outcome.EMPTY, "the answer had no content")
    feed = _read(body, content_type)
    here = addresses.url(key)
    found = feed.findall("atom:entry", _NAMES)
    entries: dict[str, Entry] = {}
    for element in found:
        entry = _entry(element, here, addresses)
        if entry is not None:
            entries.setdefault(entry.key, entry)
    if found and not entries:
        raise PageError(Outcome.NOT_UNDERSTOOD, f"{len(found)} entries, and no book among them")
    following = _link(feed, "next", here)
    next_key = addresses.key(following) if following else None
    return Listing(list(entries.values()), next_key, has_pager=next_key is not None)


def _read(body: bytes, content_type: str) -> etree._Element:
    # No entities are resolved, no DTD is read and nothing is fetched.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        feed = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        kind = content_type or "of no stated type"
        raise PageError(
            Outcome.NOT_UNDERSTOOD, f"the answer is {kind} and no XML ({error})"
        ) from error
    if etree.QName(feed).localname != "feed":
        raise PageError(Outcome.NOT_UNDERSTOOD, f"expected an Atom feed, found <{feed.tag}>")
    return feed


def _entry(element: etree._Element, here: str, addresses: Addresses) -> Entry | None:
    links = [_text(element, "atom:id"), _text(element, "dc:identifier")]
    links += [link for link in (_link(element, "alternate", here),) if link]
    key = next((key for link in links if (key := addresses.book_key(link, here))), None)
    if key is None:
        return None
    record = _record(element, here)
    return Entry(key, record.title, record.author, record=record)


def _record(element: etree._Element, here: str) -> Record:
    description = _prose(element.find("atom:content", _NAMES)) or _prose(
        element.find("atom:summary", _NAMES)
    )
    authors = [
        one_line(name.text or "") for name in element.findall("atom:author/atom:name", _NAMES)
    ]
    subjects = [
        one_line(tag.get("label") or tag.get("term") or "")
        for tag in element.findall("atom:category", _NAMES)
        if tag.get("scheme") in (None, _LCSH)
    ]
    # "Horses--Juvenile fiction" is a path; its steps are what the labels are.
    paths = [[step.strip() for step in subject.split("--")] for subject in subjects if subject]
    steps = dict.fromkeys(step for path in paths for step in path if step)
    language = _text(element, "dc:language").partition("-")[0].lower()
    record = Record(
        title=one_line(_text(element, "atom:title")),
        author=", ".join(filter(None, authors)) or None,
        description=description,
        categories=paths,
        genres=list(steps),
        language=_LANGUAGES.get(language, language or None),
        published=_text(element, "dc:issued")[:10] or _text(element, "atom:published")[:10] or None,
        cover=_link(element, _IMAGE, here),
    )
    names = ("title", "author", "description", "categories", "language", "published", "cover")
    record.places = {name: "feed" for name in names if getattr(record, name)}
    return record


def _prose(element: etree._Element | None) -> str:
    """Return a text construct (RFC 4287, 3.1): plain, escaped HTML, or XHTML within."""
    if element is None:
        return ""
    if element.get("type") == "xhtml":
        inner = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        return block_text(BeautifulSoup(inner, "lxml"))
    text = element.text or ""
    html = element.get("type") in ("html", "text/html")
    return block_text(BeautifulSoup(text, "lxml")) if html else paragraphs(text)


def _link(element: etree._Element, rel: str, here: str) -> str | None:
    for link in element.findall("atom:link", _NAMES):
        if link.get("rel", "alternate") == rel and link.get("href"):
            return urljoin(here, link.get("href", ""))
    return None


def _text(element: etree._Element, path: str) -> str:
    found = element.find(path, _NAMES)
    return (found.text or "").strip() if found is not None else ""
