"""From markup to plain text with its paragraphs."""

import html
import re
import unicodedata

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

_PARAGRAPH = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "blockquote",
        "ul",
        "ol",
        "dl",
        "table",
        "pre",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "figure",
    ]
)
_LINE = frozenset(["br", "li", "tr", "dt", "dd"])
_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

CUT = re.compile(r"(?:\.{3}|…)\s*(?:\(?(?:read )?more\)?)?\s*$", re.IGNORECASE)


def one_line(text: str) -> str:
    """Return text with entities resolved and every run of white space made one space."""
    return " ".join(_plain(text).split())


def paragraphs(text: str) -> str:
    """Return text whose paragraphs are parted by one empty line; single line breaks are kept."""
    lines = (_SPACES.sub(" ", line).strip() for line in _plain(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def block_text(root: Tag) -> str:
    """Return the text of an element, its block elements as paragraphs and `<br>` as line breaks."""
    parts: list[str] = []
    stack: list[PageElement | str] = [root]
    while stack:  # not recursive: hostile pages nest thousands deep
        node = stack.pop()
        if isinstance(node, Tag):
            mark = "\n\n" if node.name in _PARAGRAPH else "\n" if node.name in _LINE else ""
            if node.name in _PARAGRAPH:
                stack.append(mark)
            stack.extend(reversed(node.contents))
            stack.append(mark)
        elif isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):  # comments and their kind
                parts.append(re.sub(r"\s+", " ", node))
        else:
            parts.append(str(node))
    return paragraphs("".join(parts))


def squeeze(text: str) -> str:
    """Return the letters and digits of a text alone, in lower case, to compare texts by."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def is_cut(text: str) -> bool:
    """Return whether a text ends as cut texts do."""
    return bool(CUT.search(text))


def _plain(text: str) -> str:
    """Resolve entities that were escaped twice, and drop what cannot be seen."""
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", text)
