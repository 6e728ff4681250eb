"""The author's own texts, kept by the author's browser: a signed cookie of the result pages.

The site keeps no text. For a result's page to show it again after a redirect, the browser carries
it along: compressed, readable by no script, sent to addresses under /r only, gone with the
browser's session. The latest texts stay, as many as fit.
"""

from typing import NamedTuple

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from webapp.pages.address import text_key

PATH = "/r"
ROOM = 3_800
"""Bytes of its value; browsers keep cookies of up to 4,096 with name and attributes."""


class Text(NamedTuple):
    """What an author sent."""

    description: str
    title: str = ""
    genres: str = ""

    @property
    def key(self) -> bytes:
        """By which an address knows it."""
        return text_key(*self)


def texts() -> dict[bytes, Text]:
    """Return the texts that the browser sent along, the latest first, by their keys."""
    value = request.cookies.get(_name(), "")
    try:
        rows = _signer().loads(value) if value else []
        found = [Text(*map(str, row)) for row in rows]
    except (BadSignature, ValueError, TypeError):
        return {}
    return {text.key: text for text in found}


def keep(response: Response, *new: Text) -> None:
    """Let the browser keep texts beside the latest ones before them; check `fits` first."""
    kept = list(({text.key: text for text in new} | texts()).values())
    while len(_pack(kept)) > ROOM:
        kept.pop()
    response.set_cookie(
        _name(),
        _pack(kept),
        path=PATH,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def fits(*new: Text) -> bool:
    """Whether a browser keeps a cookie that holds these texts."""
    return len(_pack(list(new))) <= ROOM


def _pack(kept: list[Text]) -> str:
    return str(_signer().dumps(kept))


def _signer() -> URLSafeSerializer:
    key = current_app.secret_key
    assert key
    return URLSafeSerializer(key, salt="pocket")


def _name() -> str:
    return "__Secure-pocket" if current_app.config["SESSION_COOKIE_SECURE"] else "pocket"
