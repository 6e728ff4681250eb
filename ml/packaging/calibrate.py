"""Stage 5: probabilities and thresholds from the scores of the INT8 model that ships, on dev."""

import argparse
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from ml import metrics
from ml.data.dataset import load_books, targets
from ml.errors import InputError
from ml.metrics import Marks, Scores
from ml.packaging.scoring import book_lengths, book_logits
from ml.packaging.thresholds import thresholds
from ml.predictor import Predictor
from ml.serving import nearest_label
from ml.serving.model_folder import DEFAULT_MODEL, write_json, write_sums
from ml.serving.short_texts import Brevity
from ml.serving.sigmoid import sigmoid
from ml.settings import settings
from ml.vocabulary.genres import vocabulary

GOLDEN_TEXTS = (
    "When the last dragon wakes beneath the mountain, a runaway apprentice must learn the old "
    "magic before the king's sorcerers find her.",
    "A body is found under the pier, and the only witness is a boy who will not speak. Inspector "
    "Quill has three days, four suspects and no weapon.",
    "A clear account of how cities grew: markets, walls, plague and trade, from the first towns of "
    "Mesopotamia to the industrial age.",
)

CUT_WORDS = (10, 25, 50)
"""Blurbs cut after so many words show how sure short texts can be taken."""

Vector = NDArray[np.float64]


class Calibration(NamedTuple):
    """`p = sigmoid(scale * logit + shift)` of each label [labels]."""

    scale: Vector
    shift: Vector

    def scaled(self, logits: Scores) -> NDArray[np.float64]:
        """Return calibrated logits [books, labels]."""
        result: NDArray[np.float64] = self.scale * logits + self.shift
        return result

    def probabilities(self, logits: Scores) -> NDArray[np.float64]:
        """Return the probabilities of logits [books, labels]."""
        return sigmoid(self.scaled(logits))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options; the defaults are those of settings.toml."""
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `preprocess`, for the dev split")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")
    parser.add_argument("--version", help="of the model, where only its calibration is renewed")
    for name, value in settings("calibrate").items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)


def run(args: argparse.Namespace) -> int:
    """Write each label's scale, shift, threshold and vector; print figures by fold."""
    if args.folds < 2:
        raise InputError(f"--folds: expected at least 2, found {args.folds}")
    books = load_books(args.data, "dev")
    predictor = Predictor.load(args.model)
    names = [label.name for label in predictor.labels]
    truth = np.tile(targets(books, names).astype(bool), (2, 1))
    logits = np.concatenate(
        [book_logits(predictor, books, with_title) for with_title in (True, False)]
    )
    fold = np.tile([fold_of(book, args.folds) for book in books], 2)
    figures = cross_validate(logits, truth, fold, names, args)
    calibration = fit(logits, truth, args.prior)
    cuts = thresholds(truth, calibration.probabilities(logits), args.shrinkage, args.micro_weight)
    brevity = fit_brevity(predictor, books, truth[: len(books)], calibration, args.whole)
    path = args.model / "model.json"
    spec = json.loads(path.read_text(encoding="utf-8"))
    spec["version"] = args.version or spec["version"]
    for column, entry in enumerate(spec["labels"]):
        entry["scale"] = round(float(calibration.scale[column]), 5)
        entry["shift"] = round(float(calibration.shift[column]), 5)
        entry["threshold"] = round(float(cuts[column]), 4)
    spec["brevity"] = {"whole": brevity.whole, "exponent": round(brevity.exponent, 4)}
    spec["calibration"] = {"books": len(books), "cross_validated": figures}
    write_json(path, spec)
    nearest_label.save(args.model, [predictor.embed(name) for name in names])
    write_sums(args.model)
    write_json(path, {**spec, "golden": golden(Predictor.load(args.model))})
    write_sums(args.model)
    print(json.dumps(figures))
    return 0


def golden(predictor: Predictor) -> list[dict[str, Any]]:
    """Return what the model answers to a few texts, for `ml.serving.golden` on other machines."""
    return [
        {
            "description": text,
            "probabilities": {
                g.name: round(g.probability, 4) for g in predictor.predict(text).ranked[:8]
            },
        }
        for text in GOLDEN_TEXTS
    ]


def fit(logits: Scores, truth: Marks, prior: float, rounds: int = 30) -> Calibration:
    """Fit Platt scaling to each label, drawn towards the scaling common to all labels.

    Newton's method on the logistic loss plus `prior * (scale - common)^2 / 2` and a quarter as
    much on the shift. Source: Platt 1999, with a Gaussian prior in place of his soft targets.
    """
    common = np.array([1.0, 0.0])
    for _ in range(rounds):
        common -= _newton_step(
            logits.ravel()[:, None], truth.ravel()[:, None], common[:, None], None
        )[:, 0]
    values = np.tile(common[:, None], logits.shape[1])
    for _ in range(rounds):
        values -= _newton_step(logits, truth, values, (prior, prior / 4, common))
    return Calibration(values[0], values[1])


def fit_brevity(
    predictor: Predictor,
    books: Sequence[dict[str, Any]],
    truth: Marks,
    calibration: Calibration,
    whole: int,
) -> Brevity:
    """Fit the exponent that makes the labels of cut blurbs most likely.

    Args:
        predictor: gives the scores.
        books: whose descriptions are cut at `CUT_WORDS`; titles are left out.
        truth: [books, labels].
        calibration: of the scores of long texts.
        whole: see `Brevity`.
    """
    cut = [
        book | {"description": " ".join(book["description"].split()[:words])}
        for words in CUT_WORDS
        for book in books
    ]
    scores = calibration.scaled(book_logits(predictor, cut, with_title=False))
    tokens = book_lengths(predictor, cut, with_title=False)
    marks = np.tile(truth, (len(CUT_WORDS), 1))

    def loss(exponent: float) -> float:
        drawn_in = scores * Brevity(whole, exponent).certainty(tokens)[:, None]
        return float(np.mean(np.logaddexp(0, drawn_in) - drawn_in * marks))

    found = minimize_scalar(loss, bounds=(0, 1), method="bounded")
    return Brevity(whole, float(found.x))


def cross_validate(
    logits: Scores,
    truth: Marks,
    fold: NDArray[np.int64],
    labels: Sequence[str],
    args: argparse.Namespace,
) -> dict[str, float]:
    """Measure calibration and decisions on books that they were not fitted on (by group)."""
    probabilities = np.empty(logits.shape)
    decided = np.empty(logits.shape, dtype=bool)
    for held_out in range(args.folds):
        inside = fold != held_out
        calibration = fit(logits[inside], truth[inside], args.prior)
        cuts = thresholds(
            truth[inside],
            calibration.probabilities(logits[inside]),
            args.shrinkage,
            args.micro_weight,
        )
        probabilities[~inside] = calibration.probabilities(logits[~inside])
        decided[~inside] = probabilities[~inside] >= cuts
    original = np.array([vocabulary()[label].original for label in labels])
    half = len(truth) // 2
    return {
        "micro_f1": metrics.micro_f1(truth[:half, original], decided[:half, original]),
        "macro_f1": metrics.macro_f1(truth[:half, original], decided[:half, original]),
        "micro_f1_no_title": metrics.micro_f1(truth[half:, original], decided[half:, original]),
        "macro_f1_no_title": metrics.macro_f1(truth[half:, original], decided[half:, original]),
        "ece": metrics.calibration_error(truth[:half, original], probabilities[:half, original]),
    }


def fold_of(book: dict[str, Any], folds: int) -> int:
    """Return a book's fold: all books of a group have the same."""
    return zlib.crc32(str(book.get("group", book.get("id", ""))).encode()) % folds


def _newton_step(
    logits: Scores, truth: Marks, values: Vector, prior: tuple[float, float, Vector] | None
) -> Vector:
    """Return the step [2, labels] to take from (scale, shift) `values`."""
    scale, shift = values
    p = sigmoid(scale * logits + shift)
    error, weight = p - truth, p * (1 - p)
    gradient = np.array([(error * logits).sum(0), error.sum(0)])
    a, b, c = (weight * logits**2).sum(0), (weight * logits).sum(0), weight.sum(0)
    if prior:
        on_scale, on_shift, common = prior
        gradient += np.array([on_scale * (scale - common[0]), on_shift * (shift - common[1])])
        a, c = a + on_scale, c + on_shift
    determinant = a * c - b * b
    return np.array(
        [c * gradient[0] - b * gradient[1], a * gradient[1] - b * gradient[0]] / determinant
    )
