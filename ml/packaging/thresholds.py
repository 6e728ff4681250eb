"""Which labels a book gets: thresholds on calibrated probabilities."""

import numpy as np
from numpy.typing import NDArray

from ml.metrics import Marks, Scores, best_global_threshold, best_threshold

Vector = NDArray[np.float64]


def thresholds(
    truth: Marks, probabilities: Scores, shrinkage: float, micro_weight: float
) -> Vector:
    """Return one threshold a label, steadied twice.

    A label's own best threshold is noise where it has few books, so by their number `n` it is
    drawn towards the one that is best in expectation if the probabilities are right:
    `(n * own + shrinkage * expected) / (n + shrinkage)`. Those favour macro-F1; a part
    `micro_weight` of the one threshold that is best for all labels at once favours micro-F1.

    Args:
        truth: [books, labels].
        probabilities: [books, labels], calibrated.
        shrinkage: in books.
        micro_weight: from 0 to 1.
    """
    books = truth.sum(0)
    own = np.array([best_threshold(t, p) for t, p in zip(truth.T, probabilities.T, strict=True)])
    expected = np.array([expected_threshold(p) for p in probabilities.T])
    steady = (books * own + shrinkage * expected) / (books + shrinkage)
    overall = best_global_threshold(truth, probabilities)
    result: Vector = (1 - micro_weight) * steady + micro_weight * overall
    return result


def expected_threshold(probabilities: NDArray[np.floating]) -> float:
    """Return the threshold of the best F1 if each book had the label with its probability."""
    p = np.sort(probabilities)[::-1]
    f1 = 2 * np.cumsum(p) / (p.sum() + np.arange(1, len(p) + 1))
    return float(p[int(np.argmax(f1))])
