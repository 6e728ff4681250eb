"""Draw the model's figures from its result files: every label, calibration, the ladder.

SVG by matplotlib, on a transparent ground; ink takes the reader's colour scheme by a media query
inside the file, so that the figures are legible on light and dark pages.
"""

import argparse
import json
import re
from io import StringIO
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ml.errors import InputError
from ml.evaluation.model_page import DOCUMENT
from ml.serving.model_folder import DEFAULT_MODEL

INK, QUIET, RULE = "#1c1c1c", "#5c5c5c", "#c9c9c9"
DARK = {INK: "#ececec", QUIET: "#a8a8a8", RULE: "#4a4a4a"}
# Okabe and Ito's colours, told apart by readers of every colour vision, on light and dark.
BLUE, ORANGE, GREEN = "#0072b2", "#d55e00", "#009e73"
COLUMNS = 4
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "genre-hues",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": RULE,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")
    parser.add_argument(
        "--ladder",
        type=Path,
        default=DOCUMENT.with_suffix(".json"),
        help="what `leaderboard` measured",
    )
    parser.add_argument("--out", type=Path, default=DOCUMENT.parent / "img", help="a folder")


def run(args: argparse.Namespace) -> int:
    """Write the three figures."""
    try:
        measured = json.loads((args.model / "metrics.json").read_text(encoding="utf-8"))
        ladder = json.loads(args.ladder.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"run `evaluate` and `leaderboard` first ({error})") from error
    args.out.mkdir(parents=True, exist_ok=True)
    with matplotlib.rc_context(STYLE):
        figures = {
            "model-labels.svg": labels(measured),
            "model-calibration.svg": calibration(measured),
            "model-ladder.svg": ladder_steps(ladder),
        }
        for name, figure in figures.items():
            (args.out / name).write_text(svg(figure), encoding="utf-8")
    return 0


def labels(measured: dict[str, Any]) -> Figure:
    """Draw each label's F1 as a bar and its average precision as a dot, the best first."""
    rows = sorted(measured["per_label"], key=lambda row: (-row["f1"], row["label"]))
    height = -(-len(rows) // COLUMNS)
    figure = Figure(figsize=(14, 0.165 * height + 0.6), layout="constrained")
    axes: Axes
    for column, axes in enumerate(figure.subplots(1, COLUMNS, sharex=True)):
        part = rows[column * height : (column + 1) * height]
        places = range(len(part))
        axes.barh(places, [row["f1"] for row in part], color=BLUE, height=0.62, label="F1")
        dots = [(place, row["average_precision"]) for place, row in enumerate(part)]
        axes.plot(
            [value for _, value in dots if value is not None],
            [place for place, value in dots if value is not None],
            linestyle="none", marker="o", markersize=3, color=ORANGE, label="average precision",
        )  # fmt: skip
        axes.set_yticks(places, [f"{row['label']} ({row['books']})" for row in part])
        axes.set_ylim(height - 0.4, -0.6)
        axes.set_xlim(0, 1)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        axes.set_axisbelow(True)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside upper left", ncols=2, frameon=False
    )
    figure.suptitle(f"{len(rows)} labels (in brackets, their test books)", fontsize=11)
    return figure


def calibration(measured: dict[str, Any]) -> Figure:
    """Draw how often what is said with a probability is true, and how often each is said."""
    bins = measured["reliability"]
    figure = Figure(figsize=(5.6, 6), layout="constrained")
    curve, said = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    curve.plot((0, 1), (0, 1), color=QUIET, linestyle="--", linewidth=1)
    curve.plot(
        [p for _, p, _ in bins], [true for _, _, true in bins],
        marker="o", markersize=4, color=BLUE,
    )  # fmt: skip
    curve.set(ylabel="share that is true", ylim=(0, 1), xlim=(0, 1))
    ece = measured["with_title"]["original_labels"]["ece"]
    curve.set_title(
        f"What is said with a probability is true as often (ECE {ece:.4f})", fontsize=10
    )
    said.bar([p for _, p, _ in bins], [share for share, _, _ in bins], width=0.05, color=BLUE)
    said.set(yscale="log", ylabel="share said", xlabel="probability")
    for axes in (curve, said):
        axes.grid(visible=True)
        axes.set_axisbelow(True)
    return figure


def ladder_steps(ladder: dict[str, Any]) -> Figure:
    """Draw the measures of each step of the ladder, the first on top."""
    rows = ladder["rungs"]
    places = range(len(rows))
    figure = Figure(figsize=(10, 0.42 * len(rows) + 1), layout="constrained")
    axes: Axes = figure.subplots()
    measures = (
        ("micro_f1", "micro-F1", BLUE, "o"),
        ("macro_f1", "macro-F1", ORANGE, "s"),
        ("map", "mAP", GREEN, "D"),
    )
    for key, name, colour, marker in measures:
        values = [row[key] for row in rows]
        axes.plot(values, places, linestyle="none", marker=marker, color=colour, label=name)
    axes.set_yticks(places, [fill(row["name"].replace("*", ""), 64) for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 0.8)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    figure.legend(loc="outside upper right", ncols=3, frameon=False)
    return figure


def svg(figure: Figure) -> str:
    """Return a figure as SVG whose ink follows the reader's colour scheme."""
    file = StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    rules = "".join(
        f'[style*="fill: {light}"]{{fill:{dark}!important}}'
        f'[style*="stroke: {light}"]{{stroke:{dark}!important}}'
        for light, dark in DARK.items()
    )
    style = f"<style>@media(prefers-color-scheme:dark){{{rules}}}</style>"
    text = re.sub(r"[ \t]+\n", "\n", file.getvalue())
    return text.replace("<defs>", f"{style}\n <defs>", 1)
