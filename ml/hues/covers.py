"""Read measured covers: what share of each cover's area every colour fills."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.errors import InputError
from ml.hues.names import COLOURS, INDEX
from ml.rows import read_rows

GENRE_TABLE = Path(__file__).with_name("cover_genres.csv")
MEASURED = "kmeans5_lab"
"""The method whose weights are measured areas; other sources give one or two main colours."""


class Cover(NamedTuple):
    """One cover: where it was measured, which book it is, and the shares of its 61 colours."""

    source: str
    measured: bool
    title: str
    author: str
    labels: tuple[str, ...]
    area: NDArray[np.float64]


@cache
def label_table() -> dict[str, tuple[str, ...]]:
    """Read the visible table: a cover collection's genre -> the labels it is evidence for."""
    with GENRE_TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["cover_genre"]: tuple(filter(None, row["labels"].split("|")))
            for row in csv.DictReader(file)
        }


def title_key(title: str) -> str:
    """Fold a title to its words, without the series in brackets and without the subtitle."""
    main = re.split(r"[:;]", re.sub(r"\(.*?\)", "", title.lower()))[0]
    return " ".join(re.findall(r"\w+", re.sub(r"['’]", "", main)))


def author_key(author: str) -> str:
    """Fold the first author to the last name: "J. K. Rowling, Mary GrandPré" is "rowling"."""
    words = re.findall(r"\w+", re.split(r",|&| and ", author.lower())[0])
    return words[-1] if words else ""


def read_covers(path: Path) -> list[Cover]:
    """Read a JSON Lines file of covers, plain or gzip.

    Args:
        path: one object a line with `set`, `method`, `title`, `genres_canonical` and `palette`
            (a list of `weight`, `css` and, for an achromatic colour, `neutral`).

    Raises:
        InputError: the file cannot be read, or a line is not such an object.
    """
    covers = []
    for row in read_rows(str(path)):
        if row.error:
            raise InputError(f"{path}, {row.error}")
        covers.append(_cover(row.fields, f"{path}, line {row.line}"))
    if not covers:
        raise InputError(f"{path}: holds no covers")
    return covers


def _cover(row: Mapping[str, Any], where: str) -> Cover:
    area = np.zeros(len(COLOURS))
    try:
        for colour in row["palette"]:
            area[INDEX[colour.get("neutral") or colour["css"]]] += float(colour["weight"])
        labels = [label for genre in row["genres_canonical"] for label in label_table()[genre]]
        cover = Cover(
            str(row["set"]),
            row["method"] == MEASURED,
            str(row["title"]),
            str(row.get("author") or ""),
            tuple(dict.fromkeys(labels)),
            area / area.sum(),
        )
    except KeyError as error:
        raise InputError(
            f"{where}: {error} is missing, or is no colour of the 61 and no genre of "
            f"{GENRE_TABLE.name}"
        ) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{where}: not a measured cover: {error}") from error
    if not (np.isfinite(cover.area).all() and (cover.area >= 0).all()):
        raise InputError(f"{where}: the palette's weights must be positive numbers")
    return cover
