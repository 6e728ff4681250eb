"""The table of word pieces: one weight a label for every frequent piece and pair of them.

A logistic regression over sublinear TF-IDF holds what a small encoder does not learn in a few
epochs: names, places, publishers' phrases. It is a table look-up, and exactly additive.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix

from ml.errors import InputError

Keys = NDArray[np.int64]


class Wide:
    """Features and their weights.

    Attributes:
        vocab_size: V, of the tokenizer; a pair (a, b) has the key `V + a * V + b`.
        keys: [features] sorted keys of word pieces and pairs.
        idf: [features] inverse document frequencies.
        weights: [features, labels].
        bias: [labels].
    """

    def __init__(
        self,
        vocab_size: int,
        keys: Keys,
        idf: NDArray[np.float32],
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> None:
        self.vocab_size, self.keys, self.idf = vocab_size, keys, idf
        self.weights, self.bias = weights, bias

    @classmethod
    def load(cls, path: Path) -> "Wide":
        """Read what `save` wrote."""
        try:
            data = load_file(path)
        except OSError as error:
            raise InputError(f"{path}: cannot be read; run `python -m ml wide` first") from error
        return cls(
            int(data["vocab_size"][0]), *(data[n] for n in ("keys", "idf", "weights", "bias"))
        )

    def save(self, path: Path) -> None:
        """Write the arrays as safetensors."""
        arrays: dict[str, NDArray[Any]] = {
            "vocab_size": np.array([self.vocab_size], dtype=np.int64),
            "keys": self.keys,
            "idf": self.idf,
            "weights": self.weights,
            "bias": self.bias,
        }
        save_file(arrays, path)

    def logits(self, texts: Iterable[Sequence[int]]) -> NDArray[np.float32]:
        """Return [texts, labels] from token ids without special tokens."""
        matrix = tfidf([ngrams(ids, self.vocab_size) for ids in texts], self.keys, self.idf)
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float32)

    def strongest(self, features: int) -> "Wide":
        """Keep the features whose weights matter most (largest norm of idf times weights)."""
        norms = np.linalg.norm(self.weights * self.idf[:, None], axis=1)
        kept = np.sort(np.argsort(-norms, kind="stable")[:features])
        return Wide(self.vocab_size, self.keys[kept], self.idf[kept], self.weights[kept], self.bias)


def ngrams(ids: Sequence[int], vocab_size: int) -> Keys:
    """Return the keys of a text's word pieces, then of its pairs of neighbours."""
    pieces = np.asarray(ids, dtype=np.int64)
    return np.concatenate([pieces, vocab_size + pieces[:-1] * vocab_size + pieces[1:]])


def tfidf(texts: Sequence[Keys], keys: Keys, idf: NDArray[np.float32]) -> csr_matrix:
    """Return rows of (1 + ln tf) * idf, each scaled to unit length."""
    indices, values, ends = [], [], [0]
    for text in texts:
        found, count = np.unique(text, return_counts=True)
        where = np.minimum(np.searchsorted(keys, found), len(keys) - 1)
        hit = keys[where] == found
        column = where[hit]
        value = (1 + np.log(count[hit])) * idf[column]
        indices.append(column)
        values.append(value / max(float(np.linalg.norm(value)), 1e-9))
        ends.append(ends[-1] + len(column))
    flat = np.concatenate(values).astype(np.float32)
    return csr_matrix((flat, np.concatenate(indices), ends), shape=(len(texts), len(keys)))
