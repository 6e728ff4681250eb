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

    def score(book: dict[str, Any]) -> NDArray[np.float32]:
        return predictor.logits(book["description"], book["title"] if with_title else "")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = pool.map(score, books)
        return np.stack(
            list(tqdm(rows, total=len(books), desc="scoring", unit=" books", disable=None))
        )
