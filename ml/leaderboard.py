"""What each part of the model gained, and what is lost when one choice is taken away.

Everything is chosen on dev and read once on test.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml import metrics
from ml.calibrate import fit
from ml.card import epochs, stage
from ml.dataset import BlurbDataset, load_books, targets
from ml.decide import best_global_threshold, thresholds
from ml.export import deep_logits, load_deep, quantise
from ml.folder import write_json, write_sums
from ml.genres import vocabulary
from ml.metrics import Marks, Scores
from ml.predictor import DEFAULT_MODEL, Predictor
from ml.scoring import book_logits
from ml.settings import settings
from ml.wide import Wide, token_ids

BOOTSTRAPS = 100
DOCUMENT = Path(__file__).parents[1] / "docs" / "model.md"
TUNED = "calibrated, a threshold a label"
TABLE, ENCODER = "TF-IDF of word pieces and pairs, logistic regression", "the encoder alone"

Logits = dict[str, Scores]
"""Of the dev and the test split, [books, labels]."""


class Rung(NamedTuple):
    """One candidate on the test split: probabilities and decisions."""

    name: str
    scores: Scores
    decided: Marks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `preprocess`")
    parser.add_argument("--run", dest="folder", type=Path, required=True, help="the run's folder")
    parser.add_argument(
        "--earlier", type=Path, nargs="*", default=[], help="the runs that it came from, in order"
    )
    parser.add_argument(
        "--recipe", type=Path, help="a run to read and decide on as the original project does"
    )
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")
    parser.add_argument("--out", type=Path, default=DOCUMENT, help="Markdown; .json beside it")


def run(args: argparse.Namespace) -> int:
    """Write the ladder and the ablations, with titles unless said."""
    candidates = Candidates(args.data, args.model, args.folder)
    rungs = candidates.ladder(args.recipe, args.earlier)
    whole, parts = candidates.taken_away()
    test = candidates.truth["test"][:, candidates.original]
    rows = [_figures(test, rung) for rung in rungs]
    for row, rung, before in zip(rows[1:], rungs[1:], rungs, strict=False):
        row["gained"] = _gained(test, before, rung)
    result = {
        "version": candidates.predictor.version,
        "books": len(test),
        "rungs": rows,
        "taken_away": [
            _figures(test, part) | {"gained": _gained(test, whole, part)} for part in parts
        ],
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(args.out.with_suffix(".json"), result)
    args.out.write_text(markdown(result), encoding="utf-8")
    print(markdown(result))
    return 0


def markdown(result: dict[str, Any]) -> str:
    """Return the page: figures, ladder, ablations."""
    return (
        "# The model, measured\n\n"
        f"Model {result['version']} on the test split: {result['books']:,} books by authors that "
        "training never saw, over the 141 original labels, with titles unless said; thresholds "
        "and calibration are chosen on dev. Written by `python -m ml leaderboard` and `figures`; "
        "every label, facet, origin and length is in "
        "[metrics.md](../models/genre-hues/metrics.md), texts unlike a blurb and the explanations "
        "in [unusual.md](unusual.md).\n\n"
        "## The ladder\n\n"
        "![micro-F1, macro-F1 and mAP of each step](img/model-ladder.svg)\n\n"
        "In brackets, the gain over the line above in points, with its 95 % bootstrap interval "
        f"over books.\n\n{_table(result['rungs'])}\n"
        "## One choice taken away\n\n"
        "In brackets, the change against both parts together in float32.\n\n"
        f"{_table(result['taken_away'])}\n"
        "## Calibration\n\n"
        "![Said with a probability, and true](img/model-calibration.svg)\n\n"
        "## Every label\n\n"
        "![F1 and average precision of every label](img/model-labels.svg)\n"
    )


def _table(rows: list[dict[str, Any]]) -> str:
    text = (
        "| | micro-F1 | macro-F1 | mAP | P@1 | P@5 | ECE |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    )
    for row in rows:
        cells = []
        for key in ("micro_f1", "macro_f1", "map"):
            gain = row.get("gained", {}).get(key)
            bracket = f" ({gain[0]:+.1f}; {gain[1]:+.1f} to {gain[2]:+.1f})" if gain else ""
            cells.append(f"{row[key]:.3f}{bracket}")
        cells += [f"{row['p_at_1']:.3f}", f"{row['p_at_5']:.3f}"]
        cells.append(f"{row['ece']:.4f}")
        text += f"| {row['name']} | {' | '.join(cells)} |\n"
    return text


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

    def ladder(self, recipe: Path | None, earlier: Sequence[Path]) -> list[Rung]:
        """Return the steps from label shares to the shipped file."""
        dev, wide, deep = self.truth["dev"], self.of_wide, self.of_deep
        shares = self.truth["train"].mean(0)
        prior, prior_dev = (np.tile(shares, (len(self.books[s]), 1)) for s in ("test", "dev"))
        p = _sigmoid(wide["test"])
        rungs = [
            Rung("every book the same: the labels' shares", prior,
                 prior >= best_global_threshold(dev, prior_dev)),
            _at_half(wide, f"{TABLE}, threshold 0.5"),
            Rung(f"{TABLE}, one threshold", p,
                 p >= best_global_threshold(dev, _sigmoid(wide["dev"]))),
            self.tuned(wide, f"{TABLE}, {TUNED}"),
        ]  # fmt: skip
        if recipe:
            alone = self.deep_logits(recipe, 512, title_share=0, splits=("test",))
            rungs.append(_at_half(alone, _as_original(_training(recipe))))
        steps = [f"after {epochs(_training(run))}" for run in [*earlier, self.folder][:1]]
        steps += [f"then {stage(_training(run))}" for run in [*earlier, self.folder][1:]]
        rungs += [
            self.tuned(self.deep_logits(run), f"{ENCODER}, {step}, {TUNED}")
            for run, step in zip(earlier, steps, strict=False)
        ]
        shipped = self.predictor.calibrate(
            book_logits(self.predictor, self.books["test"], with_title=True)
        )
        cuts = np.array([label.threshold for label in self.predictor.labels])
        rungs += [
            _at_half(deep, f"{ENCODER}, {steps[-1]}, threshold 0.5"),
            self.tuned(deep, f"{ENCODER}, the same, {TUNED}"),
            self.tuned(self.blend(deep, wide), "both together, float32"),
            Rung("**shipped**: both together, INT8", shipped, shipped >= cuts),
        ]
        return [self._of_original(rung) for rung in rungs]

    def taken_away(self) -> tuple[Rung, list[Rung]]:
        """Return both parts together in float32, and the same with one choice changed."""
        deep, wide = self.of_deep, self.of_wide
        whole = self.blend(deep, wide)
        p_dev, p = _sigmoid(whole["dev"]), _sigmoid(whole["test"])
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
            _at_half(whole, "threshold 0.5, no calibration"),
            Rung("one threshold for all labels, no calibration", p,
                 p >= best_global_threshold(self.truth["dev"], p_dev)),
            self.tuned(self.int8_a_tensor(), "INT8 with one scale a tensor"),
        ]  # fmt: skip
        tuned = self.tuned(whole, "both together, float32")
        return self._of_original(tuned), [self._of_original(part) for part in parts]

    def tuned(self, logits: Logits, name: str, **changed: float) -> Rung:
        """Calibrate scores and decide on them as the shipped model's are, but for what changed."""
        options = settings("calibrate") | changed
        calibration = fit(logits["dev"], self.truth["dev"], options["prior"])
        p_dev, p = (calibration.probabilities(logits[split]) for split in ("dev", "test"))
        cuts = thresholds(self.truth["dev"], p_dev, options["shrinkage"], options["micro_weight"])
        return Rung(name, p, p >= cuts)

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
        """Return a run's encoder's scores; of labels that it lacks, next to nothing."""
        deep, labels, tokenizer = load_deep(folder)
        column = {label: place for place, label in enumerate(labels)}
        result = {}
        for name in splits:
            dataset = BlurbDataset(
                self.books[name], tokenizer, max_tokens or self.predictor.max_tokens, title_share
            )
            scores = deep_logits(deep, dataset)
            result[name] = np.full((len(scores), len(self.names)), -10, dtype=np.float32)
            for place, label in enumerate(self.names):
                if label in column:
                    result[name][:, place] = scores[:, column[label]]
        return result

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

    def _of_original(self, rung: Rung) -> Rung:
        return Rung(rung.name, rung.scores[:, self.original], rung.decided[:, self.original])


def _training(run: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((run / "training.json").read_text(encoding="utf-8"))
    return record


def _as_original(training: dict[str, Any]) -> str:
    """Name a run that is read and decided on as the original project's model was."""
    books = ", on its own books" if training["settings"].get("seed_list") else ""
    return (
        f"the original project's way with {training['settings']['encoder']}{books}: "
        f"{epochs(training)}; blurb alone, 512 tokens, threshold 0.5"
    )


def _at_half(logits: Logits, name: str) -> Rung:
    return Rung(name, _sigmoid(logits["test"]), logits["test"] >= 0)


def _figures(truth: Marks, rung: Rung) -> dict[str, Any]:
    return {
        "name": rung.name,
        "micro_f1": metrics.micro_f1(truth, rung.decided),
        "macro_f1": metrics.macro_f1(truth, rung.decided),
        "map": metrics.mean_average_precision(truth, rung.scores),
        "p_at_1": metrics.precision_at(truth, rung.scores, 1),
        "p_at_5": metrics.precision_at(truth, rung.scores, 5),
        "ece": metrics.calibration_error(truth, rung.scores),
    }


def _gained(truth: Marks, before: Rung, after: Rung) -> dict[str, tuple[float, float, float]]:
    """Return each measure's gain in points and its interval over bootstrapped books."""
    measures: dict[str, Callable[[NDArray[np.int64], Rung], float]] = {
        "micro_f1": lambda rows, r: metrics.micro_f1(truth[rows], r.decided[rows]),
        "macro_f1": lambda rows, r: metrics.macro_f1(truth[rows], r.decided[rows]),
        "map": lambda rows, r: metrics.mean_average_precision(truth[rows], r.scores[rows]),
    }
    rng = np.random.default_rng(0)
    draws = [rng.integers(0, len(truth), len(truth)) for _ in range(BOOTSTRAPS)]
    result = {}
    for key, measure in measures.items():
        whole = np.arange(len(truth))
        gain = 100 * (measure(whole, after) - measure(whole, before))
        gains = [100 * (measure(rows, after) - measure(rows, before)) for rows in draws]
        low, high = (float(np.quantile(gains, q)) for q in (0.025, 0.975))
        result[key] = (gain, low, high)
    return result


def _sigmoid(logits: Scores) -> NDArray[np.float64]:
    result: NDArray[np.float64] = 1 / (1 + np.exp(-logits.astype(np.float64)))
    return result
