"""The model card: README.md of the model folder, generated from its figures."""

import json
from pathlib import Path
from string import Template
from typing import Any

TEMPLATE = Path(__file__).with_name("card.md")


def write_card(folder: Path) -> None:
    """Write the folder's README.md from model.json, training.json and metrics.json."""
    spec, training, measured = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("model.json", "training.json", "metrics.json")
    )
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        version=spec["version"],
        encoder=spec["encoder"],
        split=measured["split"],
        books=f"{measured['books']:,}",
        labels=measured["labels"],
        original=measured["original"],
        max_tokens=spec["max_tokens"],
        wide_share=spec["wide_share"],
        megabytes=f"{(folder / 'model.onnx').stat().st_size / 1e6:.1f}",
        train_books=f"{training['books']:,}",
        epochs=training["settings"]["epochs"],
        steps=f"{training['steps']:,}",
        minutes=round(training["seconds"] / 60),
        device=training["device"],
        metrics_yaml=_metrics_yaml(measured),
        figures=_figures(measured),
        flips=f"{spec['int8_against_float32']['flips']:.2%}",
        shift=f"{spec['int8_against_float32']['mean_shift']:.5f}",
        micro_lost=f"{_lost(spec, 'micro_f1'):+.4f}",
        macro_lost=f"{_lost(spec, 'macro_f1'):+.4f}",
        weakest=_weakest(measured),
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


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
    lines = [
        f"| | with title | description alone | with title, all {measured['labels']} labels |",
        "| --- | ---: | ---: | ---: |",
    ]
    for key, name in names.items():
        cells = []
        for inputs in ("with_title", "without_title"):
            low_high = measured[inputs]["intervals"].get(key)
            interval = f" ({low_high[0]:.3f} to {low_high[1]:.3f})" if low_high else ""
            cells.append(f"{measured[inputs]['original_labels'][key]:.4f}{interval}")
        cells.append(f"{measured['with_title']['all_labels'][key]:.4f}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _weakest(measured: dict[str, Any]) -> str:
    rows = [row for row in measured["per_label"] if row["books"] >= 20]
    rows.sort(key=lambda row: row["f1"])
    return ", ".join(f"{row['label']} ({row['f1']:.2f})" for row in rows[:8])
