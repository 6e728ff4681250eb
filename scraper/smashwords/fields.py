"""Title, author, tags and the small facts of a book's page, each from its known places in order."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from scraper.smashwords.labels import Rows
from scraper.smashwords.markup import Markup, value_of
from scraper.text import one_line, squeeze

Found = tuple[str, str]
"""A value and the place it stood in."""

_SITE = re.compile(r"^\s*smashwords\s*[–—|:-]+\s*|\s*[–—|:-]+\s*smashwords\s*$", re.IGNORECASE)
_BY = re.compile(r"\s*[,–—|-]+\s*(?:an?\s+(?:e?book|novel|story)\s+)?by\s+(.+)$", re.IGNORECASE)
_AUTHOR_LABEL = r"authors?|by|written by"
_AUTHOR_CLASS = re.compile(
    r"(?:book-?)?authors?(?:-?name)?|by-?line|library-by-line", re.IGNORECASE
)
_PROFILE = re.compile(r"/profile/view/")
_TAG_LINK = re.compile(r"/books/tags?/")
_COVER_CLASS = re.compile(r"(?:book-?)?cover(?:-?(?:image|img))?", re.IGNORECASE)
_COVER_PATH = re.compile(r"/book-?covers?/", re.IGNORECASE)
_NO_COVER = re.compile(
    r"no[-_]?(?:cover|image)|default[-_]?cover|placeholder|blank\.|logo|spacer|missing",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,3}(?:[ ,.'’\u00a0\u2009\u202f]\d{3})+(?!\d)|\d+")
_WORDS_AFTER = re.compile(rf"(?:^|\s)({_NUMBER.pattern})\s+words\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"[^\W\d_][^\W\d_ ()’'-]*(?:[ -][^\W\d_]+)*(?: \([^)]{1,30}\))?")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_DATES = (
    ("%B %d %Y", "%Y-%m-%d"),
    ("%b %d %Y", "%Y-%m-%d"),
    ("%d %B %Y", "%Y-%m-%d"),
    ("%d %b %Y", "%Y-%m-%d"),
    ("%Y-%m-%d", "%Y-%m-%d"),
    ("%Y/%m/%d", "%Y-%m-%d"),
    ("%m/%d/%Y", "%Y-%m-%d"),
    ("%B %Y", "%Y-%m"),
    ("%b %Y", "%Y-%m"),
    ("%Y-%m", "%Y-%m"),
    ("%Y", "%Y"),
)
_CODES = {
    "ar": "Arabic", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fi": "Finnish", "fr": "French", "hi": "Hindi", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def find_title(markup: Markup) -> Found | None:
    """Return the title: structured data, itemprop, the heading, then the meta tags."""
    return next((found for found in _titles(markup) if found[0]), None)


def find_author(markup: Markup, rows: Rows) -> Found | None:
    """Return the author, several joined by a comma."""
    for names, place in _authors(markup, rows):
        unique = list(dict.fromkeys(filter(None, map(_author, names))))
        if unique:
            return ", ".join(unique), place
    return None


def find_tags(markup: Markup) -> list[str]:
    """Return the tags that readers are shown, in order, each once."""
    links = (
        one_line(tag.get_text())
        for tag in markup.tags
        if tag.name == "a"
        and _TAG_LINK.search(str(tag.get("href")))
        and not tag.find_parent("aside")
    )
    seen: dict[str, str] = {}
    for text in links:
        if text:
            seen.setdefault(text.casefold(), text)
    return list(seen.values())


def find_language(markup: Markup, rows: Rows) -> Found | None:
    """Return the name of the language the book is written in."""
    for text, place in _values(markup, rows, "inLanguage", "(?:book )?language"):
        match = _LANGUAGE.match(text.split(".")[0].split(",")[0].strip())
        if match:
            return _CODES.get(match[0].lower().partition("-")[0], match[0]), place
    return None


def find_words(markup: Markup, rows: Rows) -> tuple[int, str] | None:
    """Return the number of words."""
    for text, place in _values(
        markup, rows, "wordCount", r"(?:approx\w*\.? )?words?(?: count)?|length"
    ):
        if place == "labelled row" and not re.match(r"[\W_a-z]*\d", text, re.IGNORECASE):
            continue
        if match := _NUMBER.search(text):
            return int(re.sub(r"\D", "", match[0])), place
    if match := _WORDS_AFTER.search(markup.text):
        return int(re.sub(r"\D", "", match[1])), "text"
    return None


def find_published(markup: Markup, rows: Rows) -> Found | None:
    """Return the date of publication as ISO 8601, as precise as the page."""
    label = r"(?:first |date )?published(?: on)?|publication date|release date|released"
    for text, place in _values(markup, rows, "datePublished", label):
        if date := iso_date(text):
            return date, place
    for name in ("book:release_date", "og:book:release_date"):
        if date := iso_date(markup.metas.get(name, "")):
            return date, f"meta {name}"
    return None


def find_cover(markup: Markup, page_url: str) -> Found | None:
    """Return the absolute address of the cover image."""
    base = urljoin(page_url, markup.page_base)
    for link, place in _covers(markup):
        link = link.strip()
        if not link or link.startswith("data:") or _NO_COVER.search(link.rpartition("/")[2]):
            continue
        try:
            url = urljoin(base, link)
        except ValueError:
            continue
        if url.startswith(("http://", "https://")):
            return url, place
    return None


def iso_date(text: str) -> str | None:
    """Return a date in ISO 8601, None where a text does not begin with one."""
    text = _ORDINAL.sub("", re.sub(r"\bSept\b", "Sep", text.replace(",", " ")))
    text = re.sub(r"(?<=[A-Za-z])\.(?=\s)|\.$", "", text.strip())
    parts = re.split(r"[\sT]+", text)
    for length in (3, 2, 1):
        start = " ".join(parts[:length]).strip(".;")
        for form, iso in _DATES:
            try:
                return datetime.strptime(start, form).strftime(iso)
            except ValueError:
                continue
    return None


def _values(markup: Markup, rows: Rows, name: str, label: str) -> Iterator[Found]:
    """Yield a fact from structured data, itemprop and labelled rows, in this order."""
    for thing in markup.linked_data:
        value: Any = thing.get(name)
        value = value.get("name") if isinstance(value, dict) else value
        if isinstance(value, (str, int)) and str(value).strip():
            yield one_line(str(value)), "json-ld"
    for tag in markup.by_property.get(name, []):
        yield value_of(tag), "itemprop"
    for text in rows.texts(label):
        yield text, "labelled row"


def _titles(markup: Markup) -> Iterator[Found]:
    for thing in markup.linked_data:
        if isinstance(name := thing.get("name"), str):
            yield one_line(name), "json-ld"
    for tag in markup.by_property.get("name", []):
        if tag.find_parent(itemprop=True) is None:
            yield value_of(tag), "itemprop"
    if markup.heading is not None:
        for inner in markup.heading.find_all(["small", "a", "span"]):
            if inner.name == "small" or inner.get("itemprop") == "author":
                inner.extract()
        yield one_line(markup.heading.get_text()), "h1"
    for name in ("og:title", "twitter:title"):
        yield _without_site(markup.metas.get(name, "")), f"meta {name}"
    yield _without_site(markup.window_title), "title"


def _authors(markup: Markup, rows: Rows) -> Iterator[tuple[list[str], str]]:
    for thing in markup.linked_data:
        people = thing.get("author")
        listed = people if isinstance(people, list) else [people]
        names = [person.get("name") if isinstance(person, dict) else person for person in listed]
        yield [name for name in names if isinstance(name, str)], "json-ld"
    yield [value_of(tag) for tag in markup.by_property.get("author", [])], "itemprop"
    for tag in markup.with_class(_AUTHOR_CLASS):
        links = [one_line(link.get_text()) for link in tag.find_all("a")]
        yield links or [one_line(tag.get_text())], "class"
    yield list(rows.texts(_AUTHOR_LABEL))[:1], "labelled row"
    profiles = [
        tag for tag in markup.tags if tag.name == "a" and _PROFILE.search(str(tag.get("href")))
    ]
    yield [one_line(tag.get_text()) for tag in profiles[:1]], "profile link"
    for name in ("book:author", "og:book:author", "author"):
        yield [text for text in [markup.metas.get(name, "")] if "://" not in text], f"meta {name}"
    for place, text in (
        ("og:title", markup.metas.get("og:title", "")),
        ("title", markup.window_title),
    ):
        match = _BY.search(_SITE.sub("", one_line(text)))
        yield [match[1]] if match else [], place


def _author(name: str) -> str:
    name = re.sub(
        r"^(?:(?:written\s+)?by|authors?\s*:)\s+", "", one_line(name), flags=re.IGNORECASE
    )
    return "" if squeeze(name) in ("", "smashwords", "smashwordsinc") else name


def _covers(markup: Markup) -> Iterator[Found]:
    for thing in markup.linked_data:
        image = thing.get("image")
        for entry in image if isinstance(image, list) else [image]:
            link = entry.get("url") if isinstance(entry, dict) else entry
            if isinstance(link, str):
                yield link, "json-ld"
    for tag in markup.by_property.get("image", []):
        yield str(tag.get("content") or tag.get("src") or tag.get("href") or ""), "itemprop"
    for name in ("og:image", "og:image:url", "twitter:image"):
        yield markup.metas.get(name, ""), f"meta {name}"
    images = [tag for tag in markup.tags if tag.name == "img"]
    sources = [(str(tag.get("data-src") or tag.get("src") or ""), tag) for tag in images]
    classed = {id(tag) for tag in markup.with_class(_COVER_CLASS)}
    yield from ((link, "class") for link, tag in sources if id(tag) in classed)
    yield from ((link, "path") for link, _ in sources if _COVER_PATH.search(link))


def _without_site(text: str) -> str:
    return _BY.sub("", _SITE.sub("", one_line(text)))
