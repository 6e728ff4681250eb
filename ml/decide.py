"""Which labels a book gets: thresholds on probabilities, chosen on held-out books."""

import numpy as np
from numpy.typing import NDArray

from ml.metrics import Marks, Scores


def best_global_threshold(truth: Marks, probabilities: Scores) -> float:
    """Return the one threshold for all labels that gives the best micro-F1."""
    return float(_best_threshold(truth.ravel(), probabilities.ravel()))


def _best_threshold(truth: NDArray[np.bool_], probabilities: NDArray[np.floating]) -> float:
    """Return the threshold of the best F1, midway between the scores it parts."""
    order = np.argsort(-probabilities, kind="stable")
    p = probabilities[order]
    f1 = 2 * np.cumsum(truth[order]) / (np.arange(1, len(p) + 1) + truth.sum())
    f1[:-1][p[:-1] == p[1:]] = -1
    best = int(np.argmax(f1))
    below = p[best + 1] if best + 1 < len(p) else 0.0
    return float((p[best] + below) / 2)
