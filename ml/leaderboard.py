"""What each part of the model gained: the ladder from label shares to the shipped file."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml import metrics
from ml.calibrate import fit
from ml.dataset import BlurbDataset, load_books, targets
from ml.decide import best_global_threshold, thresholds
from ml.export import deep_logits, load_deep
from ml.folder import write_json
from ml.genres import vocabulary
from ml.metrics import Marks, Scores
from ml.predictor import DEFAULT_MODEL, Predictor
from ml.scoring import book_logits
from ml.settings import settings
from ml.wide import Wide, token_ids

BOOTSTRAPS = 100
DOCUMENT = Path(__file__).parents[1] / "docs" / "model.md"


class Rung(NamedTuple):
    """One candidate on the test split: probabilities and decisions."""

    name: str
    scores: Scores
    decided: Marks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `preprocess`")
    parser.add_argument("--run", dest="folder", type=Path, required=True, help="the run's folder")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")
    parser.add_argument("--out", type=Path, default=DOCUMENT, help="Markdown; .json beside it")


def run(args: argparse.Namespace) -> int:
    """Write the ladder; everything is chosen on dev and read once on test, with titles."""
    splits = {name: load_books(args.data, name) for name in ("train", "dev", "test")}
    predictor = Predictor.load(args.model)
    names = [label.name for label in predictor.labels]
    truth = {name: targets(books, names).astype(bool) for name, books in splits.items()}
    original = np.array([vocabulary()[name].original for name in names])
    rungs = [
        Rung(rung.name, rung.scores[:, original], rung.decided[:, original])
        for rung in _rungs(args.folder, predictor, splits, truth)
    ]
    test = truth["test"][:, original]
    rows = [_figures(test, rung) for rung in rungs]
    for row, rung, before in zip(rows[1:], rungs[1:], rungs, strict=False):
        row["gained"] = _gained(test, before, rung)
    result = {"version": predictor.version, "books": len(test), "rungs": rows}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(args.out.with_suffix(".json"), result)
    args.out.write_text(markdown(result), encoding="utf-8")
    print(markdown(result))
    return 0


def markdown(result: dict[str, Any]) -> str:
    """Return the ladder as a Markdown page."""
    text = (
        "# The ladder: what each part of the model gained\n\n"
        f"Measured on the test split ({result['books']:,} books by authors that training never "
        "saw), with titles, over the 141 original labels; thresholds and calibration are chosen "
        "on dev. In brackets, the gain over the line above in points, with its 95 % bootstrap "
        "interval over books. Written by `python -m ml leaderboard`; every label, origin and "
        "length of the shipped model is in [metrics.md](../models/genre-hues/metrics.md).\n\n"
        "| | micro-F1 | macro-F1 | mAP | P@1 | P@5 | ECE |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    )
    for row in result["rungs"]:
        cells = []
        for key in ("micro_f1", "macro_f1", "map"):
            gain = row.get("gained", {}).get(key)
            bracket = f" ({gain[0]:+.1f}; {gain[1]:+.1f} to {gain[2]:+.1f})" if gain else ""
            cells.append(f"{row[key]:.3f}{bracket}")
        cells += [f"{row['p_at_1']:.3f}", f"{row['p_at_5']:.3f}"]
        cells.append(f"{row['ece']:.4f}")
        text += f"| {row['name']} | {' | '.join(cells)} |\n"
    return text


def _rungs(
    folder: Path,
    predictor: Predictor,
    splits: dict[str, list[dict[str, Any]]],
    truth: dict[str, Marks],
) -> list[Rung]:
    deep, _, tokenizer = load_deep(folder)
    wide = Wide.load(folder / "wide.safetensors")
    datasets = {
        name: BlurbDataset(splits[name], tokenizer, predictor.max_tokens, title_share=1)
        for name in ("dev", "test")
    }
    of_wide = {name: wide.logits(token_ids(dataset)) for name, dataset in datasets.items()}
    of_deep = {name: deep_logits(deep, dataset) for name, dataset in datasets.items()}
    share = predictor.wide_share
    both = {name: (1 - share) * of_deep[name] + share * of_wide[name] for name in datasets}
    prior = np.tile(truth["train"].mean(0), (len(splits["test"]), 1))
    prior_dev = np.tile(truth["train"].mean(0), (len(splits["dev"]), 1))
    p = predictor.calibrate(book_logits(predictor, splits["test"], with_title=True))
    cuts = np.array([label.threshold for label in predictor.labels])
    table, encoder = "TF-IDF of word pieces and pairs, logistic regression", "the encoder alone"

    def at_half(logits: dict[str, Scores], name: str) -> Rung:
        return Rung(f"{name}, threshold 0.5", _sigmoid(logits["test"]), logits["test"] >= 0)

    def tuned(logits: dict[str, Scores], name: str) -> Rung:
        return _tuned(logits, truth["dev"], f"{name}, calibrated, a threshold a label")

    global_cut = best_global_threshold(truth["dev"], _sigmoid(of_wide["dev"]))
    return [
        Rung("every book the same: the labels' shares", prior,
             prior >= best_global_threshold(truth["dev"], prior_dev)),
        at_half(of_wide, table),
        Rung(f"{table}, one threshold", _sigmoid(of_wide["test"]),
             _sigmoid(of_wide["test"]) >= global_cut),
        tuned(of_wide, table),
        at_half(of_deep, f"{encoder}, the original project's decisions"),
        tuned(of_deep, encoder),
        tuned(both, "both together, float32"),
        Rung("**shipped**: both together, INT8", p, p >= cuts),
    ]  # fmt: skip


def _tuned(logits: dict[str, Scores], truth: Marks, name: str) -> Rung:
    options = settings("calibrate")
    calibration = fit(logits["dev"], truth, options["prior"])
    p_dev, p = (calibration.probabilities(logits[split]) for split in ("dev", "test"))
    cuts = thresholds(truth, p_dev, options["shrinkage"], options["micro_weight"])
    return Rung(name, p, p >= cuts)


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
