"""Multi-label measures, on scores or on decisions; each is a plain function of two arrays.

Arrays are [books, labels]; `truth` holds 0 and 1.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]
Marks = NDArray[np.bool_]


def micro_f1(truth: Marks, decided: Marks) -> float:
    """F1 over all decisions of all labels at once."""
    return _f1((truth & decided).sum(), truth.sum(), decided.sum())


def label_f1(truth: Marks, decided: Marks) -> NDArray[np.float64]:
    """F1 of each label; 0 where nothing is right, also for a label without a book."""
    both, either = (truth & decided).sum(0), truth.sum(0) + decided.sum(0)
    return np.where(either > 0, 2 * both / np.maximum(either, 1), 0.0)


def macro_f1(truth: Marks, decided: Marks) -> float:
    """Mean of the labels' F1."""
    return float(label_f1(truth, decided).mean())


def samples_f1(truth: Marks, decided: Marks) -> float:
    """Mean of the books' F1."""
    return float(label_f1(truth.T, decided.T).mean())


def average_precision(truth: Marks, scores: Scores) -> NDArray[np.float64]:
    """Average precision of each label; NaN for a label without a book.

    Ties count as scikit-learn's `average_precision_score` counts them.
    """
    result = np.full(truth.shape[1], np.nan)
    for label in range(truth.shape[1]):
        order = np.argsort(-scores[:, label], kind="stable")
        hits, values = truth[order, label], scores[order, label]
        if not hits.any():
            continue
        last = np.append(values[1:] != values[:-1], True)
        true_positives = np.cumsum(hits)[last]
        precision = true_positives / (np.flatnonzero(last) + 1)
        gained = np.diff(true_positives, prepend=0)
        result[label] = (precision * gained).sum() / hits.sum()
    return result


def mean_average_precision(truth: Marks, scores: Scores) -> float:
    """Mean of the labels' average precision, over labels that have a book."""
    return float(np.nanmean(average_precision(truth, scores)))


def precision_at(truth: Marks, scores: Scores, k: int) -> float:
    """Mean share of right labels among each book's k best."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.take_along_axis(truth, best, axis=1).mean())


def ndcg_at(truth: Marks, scores: Scores, k: int) -> float:
    """Mean normalised discounted cumulative gain of each book's k best, over books with a label."""
    k = min(k, truth.shape[1])
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    discount = 1 / np.log2(np.arange(2, k + 2))
    gain = (np.take_along_axis(truth, best, axis=1) * discount).sum(1)
    totals = truth.sum(1)
    ideal = np.cumsum(discount)[np.minimum(np.maximum(totals, 1), k) - 1]
    return float((gain / ideal)[totals > 0].mean())


def calibration_error(truth: Marks, probabilities: Scores, bins: int = 15) -> float:
    """Return the expected calibration error over all label probabilities, in equal bins.

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", eq. 3.
    """
    return float(sum(share * abs(p - y) for share, p, y in reliability(truth, probabilities, bins)))


def reliability(
    truth: Marks, probabilities: Scores, bins: int = 15
) -> list[tuple[float, float, float]]:
    """Return (share of all pairs, mean probability, share true) of each bin that is not empty."""
    flat, hits = probabilities.ravel(), truth.ravel()
    which = np.minimum((flat * bins).astype(int), bins - 1)
    count = np.bincount(which, minlength=bins)
    mean_p = np.bincount(which, weights=flat, minlength=bins)
    mean_y = np.bincount(which, weights=hits, minlength=bins)
    return [
        (count[i] / len(flat), mean_p[i] / count[i], mean_y[i] / count[i])
        for i in range(bins)
        if count[i]
    ]


def best_global_threshold(truth: Marks, probabilities: Scores) -> float:
    """Return the one threshold for all labels that gives the best micro-F1."""
    return best_threshold(truth.ravel(), probabilities.ravel())


def best_threshold(truth: NDArray[np.bool_], probabilities: NDArray[np.floating]) -> float:
    """Return the threshold of the best F1 on these books, midway between the scores it parts."""
    order = np.argsort(-probabilities, kind="stable")
    p = probabilities[order]
    f1 = 2 * np.cumsum(truth[order]) / (np.arange(1, len(p) + 1) + truth.sum())
    f1[:-1][p[:-1] == p[1:]] = -1
    best = int(np.argmax(f1))
    below = p[best + 1] if best + 1 < len(p) else 0.0
    return float((p[best] + below) / 2)


def resampled(books: int, draws: int) -> list[NDArray[np.int64]]:
    """Return the rows of so many bootstrap samples over books, the same at every call."""
    rng = np.random.default_rng(0)
    return [rng.integers(0, books, books) for _ in range(draws)]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the middle 95 % of a measure over bootstrap samples."""
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def _f1(both: int, truth: int, decided: int) -> float:
    return float(2 * both / (truth + decided)) if truth + decided else 0.0
