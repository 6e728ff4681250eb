"""Check my cover: an image's colours beside those of its genres, measured and forgotten."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from flask_wtf.file import FileField  # type: ignore[import-untyped]
from wtforms import StringField
from wtforms.validators import Length, Optional

from ml.hues import Palette
from ml.hues.extract import CoverError, CoverPalette, extract_palette
from ml.hues.image import MAX_BYTES
from ml.vocabulary.display import headline
from ml.vocabulary.known_genres import KnownGenres
from webapp.analysis import known_genres, predictor, read
from webapp.blurb_checks import MAX_GENRES
from webapp.pages.bars import Bar, bars
from webapp.pages.cover_verdict import CoverVerdict, verdict_of
from webapp.pages.forms import BLURB_VALIDATORS, BlurbField, sent
from webapp.protection.limits import admitted

blueprint = Blueprint("cover", __name__)

# A body somewhat over the limit is read, so that the field can say what is wrong with its file.
MAX_BODY = 3 * MAX_BYTES
COMPARED = 4
# A cover holds up to 70 MB while it is decoded, and the C library keeps what a thread has freed for
# that thread: one at a time, all in the same thread, so that a small host does not run out.
DECODER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cover")
NAMED = 3


class CoverForm(FlaskForm):  # type: ignore[misc]
    """A cover, and what it should look like."""

    cover = FileField("Cover image")
    genres = StringField(
        "Its genres",
        [Length(max=MAX_GENRES, message=f"Up to {MAX_GENRES} characters of genres, please.")],
    )
    description = BlurbField("Or its description", [Optional(), *BLURB_VALIDATORS])


@dataclass(frozen=True)
class CoverReport:
    """What the page says of a cover."""

    names: tuple[str, ...]
    """The colours with the largest shares."""
    cover: CoverPalette
    cover_bars: tuple[Bar, ...]
    palette: Palette | None
    """What covers of its genres lean to; None where no genre is known."""
    palette_bars: tuple[Bar, ...]
    verdict: CoverVerdict
    known: KnownGenres


@blueprint.get("/cover")
def check() -> str:
    """Show the form; `?genres=` fills in the genres a result was about."""
    form = CoverForm(formdata=None, genres=request.args.get("genres", "")[:MAX_GENRES])
    return render_template("cover.html", form=form, report=None, max_bytes=MAX_BYTES)


@blueprint.post("/cover")
def measure() -> str | tuple[str, int]:
    """Measure the cover that was sent, or say what is wrong with it."""
    request.max_content_length = MAX_BODY
    form = CoverForm(formdata=sent("cover"))
    report = _report(form) if form.validate() else None
    page = render_template("cover.html", form=form, report=report, max_bytes=MAX_BYTES)
    return page if report else (page, 422)


def _report(form: CoverForm) -> CoverReport | None:
    """Work the report out, or leave the reason at the field and return None."""
    data = form.cover.data.read(MAX_BYTES + 1) if form.cover.data else b""
    if not data:
        form.cover.errors = ["Choose an image of the cover: JPEG, PNG or WebP."]
        return None
    try:
        with admitted():
            cover = DECODER.submit(extract_palette, data).result()
    except CoverError as error:
        form.cover.errors = [str(error)]
        return None
    known, genres, palette = _genres(form)
    return CoverReport(
        tuple(dict.fromkeys(colour.says for colour in cover.colours))[:NAMED],
        cover,
        bars(cover.colours),
        palette,
        bars(palette.hues) if palette else (),
        verdict_of(cover, genres),
        known,
    )


def _genres(form: CoverForm) -> tuple[KnownGenres, Sequence[str], Palette | None]:
    """Return what was understood, the genres to compare with, best first, and their palette."""
    if form.description.data:
        found = read(form.description.data, "", form.genres.data or "")
        # "Fiction" says nothing of a cover: the names that lead the answer do.
        shown = [node.label for node in headline(found.prediction.genres)]
        names = dict.fromkeys([*found.known.labels, *shown])
        return found.known, list(names)[:COMPARED], found.palette
    known = known_genres(form.genres.data or "")
    if not known.labels:
        return known, (), None
    return known, known.labels, predictor().hues.palette(dict.fromkeys(known.labels, 1.0))
