"""Candidates side by side: probabilities and decisions, their figures, and what one gained."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml import metrics
from ml.data.dataset import BlurbDataset
from ml.markdown import table
from ml.metrics import Marks, Scores
from ml.packaging.calibrate import fit
from ml.packaging.thresholds import thresholds
from ml.serving.sigmoid import sigmoid
from ml.settings import settings
from ml.training.finished_runs import deep_logits, load_deep

BOOTSTRAPS = 100
TUNED = "calibrated, a threshold a label"
ABSENT = -10.0
"""The logit of a label that a run lacks: next to nothing."""

Logits = dict[str, Scores]
"""Of the dev and the test split, [books, labels]."""

MEASURES = {"micro_f1": "micro-F1", "macro_f1": "macro-F1", "map": "mAP"}
OTHERS = {"p_at_1": "P@1", "p_at_5": "P@5", "ece": "ECE"}


class Rung(NamedTuple):
    """One candidate on the test split: probabilities and decisions."""

    name: str
    scores: Scores
    decided: Marks

    def of(self, labels: NDArray[np.bool_]) -> "Rung":
        """Return the same over some of the labels."""
        return Rung(self.name, self.scores[:, labels], self.decided[:, labels])


def at_half(logits: Logits, name: str) -> Rung:
    """Decide where a logit is above nothing, uncalibrated."""
    return Rung(name, sigmoid(logits["test"]), logits["test"] >= 0)


def tuned(logits: Logits, dev: Marks, name: str, **changed: float) -> Rung:
    """Calibrate scores and decide on them as the shipped model's are, but for what changed."""
    options = settings("calibrate") | changed
    calibration = fit(logits["dev"], dev, options["prior"])
    p_dev, p = (calibration.probabilities(logits[split]) for split in ("dev", "test"))
    cuts = thresholds(dev, p_dev, options["shrinkage"], options["micro_weight"])
    return Rung(name, p, p >= cuts)


def run_logits(
    folder: Path,
    books: Mapping[str, Sequence[dict[str, Any]]],
    names: Sequence[str],
    max_tokens: int,
    title_share: float,
) -> Logits:
    """Return the scores of a training run's encoder for each split's books.

    Args:
        folder: the finished run's.
        books: by split.
        names: of the labels, in the order of the columns to return.
        max_tokens: how much of a text is read.
        title_share: 1 with titles, 0 without.
    """
    deep, labels, tokenizer = load_deep(folder)
    column = {label: place for place, label in enumerate(labels)}
    shared = [(place, column[name]) for place, name in enumerate(names) if name in column]
    here, there = (list(places) for places in zip(*shared, strict=True))
    result = {}
    for split, members in books.items():
        scores = deep_logits(deep, BlurbDataset(members, tokenizer, max_tokens, title_share))
        result[split] = np.full((len(scores), len(names)), ABSENT, dtype=np.float32)
        result[split][:, here] = scores[:, there]
    return result


def figures(truth: Marks, rung: Rung) -> dict[str, Any]:
    """Return the measures of a candidate."""
    return {
        "name": rung.name,
        "micro_f1": metrics.micro_f1(truth, rung.decided),
        "macro_f1": metrics.macro_f1(truth, rung.decided),
        "map": metrics.mean_average_precision(truth, rung.scores),
        "p_at_1": metrics.precision_at(truth, rung.scores, 1),
        "p_at_5": metrics.precision_at(truth, rung.scores, 5),
        "ece": metrics.calibration_error(truth, rung.scores),
    }


def gained(truth: Marks, before: Rung, after: Rung) -> dict[str, tuple[float, float, float]]:
    """Return each measure's gain in points and its 95 % interval over bootstrapped books."""
    measures: dict[str, Callable[[NDArray[np.int64], Rung], float]] = {
        "micro_f1": lambda rows, r: metrics.micro_f1(truth[rows], r.decided[rows]),
        "macro_f1": lambda rows, r: metrics.macro_f1(truth[rows], r.decided[rows]),
        "map": lambda rows, r: metrics.mean_average_precision(truth[rows], r.scores[rows]),
    }
    draws = metrics.resampled(len(truth), BOOTSTRAPS)
    result = {}
    for key, measure in measures.items():
        whole = np.arange(len(truth))
        gain = 100 * (measure(whole, after) - measure(whole, before))
        gains = [100 * (measure(rows, after) - measure(rows, before)) for rows in draws]
        result[key] = (gain, *metrics.interval(gains))
    return result


def table_of(rows: Sequence[dict[str, Any]]) -> str:
    """Return a Markdown table of figures, the gains in brackets."""
    lines = []
    for row in rows:
        cells = [row["name"]]
        for key in MEASURES:
            gain = row.get("gained", {}).get(key)
            bracket = f" ({gain[0]:+.1f}; {gain[1]:+.1f} to {gain[2]:+.1f})" if gain else ""
            cells.append(f"{row[key]:.3f}{bracket}")
        lines.append([*cells, f"{row['p_at_1']:.3f}", f"{row['p_at_5']:.3f}", f"{row['ece']:.4f}"])
    return table(["", *MEASURES.values(), *OTHERS.values()], lines) + "\n"
