import pytest

from ml.serving.prediction import Genre, Prediction
from ml.vocabulary.genres import vocabulary


@pytest.fixture
def prediction():
    """Return a function: label=probability of those decided on ("_" for a space) -> Prediction."""

    def make(**probabilities):
        genres = tuple(
            Genre(name, p, vocabulary()[name].facet, 0.5)
            for name, p in ((name.replace("_", " "), p) for name, p in probabilities.items())
        )
        return Prediction(genres, genres, tokens=100, truncated=False)

    return make
