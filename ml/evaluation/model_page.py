"""docs/model.md, the page of the model's measurements, from the result files beside it."""

import json
from pathlib import Path
from typing import Any

from ml.evaluation.comparison import table_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "model.md"
ABLATIONS = "ablations.json"
"""What `ablate` measured; the page's own name with `.json` holds what `leaderboard` did."""


def write(page: Path) -> str:
    """Write the page from what was measured so far, and return it."""
    text = _ladder(_read(page.with_suffix(".json")))
    if page.with_name(ABLATIONS).exists():
        text += _ablations(_read(page.with_name(ABLATIONS)))
    text += (
        "\n## Calibration\n\n"
        "![Said with a probability, and true](img/model-calibration.svg)\n\n"
        "## Every label\n\n"
        "![F1 and average precision of every label](img/model-labels.svg)\n"
    )
    page.write_text(text, encoding="utf-8")
    return text


def _read(path: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result


def _ladder(result: dict[str, Any]) -> str:
    return (
        "# The model, measured\n\n"
        f"Model {result['version']} on the test split: {result['books']:,} books by authors that "
        "training never saw, over the 141 original labels, with titles unless said; thresholds "
        "and calibration are chosen on dev. Written by `python -m ml leaderboard`, `ablate` and "
        "`figures`; every label, facet, origin and length is in "
        "[metrics.md](../models/genre-hues/metrics.md), texts unlike a blurb and the explanations "
        "in [unusual.md](unusual.md).\n\n"
        "## The ladder\n\n"
        "![micro-F1, macro-F1 and mAP of each step](img/model-ladder.svg)\n\n"
        "In brackets, the gain over the line above in points, with its 95 % bootstrap interval "
        f"over books.\n\n{table_of(result['rungs'])}\n"
        "## One choice taken away\n\n"
        "In brackets, the change against both parts together in float32.\n\n"
        f"{table_of(result['taken_away'])}"
    )


def _ablations(result: dict[str, Any]) -> str:
    recipe, short = result["recipe"], result["short"]
    return (
        "\n## The original's recipe\n\n"
        f"The original project's recipe on its own {recipe['train_books']:,} books of the train "
        f"split, with the encoder of this one: {recipe['epochs']}; binary cross-entropy, the blurb "
        "alone, up to 512 tokens of it (of longer ones the head and the tail, where the original "
        "keeps the head), threshold 0.5. Its own figures, on other books, are micro-F1 0.535 and "
        "macro-F1 0.178. In brackets, the gain over the line above.\n\n"
        f"{table_of(recipe['rows'])}\n"
        "## One choice of the training taken away\n\n"
        f"Trained anew, each on the same {short['train_books']:,} books drawn from the train split "
        f"and for {short['epochs']}, too short to compete with the model that ships. In brackets, "
        "the change against the first line; its interval is over the books of the test split, and "
        f"says nothing of another seed.\n\n"
        f"With titles:\n\n{table_of(short['with_title'])}\n"
        f"The description alone:\n\n{table_of(short['without_title'])}"
    )
