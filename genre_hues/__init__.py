"""Genre Hues from Python: a blurb's genres, why, and the hues that covers of them wear.

    from genre_hues import Predictor

    predictor = Predictor.load()
    prediction = predictor.predict("A young witch and her cat solve the murder of the baker.")
    for genre in prediction.genres:
        print(genre.name, round(genre.probability, 2))

docs/python.md has the rest.
"""

from pathlib import Path

import ml

if not (Path(ml.__file__).parent / "predictor.py").is_file():
    raise ImportError(
        f"{Path(ml.__file__).parent} is not the `ml` that Genre Hues brings: another folder of "
        "that name comes first on sys.path; run from elsewhere or rename it"
    )

from ml.errors import InputError, UnknownLabelError
from ml.hues import Hue, Palette
from ml.predictor import Predictor
from ml.serving.contributions import Contribution, ExplainedText
from ml.serving.model_folder import ModelError
from ml.serving.prediction import Genre, Label, Prediction

__all__ = [
    "Contribution",
    "ExplainedText",
    "Genre",
    "Hue",
    "InputError",
    "Label",
    "ModelError",
    "Palette",
    "Prediction",
    "Predictor",
    "UnknownLabelError",
]
