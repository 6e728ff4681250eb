"""A palette as a file, by a plain link that holds the palette itself: nothing is kept here.

The link's `hues` is such as `maroon:131,brown:103`: names out of the 58 and shares in tenths of a
percent, in the order to draw them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request, url_for

from ml.hues import export
from ml.hues.names import BACKDROPS, HUES

blueprint = Blueprint("downloads", __name__)

KNOWN = {**HUES, **BACKDROPS}
MOST = len(KNOWN)
TITLE = "Genre Hues"
KEEP = "public, max-age=86400"


class Stripe(NamedTuple):
    """One bar of the file."""

    name: str
    hex: str
    share: float


WRITERS: dict[str, tuple[str, Callable[[Sequence[Stripe]], str | bytes]]] = {
    "svg": ("image/svg+xml", lambda bars: export.barcode_svg(bars, TITLE)),
    "png": ("image/png", export.barcode_png),
    "css": ("text/css", export.css_variables),
    "gpl": ("text/plain", lambda bars: export.gimp_palette(bars, TITLE)),
}
"""File name ending -> media type and writer."""


@blueprint.get("/palette.<any(svg, png, css, gpl):ending>")
def palette(ending: str) -> Response:
    """Send the palette that the link describes as a file."""
    stripes = _parse(request.args.get("hues", ""))
    mimetype, write = WRITERS[ending]
    response = Response(write(stripes), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="genre-hues.{ending}"'
    response.headers["Cache-Control"] = KEEP
    return response


def links(hues: Iterable[export.Bar]) -> dict[str, str]:
    """Return for each ending the link to these hues as a file."""
    shares = ",".join(f"{hue.name}:{round(1000 * hue.share)}" for hue in hues)
    query = urlencode({"hues": shares}, safe=":,")
    return {ending: f"{url_for('downloads.palette', ending=ending)}?{query}" for ending in WRITERS}


def _parse(text: str) -> list[Stripe]:
    stripes = []
    for part in text.split(",")[: MOST + 1]:
        name, _, share = part.partition(":")
        if name not in KNOWN or not (share.isascii() and share.isdigit() and len(share) <= 4):
            abort(400, "hues is meant to be like maroon:131,brown:103.")
        stripes.append(Stripe(name, KNOWN[name], int(share) / 1000))
    if len(stripes) > MOST or not any(stripe.share for stripe in stripes):
        abort(400, "hues is meant to be like maroon:131,brown:103.")
    return stripes
