"""A palette as a file, by a plain link that holds the palette itself: nothing is kept here.

The link's `hues` is such as `maroon.5a211c:131,brown.943532:103`: names out of the 58, the hex that
covers wear (left out, it is the canonical one) and shares in tenths of a percent, in the order to
draw them. Its `genres` are those that the file names.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request, url_for

from ml.hues import export, swatches
from ml.hues.names import BACKDROPS, HUES
from ml.hues.naming import designer_names
from webapp.analysis import predictor

blueprint = Blueprint("downloads", __name__)

KNOWN = {**HUES, **BACKDROPS}
MOST = len(KNOWN)
NAMED = 4
"""Genres that a file names at most."""
KEEP = "public, max-age=86400"
_PART = re.compile(r"([a-z]+)(?:\.([0-9a-f]{6}))?:([0-9]{1,4})", re.ASCII)


class Stripe(NamedTuple):
    """One bar of the file."""

    says: str
    worn: str
    share: float


Writer = Callable[[Sequence[export.Bar], export.About], str | bytes]


class Named(Protocol):
    """A hue as a link carries it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def worn(self) -> str: ...  # noqa: D102
    @property
    def share(self) -> float: ...  # noqa: D102


class Kind(NamedTuple):
    """A kind of file."""

    title: str
    mimetype: str
    write: Writer


KINDS = {
    "svg": Kind("SVG", "image/svg+xml", export.barcode_svg),
    "png": Kind("PNG", "image/png", swatches.barcode_png),
    "ase": Kind("Adobe swatches (ASE)", "application/octet-stream", swatches.swatch_exchange),
    "aco": Kind("Photoshop (ACO)", "application/octet-stream", swatches.colour_swatches),
    "gpl": Kind("GIMP palette", "text/plain", export.gimp_palette),
    "css": Kind("CSS variables", "text/css", export.css_variables),
    "scss": Kind("SCSS", "text/plain", export.scss_variables),
    "tailwind.css": Kind("Tailwind theme", "text/css", export.tailwind_theme),
    "tokens.json": Kind("design tokens", "application/json", export.design_tokens),
}
"""File name ending -> what it is and who writes it."""


@blueprint.get(
    "/palette.<any(svg, png, ase, aco, gpl, css, scss, 'tailwind.css', 'tokens.json'):ending>"
)
def palette(ending: str) -> Response:
    """Send the palette that the link describes as a file."""
    kind, stripes = KINDS[ending], _parse(request.args.get("hues", ""))
    about = export.About(_genres(request.args.get("genres", "")), predictor().version)
    response = Response(kind.write(stripes, about), mimetype=kind.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="genre-hues.{ending}"'
    response.headers["Cache-Control"] = KEEP
    return response


def links(hues: Iterable[Named], genres: Sequence[str] = ()) -> dict[str, str]:
    """Return for each ending the link to these hues as a file."""
    shares = ",".join(f"{hue.name}.{hue.worn[1:]}:{round(1000 * hue.share)}" for hue in hues)
    query = urlencode({"hues": shares, "genres": ",".join(genres[:NAMED])}, safe=":,")
    return {ending: f"{url_for('downloads.palette', ending=ending)}?{query}" for ending in KINDS}


def _genres(text: str) -> tuple[str, ...]:
    names = tuple(filter(None, text.split(",")))
    if len(names) > NAMED or not set(names) <= set(predictor().hues.lifts):
        abort(400, f"genres is meant to be up to {NAMED} genres, like Horror,Gothic.")
    return names


def _parse(text: str) -> list[Stripe]:
    stripes = []
    for part in text.split(",")[: MOST + 1]:
        found = _PART.fullmatch(part)
        if not found or found[1] not in KNOWN:
            abort(400, "hues is meant to be like maroon.5a211c:131,brown:103.")
        name, code, share = found.groups()
        worn = f"#{code}" if code else KNOWN[name]
        stripes.append(Stripe(designer_names()[name], worn, int(share) / 1000))
    if len(stripes) > MOST or not any(stripe.share for stripe in stripes):
        abort(400, "hues is meant to be like maroon.5a211c:131,brown:103.")
    return stripes
