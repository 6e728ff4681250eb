"""What each part of the model gained, and what is lost when one choice is taken away.

Everything is chosen on dev and read once on test.
"""

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml.data.dataset import BlurbDataset, load_books, targets, token_ids
from ml.evaluation import model_page
from ml.evaluation.comparison import (
    TUNED,
    Logits,
    Rung,
    at_half,
    figures,
    gained,
    run_logits,
    tuned,
)
from ml.metrics import Scores, best_global_threshold
from ml.network.ngram_table import Wide
from ml.packaging.export import quantise
from ml.packaging.scoring import book_lengths, book_logits
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL, write_json, write_sums
from ml.serving.sigmoid import sigmoid
from ml.settings import settings
from ml.training.finished_runs import load_deep
from ml.training.records import epochs, stage, training_record
from ml.vocabulary.genres import vocabulary

INT8 = "both together, INT8 and 4 bits"
SHIPPED = "**shipped**: the same, of short texts less sure"
TABLE, ENCODER = "TF-IDF of word pieces and pairs, logistic regression", "the encoder alone"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `preprocess`")
    parser.add_argument("--run", dest="folder", type=Path, required=True, help="the run's folder")
    parser.add_argument(
        "--earlier", type=Path, nargs="*", default=[], help="the runs that it came from, in order"
    )
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")
    parser.add_argument(
        "--out", type=Path, default=model_page.DOCUMENT, help="the page; its results go beside it"
    )


def run(args: argparse.Namespace) -> int:
    """Write the ladder and the ablations, with titles unless said."""
    candidates = Candidates(args.data, args.model, args.folder)
    rungs = candidates.ladder(args.earlier)
    whole, parts = candidates.taken_away()
    test = candidates.truth["test"][:, candidates.original]
    rows = [figures(test, rung) for rung in rungs]
    for row, rung, before in zip(rows[1:], rungs[1:], rungs, strict=False):
        row["gained"] = gained(test, before, rung)
    result = {
        "version": candidates.predictor.version,
        "books": len(test),
        "rungs": rows,
        "taken_away": [
            figures(test, part) | {"gained": gained(test, whole, part)} for part in parts
        ],
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(args.out.with_suffix(".json"), result)
    print(model_page.write(args.out))
    return 0


class Candidates:
    """The scores of the shipped model, of its parts, and of other ways to build it."""

    def __init__(self, data: Path, model: Path, folder: Path) -> None:
        self.folder = folder
        self.model = model
        self.predictor = Predictor.load(model)
        self.books = {name: load_books(data, name) for name in ("train", "dev", "test")}
        self.names = [label.name for label in self.predictor.labels]
        self.truth = {
            name: targets(books, self.names).astype(bool) for name, books in self.books.items()
        }
        self.original = np.array([vocabulary()[name].original for name in self.names])
        self.wide = Wide.load(folder / "wide.safetensors")
        self.of_wide = self.wide_logits(self.wide)
        self.of_deep = self.deep_logits(folder)

    def ladder(self, earlier: Sequence[Path]) -> list[Rung]:
        """Return the steps from label shares to the shipped file."""
        dev, wide, deep = self.truth["dev"], self.of_wide, self.of_deep
        shares = self.truth["train"].mean(0)
        prior, prior_dev = (np.tile(shares, (len(self.books[s]), 1)) for s in ("test", "dev"))
        p = sigmoid(wide["test"])
        rungs = [
            Rung("every book the same: the labels' shares", prior,
                 prior >= best_global_threshold(dev, prior_dev)),
            at_half(wide, f"{TABLE}, threshold 0.5"),
            Rung(f"{TABLE}, one threshold", p,
                 p >= best_global_threshold(dev, sigmoid(wide["dev"]))),
            self.tuned(wide, f"{TABLE}, {TUNED}"),
        ]  # fmt: skip
        for first in earlier[:1]:
            alone = self.deep_logits(first, 512, title_share=0, splits=("test",))
            rungs.append(at_half(alone, _as_original(training_record(first))))
        steps = [f"after {epochs(training_record(run))}" for run in [*earlier, self.folder][:1]]
        steps += [f"then {stage(training_record(run))}" for run in [*earlier, self.folder][1:]]
        rungs += [
            self.tuned(self.deep_logits(run), f"{ENCODER}, {step}, {TUNED}")
            for run, step in zip(earlier, steps, strict=False)
        ]
        int8, shipped = self.shipped()
        cuts = np.array([label.threshold for label in self.predictor.labels])
        rungs += [
            at_half(deep, f"{ENCODER}, {steps[-1]}, threshold 0.5"),
            self.tuned(deep, f"{ENCODER}, the same, {TUNED}"),
            self.tuned(self.blend(deep, wide), "both together, float32"),
            Rung(INT8, int8, int8 >= cuts),
            Rung(SHIPPED, shipped, shipped >= cuts),
        ]
        return [rung.of(self.original) for rung in rungs]

    def taken_away(self) -> tuple[Rung, list[Rung]]:
        """Return both parts together in float32, and the same with one choice changed."""
        deep, wide = self.of_deep, self.of_wide
        whole = self.blend(deep, wide)
        p_dev, p = sigmoid(whole["dev"]), sigmoid(whole["test"])
        kept = self.wide.strongest(settings("wide")["kept_features"])
        parts = [
            self.tuned(deep, "without the table of word pieces"),
            self.tuned(wide, "without the encoder"),
            self.tuned(
                self.blend(deep, self.wide_logits(kept)),
                f"a table of {len(kept.keys):,} features instead of {len(self.wide.keys):,}",
            ),
            *(
                self.tuned(
                    self.blend(self.deep_logits(self.folder, tokens), wide),
                    f"the encoder reads {tokens} tokens instead of {self.predictor.max_tokens}",
                )
                for tokens in (128, 256)
            ),
            self.tuned(whole, "thresholds for macro-F1 alone", micro_weight=0),
            self.tuned(whole, "thresholds for micro-F1 alone", micro_weight=1),
            self.tuned(whole, "thresholds not drawn to the expected ones", shrinkage=1e-6),
            at_half(whole, "threshold 0.5, no calibration"),
            Rung("one threshold for all labels, no calibration", p,
                 p >= best_global_threshold(self.truth["dev"], p_dev)),
            self.tuned(self.int8_a_tensor(), "INT8 with one scale a tensor"),
        ]  # fmt: skip
        tuned = self.tuned(whole, "both together, float32")
        return tuned.of(self.original), [part.of(self.original) for part in parts]

    def shipped(self) -> tuple[Scores, Scores]:
        """Return the shipped file's probabilities on test, short texts taken as long ones or not.

        Either is [books, labels].
        """
        logits = book_logits(self.predictor, self.books["test"], with_title=True)
        tokens = book_lengths(self.predictor, self.books["test"], with_title=True)
        return self.predictor.calibrate(logits), self.predictor.calibrate(logits, tokens)

    def tuned(self, logits: Logits, name: str, **changed: float) -> Rung:
        """Calibrate and decide on dev as the shipped model is, but for what changed."""
        return tuned(logits, self.truth["dev"], name, **changed)

    def blend(self, deep: Logits, wide: Logits) -> Logits:
        """Return the shipped model's mixture of two scores."""
        share = self.predictor.wide_share
        return {name: (1 - share) * deep[name] + share * wide[name] for name in deep}

    def deep_logits(
        self,
        folder: Path,
        max_tokens: int | None = None,
        title_share: float = 1,
        splits: Sequence[str] = ("dev", "test"),
    ) -> Logits:
        """Return a run's encoder's scores."""
        books = {split: self.books[split] for split in splits}
        tokens = max_tokens or self.predictor.max_tokens
        return run_logits(folder, books, self.names, tokens, title_share)

    def wide_logits(self, wide: Wide) -> Logits:
        """Return a table's scores."""
        _, _, tokenizer = load_deep(self.folder)
        tokens = self.predictor.max_tokens
        return {
            name: wide.logits(
                token_ids(BlurbDataset(self.books[name], tokenizer, tokens, title_share=1))
            )
            for name in ("dev", "test")
        }

    def int8_a_tensor(self) -> Logits:
        """Return the scores of the shipped network quantised with one scale a tensor."""
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "model"
            shutil.copytree(self.model, folder)
            quantise(self.folder / "model.fp32.onnx", folder / "model.onnx", per_channel=False)
            write_sums(folder)
            predictor = Predictor.load(folder)
            return {
                name: book_logits(predictor, self.books[name], with_title=True)
                for name in ("dev", "test")
            }


def _as_original(record: dict[str, Any]) -> str:
    """Name a run that is read and decided on as the original project's model was."""
    return (
        f"the original project's way with {record['settings']['encoder']}: "
        f"{epochs(record)}; blurb alone, 512 tokens, threshold 0.5"
    )
