"""Renew the figures of docs/hues.md from the evaluation's file and the table."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ml.errors import InputError
from ml.hue_fitting.evaluate import METHODS
from ml.hues.table import HueTable

START, END = "<!-- figures: start -->", "<!-- figures: end -->"
_MEASURES = (
    ("recall_at_5", "recall of a cover's hues within 5 guesses", 100, " %"),
    ("recall_at_10", "recall within 10 guesses", 100, " %"),
    ("log_likelihood", "log-likelihood per cover, nats", 1, ""),
    ("over_representation_auc", "AUC of the lift alone", 1, ""),
)


def renew(doc: Path, evaluation: Path, table: HueTable) -> None:
    """Write the figures between the two marks of a Markdown file.

    Raises:
        InputError: a file cannot be read, or the marks are missing.
    """
    try:
        text = doc.read_text(encoding="utf-8")
        result = json.loads(evaluation.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{doc} and {evaluation} must both be there: {error}") from error
    if START not in text or END not in text:
        raise InputError(f"{doc}: the marks {START} and {END} are missing")
    head, tail = text.split(START)[0], text.split(END)[1]
    body = "\n".join([*_measures(result), "", *_strengths(table)])
    doc.write_text(f"{head}{START}\n{body}\n{END}{tail}", encoding="utf-8")


def _measures(result: Mapping[str, Any]) -> list[str]:
    methods = (*METHODS, "gain")
    lines = [
        f"{result['covers']:,} covers by {result['authors']:,} groups of authors; in brackets the "
        "95 % interval.",
        "",
        "| | " + " | ".join(methods[:-1]) + " | genre less constant |",
        "| --- |" + " ---: |" * len(methods),
    ]
    for key, name, scale, unit in _MEASURES:
        digits = 1 if scale == 100 else 3
        cells = []
        for method in methods:
            value = result[method][key]
            mean, low, high = (scale * value[part] for part in ("mean", "low", "high"))
            wide = method == "gain" or method == METHODS[0]
            cells.append(
                f"{mean:.{digits}f}{unit}"
                + (f" ({low:.{digits}f} to {high:.{digits}f})" if wide else "")
            )
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _strengths(table: HueTable) -> list[str]:
    lines = []
    for strength in ("strong", "fair", "weak"):
        names = [name for name, known in table.evidence.items() if known.strength == strength]
        lines += [f"**{strength.capitalize()}** ({len(names)}): {', '.join(sorted(names))}.", ""]
    return lines[:-1]
