"""The JSON API, version 1: the command line's answer over HTTP."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from ml import answers
from ml.serving.doubt import doubts
from webapp.analysis import predictor, read, store_codes
from webapp.api import openapi
from webapp.api.requests import Item, Wanted, read_batch, read_one

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.post("/predict")
def predict() -> dict[str, Any]:
    """Answer one description."""
    return _answer(*read_one())


@blueprint.post("/batch")
def batch() -> dict[str, Any]:
    """Answer several descriptions, in their order."""
    items, wanted = read_batch()
    return {"results": [_answer(item, wanted) for item in items]}


@blueprint.get("/labels")
def labels() -> dict[str, Any]:
    """List what the model can answer: every label with its facet and threshold."""
    return {
        "version": predictor().version,
        "labels": [label._asdict() for label in predictor().labels],
    }


@blueprint.get("/openapi.json")
def document() -> ResponseReturnValue:
    """Return the API's OpenAPI document."""
    return jsonify(openapi.document())


def _answer(item: Item, wanted: Wanted) -> dict[str, Any]:
    prediction, palette, known = read(item.description, item.title, "\n".join(item.genres))
    answer = answers.answer(prediction, palette, all_labels=wanted.all)
    if wanted.codes:
        answer["codes"] = store_codes(prediction, item.description, item.title).as_json()
    if item.id is not None:
        answer = {"id": item.id, **answer}
    if item.genres:
        answer["known_genres"] = {
            "understood": [
                {"name": match.typed, "labels": match.labels, "how": match.how}
                for match in known.matches
            ],
            "not_understood": known.unknown,
        }
    warnings = doubts(item.description)
    if prediction.truncated:
        warnings.append("The text is longer than the model reads; a part of it was left out.")
    if warnings:
        answer["warnings"] = warnings
    return answer
