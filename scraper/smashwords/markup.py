"""A page of the site as a tree without its furniture, and the ways to look things up in it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

import lxml.etree
import lxml.html
from bs4 import BeautifulSoup, Tag

from scraper.text import block_text, one_line, squeeze

_NEVER_SHOWN = frozenset(
    ["style", "template", "noscript", "svg", "iframe", "object", "select", "textarea"]
)
_FURNITURE = frozenset(["nav", "footer"])
_ROOTS = frozenset(("html", "head", "body", "[document]"))
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0(?![.\d])|-\d{4,}px",
    re.IGNORECASE,
)
_HIDDEN_CLASSES = frozenset(["hidden", "hide", "invisible", "sr-only", "visually-hidden"])
_LONG_TEXT = re.compile(
    r"long-?_?desc|(?:^|[-_])(?:more|rest|remaining|full|expand\w*|collaps\w*)(?:$|[-_])",
    re.IGNORECASE,
)
"""What waits behind "read more" is hidden, and yet the page's own text."""
_ASIDE = re.compile(
    r"(?:^|[-_])(?:related|similar|recommend\w*|reviews?|also|sidebar|leftsidebox|left-nav|navbar"
    r"|navmenu|mobilemenu|browsemenu|footer|commentlink\w*|newsletter|cookies?|modal|popup)"
    r"(?:$|[-_])",
    re.IGNORECASE,
)
_HAS_PAGER = ".//*[contains(@class, 'pag') or @rel = 'next']"
_PAGER = re.compile(r"^(?:pagination|pager|page-link)$", re.IGNORECASE)
_OTHER_THINGS = re.compile(r"Review|Rating|Offer|Organization|Breadcrumb|WebSite|Person", re.I)
_BOOK_TYPES = re.compile(r"Book|Product|CreativeWork|Novel|Article", re.IGNORECASE)


class Markup:
    """One parsed page.

    Scripts, hidden elements, navigation, reviews and lists of other books are taken out first, so
    that nothing in them passes for a part of the page's own book.

    Args:
        text: the decoded page.
        parser: `lxml`, which is fast, or `html.parser`, which forgives deeper nesting.
    """

    def __init__(self, text: str, parser: str = "lxml") -> None:
        self.soup = BeautifulSoup(_without_bulk(text) if parser == "lxml" else text, parser)
        self._ld: list[str] = []
        self.metas: dict[str, str] = {}
        self.canonical = ""
        self.page_base = ""
        tags = self.soup.find_all(True)
        title = next((tag for tag in tags if tag.name == "title"), None)
        self.window_title = one_line(title.get_text()) if title else ""
        self._read_head(tags)
        self.heading = self._choose_heading([tag for tag in tags if tag.name == "h1"])
        self._keep = {id(tag) for tag in self._line_of(self.heading)}
        self._clear(tags)

    @cached_property
    def tags(self) -> list[Tag]:
        """Every element that is left, in document order."""
        return list(self.soup.find_all(True))

    @cached_property
    def by_property(self) -> dict[str, list[Tag]]:
        """The microdata of the page's own thing: property name -> elements."""
        found: dict[str, list[Tag]] = {}
        for tag in self.tags:
            if (names := tag.get("itemprop")) and self._is_own(tag):
                for name in str(names).split():
                    found.setdefault(name, []).append(tag)
        return found

    @cached_property
    def linked_data(self) -> list[dict[str, Any]]:
        """The JSON-LD objects that describe a book or a product."""
        found: list[dict[str, Any]] = []
        for source in self._ld:
            try:
                found.extend(_things(json.loads(source, strict=False)))
            except (ValueError, RecursionError):
                continue
        return [thing for thing in found if _BOOK_TYPES.search(str(thing.get("@type", "")))]

    def with_class(self, pattern: re.Pattern[str]) -> list[Tag]:
        """Return the elements with a class or id that the pattern matches as a whole."""
        wanted = {name for name in self._class_names if pattern.fullmatch(name)}
        if not wanted:
            return []
        return [tag for tag in self.tags if not wanted.isdisjoint(_names(tag))]

    @cached_property
    def _class_names(self) -> set[str]:
        return {name for tag in self.tags for name in _names(tag)}

    @cached_property
    def text(self) -> str:
        """All text that a reader of the page sees, on one line."""
        body = self.soup.body or self.soup
        return one_line(body.get_text(" "))

    def keep_linked_data(self, wanted: Callable[[dict[str, Any]], bool]) -> None:
        """Forget the JSON-LD objects that are not wanted."""
        self.linked_data = [thing for thing in self.linked_data if wanted(thing)]

    def take_out(self, tags: Iterable[Tag]) -> None:
        """Remove elements that have been read, so that their text is not read as anything else."""
        for tag in tags:
            tag.extract()
        for name in ("tags", "by_property", "text", "_class_names"):
            self.__dict__.pop(name, None)

    def _read_head(self, tags: list[Tag]) -> None:
        for tag in tags:
            if tag.name == "meta":
                name = str(tag.get("property") or tag.get("name") or "").lower()
                content = str(tag.get("content") or "")
                if name and content.strip():
                    self.metas.setdefault(name, content)
            elif tag.name == "link" and "canonical" in str(tag.get("rel") or ""):
                self.canonical = self.canonical or str(tag.get("href") or "")
            elif tag.name == "base" and tag.get("href"):
                self.page_base = self.page_base or str(tag["href"])
            elif tag.name == "script" and "ld+json" in str(tag.get("type") or "").lower():
                self._ld.append(tag.get_text())

    def _choose_heading(self, headings: list[Tag]) -> Tag | None:
        """Return the heading that names the book: the site's own pages have several."""
        named = squeeze(f"{self.window_title} {self.metas.get('og:title', '')}")

        def rank(tag: Tag) -> int:
            text = squeeze(tag.get_text())
            above = [tag, *(parent for parent in tag.parents if parent.name not in _ROOTS)]
            return (
                4 * ("font-weight-bolder" in _names(tag))
                + 3 * (tag.get("itemprop") == "name" or tag.find(itemprop="name") is not None)
                + 2 * (bool(text) and text in named)
                - 5 * (text == "smashwords" or any(_is_furniture(parent) for parent in above))
                - (tag.find_parent("header") is not None and tag.find_parent("article") is None)
                - 9 * (not text or _is_hidden(tag))
            )

        best = max(headings, key=rank, default=None)
        return best if best is not None and rank(best) > -5 else None

    def _line_of(self, tag: Tag | None) -> list[Tag]:
        return [tag, *tag.parents] if tag else []

    def _clear(self, tags: list[Tag]) -> None:
        for tag in tags:
            if tag.decomposed or id(tag) in self._keep or tag.name in _ROOTS:
                continue
            if (
                tag.name in _NEVER_SHOWN
                or tag.name == "script"
                or (_is_furniture(tag) and tag.find(class_=_PAGER) is None)
                or (_is_hidden(tag) and not any(_LONG_TEXT.search(name) for name in _names(tag)))
            ):
                tag.decompose()

    def _is_own(self, tag: Tag) -> bool:
        """Return whether a property belongs to the page's thing, not to a thing inside it."""
        owner = tag.find_parent(itemscope=True)
        while owner is not None:
            kind = str(owner.get("itemtype") or "")
            if _OTHER_THINGS.search(kind):
                return False
            if id(owner) in self._keep or _BOOK_TYPES.search(kind):
                return self._first_scope is None or owner is self._first_scope
            owner = owner.find_parent(itemscope=True)
        return True

    @cached_property
    def _first_scope(self) -> Tag | None:
        """The first element that microdata calls a book, the one around the heading first."""
        scopes = [
            tag
            for tag in self.tags
            if tag.has_attr("itemscope") and _BOOK_TYPES.search(str(tag.get("itemtype") or ""))
        ]
        around = [tag for tag in scopes if id(tag) in self._keep]
        return next(iter(around[-1:] or scopes), None)


def _without_bulk(text: str) -> str:
    """Return a page without the elements that make it long and say nothing of the book.

    Building the tree of Beautiful Soup costs by the element; lxml's own tree costs next to nothing.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser)
    except lxml.etree.ParserError:  # nothing but comments and white space
        return text
    bulk: list[Any] = list(root.iter(*_NEVER_SHOWN, *_FURNITURE, "script", lxml.etree.Comment))
    for element in bulk:
        if element.tag == "script":
            keep = "ld+json" in (element.get("type") or "").lower()
        else:
            keep = element.tag in _FURNITURE and bool(element.xpath(_HAS_PAGER))
        if not keep and element.getparent() is not None:
            element.drop_tree()
    return str(lxml.html.tostring(root, encoding="unicode"))


def value_of(tag: Tag, *, block: bool = False) -> str:
    """Return a microdata element's value: its content attribute, its inner name or its text."""
    for attribute in ("content", "datetime"):
        if tag.get(attribute):
            return str(tag[attribute])
    name = tag.find(itemprop="name")
    if name is not None:
        return value_of(name)
    return block_text(tag) if block else one_line(tag.get_text(" " if tag.find("br") else ""))


def _names(tag: Tag) -> list[str]:
    classes = tag.get("class")
    own = str(tag.get("id") or "")
    listed = [str(name) for name in classes] if isinstance(classes, list) else []
    return [*listed, own] if own else listed


def _is_hidden(tag: Tag) -> bool:
    if tag.has_attr("hidden"):
        return True
    style = tag.get("style")
    if style and _HIDDEN_STYLE.search(str(style)):
        return True
    names = _names(tag)
    if "d-none" in names:  # Bootstrap: unless shown from some width on
        return not any(name.startswith("d-") and name != "d-none" for name in names)
    return not _HIDDEN_CLASSES.isdisjoint(names)


def _is_furniture(tag: Tag) -> bool:
    return tag.name in _FURNITURE or any(_ASIDE.search(name) for name in _names(tag))


def _things(data: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a JSON-LD document that stands for itself."""
    if isinstance(data, list):
        for entry in data:
            yield from _things(entry)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(data.get(name), (dict, list)):
                yield from _things(data[name])
