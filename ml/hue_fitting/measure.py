"""Measure many covers: images and folders in, rows of colours out."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from ml.errors import InputError
from ml.hue_fitting.covers import MEASURED, OWN
from ml.hues.extract import CoverError, extract_palette

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
COLUMNS = ("source", "title", "rank", "hex", "weight", "css", "dE", "neutral", "error")


def find_images(paths: Iterable[Path]) -> list[Path]:
    """Return the files named, and all images in the folders named and below them.

    Raises:
        InputError: a path does not exist, or nothing was found.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
        elif path.exists():
            found.append(path)
        else:
            raise InputError(f"{path}: no such file or folder")
    if not found:
        raise InputError("no JPEG, PNG or WebP image found")
    return found


def measure(images: Iterable[Path], genres: list[str]) -> Iterator[dict[str, Any]]:
    """Yield a row for each image, as `build` reads them; an unusable one gives its `error`.

    Args:
        images: image files.
        genres: what the covers' books are, in any words; written into every row.
    """
    for path in images:
        row: dict[str, Any] = {"source": str(path), "title": path.stem}
        try:
            cover = extract_palette(path)
        except CoverError as error:
            yield {**row, "error": str(error)}
            continue
        palette = [
            {
                "hex": colour.hex,
                "weight": round(colour.share, 4),
                "css": colour.css,
                "dE": round(colour.difference, 1),
                **({"neutral": colour.neutral} if colour.neutral else {}),
            }
            for colour in cover.colours
        ]
        yield {**row, "set": OWN, "method": MEASURED, "genres": genres, "palette": palette}


def write_json_lines(rows: Iterable[dict[str, Any]], file: IO[str]) -> int:
    """Write one object a line; returns how many rows are errors."""
    errors = 0
    for row in rows:
        errors += "error" in row
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return errors


def write_csv(rows: Iterable[dict[str, Any]], file: IO[str]) -> int:
    """Write one line a colour, or one for an image that cannot be used; returns the errors."""
    writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    errors = 0
    for row in rows:
        errors += "error" in row
        for rank, colour in enumerate(row.get("palette", [{}]), start=1):
            writer.writerow({**row, **colour, "rank": rank if colour else ""})
    return errors
