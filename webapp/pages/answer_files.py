"""An answer's files: JSON, CSV, and the picture that a sent link is shown with."""

import csv
import io
from typing import Any

from flask import Blueprint, Response, jsonify

from ml.hues.export import About
from ml.hues.swatches import barcode_png
from ml.vocabulary.display import display
from webapp.analysis import predictor
from webapp.pages import pocket
from webapp.pages.answer_pages import answer_or_404
from webapp.pages.answering import palette_of, thresholds

blueprint = Blueprint("answer_files", __name__, url_prefix=pocket.PATH)

PICTURE_WIDTH, PICTURE_HEIGHT = 1200, 630
"""Pixels; the size that link previews are cut to."""
NEVER_CHANGES = "public, max-age=31536000, immutable"


@blueprint.get("/<token>/answer.json")
def as_json(token: str) -> Response:
    """Send the answer as the API gives it, corrections included."""
    answer = answer_or_404(token)
    body: dict[str, Any] = {
        "genres": [
            {**genre._asdict(), "probability": round(genre.probability, 4)}
            for genre in answer.prediction.genres
        ],
        "hues": [
            {"name": hue.name, "hex": hue.hex, "share": round(hue.share, 4)} for hue in answer.hues
        ],
    }
    if answer.added or answer.removed:
        body["corrections"] = {"added": sorted(answer.added), "removed": sorted(answer.removed)}
    return _as_file(jsonify(body), "json")


@blueprint.get("/<token>/answer.csv")
def as_csv(token: str) -> Response:
    """Send the answer as a table: genres with probabilities, then hues with shares."""
    answer = answer_or_404(token)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("kind", "name", "value", "detail"))
    decided = {genre.name for genre in answer.prediction.genres}
    for genre in answer.prediction.ranked:
        kind = genre.facet if genre.name in decided else f"{genre.facet}, perhaps"
        detail = "given by a person" if genre.name in answer.added else _threshold(genre.name)
        table.writerow((kind, display(genre.name).name, f"{genre.probability:.4f}", detail))
    for hue in answer.hues:
        table.writerow(("hue", hue.says, f"{hue.share:.4f}", hue.worn))
    return _as_file(Response(out.getvalue(), mimetype="text/csv"), "csv")


@blueprint.get("/<token>/barcode.png")
def picture(token: str) -> Response:
    """Draw the barcode in the size of a link's preview."""
    answer = answer_or_404(token)
    about = About(palette_of(answer).genres, predictor().version)
    drawn = barcode_png(answer.hues, about, PICTURE_WIDTH, PICTURE_HEIGHT)
    response = Response(drawn, mimetype="image/png")
    response.headers["Cache-Control"] = NEVER_CHANGES
    # Other sites show it beside the link.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _as_file(response: Response, ending: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="genre-hues-answer.{ending}"'
    response.headers["Cache-Control"] = NEVER_CHANGES
    return response


def _threshold(label: str) -> str:
    return f"an answer from {thresholds()[label]:.4f}"
