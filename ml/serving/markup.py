"""Plain text, in linear time, out of what people paste: markup, escapes, styled letters, links."""

import html
import re
import unicodedata

_ESCAPED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_MOST_ESCAPES = 3
# A long tag has attributes; without them "<b and much later >" is text, not a tag.
_TAG = re.compile(
    r"<(?:/?[a-zA-Z](?:[^<>]{0,200}|[\w:-]*\s[^<>=]{0,200}=[^<>]*)|!\[[^\]<>]{0,100}\](?:--)?)>"
)
_HIDDEN = re.compile(r"<!--|<(?P<name>style|script)\b", re.IGNORECASE)
_ENDS = {
    None: re.compile("-->"),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
}
# C0/C1 controls other than white space, lone surrogates, zero-width marks and direction marks.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
# Letters of mathematics, in circles and squares, and full-width ones, which stand for plain ones.
_STYLED = re.compile("[\U0001d400-\U0001d7ff\uff01-\uff5e\u24b6-\u24e9\U0001f130-\U0001f149]+")
_LINK = re.compile(r"\[([^\[\]]{1,300})\](?:\((?:https?://|/)[^()\s]{0,500}\)|\[\d{1,3}\])")
_LINK_TARGET = re.compile(r"^[ \t]*\[\d{1,3}\]:[ \t]*\S.*$", re.MULTILINE)
_SOURCE = re.compile(r"\(\s*source\s*\)\s*$", re.IGNORECASE | re.MULTILINE)
_CONTAINED = re.compile(r"\bAlso contained in\s?:\s", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<!\*)\*\*(?!\*)")


def plain_text(text: str) -> str:
    """Return the text alone, in NFC; line breaks stay."""
    text = _unescaped(text)
    if "<" in text:
        text = _TAG.sub(" ", _without_hidden(text))
    text = _INVISIBLE.sub("", text)
    text = _STYLED.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    return unicodedata.normalize("NFC", _without_links(text))


def _unescaped(text: str) -> str:
    """Resolve entities, also of text that was escaped more than once."""
    for _ in range(_MOST_ESCAPES):
        resolved = html.unescape(text)
        if resolved == text or not _ESCAPED.search(resolved):
            return resolved
        text = resolved
    return text


def _without_hidden(text: str) -> str:
    """Drop comments, style sheets and scripts; what never ends stays, but for its mark."""
    parts, place = [], 0
    endless: set[str | None] = set()
    for opening in _HIDDEN.finditer(text):
        name = opening["name"] and opening["name"].lower()
        if opening.start() < place or name in endless:
            continue
        closing = _ENDS[name].search(text, opening.end())
        if closing is None:
            endless.add(name)
            continue
        parts += [text[place : opening.start()], " "]
        place = closing.end()
    return "".join([*parts, text[place:]])


def _without_links(text: str) -> str:
    """Keep what links say and drop where they lead, with Open Library's list of other books."""
    if contained := _CONTAINED.search(text):
        text = text[: contained.start()].rstrip(" -*_\t\r\n") or text
    if "[" in text:
        text = _SOURCE.sub("", _LINK.sub(r"\1", _LINK_TARGET.sub("", text)))
    return _EMPHASIS.sub("", text) if "**" in text else text
