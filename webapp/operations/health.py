"""What a host asks of the site: does it live, and can it answer?"""

from flask import Blueprint

from ml.serving.model_folder import ModelError
from webapp.analysis import predictor

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that the process lives and which model it has, without running it."""
    return {"status": "ok", "model": predictor().version}


@blueprint.get("/readyz")
def readyz() -> tuple[dict[str, str], int]:
    """Say that the model answers, and on this processor as it did where it was made."""
    try:
        predictor().check()
    except ModelError as error:
        return {"status": "not ready", "model": predictor().version, "reason": str(error)}, 503
    return {"status": "ready", "model": predictor().version}, 200
