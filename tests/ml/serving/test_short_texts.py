"""Short texts are to be taken as surely as they are right."""

import json

import numpy as np
import pytest

from ml.evaluation.model_page import DOCUMENT
from ml.packaging.calibrate import CUT_WORDS, Calibration, fit_brevity
from ml.predictor import Predictor
from ml.serving.short_texts import Brevity
from tests.ml.pipeline_world import World


class Told:
    """Scores of blurbs of known length, in the place of a predictor."""

    def __init__(self, scores: dict[str, np.ndarray]) -> None:
        self.scores = scores

    def logits(self, description: str, title: str) -> np.ndarray:
        return self.scores[description]

    def length(self, description: str, title: str) -> int:
        return len(description.split())


def test_certainty_grows_with_length_up_to_the_whole() -> None:
    certainty = Brevity(100, 0.5).certainty(np.array([1, 25, 100, 400]))
    assert certainty == pytest.approx([0.1, 0.5, 1, 1])
    assert Brevity(100, 0.0).certainty(3) == 1


def test_the_exponent_is_found_again() -> None:
    rng = np.random.default_rng(0)
    texts = [" ".join(map(str, rng.integers(0, 10**9, 50))) for _ in range(2000)]
    truth = rng.random((len(texts), 4)) < 0.4
    scores = {}
    for text, marks in zip(texts, truth, strict=True):
        for words in CUT_WORDS:
            # Of a unit normal around plus or minus one half, the log odds are the value itself.
            log_odds = rng.normal(np.where(marks, 0.5, -0.5)) + np.log(0.4 / 0.6)
            scores[" ".join(text.split()[:words])] = log_odds / (words / 160) ** 0.4
    books = [{"description": text, "title": ""} for text in texts]
    as_they_are = Calibration(np.ones(4), np.zeros(4))
    found = fit_brevity(Told(scores), books, truth, as_they_are, 160)  # type: ignore[arg-type]
    assert found.whole == 160
    assert found.exponent == pytest.approx(0.4, abs=0.05)


def test_calibration_writes_it_and_the_predictor_reads_it(world: World) -> None:
    spec = json.loads((world.model / "model.json").read_text())
    assert Predictor.load(world.model).brevity == Brevity(**spec["brevity"])
    assert 0 < spec["brevity"]["exponent"] < 1


def test_the_shipped_model_is_as_sure_of_ten_words_as_it_is_right() -> None:
    figures = json.loads(DOCUMENT.with_name("unusual.json").read_text())["changed"]
    assert figures["first 10 words"]["ece"] < 0.008
