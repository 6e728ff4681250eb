"""Answers found where the model was made, to compare with those of the processor it runs on."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ml.serving.model_folder import ModelError
from ml.serving.prediction import Prediction

TOLERANCE = 0.03
"""In probability: room for what rounding differs between processors, not for saturated products."""


class GoldenText(NamedTuple):
    """A text and the probabilities of its best labels."""

    description: str
    probabilities: dict[str, float]


def check(golden: Iterable[GoldenText], predict: Callable[[str], Prediction]) -> None:
    """Predict the golden texts and compare: INT8 arithmetic differs between processors.

    Raises:
        ModelError: a probability is off by more than `TOLERANCE`.
    """
    for text, probabilities in golden:
        found = {genre.name: genre.probability for genre in predict(text).ranked}
        for name, expected in probabilities.items():
            if abs(found[name] - expected) > TOLERANCE:
                raise ModelError(
                    f"this processor's answer for {name} is {found[name]:.3f} instead of "
                    f"{expected:.3f}; it seems to saturate INT8 products"
                )
