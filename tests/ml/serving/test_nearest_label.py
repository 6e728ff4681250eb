"""The labels' vectors, written with the model and read with it."""

import numpy as np
import pytest

from ml.predictor import Predictor
from ml.serving import nearest_label
from ml.serving.model_folder import ModelError
from tests.ml.pipeline_world import World


def test_calibration_writes_the_vectors_of_the_labels(world: World):
    predictor = Predictor.load(world.model)
    vectors = nearest_label.load(world.model)
    assert vectors.shape[0] == len(predictor.labels)
    for vector, label in zip(vectors, predictor.labels, strict=True):
        assert np.abs(vector - predictor.embed(label.name)).max() < 1e-3
    assert nearest_label.FILE in (world.model / "SHA256SUMS").read_text()


def test_a_label_is_nearest_to_its_own_words(world: World):
    nearest = nearest_label.NearestLabel(Predictor.load(world.model))
    assert nearest.best("dragon wizard spell kingdom sword")[0] == "Fantasy"


def test_both_the_state_and_the_probability_have_to_agree():
    vectors = np.eye(3, dtype=np.float32)
    near = nearest_label.nearness(vectors, vectors[1], np.array([0.9, 0.8, 0.9]))
    assert near == pytest.approx([0, 0.8, 0])


def test_a_model_without_vectors_says_what_writes_them(world: World):
    nearest = nearest_label.NearestLabel(Predictor.load(world.model))
    vectors = world.model / nearest_label.FILE
    hidden = vectors.rename(world.model / "hidden.npy")
    try:
        with pytest.raises(ModelError, match="python -m ml calibrate"):
            nearest("dragons")
    finally:
        hidden.rename(vectors)
