"""The whole description of a book, among the several cut and flat copies a page carries."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from scraper.smashwords.markup import Markup, value_of
from scraper.text import CUT, block_text, is_cut, paragraphs, squeeze

Found = tuple[str, str]
"""A text and the place it stood in."""

_BLOCK = re.compile(
    r"(?:(?:book|product|full|long|work|ebook)[-_]?)?(?:description|synopsis|blurb|summary)"
    r"(?:[-_]?(?:text|body|content|full|long))?",
    re.IGNORECASE,
)
_LONG = re.compile(r"long-?_?desc\w*", re.IGNORECASE)
_TOGGLE = re.compile(
    r"\s*(?:\.{3}|…)\s*|[\s(\[«».…▼▲+-]*(?:(?:read|show|see|view)\s+)?(?:more|less)[\s)\]«».…▼▲+-]*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:book|long|short|full|ebook)\s+)?(?:description|synopsis|summary|blurb|overview)\s*:?"
    r"|about (?:this|the) (?:e?book|story)\s*:?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…][\"'”’)]*(?:\s|$)")
_TAG = re.compile(r"</?(?:p|br|b|i|em|strong|div|span|ul|ol|li|h\d|a)\b[^>]*>", re.IGNORECASE)
_METAS = ("og:description", "twitter:description", "description")
_FEWEST_LETTERS = 40
"""A block that only its position suggests must hold at least this many letters."""
_FEWEST_TOLD = 8
"""Letters a meta tag must tell before the text that it begins is looked for in the page."""


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


def _is_fuller(text: str, other: str) -> bool:
    new, old = squeeze(text), squeeze(CUT.sub("", other))
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
    texts += [(_from_element(tag), "class") for tag in classed[:3]]
    if texts:
        yield max(texts, key=lambda found: (not is_cut(found[0]), len(found[0])))
    after = [] if texts or markup.heading is None else _prose_after(markup)
    if after:
        yield "\n\n".join(_from_element(tag) for tag in after), "after-title"
    markup.take_out([*(tag for tag, _ in own), *classed, *after])
    for name in _METAS:
        if name in markup.metas:
            yield _from_string(markup.metas[name]), f"meta {name}"


def _from_element(tag: Tag) -> str:
    if tag.name == "meta" or tag.get("content"):
        return _from_string(value_of(tag))
    for toggle in tag.find_all(["a", "button", "span", "label"]):
        if _TOGGLE.fullmatch(toggle.get_text()):
            toggle.decompose()
    text = _without_beginning(tag, block_text(tag))
    first, _, rest = text.partition("\n")
    return rest.strip() if rest and _LABEL.fullmatch(first.strip()) else text


def _without_beginning(tag: Tag, text: str) -> str:
    """Return the inner text that begins as the whole does: the short text and then all of it."""
    whole = squeeze(text)
    again = [
        block_text(inner)
        for inner in tag.find_all(["div", "span"])
        if len(start := squeeze(inner.get_text())[:30]) == 30
        and whole.startswith(start)
        and whole.count(start) > 1
    ]
    return max(again, key=len, default=text)


def _from_string(text: str) -> str:
    """Return a description that came as a string, which may hold markup of its own."""
    text = paragraphs(text)
    return block_text(BeautifulSoup(text, "lxml")) if _TAG.search(text) else text


def _prose_after(markup: Markup) -> list[Tag]:
    """Return the elements after the title that hold the text the meta tags begin to tell.

    Where no meta tag helps, the first that reads like prose rather than data or links.
    """
    heading = markup.heading
    if heading is None:
        return []
    told = (CUT.sub("", _from_string(markup.metas.get(name, ""))) for name in _METAS)
    beginnings = [start for text in told if len(start := squeeze(text)[:30]) >= _FEWEST_TOLD]
    blocks = heading.find_all_next(["div", "p", "section", "blockquote", "span"])
    above = {id(parent) for parent in heading.parents}
    for tag in blocks:
        if any(squeeze(tag.get_text()).startswith(start) for start in beginnings):
            return _whole(tag, above)
    prose = [tag for tag in blocks if tag.name != "span" and _is_prose(tag)]
    sentences = (tag for tag in prose if _SENTENCE.search(tag.get_text()))
    first = next(sentences, prose[0] if prose else None)
    return _whole(first, above) if first is not None else []


def _whole(tag: Tag, above: set[int]) -> list[Tag]:
    """Return an element, or with a paragraph its whole run of paragraphs."""
    if tag.name != "p" or tag.parent is None:
        return [tag]
    if id(tag.parent) not in above and _is_prose(tag.parent):
        return [tag.parent]
    run = [tag]
    for sibling in tag.find_next_siblings():
        if sibling.name not in ("p", "ul", "ol", "blockquote") or not _is_prose(sibling, fewest=1):
            break
        run.append(sibling)
    return run


def _is_prose(tag: Tag, fewest: int = _FEWEST_LETTERS) -> bool:
    if tag.find(["table", "dl", "form", "h1", "h2", "img"]) or tag.find_parent(
        ["table", "dl", "form", "aside"]
    ):
        return False
    letters = len(squeeze(tag.get_text()))
    linked = sum(len(squeeze(link.get_text())) for link in tag.find_all("a"))
    return letters >= fewest and linked < letters / 3
