"""Stage 3, `wide`: fit the table of word pieces by one logistic regression a label."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer
from tqdm import tqdm

from ml import metrics
from ml.data.dataset import BlurbDataset, known, load_books, targets, token_ids
from ml.errors import InputError
from ml.network.ngram_table import Keys, Wide, ngrams, tfidf
from ml.settings import settings


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


def frequent(texts: Sequence[Keys], features: int, least: int) -> tuple[Keys, NDArray[np.float32]]:
    """Return the keys that most texts hold, sorted, and their idf (scikit-learn's, smoothed)."""
    found, count = np.unique(
        np.concatenate([np.unique(text) for text in texts]), return_counts=True
    )
    order = np.argsort(-count, kind="stable")[:features]
    order = np.sort(order[count[order] >= least])
    idf = np.log((1 + len(texts)) / (1 + count[order])) + 1
    return found[order], idf.astype(np.float32)
