"""The label of nearest meaning to a genre's name that no table knows, such as "shipwrecks".

Two readings of the name have to agree: how near the encoder's state for it is to that for the
label's own name, and how probable the model finds the label for a blurb that says only the name.
Imports numpy and nothing heavier.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ml.serving.model_folder import ModelError
from ml.serving.prediction import SHELF, Label

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


class Reader(Protocol):
    """What a name is read by: a loaded model."""

    folder: Path
    labels: tuple[Label, ...]

    def score_and_embed(self, text: str) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return the probabilities [labels] of a text and its unit vector [width]."""
        ...


class NearestLabel:
    """Finds the label of nearest meaning; `known_genres.resolve` takes it as its last resort.

    The vectors are read when the first name comes. Safe to use from several threads.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._tellable = [
            column
            for column, label in enumerate(reader.labels)
            if label.facet != SHELF and label.name not in BROAD
        ]

    def __call__(self, name: str) -> str | None:
        """Return the label of nearest meaning to a genre's name, or None where none is near."""
        label, near = self.best(name)
        return label if near >= LEAST else None

    def best(self, name: str) -> tuple[str, float]:
        """Return the label of nearest meaning and how near it is, see `nearness`."""
        probabilities, vector = self._reader.score_and_embed(name)
        near = nearness(self._vectors, vector, probabilities)
        column = max(self._tellable, key=lambda column: near[column])
        return self._reader.labels[column].name, float(near[column])

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        try:
            return load(self._reader.folder)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{self._reader.folder / FILE}: cannot be read ({error}); "
                "`python -m ml calibrate` writes it"
            ) from error
