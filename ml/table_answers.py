"""Answers as columns beside those of the file that they were asked for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from catalogue.errors import CatalogueError
from catalogue.writing import tables
from ml.serving.prediction import SHELF

Row = dict[str, Any]
"""Of the journal: `answer`, and `row` with the columns of the input."""

_GENRES = ("predicted_genres", "predicted_probabilities", "predicted_audience", "hues")
_CODES = ("thema", "shelf_paths", "keywords")

TABLES: dict[str, Callable[[Path, Sequence[str], Iterable[Row]], None]] = {
    "csv": partial(tables.write_csv, separator=","),
    "tsv": partial(tables.write_csv, separator="\t"),
    "xlsx": tables.write_excel,
    "parquet": tables.write_parquet,
}
"""File name ending -> what writes such a table."""


def answer_columns(*, codes: bool, bisac: bool) -> tuple[str, ...]:
    """Return the columns of the answers: those of codes only where codes were asked for."""
    asked = (*_CODES, "bisac") if bisac else _CODES
    return (*_GENRES, *(asked if codes else ()), "warnings", "error")


def write_table(
    kind: str, path: Path, answers: Sequence[str], read: Callable[[], Iterable[Row]]
) -> int:
    """Write a table of answers; return how many rows have an error.

    The input's columns come first, in the order in which they turn up; a column of the answers
    whose name is taken there gets another.

    Args:
        kind: a key of `TABLES`.
        path: what to write.
        answers: the columns of the answers (`answer_columns`).
        read: reads the rows from the first on; it is asked twice.

    Raises:
        CatalogueError: the table cannot hold the rows.
    """
    failed = 0
    given = dict.fromkeys(name for row in read() for name in row["row"])
    own = {name: _free(name, given) for name in answers}

    def cells() -> Iterator[Row]:
        nonlocal failed
        for row in read():
            failed += "error" in row["answer"]
            found = _cells(row["answer"])
            yield row["row"] | {own[name]: found.get(name) for name in own}

    try:
        TABLES[kind](path, [*given, *own.values()], cells())
    except tables.TooManyRowsError as error:
        raise CatalogueError(str(error)) from error
    return failed


def _cells(answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        return {"error": answer["error"]}
    genres = [genre for genre in answer["genres"] if genre["facet"] not in (SHELF, "audience")]
    return {
        "predicted_genres": [genre["name"] for genre in genres],
        "predicted_probabilities": [f"{genre['probability']:.2f}" for genre in genres],
        "predicted_audience": [g["name"] for g in answer["genres"] if g["facet"] == "audience"],
        "hues": [hue["hex"] for hue in answer["hues"]],
        **_coded(answer.get("codes")),
        "warnings": answer.get("warnings"),
    }


def _coded(codes: dict[str, Any] | None) -> dict[str, Any]:
    if codes is None:
        return {}
    thema = codes["thema"]
    listed = [code["code"] for code in (*thema["subjects"], *thema["qualifiers"])]
    bisac = [f"{heading['code']} {heading['heading']}" for heading in codes.get("bisac", ())]
    keywords = [keyword["phrase"] for keyword in codes["keywords"]]
    shelves = codes["shelves"]
    return {"thema": listed, "shelf_paths": shelves, "keywords": keywords, "bisac": bisac}


def _free(name: str, taken: Iterable[str]) -> str:
    while name in taken:
        name += "_2"
    return name
