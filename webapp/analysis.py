"""From a blurb to what the site knows of it: the only place where the site runs the model."""

from typing import NamedTuple

import numpy as np
from flask import Flask, current_app
from numpy.typing import NDArray
from tokenizers import Encoding

from ml.codes import Bisac, Codes, codes_for
from ml.errors import InputError
from ml.hues import Palette
from ml.predictor import Predictor
from ml.serving.nearest_label import NearestLabel
from ml.serving.prediction import Genre, Prediction
from ml.serving.text import clean_description, clean_title, compose
from ml.vocabulary.known_genres import KnownGenres, Nearest, resolve
from webapp.cache import Predict, remembering
from webapp.config import ConfigurationError
from webapp.explanation import Evidence
from webapp.handover import Handover
from webapp.protection.limits import Admission, admitted


class AdmittedPredictor(Predictor):
    """Lets every run of the model wait for its turn, whoever asks for it and for what."""

    admission: Admission

    def _run(
        self, encoding: Encoding, kept: list[int], *outputs: str
    ) -> tuple[NDArray[np.float32], ...]:
        with admitted(self.admission):
            return super()._run(encoding, kept, *outputs)


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
        BISAC_FILE: the list of BISAC headings that whoever runs the site holds, or None.

    Raises:
        ConfigurationError: the list of headings cannot be read.
        ModelError: the model folder is missing, damaged or of another format.
    """
    loaded = AdmittedPredictor.load(app.config["MODEL_FOLDER"])
    loaded.admission = app.extensions["admission"]
    app.extensions["predictor"] = loaded
    app.extensions["nearest"] = NearestLabel(loaded)
    app.extensions["handover"] = Handover()
    brought = app.config["BISAC_FILE"]
    try:
        app.extensions["bisac"] = Bisac.load(brought, loaded.embed) if brought else None
    except InputError as error:
        raise ConfigurationError(f"BISAC_FILE: {error}") from error
    room = app.config["RESULT_CACHE"]
    app.extensions["predict"] = remembering(loaded.predict, room) if room else loaded.predict


def predictor() -> Predictor:
    """Return the site's predictor."""
    loaded: Predictor = current_app.extensions["predictor"]
    return loaded


def nearest() -> Nearest:
    """Return what finds the label of nearest meaning to a name."""
    found: Nearest = current_app.extensions["nearest"]
    return found


def read(description: str, title: str = "", known: str = "") -> Reading:
    """Predict genres and the palette of one blurb for a program.

    Args:
        description: the blurb.
        title: the book's title, or "".
        known: genres the book has, as typed; they are blended into the palette.

    Raises:
        ServiceUnavailable: the site is at its capacity.
    """
    predict: Predict = current_app.extensions["predict"]
    return _reading(predict(description, title), known)


def read_for_page(description: str, title: str = "", known: str = "") -> Reading:
    """Do as `read` does, and leave what each word said for the page that shows `evidence`."""
    prediction, words = predictor().predict_by_word(description, title)
    handover: Handover = current_app.extensions["handover"]
    handover.leave(words, description, title)
    return _reading(prediction, known)


def _reading(prediction: Prediction, known: str) -> Reading:
    resolved = resolve(known, nearest())
    return Reading(prediction, predictor().palette(prediction, resolved.labels), resolved)


def store_codes(prediction: Prediction, description: str, title: str = "") -> Codes:
    """Return the codes of a book, BISAC's among them where the site holds a list of them."""
    return codes_for(prediction, description, title, current_app.extensions["bisac"])


def known_genres(typed: str) -> KnownGenres:
    """Return what is understood of the genres that a person typed, by their meaning at last."""
    return resolve(typed, nearest())


def evidence(description: str, title: str) -> Evidence:
    """Return what each word added to every label, by `read_for_page`'s run if it waits."""
    handover: Handover = current_app.extensions["handover"]
    found = handover.take(description, title)
    if found is None:
        _, found = predictor().predict_by_word(description, title)
    cleaned = clean_description(description)
    text = compose(clean_title(title), cleaned)
    labels = [label.name for label in predictor().labels]
    return Evidence(found._replace(text=text), len(text) - len(cleaned), labels)


def judged(name: str, probability: float) -> Genre:
    """Return a label of the site's model with a probability for one book."""
    label = predictor().by_name[name]
    return Genre(name, probability, label.facet, label.threshold)
