"""Labelled rows: `Language: English` in tables, lists, subnotes and running lines."""

import re
from collections.abc import Iterator

from bs4.element import NavigableString, Tag

from scraper.smashwords.markup import Markup
from scraper.text import one_line

Piece = tuple[bool, str]
"""Whether a text is a link, and the text; a new line or block is the text `\\n`."""

_TERMS = frozenset(["b", "strong", "label", "th", "dt"])
_ROW_ENDS = frozenset(["th", "dt", "tr", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6"])
_BLOCKS = frozenset(["br", "p", "div", "li", "td", "ul", "ol", "dd"])
_NEXT_LABEL = re.compile(r"\s+[^\W\d_a-z][\w/-]{1,20}(?: [\w-]{2,15})?\s*:")
_LABEL_LIKE = re.compile(r"\s*[^\W\d_][\w /-]{1,30}:\s*(?:$|\S)")


class Rows:
    """The labelled rows of a page, in order."""

    def __init__(self, markup: Markup) -> None:
        body = markup.soup.body or markup.soup
        self._strings = [
            node
            for node in body.descendants
            if type(node) is NavigableString and not node.isspace()
        ]

    def texts(self, label: str) -> Iterator[str]:
        """Yield the values of a label (a regular expression), each as its first line."""
        for pieces in self.pieces(label):
            lines = "".join(text for _, text in pieces).lstrip(": \n").split("\n")
            if first := one_line(lines[0]):
                yield first

    def pieces(self, label: str) -> Iterator[list[Piece]]:
        """Yield the values of a label as links and the texts between them."""
        pattern = re.compile(rf"^\s*(?:{label})\s*(?::|$)\s*|\s(?:{label})\s*:\s*", re.IGNORECASE)
        for index, string in enumerate(self._strings):
            match = pattern.search(string)
            if not match:
                continue
            rest = _NEXT_LABEL.split(string[match.end() :], maxsplit=1)[0]
            if rest.strip() and not rest.rstrip().endswith("»"):
                yield [(False, rest)]
            elif index + 1 < len(self._strings):
                around = _around_both(string, self._strings[index + 1])
                yield [(False, rest), *_value(string, around)]


def pieces_in(root: Tag) -> Iterator[Piece]:
    """Yield the links and texts of an element in order."""
    for node in root.descendants:
        yield from _piece(node)


def _value(label: NavigableString, around: Tag) -> Iterator[Piece]:
    inside = {id(node) for node in around.descendants}
    for node in label.next_elements:
        if id(node) not in inside:
            return
        if isinstance(node, Tag) and node.name in _ROW_ENDS:
            return
        if type(node) is NavigableString and not node.isspace():
            parent = node.parent
            if _LABEL_LIKE.match(node) or (parent is not None and parent.name in _TERMS):
                return
        yield from _piece(node)


def _piece(node: object) -> Iterator[Piece]:
    if isinstance(node, Tag):
        if node.name == "a":
            yield True, node.get_text()
        elif node.name in _BLOCKS:
            yield False, "\n"
    elif type(node) is NavigableString and node.find_parent("a") is None:
        yield False, re.sub(r"\s+", " ", node)


def _around_both(first: NavigableString, second: NavigableString) -> Tag:
    """Return the nearest element that holds both texts."""
    parents = {id(parent) for parent in second.parents}
    return next(parent for parent in first.parents if id(parent) in parents)
