"""From a blurb to what the site knows of it: the only place where the site runs the model."""

from typing import NamedTuple

from flask import Flask, current_app

from ml.hues import Palette
from ml.predictor import Prediction, Predictor
from ml.serving.text import clean_description, clean_title, compose
from ml.vocabulary.known_genres import KnownGenres, resolve
from webapp.cache import RememberingPredictor
from webapp.explanation import Explanation, explanation
from webapp.protection.limits import admitted
from webapp.protection.security import ConfigurationError


class Reading(NamedTuple):
    """What was read from one blurb."""

    prediction: Prediction
    palette: Palette
    known: KnownGenres
    """What was understood of the genres the person knows."""


def init_app(app: Flask) -> None:
    """Load the model once, before the server makes its workers.

    Reads from `app.config`:
        MODEL_FOLDER: the model.
        RESULT_CACHE: how many answers each process remembers; 0 for none.

    Raises:
        ModelError: the model folder is missing, damaged or of another format.
        ConfigurationError: RESULT_CACHE is below 0.
    """
    folder, room = app.config["MODEL_FOLDER"], app.config["RESULT_CACHE"]
    if room < 0:
        raise ConfigurationError(f"RESULT_CACHE is {room}; it counts answers, 0 for none")
    if room:
        app.extensions["predictor"] = RememberingPredictor.load(folder)
        app.extensions["predictor"].room = room
    else:
        app.extensions["predictor"] = Predictor.load(folder)


def predictor() -> Predictor:
    """Return the site's predictor."""
    loaded: Predictor = current_app.extensions["predictor"]
    return loaded


def read(description: str, title: str = "", known: str = "") -> Reading:
    """Predict genres and the palette of one blurb.

    Args:
        description: the blurb.
        title: the book's title, or "".
        known: genres the book has, as typed; they are blended into the palette.
    """
    with admitted():
        prediction = predictor().predict(description, title)
        resolved = resolve(known, predictor().nearest)
    return Reading(prediction, predictor().palette(prediction, resolved.labels), resolved)


def known_genres(typed: str) -> KnownGenres:
    """Return what is understood of the genres that a person typed, by their meaning at last."""
    with admitted():
        return resolve(typed, predictor().nearest)


def explain(description: str, title: str, label: str) -> Explanation:
    """Return what each word of the blurb said for or against `label`.

    Raises:
        KeyError: no such label.
    """
    with admitted():
        contributions = predictor().explain(description, title, label=label)
    text = compose(clean_title(title), clean_description(description))
    return explanation(label, text, contributions)
