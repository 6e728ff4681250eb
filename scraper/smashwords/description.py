"""The whole description of a book, among the several cut and flat copies a page carries."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from scraper.smashwords.markup import Markup, value_of
from scraper.text import block_text, paragraphs, squeeze

Found = tuple[str, str]
"""A text and the place it stood in."""

_BLOCK = re.compile(
    r"(?:(?:book|product|full|long|work|ebook)[-_]?)?(?:description|synopsis|blurb|summary)"
    r"(?:[-_]?(?:text|body|content|full|long))?",
    re.IGNORECASE,
)
_LONG = re.compile(r"long-?_?desc\w*", re.IGNORECASE)
_TOGGLE = re.compile(
    r"[\s(\[«».…▼▲+-]*(?:(?:read|show|see|view)\s+)?(?:more|less)[\s)\]«».…▼▲+-]*", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:(?:book|long|short|full|ebook)\s+)?(?:description|synopsis|summary|blurb|overview)\s*:?"
    r"|about (?:this|the) (?:e?book|story)\s*:?",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:\.{3}|…)\s*(?:\(?(?:read )?more\)?)?\s*$", re.IGNORECASE)
_TAG = re.compile(r"</?(?:p|br|b|i|em|strong|div|span|ul|ol|li|h\d|a)\b[^>]*>", re.IGNORECASE)
_FEWEST_LETTERS = 40
"""A block that only its position suggests must hold at least this many letters."""


def find_description(markup: Markup) -> Found | None:
    """Return the description and its place, and take its element out of the tree.

    The known places are tried in order; a later one wins over an earlier one when it goes on
    where that one was cut, or holds the same words with more paragraphs.
    """
    best: Found | None = None
    for text, place in _candidates(markup):
        if text and (best is None or _is_fuller(text, best[0])):
            best = (text, place)
    return best


def is_cut(text: str) -> bool:
    """Return whether a text ends as cut texts do."""
    return bool(_CUT.search(text))


def _is_fuller(text: str, other: str) -> bool:
    new, old = squeeze(text), squeeze(_CUT.sub("", other))
    if new == old:
        return (text.count("\n"), not is_cut(text)) > (other.count("\n"), not is_cut(other))
    return len(new) > len(old) and (new.startswith(old) or (is_cut(other) and old[:40] in new))


def _candidates(markup: Markup) -> Iterator[Found]:
    for thing in markup.linked_data:
        if isinstance(text := thing.get("description"), str):
            yield _from_string(text), "json-ld"
    own = [(tag, "itemprop") for tag in markup.by_property.get("description", [])]
    own += [(tag, "#longDescription") for tag in markup.with_class(_LONG)]
    classed = [tag for tag in markup.with_class(_BLOCK) if tag.name != "meta"]
    # Old pages show a short text and keep the whole one behind "more": the longest of these.
    texts = [(_from_element(tag), place) for tag, place in own]
    if texts:
        yield max(texts, key=lambda found: len(found[0]))
    yield from ((_from_element(tag), "class") for tag in classed[:3])
    after = None
    if not texts and not classed and markup.heading is not None:
        after = _block_after(markup.heading)
        if after is not None:
            yield _from_element(after), "after-title"
    markup.take_out([tag for tag, _ in own] + classed + ([after] if after is not None else []))
    for name in ("og:description", "twitter:description", "description"):
        if name in markup.metas:
            yield _from_string(markup.metas[name]), f"meta {name}"


def _from_element(tag: Tag) -> str:
    if tag.name == "meta" or tag.get("content"):
        return _from_string(value_of(tag))
    for toggle in tag.find_all(["a", "button", "span", "label"]):
        if _TOGGLE.fullmatch(toggle.get_text()):
            toggle.decompose()
    text = block_text(tag)
    first, _, rest = text.partition("\n")
    return rest.strip() if rest and _LABEL.fullmatch(first.strip()) else text


def _from_string(text: str) -> str:
    """Return a description that came as a string, which may hold markup of its own."""
    text = paragraphs(text)
    return block_text(BeautifulSoup(text, "lxml")) if _TAG.search(text) else text


def _block_after(heading: Tag) -> Tag | None:
    """Return the first element after the title that reads like prose rather than data or links."""
    above = {id(parent) for parent in heading.parents}
    for tag in heading.find_all_next(["div", "p", "section", "blockquote"]):
        if _is_prose(tag):
            # One paragraph of several: what holds them all, if that holds nothing else.
            around = tag.parent
            if tag.name == "p" and around is not None and id(around) not in above:
                return around if _is_prose(around) else tag
            return tag
    return None


def _is_prose(tag: Tag) -> bool:
    if tag.find(["table", "dl", "form", "h1", "h2", "img"]) or tag.find_parent(
        ["table", "dl", "form", "aside"]
    ):
        return False
    letters = len(squeeze(tag.get_text()))
    linked = sum(len(squeeze(link.get_text())) for link in tag.find_all("a"))
    return letters >= _FEWEST_LETTERS and linked < letters / 3
