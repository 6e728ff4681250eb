"""Stage 6: measure the model folder on a split; write metrics.json, a table and the card."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import metrics
from ml.data.dataset import load_books, targets
from ml.evaluation.card import write_card
from ml.markdown import table
from ml.metrics import Marks, Scores
from ml.packaging.scoring import book_probabilities
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL, write_json, write_sums
from ml.vocabulary.genres import FACETS, vocabulary

BOOTSTRAPS = 200
SMALLEST_PART = 100  # books; parts with fewer are too noisy to report
SUMMARY = ("", "books", "micro-F1", "macro-F1", "samples-F1", "mAP", "P@1", "P@5", "nDCG@5", "ECE")
LENGTHS = ((0, 50), (50, 100), (100, 200), (200, 400), (400, 10**6))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `preprocess`")
    parser.add_argument("--split", default="test", help="which books (default test)")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")
    parser.add_argument(
        "--out",
        type=Path,
        help="write metrics.json and metrics.md there and leave "
        "the model folder as it is (default: into the model folder)",
    )


def run(args: argparse.Namespace) -> int:
    """Write `metrics.json` and `metrics.md`; in the model folder also the card and the sums."""
    books = load_books(args.data, args.split)
    predictor = Predictor.load(args.model)
    result = {"split": args.split, "version": predictor.version, **measure(predictor, books)}
    folder = args.out or args.model
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "metrics.json", result)
    text = markdown(result)
    (folder / "metrics.md").write_text(text, encoding="utf-8")
    if folder == args.model:
        write_card(folder)
        write_sums(folder)
    print(text.split("\n## ")[0])
    return 0


def measure(predictor: Predictor, books: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return every figure of a model on books that it has not seen."""
    names = [label.name for label in predictor.labels]
    truth = targets(books, names).astype(bool)
    original = np.array([vocabulary()[name].original for name in names])
    cuts = np.array([label.threshold for label in predictor.labels])
    result: dict[str, Any] = {
        "books": len(books),
        "labels": len(names),
        "original": int(original.sum()),
    }
    for key, with_title in (("with_title", True), ("without_title", False)):
        p = book_probabilities(predictor, books, with_title)
        seed = np.array([bool(book.get("seed_list")) for book in books])
        figures = {
            "original_labels": summary(truth[:, original], p[:, original], cuts[original]),
            "intervals": intervals(truth[:, original], p[:, original], cuts[original]),
            "all_labels": summary(truth, p, cuts),
        }
        if seed.any():
            figures["seed_list"] = summary(
                truth[np.ix_(seed, original)], p[np.ix_(seed, original)], cuts[original]
            )
        if with_title:
            result["per_label"] = per_label(predictor, truth, p, cuts)
            result["reliability"] = metrics.reliability(truth[:, original], p[:, original])
            result["parts"] = {
                "facet": facets(predictor, truth, p, cuts),
                **parts(books, truth[:, original], p[:, original], cuts[original]),
            }
        result[key] = figures
    return result


def summary(truth: Marks, p: Scores, cuts: NDArray[np.float64]) -> dict[str, float]:
    """Return the measures of probabilities and of the decisions at `cuts`."""
    decided = p >= cuts
    return {
        "books": len(truth),
        "micro_f1": metrics.micro_f1(truth, decided),
        "macro_f1": metrics.macro_f1(truth, decided),
        "samples_f1": metrics.samples_f1(truth, decided),
        "map": metrics.mean_average_precision(truth, p),
        "p_at_1": metrics.precision_at(truth, p, 1),
        "p_at_5": metrics.precision_at(truth, p, 5),
        "ndcg_at_5": metrics.ndcg_at(truth, p, 5),
        "ece": metrics.calibration_error(truth, p),
        "decided_per_book": float(decided.sum(1).mean()),
        "true_per_book": float(truth.sum(1).mean()),
    }


def intervals(truth: Marks, p: Scores, cuts: NDArray[np.float64]) -> dict[str, tuple[float, float]]:
    """Return 95 % bootstrap intervals over books of the main measures."""
    draws: dict[str, list[float]] = {"micro_f1": [], "macro_f1": [], "map": []}
    decided = p >= cuts
    for rows in metrics.resampled(len(truth), BOOTSTRAPS):
        draws["micro_f1"].append(metrics.micro_f1(truth[rows], decided[rows]))
        draws["macro_f1"].append(metrics.macro_f1(truth[rows], decided[rows]))
        draws["map"].append(metrics.mean_average_precision(truth[rows], p[rows]))
    return {name: metrics.interval(values) for name, values in draws.items()}


def per_label(
    predictor: Predictor, truth: Marks, p: Scores, cuts: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """Return each label's books, F1, average precision, threshold, and precision and recall."""
    decided = p >= cuts
    f1, ap = metrics.label_f1(truth, decided), metrics.average_precision(truth, p)
    both = (truth & decided).sum(0)
    return [
        {
            "label": label.name,
            "facet": label.facet,
            "original": vocabulary()[label.name].original,
            "books": int(truth[:, i].sum()),
            "f1": round(float(f1[i]), 4),
            "precision": round(float(both[i] / max(1, decided[:, i].sum())), 4),
            "recall": round(float(both[i] / max(1, truth[:, i].sum())), 4),
            "average_precision": None if np.isnan(ap[i]) else round(float(ap[i]), 4),
            "threshold": label.threshold,
        }
        for i, label in enumerate(predictor.labels)
    ]


def facets(
    predictor: Predictor, truth: Marks, p: Scores, cuts: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    """Return the summary over the labels of each facet, all labels of the model counted."""
    facet = np.array([label.facet for label in predictor.labels])
    return {
        f"{name} ({(facet == name).sum()} labels)": summary(
            truth[:, facet == name], p[:, facet == name], cuts[facet == name]
        )
        for name in FACETS
        if (facet == name).any()
    }


def parts(
    books: Sequence[dict[str, Any]], truth: Marks, p: Scores, cuts: NDArray[np.float64]
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the summary by the books' origin and by the blurb's length in words."""
    origin = np.array([book.get("origin", "unknown") for book in books])
    words = np.array([len(book["description"].split()) for book in books])
    masks = {"origin": {str(name): origin == name for name in np.unique(origin)}}
    masks["words"] = {
        f"{a} to {b - 1}" if b < 10**6 else f"{a} and more": (words >= a) & (words < b)
        for a, b in LENGTHS
    }
    return {
        kind: {
            name: summary(truth[mask], p[mask], cuts)
            for name, mask in members.items()
            if mask.sum() >= SMALLEST_PART
        }
        for kind, members in masks.items()
    }


def markdown(result: dict[str, Any]) -> str:
    """Return the figures as Markdown tables: the summary, the parts, every label."""
    rows = []
    for key, title in (("with_title", "title and blurb"), ("without_title", "blurb alone")):
        found = result[key]
        rows += [
            _cells(f"{title}, {result['original']} original labels", found["original_labels"]),
            _cells(f"{title}, all {result['labels']} labels", found["all_labels"]),
        ]
        if "seed_list" in found:
            rows.append(_cells(f"{title}, the original's own list of books", found["seed_list"]))
    parts = [f"# Model {result['version']} on `{result['split']}`", table(SUMMARY, rows)]
    for kind, members in result["parts"].items():
        parts += [f"## By {kind}", table(SUMMARY, [_cells(n, f) for n, f in members.items()])]
    head = ("label", "facet", "books", "F1", "precision", "recall", "average precision")
    labels = [
        (
            *(row[key] for key in ("label", "facet", "books")),
            *(f"{row[key]:.3f}" for key in ("f1", "precision", "recall")),
            "" if row["average_precision"] is None else f"{row['average_precision']:.3f}",
        )
        for row in result["per_label"]
    ]
    return "\n\n".join([*parts, "## By label", table(head, labels, left=("facet",))]) + "\n"


def _cells(name: str, figures: dict[str, float]) -> list[object]:
    keys = ("micro_f1", "macro_f1", "samples_f1", "map", "p_at_1", "p_at_5", "ndcg_at_5")
    measures = [f"{figures[key]:.3f}" for key in keys]
    return [name, figures["books"], *measures, f"{figures['ece']:.4f}"]
