"""The measured figures that the pages quote, read from the model folder and never typed in."""

import json
from pathlib import Path
from typing import Any

from flask import current_app


def figures() -> dict[str, Any] | None:
    """Return the shipped model's `metrics.json`, or None for a model that nobody measured yet."""
    extensions = current_app.extensions
    if "figures" not in extensions:
        path = Path(current_app.config["MODEL_FOLDER"]) / "metrics.json"
        extensions["figures"] = json.loads(path.read_text("utf-8")) if path.exists() else None
    found: dict[str, Any] | None = extensions["figures"]
    return found
