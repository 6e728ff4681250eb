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

ANSWERS = (
    "predicted_genres", "predicted_probabilities", "predicted_audience", "hues", "thema",
    "shelf_paths", "bisac", "warnings", "error",
)  # fmt: skip

TABLES: dict[str, Callable[[Path, Sequence[str], Iterable[Row]], None]] = {
    "csv": partial(tables.write_csv, separator=","),
    "tsv": partial(tables.write_csv, separator="\t"),
    "xlsx": tables.write_excel,
    "parquet": tables.write_parquet,
}
"""File name ending -> what writes such a table."""


def columns_of(rows: Iterable[Row]) -> list[str]:
    """Return the input's columns in the order in which they turn up, then those of the answers."""
    names = dict.fromkeys(name for row in rows for name in row["row"])
    return [*names, *(_free(name, names) for name in ANSWERS)]


def write_table(kind: str, path: Path, names: Sequence[str], rows: Iterable[Row]) -> int:
    """Write a table of answers; return how many rows have an error.

    Raises:
        CatalogueError: the table cannot hold the rows.
    """
    failed = 0

    def cells() -> Iterator[Row]:
        nonlocal failed
        own = dict(zip(ANSWERS, names[len(names) - len(ANSWERS) :], strict=True))
        for row in rows:
            failed += "error" in row["answer"]
            found = _cells(row["answer"])
            yield row["row"] | {own[name]: value for name, value in found.items()}

    try:
        TABLES[kind](path, names, cells())
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
    return {"thema": listed, "shelf_paths": codes["shelves"], "bisac": bisac}


def _free(name: str, taken: Iterable[str]) -> str:
    while name in taken:
        name += "_2"
    return name
