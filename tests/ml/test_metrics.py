import numpy as np
import pytest
from sklearn import metrics as reference

from ml import metrics


@pytest.fixture
def scored() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    truth = rng.random((80, 9)) < 0.3
    truth[:, 0] = False
    truth[0] = False
    scores = np.round(np.clip(truth * 0.3 + rng.random(truth.shape) * 0.7, 0, 1), 1)
    return truth, scores


def test_f1_agrees_with_scikit_learn(scored: tuple[np.ndarray, np.ndarray]) -> None:
    truth, scores = scored
    decided = scores > 0.5
    for ours, average in (
        (metrics.micro_f1, "micro"),
        (metrics.macro_f1, "macro"),
        (metrics.samples_f1, "samples"),
    ):
        expected = reference.f1_score(truth, decided, average=average, zero_division=0)
        assert ours(truth, decided) == pytest.approx(expected)


def test_average_precision_agrees_with_scikit_learn(scored: tuple[np.ndarray, np.ndarray]) -> None:
    truth, scores = scored
    ours = metrics.average_precision(truth, scores)
    assert np.isnan(ours[0])
    for label in range(1, truth.shape[1]):
        expected = reference.average_precision_score(truth[:, label], scores[:, label])
        assert ours[label] == pytest.approx(expected)


def test_ndcg_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(6)
    truth, scores = rng.random((30, 9)) < 0.4, rng.random((30, 9))
    truth[:, 0] = True
    expected = reference.ndcg_score(truth, scores, k=5)
    assert metrics.ndcg_at(truth, scores, 5) == pytest.approx(expected)


def test_precision_at_k_counts_the_best() -> None:
    truth = np.array([[True, False, True], [False, False, True]])
    scores = np.array([[0.9, 0.8, 0.1], [0.9, 0.5, 0.4]])
    assert metrics.precision_at(truth, scores, 1) == 0.5
    assert metrics.precision_at(truth, scores, 2) == 0.25


def test_calibration_error_of_known_distance() -> None:
    truth = np.array([[True, False, False, False]])
    assert metrics.calibration_error(truth, np.full((1, 4), 0.25)) == pytest.approx(0)
    assert metrics.calibration_error(truth, np.full((1, 4), 0.65)) == pytest.approx(0.4)
