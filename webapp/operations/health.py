"""What a host asks of the site: does it live, and can it answer?"""

from threading import Lock
from time import monotonic

from flask import Blueprint, Flask, current_app
from werkzeug.exceptions import ServiceUnavailable

from ml.predictor import Predictor
from ml.serving import golden
from ml.serving.model_folder import ModelError
from webapp.analysis import predictor

blueprint = Blueprint("health", __name__)

FRESH_S = 5.0
Answer = tuple[dict[str, str], int]


class Readiness:
    """Runs the golden texts for one who asks; those who come meanwhile share the finding."""

    def __init__(self, model: Predictor) -> None:
        self._model = model
        self._lock = Lock()
        self._fault = ""
        self._stale = 0.0

    def fault(self) -> str:
        """Say what is wrong with the model's answers, or "" where nothing is.

        Raises:
            ServiceUnavailable: the site is at its capacity.
        """
        with self._lock:
            if monotonic() >= self._stale:
                try:
                    golden.check(self._model.golden, self._model.predict)
                    self._fault = ""
                except ModelError as error:
                    self._fault = str(error)
                self._stale = monotonic() + FRESH_S
            return self._fault


def init_app(app: Flask) -> None:
    """Make ready to say whether the model of `app` answers as it should."""
    app.extensions["readiness"] = Readiness(app.extensions["predictor"])


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that the process lives and which model it has, without running it."""
    return {"status": "ok", "model": predictor().version}


@blueprint.get("/readyz")
def readyz() -> Answer:
    """Say that the model answers, and on this processor as it did where it was made."""
    try:
        fault = current_app.extensions["readiness"].fault()
    except ServiceUnavailable:
        fault = "the site is at its capacity"
    if fault:
        return {"status": "not ready", "model": predictor().version, "reason": fault}, 503
    return {"status": "ready", "model": predictor().version}, 200
