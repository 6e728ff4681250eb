"""Stage 3, the wide part: one weight a label for every frequent word piece and pair of them.

A logistic regression over sublinear TF-IDF holds what a small encoder does not learn in a few
epochs: names, places, publishers' phrases. It is a table look-up, and exactly additive.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer
from tqdm import tqdm

from ml import metrics
from ml.dataset import BlurbDataset, known, load_books, targets
from ml.errors import InputError
from ml.settings import settings

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


def frequent(texts: Sequence[Keys], features: int, least: int) -> tuple[Keys, NDArray[np.float32]]:
    """Return the keys that most texts hold, sorted, and their idf (scikit-learn's, smoothed)."""
    found, count = np.unique(
        np.concatenate([np.unique(text) for text in texts]), return_counts=True
    )
    order = np.argsort(-count, kind="stable")[:features]
    order = np.sort(order[count[order] >= least])
    idf = np.log((1 + len(texts)) / (1 + count[order])) + 1
    return found[order], idf.astype(np.float32)


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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options; the defaults are those of settings.toml."""
    defaults = settings("wide")
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `preprocess`")
    parser.add_argument(
        "--run",
        dest="folder",
        type=Path,
        required=True,
        help="the run's folder, for its tokenizer; wide.safetensors is written there",
    )
    parser.add_argument("--features", type=int, default=defaults["features"])
    parser.add_argument("--least-books", type=int, default=defaults["least_books"])
    parser.add_argument("--c", type=float, default=defaults["c"], help="inverse of the L2 strength")
    parser.add_argument("--seed", type=int, default=settings("train")["seed"])


def run(args: argparse.Namespace) -> int:
    """Fit one logistic regression a label and write `wide.safetensors`."""
    path = args.folder / "tokenizer.json"
    if not path.exists():
        raise InputError(f"{path}: not there; run `python -m ml train` into this folder first")
    tokenizer = Tokenizer.from_file(str(path))
    labels = json.loads((args.folder / "labels.json").read_text(encoding="utf-8"))
    books, dev = load_books(args.data, "train"), load_books(args.data, "dev")
    max_tokens, title_share = settings("export")["max_tokens"], settings("train")["title_share"]
    size = tokenizer.get_vocab_size()
    texts = token_ids(BlurbDataset(books, tokenizer, max_tokens, title_share, args.seed))
    keyed = [ngrams(ids, size) for ids in texts]
    keys, idf = frequent(keyed, args.features, args.least_books)
    matrix = tfidf(keyed, keys, idf)
    truth = targets(books, labels)
    certain = known(books, labels, settings("train")["partial_origins"])
    wide = Wide(size, keys, idf, *fit(matrix, truth, certain, args.c))
    wide.save(args.folder / "wide.safetensors")
    scores = wide.logits(token_ids(BlurbDataset(dev, tokenizer, max_tokens, title_share=1)))
    found = metrics.mean_average_precision(targets(dev, labels).astype(bool), scores)
    print(f"{len(keys)} features; mAP on dev, with title: {found:.4f}")
    return 0


def token_ids(dataset: BlurbDataset) -> list[list[int]]:
    """Return every text's token ids without the special ones."""
    return [dataset[index][0][1:-1] for index in range(len(dataset))]


def fit(
    matrix: csr_matrix, truth: NDArray[np.float32], certain: NDArray[np.float32], c: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Fit each label on the books where it is known; return weights [features, labels] and bias."""
    weights = np.zeros((matrix.shape[1], truth.shape[1]), dtype=np.float32)
    bias = np.zeros(truth.shape[1], dtype=np.float32)
    for label in tqdm(range(truth.shape[1]), desc="fitting", unit=" labels", disable=None):
        rows = np.flatnonzero(certain[:, label])
        model = LogisticRegression(C=c, solver="liblinear", dual=True, tol=0.02, max_iter=200)
        model.fit(matrix[rows], truth[rows, label])
        weights[:, label], bias[label] = model.coef_[0], model.intercept_[0]
    return weights, bias
