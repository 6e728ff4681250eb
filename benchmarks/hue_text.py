"""Can a description say more of a cover's colours than its genre? A trial, see docs/hues.md.

    python -m benchmarks.hue_text --covers covers.jsonl.gz --books books.jsonl.gz

Joins covers to blurbs by title and author, embeds the blurbs with the plain encoder and fits a
ridge head from the pooled state to colours on top of the genre palette, on folds cut by author.
Prints each method's recall within 5 and 10 guesses and its log-likelihood on the scanned covers.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel, AutoTokenizer

from ml.encoder import DEFAULT_ENCODER, encoder_path
from ml.hues.build import PSEUDO_COVERS
from ml.hues.covers import author_key, read_covers, title_key, with_book_genres
from ml.hues.evaluate import recall
from ml.hues.folds import folds
from ml.hues.sample import Sample, add_up, expected, fit, sample
from ml.hues.table import HueTable
from ml.rows import read_rows
from ml.text import clean_description, clean_title, compose

RIDGES = (100.0, 300.0, 1000.0)
SCALE = 8.0
"""A unit vector's 384 values are near 0.05; the ridge is set for values near 0.4."""


def texts(path: Path) -> dict[tuple[str, str], str]:
    """Return title and author -> what the encoder reads."""
    found = {}
    for row in read_rows(str(path)):
        title, author = str(row.fields["title"]), str(row.fields.get("author") or "")
        if author:
            text = compose(clean_title(title), clean_description(str(row.fields["description"])))
            found[title_key(title), author_key(author)] = text
    return found


@torch.inference_mode()
def embed(blurbs: list[str]) -> NDArray[np.float32]:
    """Return [n, 384] mean states of unit length."""
    name = encoder_path(DEFAULT_ENCODER)
    tokenizer, model = AutoTokenizer.from_pretrained(name), AutoModel.from_pretrained(name).eval()
    result = np.empty((len(blurbs), 384), np.float32)
    order = np.argsort([len(text) for text in blurbs])
    for rows in np.array_split(order, max(1, len(order) // 32)):
        batch = tokenizer(
            [blurbs[row] for row in rows],
            truncation=True,
            max_length=128,
            padding=True,
            return_tensors="pt",
        )
        mask = batch["attention_mask"][..., None]
        mean = (model(**batch).last_hidden_state * mask).sum(1) / mask.sum(1)
        result[rows] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return result


def head(
    state: NDArray[np.float32], offset: NDArray[np.float64], area: NDArray[np.float64], ridge: float
) -> NDArray[np.float32]:
    """Fit [384, 61] by L-BFGS: area ~ softmax(log offset + state @ head), ridge on the head."""
    x, y = torch.tensor(state), torch.tensor(area, dtype=torch.float32)
    fixed = torch.tensor(np.log(np.maximum(offset, 1e-6)), dtype=torch.float32)
    weight = torch.zeros(x.shape[1], y.shape[1], requires_grad=True)
    solver = torch.optim.LBFGS([weight], max_iter=25, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        solver.zero_grad()
        fitted = torch.log_softmax(fixed + x @ weight, 1)
        value = (ridge * (weight**2).sum() - (y * fitted).sum()) / len(x)
        value.backward()
        return value

    solver.step(loss)
    return weight.detach().numpy()


def lifts(table: HueTable, labels: list[tuple[str, ...]]) -> NDArray[np.float64]:
    """Return [n, 61] the lift of each cover's genres."""
    return np.stack([table.distribution(dict.fromkeys(own, 1.0)) / table.base for own in labels])


def main() -> None:
    """Run the trial."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--covers", type=Path, required=True)
    parser.add_argument("--books", type=Path, required=True)
    args = parser.parse_args()
    covers, blurbs = read_covers(args.covers), texts(args.books)
    books = [(title_key(cover.title), author_key(cover.author)) for cover in covers]
    joined = np.array([book in blurbs for book in books])
    state = np.zeros((len(covers), 384), np.float32)
    state[joined] = embed([blurbs[book] for book in books if book in blurbs])
    enriched = with_book_genres(covers, args.books)
    unlabelled = with_book_genres([cover._replace(labels=()) for cover in covers], args.books)
    data, fold = sample(enriched), folds(covers)
    mean, scored = (
        expected(data),
        joined & data.measured & np.array([bool(c.labels) for c in covers]),
    )
    shares: dict[str, NDArray[np.float64]] = {}
    for number in range(5):
        rest = fold != number
        _one_fold(
            data,
            rest,
            scored & ~rest,
            joined,
            state,
            mean,
            shares,
            [cover.labels for cover in covers],
            [cover.labels for cover in unlabelled],
        )
    notable = data.notable[scored]
    print(f"{scored.sum()} covers")
    for name, found in shares.items():
        guess = found[scored, :58] / add_up(data).base[:58] * add_up(data).seen
        at5, at10 = (np.nanmean(recall(guess, notable, count)) for count in (5, 10))
        likelihood = (data.area[scored] * np.log(found[scored])).sum(1).mean()
        print(f"{name:40} {at5:.4f} {at10:.4f} {likelihood:.4f}")


def _one_fold(
    data: Sample,
    rest: NDArray[np.bool_],
    held: NDArray[np.bool_],
    joined: NDArray[np.bool_],
    state: NDArray[np.float32],
    mean: NDArray[np.float64],
    shares: dict[str, NDArray[np.float64]],
    own: list[tuple[str, ...]],
    book: list[tuple[str, ...]],
) -> None:
    """Fit on the rest and fill in the shares of the held-out covers, method by method."""
    sums = add_up(data.part(rest))
    table = HueTable(sums.base, sums.seen, fit(sums, PSEUDO_COVERS), {}, {})
    train = rest & joined
    centred = (state - state[train].mean(axis=0)) * SCALE
    flat, by_book = np.ones(data.area.shape), lifts(table, book)
    found = {"constant": flat, "genre, cover's": lifts(table, own), "genre, book's": by_book}
    for name, start, ridges in (
        ("text alone", flat, RIDGES[1:2]),
        ("book's and text", by_book, RIDGES),
    ):
        for ridge in ridges:
            weight = head(centred[train], (start * mean)[train], data.area[train], ridge)
            found[f"{name}, ridge {ridge:g}"] = start * np.exp(centred @ weight)
    for name, lift in found.items():
        mixed = table.base * lift[held]
        shares.setdefault(name, np.full(data.area.shape, np.nan))[held] = mixed / mixed.sum(
            axis=1, keepdims=True
        )


if __name__ == "__main__":
    main()
