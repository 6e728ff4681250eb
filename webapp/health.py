"""What a host asks of the site: does it live, and can it answer?"""

from flask import Blueprint

from webapp.reading import predictor

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that the process lives and which model it has, without running it."""
    return {"status": "ok", "model": predictor().version}


@blueprint.get("/readyz")
def readyz() -> dict[str, str]:
    """Say that the model answers."""
    predictor().predict("A body in the library, and nobody heard the shot.")
    return {"status": "ready", "model": predictor().version}
