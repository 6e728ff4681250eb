"""Can a description say more of a cover's colours than its genres? A trial, see docs/hues.md.

    python -m benchmarks.hue_text --covers covers.jsonl.gz --books books.jsonl.gz

Joins scanned covers to blurbs by title and author and lets the shipped model predict the blurbs'
genres. On folds cut by author it then scores, on covers that no fit has seen: the constant palette,
the genre palette without and with `AGREEMENT`, and the latter with a ridge head from the encoder's
pooled state to colours on top. Each is given beside the one before it, with 95 % intervals.
"""

import argparse
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from ml.data.rows import read_rows
from ml.hue_fitting.build import PSEUDO_COVERS
from ml.hue_fitting.covers import Cover, author_key, read_covers, title_key, with_book_genres
from ml.hue_fitting.evaluate import Values, auc, recall, report
from ml.hue_fitting.fitting import add_up, expected, fit, sample
from ml.hue_fitting.folds import folds, groups
from ml.hues.names import HUES
from ml.hues.table import HueTable
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL
from ml.serving.text import clean_description, clean_title, compose

RIDGE = 300.0
SCALE = 8.0
"""A unit vector's 384 values are near 0.05; the ridge is set for values near 0.4."""
METHODS = ("constant", "mean of the genres", "genres that agree", "genres and text")

Array = NDArray[np.float64]
Book = tuple[str, str]


class Read(NamedTuple):
    """What the model makes of one blurb."""

    weights: dict[str, float]
    """Of its palette: the probabilities of the genres decided on, or of the best guesses."""
    state: NDArray[np.float32]
    """[width] of unit length."""


def read_blurbs(predictor: Predictor, path: Path, wanted: set[Book]) -> dict[Book, Read]:
    """Run the model on the blurbs of the wanted books, on every core."""
    found: dict[Book, tuple[str, str]] = {}
    for row in read_rows(str(path)):
        title, author = str(row.fields["title"]), str(row.fields.get("author") or "")
        book = (title_key(title), author_key(author))
        if book in wanted:
            found[book] = (str(row.fields["description"]), title)

    def read(text: tuple[str, str]) -> Read:
        description, title = text
        prediction = predictor.predict(description, title)
        state = predictor.embed(compose(clean_title(title), clean_description(description)))
        return Read(prediction.weights, state)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = tqdm(pool.map(read, found.values()), total=len(found), disable=None)
        return dict(zip(found, results, strict=True))


def head(state: Array, offset: Array, area: Array) -> Array:
    """Fit [width, 61] by L-BFGS: area ~ softmax(log offset + state @ head), ridge on the head."""
    x, y = torch.tensor(state, dtype=torch.float32), torch.tensor(area, dtype=torch.float32)
    fixed = torch.tensor(np.log(np.maximum(offset, 1e-6)), dtype=torch.float32)
    weight = torch.zeros(x.shape[1], y.shape[1], requires_grad=True)
    solver = torch.optim.LBFGS([weight], max_iter=40, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        solver.zero_grad()
        fitted = torch.log_softmax(fixed + x @ weight, 1)
        value = (RIDGE * (weight**2).sum() - (y * fitted).sum()) / len(x)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    solver.step(loss)  # type: ignore[no-untyped-call]
    result: Array = weight.detach().numpy().astype(np.float64)
    return result


def mean_lift(table: HueTable, weights: dict[str, float]) -> Array:
    """Return [61] the weighted mean of the genres' log lifts as a lift: no word on agreement."""
    logs = np.log([table.lifts[name] for name in weights])
    lift: Array = np.exp(np.average(logs, axis=0, weights=list(weights.values())))
    return lift


def cross_validate(
    covers: Sequence[Cover], enriched: Sequence[Cover], read: dict[Book, Read]
) -> tuple[dict[str, Values], list[str]]:
    """Return each method's measures on every scanned cover with a blurb, and the covers' groups."""
    books = [(title_key(cover.title), author_key(cover.author)) for cover in covers]
    joined = np.array([book in read for book in books])
    data, fold, group = sample(enriched), folds(covers), np.array(groups(covers))
    states = np.stack([read[book].state for book in books if book in read]).astype(np.float64)
    centred = np.zeros((len(covers), states.shape[1]))
    centred[joined] = (states - states.mean(axis=0)) * SCALE
    mean, scored = expected(data), joined & data.measured
    values: dict[str, list[Values]] = {method: [] for method in METHODS}
    held_out: list[str] = []
    for number in range(int(fold.max()) + 1):
        rest, held = fold != number, scored & (fold == number)
        sums = add_up(data.part(rest))
        table = HueTable(sums.base, sums.seen, fit(sums, PSEUDO_COVERS), {}, {}, {})
        train = rest & joined
        lifts = {method: np.ones(data.area.shape) for method in METHODS}
        for row in np.flatnonzero(joined):
            weights = read[books[row]].weights
            lifts["mean of the genres"][row] = mean_lift(table, weights)
            lifts["genres that agree"][row] = table.distribution(weights) / table.base
        start = lifts["genres that agree"]
        weight = head(centred[train], (start * mean)[train], data.area[train])
        lifts["genres and text"] = start * np.exp(centred @ weight)
        for method in METHODS:
            shares = table.base * lifts[method][held]
            shares /= shares.sum(axis=1, keepdims=True)
            values[method].append(measures(table, shares, data.area[held], data.notable[held]))
        held_out += group[held].tolist()
    return {method: _joined(parts) for method, parts in values.items()}, held_out


def measures(table: HueTable, shares: Array, area: Array, notable: NDArray[np.bool_]) -> Values:
    """Return the measures of `ml.hue_fitting.evaluate` for shares [n, 61]."""
    order = table.frequency(shares)
    return {
        "recall_at_5": recall(order, notable, 5),
        "recall_at_10": recall(order, notable, 10),
        "log_likelihood": (area * np.log(shares)).sum(axis=1),
        "over_representation_auc": auc((shares / table.base)[:, : len(HUES)], notable),
    }


def _joined(parts: list[Values]) -> Values:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def main() -> None:
    """Run the trial; print and write its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--covers", type=Path, required=True)
    parser.add_argument("--books", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--output", type=Path, default=Path("docs/hue-text.json"))
    args = parser.parse_args()
    covers = read_covers(args.covers)
    wanted = {(title_key(cover.title), author_key(cover.author)) for cover in covers}
    predictor = Predictor.load(args.model)
    read = read_blurbs(predictor, args.books, {book for book in wanted if book[1]})
    values, group = cross_validate(covers, with_book_genres(covers, args.books), read)
    result: dict[str, object] = {"covers": len(group), "model": predictor.version}
    for before, method in zip((METHODS[0], *METHODS), METHODS, strict=False):
        found = report({"genre": values[method], "constant": values[before]}, group)
        result[method] = {"figures": found["genre"], "over_the_line_before": found["gain"]}
    text = json.dumps(result, indent=1) + "\n"
    args.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
