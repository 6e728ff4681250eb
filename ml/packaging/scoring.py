"""Scores of many books through the predictor, on every core."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from ml.predictor import Predictor


def book_logits(
    predictor: Predictor, books: Sequence[dict[str, Any]], with_title: bool
) -> NDArray[np.float32]:
    """Return uncalibrated scores [books, labels]; one text at a time on each core."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = pool.map(lambda texts: predictor.logits(*texts), _texts(books, with_title))
        return np.stack(
            list(tqdm(rows, total=len(books), desc="scoring", unit=" books", disable=None))
        )


def book_lengths(
    predictor: Predictor, books: Sequence[dict[str, Any]], with_title: bool
) -> NDArray[np.int64]:
    """Return how many tokens of each book's text are read [books]."""
    return np.array([predictor.length(*texts) for texts in _texts(books, with_title)])


def book_probabilities(
    predictor: Predictor, books: Sequence[dict[str, Any]], with_title: bool
) -> NDArray[np.float64]:
    """Return the probabilities [books, labels] that the predictor answers with."""
    return predictor.calibrate(
        book_logits(predictor, books, with_title), book_lengths(predictor, books, with_title)
    )


def _texts(books: Sequence[dict[str, Any]], with_title: bool) -> list[tuple[str, str]]:
    return [(book["description"], book["title"] if with_title else "") for book in books]
