"""Books as token ids and label targets, and batches of texts of like length."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.utils.data import Dataset, Sampler

from ml.data.pruning import is_word_piece
from ml.errors import InputError
from ml.serving.tokenizing import cut, ends, padding


def load_books(path: Path, split: str | None = None) -> list[dict[str, Any]]:
    """Read preprocessed books, all or those of one split.

    Raises:
        InputError: the file is missing or holds no book of the split.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            books = [json.loads(line) for line in file]
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: expected the output of `python -m ml preprocess` ({error})"
        ) from error
    chosen = [book for book in books if split is None or book.get("split") == split]
    if not chosen:
        raise InputError(f'{path}: no book with "split": "{split}"')
    return chosen


def targets(books: Sequence[dict[str, Any]], labels: Sequence[str]) -> NDArray[np.float32]:
    """Return the label matrix [books, labels] of 0 and 1."""
    column = {label: index for index, label in enumerate(labels)}
    matrix = np.zeros((len(books), len(labels)), dtype=np.float32)
    for row, book in enumerate(books):
        for genre in book["genres"]:
            if genre in column:
                matrix[row, column[genre]] = 1
    return matrix


def known(
    books: Sequence[dict[str, Any]],
    labels: Sequence[str],
    partial_origins: Sequence[str],
    least_share: float = 0.05,
) -> NDArray[np.float32]:
    """Return [books, labels] of 1 where a missing label means something and 0 where it cannot.

    An origin that never gives a label (Goodreads pages of one layout show no sub-genres) says
    nothing against it. For the named origins, a label is unknown that occurs in them less than
    `least_share` as often as in all the others.
    """
    result = np.ones((len(books), len(labels)), dtype=np.float32)
    origins = np.array([book.get("origin", "") for book in books])
    matrix = targets(books, labels)
    for origin in partial_origins:
        inside = origins == origin
        if not inside.any():
            continue
        share, elsewhere = matrix[inside].mean(0), matrix[~inside].mean(0)
        result[np.ix_(inside, share < least_share * elsewhere)] = 0
    return np.maximum(result, matrix)


class BlurbDataset(Dataset[tuple[list[int], int]]):
    """Token ids of each book, with its title or without: a coin tossed anew each epoch.

    Args:
        books: preprocessed books.
        tokenizer: the model's tokenizer.
        max_tokens: longest text, special tokens included.
        title_share: share of the books that show their title; 0 and 1 are constant.
        seed: of the coin.
    """

    def __init__(
        self,
        books: Sequence[dict[str, Any]],
        tokenizer: Tokenizer,
        max_tokens: int,
        title_share: float,
        seed: int = 0,
    ) -> None:
        self.max_tokens = max_tokens
        self.title_share = title_share
        self.seed = seed
        self.epoch = 0
        self.cls, self.sep = ends(tokenizer)
        self.padding = padding(tokenizer)
        titles = [f"{book['title']}:" if book["title"] else "" for book in books]
        self.titles = _ids(tokenizer, titles)
        self.descriptions = _ids(tokenizer, [book["description"] for book in books])
        # A byte-level tokenizer tells a word after a space from one that begins the text.
        self.after_title = self.descriptions
        if not is_word_piece(tokenizer):
            self.after_title = _ids(tokenizer, [f" {book['description']}" for book in books])

    def __len__(self) -> int:
        return len(self.descriptions)

    def lengths(self) -> NDArray[np.int64]:
        """Return each text's length in tokens, by which batches are made."""
        return np.array([min(len(ids) + 2, self.max_tokens) for ids in self.descriptions])

    def __getitem__(self, index: int) -> tuple[list[int], int]:
        coin = np.random.default_rng((self.seed, self.epoch, index)).random()
        titled = bool(self.titles[index]) and coin < self.title_share
        text = self.titles[index] + self.after_title[index] if titled else self.descriptions[index]
        ids = cut(text, self.max_tokens - 2)
        return [self.cls, *ids, self.sep], index

    def collate(self, items: list[tuple[list[int], int]]) -> tuple[Tensor, Tensor, Tensor]:
        """Pad; return ids and mask [batch, tokens] and the books' indices [batch]."""
        longest = max(len(ids) for ids, _ in items)
        ids = torch.full((len(items), longest), self.padding, dtype=torch.long)
        mask = torch.zeros(len(items), longest, dtype=torch.long)
        for row, (tokens, _) in enumerate(items):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = 1
        return ids, mask, torch.tensor([index for _, index in items])


def _ids(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    return [found.ids for found in tokenizer.encode_batch(texts, add_special_tokens=False)]


class LengthBatchSampler(Sampler[list[int]]):
    """Batches of texts of like length, in an order that the seed and the epoch fix.

    Texts are shuffled, sorted by length within pools of `pool` batches, and the batches
    shuffled again; so little is padded and the order stays random.
    """

    def __init__(self, lengths: NDArray[np.int64], batch: int, seed: int, pool: int = 64) -> None:
        self.lengths, self.batch, self.seed, self.pool = lengths, batch, seed, pool
        self.epoch = 0
        self.skip = 0  # batches of this epoch that were done before a resume

    def __len__(self) -> int:
        return -(-len(self.lengths) // self.batch)

    def __iter__(self) -> Iterator[list[int]]:
        rng = np.random.default_rng((self.seed, self.epoch))
        order = rng.permutation(len(self.lengths))
        size = self.batch * self.pool
        batches: list[list[int]] = []
        for start in range(0, len(order), size):
            pool = order[start : start + size]
            pool = pool[np.argsort(self.lengths[pool], kind="stable")]
            batches += [pool[i : i + self.batch].tolist() for i in range(0, len(pool), self.batch)]
        shuffled = rng.permutation(len(batches))
        yield from (batches[i] for i in shuffled[self.skip :])


def label_counts(books: Sequence[dict[str, Any]]) -> Counter[str]:
    """Count the books of each label."""
    return Counter(genre for book in books for genre in book["genres"])


def token_ids(dataset: BlurbDataset) -> list[list[int]]:
    """Return every text's token ids without the special ones."""
    return [dataset[index][0][1:-1] for index in range(len(dataset))]
