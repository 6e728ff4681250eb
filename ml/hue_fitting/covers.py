"""Read measured covers: what share of each cover's area every colour fills."""

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.data.rows import genre_names, read_rows
from ml.errors import InputError
from ml.hues.colour import hex_to_rgb, rgb_to_lab
from ml.hues.names import COLOURS, INDEX
from ml.vocabulary.genres import canonical_all

GENRE_TABLE = Path(__file__).with_name("cover_genres.csv")
MEASURED = "kmeans5_lab"
"""The method whose weights are measured areas; other sources give one or two main colours."""


_HEX = re.compile("#[0-9a-fA-F]{6}")

_FIRST_YEAR = 1450

OWN = "own"
"""The collection that covers measured by `extract` belong to, unless they name another."""


class Cover(NamedTuple):
    """One cover: where it was measured, which book it is, and its colours."""

    source: str
    measured: bool
    title: str
    author: str
    labels: tuple[str, ...]
    year: int | None
    """Of publication, where the collection says it."""
    column: NDArray[np.int64]
    """[k] which of the 61 names each of its colours counts under."""
    weight: NDArray[np.float64]
    """[k] their shares of the area, summing to 1."""
    lab: NDArray[np.float64]
    """[k, 3] the colours in CIELAB."""

    @property
    def area(self) -> NDArray[np.float64]:
        """[61] the share of the area under each name."""
        found = np.bincount(self.column, self.weight, len(COLOURS)).astype(np.float64)
        return found

    @property
    def paint(self) -> NDArray[np.float64]:
        """[61, 3] the mean CIELAB under each name, times its share."""
        found = np.zeros((len(COLOURS), 3))
        np.add.at(found, self.column, self.weight[:, None] * self.lab)
        return found


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
        path: one object a line with `title`, `palette` (a list of `hex`, `weight`, `css` and,
            for an achromatic colour, `neutral`) and either `genres_canonical` (names of the table
            `cover_genres.csv`) or `genres` (any names); also `author`, `set` (the collection) and
            `method`, where there are any. What `extract` writes is such a file.

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
    try:
        palette = row["palette"]
        weight = np.array([float(colour["weight"]) for colour in palette])
        cover = Cover(
            str(row.get("set", OWN)),
            row.get("method", MEASURED) == MEASURED,
            str(row["title"]),
            str(row.get("author") or ""),
            _labels(row),
            _year(row.get("year")),
            np.array([INDEX[colour.get("neutral") or colour["css"]] for colour in palette], int),
            weight / weight.sum() if weight.sum() > 0 else weight * np.nan,
            rgb_to_lab(np.array([_rgb(colour["hex"]) for colour in palette]).reshape(-1, 3)),
        )
    except KeyError as error:
        raise InputError(
            f"{where}: {error} is missing, or is no colour of the 61 and no genre of "
            f"{GENRE_TABLE.name}"
        ) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{where}: not a measured cover: {error}") from error
    if not len(weight) or not (np.isfinite(cover.weight).all() and (weight >= 0).all()):
        raise InputError(f"{where}: the palette's weights must be positive numbers")
    return cover


def _rgb(code: str) -> tuple[int, int, int]:
    if not _HEX.fullmatch(code):
        raise ValueError(f"{code!r} is no colour; one like #1a2b3c was expected")
    return hex_to_rgb(code)


def _year(value: object) -> int | None:
    text = str(value or "")[:4]
    return int(text) if text.isascii() and text.isdigit() and int(text) >= _FIRST_YEAR else None


def _labels(row: Mapping[str, Any]) -> tuple[str, ...]:
    if "genres_canonical" in row:
        found = [label for genre in row["genres_canonical"] for label in label_table()[genre]]
        return tuple(dict.fromkeys(found))
    return canonical_all(genre_names(row["genres"]))


def with_book_genres(covers: Sequence[Cover], path: Path) -> list[Cover]:
    """Add the genres of the same books in a file of books; joined by title and author's last name.

    Args:
        covers: what `read_covers` returned.
        path: rows with `title`, `author` and `genres`, as for `python -m ml preprocess`.

    Raises:
        InputError: the file cannot be read.
    """
    known: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in read_rows(str(path)):
        if row.error:
            raise InputError(f"{path}, {row.error}")
        author = author_key(str(row.fields.get("author") or ""))
        if author:
            book = (title_key(str(row.fields.get("title") or "")), author)
            known[book] = canonical_all(genre_names(row.fields.get("genres")))
    joined = []
    for cover in covers:
        more = known.get((title_key(cover.title), author_key(cover.author)), ())
        joined.append(cover._replace(labels=tuple(dict.fromkeys((*cover.labels, *more)))))
    return joined
