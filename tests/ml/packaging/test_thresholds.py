import numpy as np
import pytest

from ml.metrics import best_threshold
from ml.packaging.calibrate import fit
from ml.packaging.thresholds import expected_threshold, thresholds


def test_the_best_threshold_parts_the_books_where_f1_is_best() -> None:
    truth = np.array([True, True, False, True, False, False])
    p = np.array([0.9, 0.8, 0.6, 0.5, 0.3, 0.1])
    assert best_threshold(truth, p) == pytest.approx(0.4)


def test_a_threshold_never_parts_equal_scores() -> None:
    truth = np.array([True, False, True, False])
    assert best_threshold(truth, np.full(4, 0.5)) == pytest.approx(0.25)


def test_the_expected_threshold_is_half_the_best_expected_f1() -> None:
    # Lipton et al. 2014: the optimal threshold is half the optimal F1.
    p = np.sort(np.random.default_rng(0).beta(0.3, 2, 20_000))[::-1]
    f1 = 2 * np.cumsum(p) / (p.sum() + np.arange(1, len(p) + 1))
    assert expected_threshold(p) == pytest.approx(f1.max() / 2, abs=1e-3)


def test_labels_with_few_books_follow_the_expectation_more() -> None:
    rng = np.random.default_rng(1)
    p = rng.beta(0.5, 2, (400, 1))
    truth = rng.random(p.shape) < p
    own, expected = best_threshold(truth[:, 0], p[:, 0]), expected_threshold(p[:, 0])
    distances = [abs(thresholds(truth, p, k, 0.0)[0] - expected) for k in (0.0, 20.0, 2000.0)]
    assert distances[0] == pytest.approx(abs(own - expected))
    assert distances[0] > distances[1] > distances[2]


def test_calibration_mends_scale_and_shift_of_each_label() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(-1, 2, (20_000, 2))
    true_p = 1 / (1 + np.exp(-(logits * [0.5, 1.5] + [1.0, -1.0])))
    calibration = fit(logits, rng.random(logits.shape) < true_p, prior=1.0)
    assert calibration.scale == pytest.approx([0.5, 1.5], abs=0.08)
    assert calibration.shift == pytest.approx([1.0, -1.0], abs=0.12)


def test_a_label_without_books_keeps_the_common_calibration() -> None:
    rng = np.random.default_rng(3)
    logits = rng.normal(-1, 2, (2000, 3))
    truth = rng.random(logits.shape) < 1 / (1 + np.exp(-logits))
    truth[:, 2] = False
    calibration = fit(logits, truth, prior=50.0)
    assert np.isfinite(calibration.scale).all()
    assert calibration.probabilities(logits)[:, 2].mean() < 0.1
