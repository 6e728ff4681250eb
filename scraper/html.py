"""From the bytes of an answer to the text of an HTML page."""

from scraper.decode import decode
from scraper.errors import PageError
from scraper.outcomes import Outcome

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_UNSURE_TYPES = ("", "text/plain", "application/octet-stream", "application/xml", "text/xml")
_NO_HTML = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")


def html_of(body: bytes, content_type: str) -> str:
    """Return the text of an HTML body.

    Raises:
        PageError: `empty` or `not-html`.
    """
    if not body.strip():
        raise PageError(Outcome.EMPTY, "the answer had no content")
    kind = content_type.partition(";")[0].strip().lower()
    head = body[:1024].lstrip().lower()
    looks_like = any(
        mark in head for mark in (b"<html", b"<!doctype html", b"<head", b"<body", b"<div")
    )
    if body.startswith(_NO_HTML) or not (
        kind in _HTML_TYPES or (kind in _UNSURE_TYPES and looks_like)
    ):
        raise PageError(Outcome.NOT_HTML, f"the answer is {kind or 'of no stated type'}")
    return decode(body, content_type)
