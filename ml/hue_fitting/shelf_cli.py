"""`python -m ml hues fit-shelves` and `hues shelves`: which shelves wear a cover's colours."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.errors import InputError
from ml.hues.colour import hex_to_rgb, rgb_to_lab
from ml.hues.extract import CoverError, extract_palette
from ml.hues.shelves import ShelfModel
from ml.serving.model_folder import SUMS, write_sums

_HEX_LENGTH = 7

Palette = tuple[NDArray[np.float64], NDArray[np.float64]]


def fit(args: argparse.Namespace) -> int:
    """Measure the model on held-out authors, fit it on all covers, and write both."""
    from ml.hue_fitting.covers import read_covers
    from ml.hue_fitting.folds import groups
    from ml.hue_fitting.shelf_data import shelf_data
    from ml.hue_fitting.shelf_fitting import arrays, grids, held_out
    from ml.hue_fitting.shelf_report import report, within_collections
    from ml.hues.cover_features import features
    from ml.settings import settings

    covers, chosen = read_covers(args.covers), settings("shelves")
    data = shelf_data(covers)
    read = features(data.lab, data.weight, grids(data, chosen))
    scores = held_out(data, read, chosen)
    kept = [cover for cover in covers if set(cover.labels) & set(data.genres)]
    text = json.dumps(report(data, scores, groups(kept)), indent=1, ensure_ascii=False) + "\n"
    if args.report:
        args.report.write_text(text, encoding="utf-8")
    found: dict[str, Any] = dict(arrays(data, scores, within_collections(data, scores), chosen))
    np.savez_compressed(args.output, **found)
    if (args.output.parent / SUMS).exists():
        write_sums(args.output.parent)
    sys.stdout.write(f"{args.output}: {len(data.genres)} shelves\n")
    return 0


def rank(args: argparse.Namespace) -> int:
    """Write every measured genre of each palette or image, best first."""
    from ml.data.rows import open_output, read_rows, write_row

    model, errors = ShelfModel.load(args.model), 0
    with open_output(args.output) as file:
        for row in read_rows(args.input):
            answer: dict[str, Any] = {"id": row.fields.get("id", row.line)}
            try:
                if row.error:
                    raise InputError(row.error)
                answer |= _answer(model, row.fields)
            except InputError as error:
                errors += 1
                answer["error"] = str(error)
            write_row(file, answer)
    return 3 if errors else 0


def _answer(model: ShelfModel, row: Mapping[str, Any]) -> dict[str, Any]:
    palette, flaw = _palette(row)
    ranked = model.rank(*palette)
    found: dict[str, Any] = {
        "shelves": [{"genre": genre, "score": round(score, 4)} for genre, score in ranked]
    }
    return found | ({"note": flaw} if flaw else {})


def _palette(row: Mapping[str, Any]) -> tuple[Palette, str | None]:
    """Return the colours of a row, and what is odd about its image, where it names one."""
    if row.get("palette") is not None:
        return read_palette(row["palette"]), None
    if not isinstance(row.get("image"), str):
        raise InputError("a row needs a palette, a list of hex and weight, or the path of an image")
    try:
        cover = extract_palette(Path(row["image"]))
    except CoverError as error:
        raise InputError(f"{row['image']}: {error}") from error
    return cover.painted, cover.flaw


def read_palette(value: Any) -> Palette:
    """Read a list of `{"hex", "weight"}` as CIELAB [k, 3] and weights [k].

    Raises:
        InputError: it is no such list, or no colour has a weight.
    """
    if not isinstance(value, list) or not value:
        raise InputError('palette must be a list like [{"hex": "#1a2b3c", "weight": 0.4}, ...]')
    colours = [*_colours(value)]
    weight = np.array([share for _, share in colours])
    if weight.sum() <= 0:
        raise InputError("palette: no colour has a weight above 0")
    return rgb_to_lab(np.array([rgb for rgb, _ in colours])), weight / weight.sum()


def _colours(value: list[Any]) -> Iterator[tuple[tuple[int, int, int], float]]:
    for place, colour in enumerate(value, start=1):
        try:
            code, weight = str(colour["hex"]), float(colour["weight"])
            if len(code) != _HEX_LENGTH or not code.startswith("#"):
                raise ValueError(f"{code!r} is no hex colour")
            if not 0 <= weight < np.inf:
                raise ValueError(f"{weight} is no weight")
            yield hex_to_rgb(code), weight
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f'palette, colour {place}: {error}; like {{"hex": "#1a2b3c", "weight": 0.4}}?'
            ) from error
