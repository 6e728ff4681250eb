"""The logistic function, with numpy alone: serving has no scipy."""

import numpy as np
from numpy.typing import NDArray


def sigmoid(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return probabilities of the shape of `logits`, in double precision and without overflow."""
    bounded = np.clip(np.asarray(logits, dtype=np.float64), -60, 60)
    probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-bounded))
    return probabilities
