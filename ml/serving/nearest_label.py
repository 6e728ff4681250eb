"""The label of nearest meaning to a genre's name that no table knows, such as "shipwrecks".

Two readings of the name have to agree: how near the encoder's state for it is to that for the
label's own name, and how probable the model finds the label for a blurb that says only the name.
Imports numpy and nothing heavier.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = "label_vectors.npy"
LEAST = 0.65
"""Of cosine times probability; `python -m benchmarks.known_genres` measures what it lets by."""
BROAD = frozenset({"Fiction", "Literature", "Nonfiction"})
"""Labels that fit nearly any name, and so say nothing of it."""


def save(folder: Path, vectors: Sequence[NDArray[np.float32]]) -> None:
    """Write the labels' unit vectors [width] in half precision, in the order of the labels."""
    np.save(folder / FILE, np.stack(vectors).astype(np.float16))


def load(folder: Path) -> NDArray[np.float32]:
    """Read what `save` wrote: [labels, width].

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no such file.
    """
    vectors: NDArray[np.float32] = np.load(folder / FILE, allow_pickle=False).astype(np.float32)
    return vectors


def nearness(
    vectors: NDArray[np.float32], state: NDArray[np.float32], probabilities: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return [labels] how near a name is to each label: cosine times probability.

    Args:
        vectors: [labels, width] of unit length.
        state: [width] of unit length, of the name.
        probabilities: [labels] of the name read as a blurb.
    """
    near: NDArray[np.float64] = (vectors @ state).astype(np.float64) * probabilities
    return near
