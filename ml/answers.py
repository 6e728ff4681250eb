"""The JSON answer to one book, the same from the command line, the API and the Space."""

from typing import Any

from ml.hues import Palette
from ml.serving.prediction import Genre, Prediction


def answer(prediction: Prediction, palette: Palette, *, all_labels: bool = False) -> dict[str, Any]:
    """Return the answer as plain data.

    Args:
        prediction: the genres of the book.
        palette: the hues that covers of such books lean to.
        all_labels: add the probability of every label.
    """
    found: dict[str, Any] = {
        "genres": [_rounded(genre) for genre in prediction.genres],
        "hues": [
            {"name": hue.name, "hex": hue.hex, "share": round(hue.share, 4)} for hue in palette.hues
        ],
    }
    if all_labels:
        found["probabilities"] = {g.name: round(g.probability, 5) for g in prediction.ranked}
    return found


def _rounded(genre: Genre) -> dict[str, Any]:
    return {"name": genre.name, "probability": round(genre.probability, 4), "facet": genre.facet}
