"""The model card and the README's figures, generated from the model folder's files."""

import argparse
import json
import re
from pathlib import Path
from string import Template
from typing import Any

from ml.errors import InputError
from ml.markdown import table
from ml.network.encoder import DEFAULT_ENCODER
from ml.serving.model_folder import DEFAULT_MODEL
from ml.training.records import depth, epochs, total

TEMPLATE = Path(__file__).with_name("card.md")
PROJECT_README = Path(__file__).parents[2] / "README.md"

_FIGURES = re.compile(r"(<!-- figures: [^>]*-->\n).*?(<!-- end of figures -->)", re.DOTALL)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")
    parser.add_argument(
        "--readme", type=Path, default=PROJECT_README, help="whose figures to renew"
    )


def run(args: argparse.Namespace) -> int:
    """Write the card, and the table between the README's two marks."""
    write_card(args.model)
    text = args.readme.read_text(encoding="utf-8")
    if not _FIGURES.search(text):
        raise InputError(f"{args.readme}: lacks the marks '<!-- figures: ... -->' and their end")
    args.readme.write_text(with_figures(text, args.model), encoding="utf-8")
    return 0


def with_figures(readme: str, folder: Path) -> str:
    """Return a README with the headline table of a model folder between its marks."""
    table = _figures(json.loads((folder / "metrics.json").read_text(encoding="utf-8")))
    return _FIGURES.sub(lambda match: f"{match[1]}\n{table}\n\n{match[2]}", readme)


def write_card(folder: Path) -> None:
    """Write the folder's README.md from model.json, training.json and metrics.json."""
    spec, training, measured = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("model.json", "training.json", "metrics.json")
    )
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        version=spec["version"],
        encoder=spec["encoder"],
        base_model=_base_model(spec["encoder"]),
        split=measured["split"],
        books=f"{measured['books']:,}",
        labels=measured["labels"],
        original=measured["original"],
        max_tokens=spec["max_tokens"],
        wide_share=spec["wide_share"],
        whole=spec["brevity"]["whole"],
        exponent=spec["brevity"]["exponent"],
        megabytes=f"{(folder / 'model.onnx').stat().st_size / 1e6:.1f}",
        train_books=f"{training['books']:,}",
        depth=depth(training),
        epochs=epochs(training),
        steps=f"{total(training, 'steps'):,}",
        minutes=round(total(training, "seconds") / 60),
        device=f"{training['cores']} CPU cores"
        if training["device"] == "cpu" and "cores" in training
        else training["device"],
        metrics_yaml=_metrics_yaml(measured),
        figures=_figures(measured),
        flips=f"{spec['int8_against_float32']['flips']:.2%}",
        shift=f"{spec['int8_against_float32']['mean_shift']:.5f}",
        micro_lost=f"{_lost(spec, 'micro_f1'):+.4f}",
        macro_lost=f"{_lost(spec, 'macro_f1'):+.4f}",
        weakest=_weakest(measured),
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def _base_model(encoder: str) -> str:
    """Return the encoder's name on the model hub."""
    return f"sentence-transformers/{encoder}" if encoder == DEFAULT_ENCODER else encoder


def _lost(spec: dict[str, Any], measure: str) -> float:
    figures: dict[str, float] = spec["int8_against_float32"]
    return figures[f"{measure}_int8"] - figures[f"{measure}_float32"]


def _metrics_yaml(measured: dict[str, Any]) -> str:
    figures = measured["with_title"]["original_labels"]
    names = {"micro_f1": "micro-F1", "macro_f1": "macro-F1", "map": "mAP", "ece": "ECE"}
    return "\n".join(
        f"          - type: {key}\n            name: {name}\n            value: {figures[key]:.4f}"
        for key, name in names.items()
    )


def _figures(measured: dict[str, Any]) -> str:
    """Return the headline table, with 95 % bootstrap intervals where there are any."""
    names = {
        "micro_f1": "micro-F1", "macro_f1": "macro-F1", "samples_f1": "samples-F1", "map": "mAP",
        "p_at_1": "P@1", "p_at_5": "P@5", "ndcg_at_5": "nDCG@5", "ece": "ECE (15 bins)",
    }  # fmt: skip
    rows = []
    for key, name in names.items():
        cells = [name]
        for inputs in ("with_title", "without_title"):
            low_high = measured[inputs]["intervals"].get(key)
            interval = f" ({low_high[0]:.3f} to {low_high[1]:.3f})" if low_high else ""
            cells.append(f"{measured[inputs]['original_labels'][key]:.4f}{interval}")
        rows.append([*cells, f"{measured['with_title']['all_labels'][key]:.4f}"])
    head = ("with title", "description alone", f"with title, all {measured['labels']} labels")
    return table(("", *head), rows)


def _weakest(measured: dict[str, Any]) -> str:
    rows = [row for row in measured["per_label"] if row["books"] >= 20]
    rows.sort(key=lambda row: row["f1"])
    return ", ".join(f"{row['label']} ({row['f1']:.2f})" for row in rows[:8])
