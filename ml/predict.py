"""Stage 7: the genres and hues of many books, rows in and JSON Lines out."""

import argparse
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ml.answers import answer
from ml.data.rows import Row, genre_names, open_output, read_rows, write_row
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL
from ml.serving.nearest_label import NearestLabel
from ml.serving.text import clean_description
from ml.vocabulary.known_genres import Nearest, resolve

ROWS_FAILED = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument(
        "input", help="JSON Lines or CSV with `description`, plain or gzipped; - is standard input"
    )
    parser.add_argument(
        "output", help="JSON Lines, one object a row in the same order; - is standard output"
    )
    parser.add_argument("--all", action="store_true", help="add every label's probability")
    parser.add_argument("--no-title", action="store_true", help="leave the titles unread")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")
    parser.add_argument("--threads", type=int, default=1, help="of one prediction")


def run(args: argparse.Namespace) -> int:
    """Predict every row; one that cannot be read gives an error in its place and exit code 3."""
    predictor = Predictor.load(args.model, args.threads)
    nearest = NearestLabel(predictor)
    failed = 0
    with open_output(args.output) as file:
        for row in tqdm(read_rows(args.input), desc="predicting", unit=" rows", disable=None):
            title = not args.no_title
            result = answer_row(predictor, nearest, row, all_labels=args.all, with_title=title)
            failed += "error" in result
            write_row(file, result)
    if failed:
        print(
            f'python -m ml predict: {failed} rows could not be read; see their "error"',
            file=sys.stderr,
        )
    return ROWS_FAILED if failed else 0


def answer_row(
    predictor: Predictor, nearest: Nearest, row: Row, *, all_labels: bool, with_title: bool
) -> dict[str, Any]:
    """Return one row's answer, or what was wrong with it."""
    identity = {"id": row.fields.get("id", row.line)}
    if row.error:
        return {**identity, "error": row.error}
    description = row.fields.get("description")
    title = row.fields.get("title") or "" if with_title else ""
    if not isinstance(description, str) or not clean_description(description):
        return {**identity, "error": f"line {row.line}: expected a text under 'description'"}
    if not isinstance(title, str):
        return {**identity, "error": f"line {row.line}: expected a text under 'title'"}
    try:
        known = resolve("; ".join(genre_names(row.fields.get("genres"))), nearest)
    except ValueError as error:
        return {**identity, "error": f"line {row.line}: {error}"}
    prediction = predictor.predict(description, title)
    palette = predictor.palette(prediction, known.labels)
    return {**identity, **answer(prediction, palette, all_labels=all_labels)}
