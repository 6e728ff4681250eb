"""From the bytes of a page to text, whatever its header and meta tag claim."""

import codecs
import re

from catalogue.reading.encodings import BYTE_ORDER_MARKS

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_MISTAKABLE = {"iso2022_jp", "iso2022_kr", "hz", "utf-16", "utf-16-le", "utf-16-be", "utf-32"}
_LATIN = {"iso8859-1", "ascii"}
_NOT_OF_THE_WEB = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
_STRAY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a page.

    In order: a byte order mark; a declared encoding that valid UTF-8 could be mistaken for; UTF-8,
    when the bytes are valid as such, since other encodings almost never are; the header's
    encoding, then the meta tag's (a header of Latin-1 is often only the server's default, so there
    the meta tag goes first); UTF-8 with a few broken bytes; Windows-1252, as browsers do.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _clean(body.decode(encoding, "replace"))
    declared = _declared(body, content_type)
    mistakable = [name for name in declared if name in _MISTAKABLE]
    others = [name for name in declared if name not in _MISTAKABLE and name != "utf-8"]
    for encoding in (*mistakable, "utf-8", *others):
        try:
            text = body.decode(encoding)
        except UnicodeError:
            continue
        if "<" in text:
            return _clean(text)
    lenient = body.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    if broken <= sum(character > "\x7f" for character in lenient) // 2:
        return _clean(lenient)
    return _clean(body.decode("cp1252", "replace"))


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return Python's names of the declared encodings, the more trustworthy first."""
    header = [_codec(match.group(1)) for match in _HEADER.finditer(content_type)]
    meta = [_codec(match.group(1).decode()) for match in _META.finditer(body[:4096])][:1]
    names = [name for name in [*header, *meta] if name]
    names.sort(key=lambda name: name in _LATIN)
    return ["cp1252" if name in _LATIN else name for name in names]


def _codec(label: str) -> str:
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    # Python also has codecs that are no text encodings, such as `hex`.
    known = getattr(info, "_is_text_encoding", True) and info.name not in _NOT_OF_THE_WEB
    return info.name if known else ""


def _clean(text: str) -> str:
    return _STRAY.sub("", text)
