"""What choices of the training gained, by runs that differ in one setting; the original's recipe.

The runs are trained beforehand by `train` and `refine`, see the Makefile's `ablations`. Everything
is chosen on dev and read once on test.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml.data.dataset import load_books, targets
from ml.errors import InputError
from ml.evaluation import model_page
from ml.evaluation.comparison import TUNED, Rung, at_half, figures, gained, run_logits, tuned
from ml.metrics import Marks
from ml.packaging.scoring import book_probabilities
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL, write_json
from ml.training.records import epochs, training_record
from ml.vocabulary.genres import vocabulary

ORIGINAL_TOKENS = 512


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `preprocess`")
    parser.add_argument("--recipe", type=Path, required=True, help="the original's recipe's run")
    parser.add_argument(
        "--base", type=Path, required=True, help="the run that the others are compared with"
    )
    parser.add_argument(
        "--others", type=Path, nargs="+", required=True, help="runs of other settings than --base"
    )
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the shipped model")
    parser.add_argument(
        "--out", type=Path, default=model_page.DOCUMENT, help="the page; the results go beside it"
    )


def run(args: argparse.Namespace) -> int:
    """Write `ablations.json` and renew the page."""
    runs = named(args.base, args.others)
    measure = Ablations(args.data, Predictor.load(args.model))
    result = {
        "recipe": measure.recipe(args.recipe),
        "short": measure.short(runs),
    }
    write_json(args.out.with_name(model_page.ABLATIONS), result)
    print(model_page.write(args.out))
    return 0


class Ablations:
    """The held-out books, and what runs make of them over the shipped model's original labels."""

    def __init__(self, data: Path, shipped: Predictor) -> None:
        self.shipped = shipped
        self.books = {split: load_books(data, split) for split in ("dev", "test")}
        self.original = np.array([vocabulary()[label.name].original for label in shipped.labels])
        self.names = [
            label.name
            for label, original in zip(shipped.labels, self.original, strict=True)
            if original
        ]
        self.dev, self.test = (
            targets(self.books[split], self.names).astype(bool) for split in ("dev", "test")
        )

    def recipe(self, folder: Path) -> dict[str, Any]:
        """Measure the original's recipe as the original reads and decides, then as we decide.

        Last comes the shipped model; and all of it once more on the test books of the original's
        own list.
        """
        logits = run_logits(folder, self.books, self.names, ORIGINAL_TOKENS, title_share=0)
        rungs = [
            at_half(logits, "the original's recipe"),
            tuned(logits, self.dev, f"the same, {TUNED}"),
            self._as_shipped(),
        ]
        every = np.ones(len(self.test), dtype=bool)
        listed = np.array([bool(book.get("seed_list")) for book in self.books["test"]])
        rows = self._steps(rungs, every)
        if listed.any():
            where = f"on the {listed.sum()} test books of the original's list"
            named = [rung._replace(name=f"{rung.name}, {where}") for rung in rungs]
            rows += self._steps(named, listed)
        record = training_record(folder)
        return {"train_books": record["books"], "epochs": epochs(record), "rows": rows}

    def short(self, runs: Mapping[str, Path]) -> dict[str, Any]:
        """Measure runs against the first, with titles and without, reading as they were trained."""
        record = training_record(next(iter(runs.values())))
        tokens = record["settings"]["max_tokens"]
        result: dict[str, Any] = {"train_books": record["books"], "epochs": epochs(record)}
        for key, title_share in (("with_title", 1), ("without_title", 0)):
            rungs = [
                tuned(
                    run_logits(folder, self.books, self.names, tokens, title_share), self.dev, name
                )
                for name, folder in runs.items()
            ]
            result[key] = [
                figures(self.test, rungs[0]),
                *(
                    figures(self.test, rung) | {"gained": gained(self.test, rungs[0], rung)}
                    for rung in rungs[1:]
                ),
            ]
        return result

    def _as_shipped(self) -> Rung:
        p = book_probabilities(self.shipped, self.books["test"], with_title=False)
        cuts = np.array([label.threshold for label in self.shipped.labels])
        return Rung(f"the shipped model, {self.shipped.version}", p, p >= cuts).of(self.original)

    def _steps(self, rungs: Sequence[Rung], books: Marks) -> list[dict[str, Any]]:
        truth = self.test[books]
        parts = [Rung(name, scores[books], decided[books]) for name, scores, decided in rungs]
        rows = [figures(truth, part) for part in parts]
        for row, part, before in zip(rows[1:], parts[1:], parts, strict=False):
            row["gained"] = gained(truth, before, part)
        return rows


def named(base: Path, others: Sequence[Path]) -> dict[str, Path]:
    """Return runs by what sets them apart from the first.

    Raises:
        InputError: a run is not finished, or differs from the first in nothing.
    """
    first = training_record(base)
    changed = {_changed(first, training_record(folder)): folder for folder in others}
    return {"as the model is trained": base} | changed


def _changed(base: dict[str, Any], other: dict[str, Any]) -> str:
    """Say in which settings a run differs from another."""
    ours, theirs = base["settings"], other["settings"]
    changed = [
        f"`{name}` {theirs.get(name)} instead of {ours.get(name)}"
        for name in dict.fromkeys([*ours, *theirs])
        if ours.get(name) != theirs.get(name)
    ]
    if not changed:
        raise InputError("--others: a run has the same settings as --base; nothing to compare")
    return ", ".join(changed)
