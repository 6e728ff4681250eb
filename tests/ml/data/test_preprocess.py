import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from ml.__main__ import main

ROWS = [
    {"title": "A", "description": "One two three four five.", "genres": ["Fantasy (Magic)"]},
    {
        "title": "B",
        "description": "<p>Six seven eight nine ten.</p>",
        "genres": "['fantasy', 'Owned']",
    },
    {"title": "C", "description": "Again one two three four five.", "genres": "Fantasy; Romance"},
    {"title": "D", "description": "Again six seven eight nine ten.", "genres": ["Romance"]},
    {"title": "E", "description": "too short", "genres": ["Romance"]},
    {"title": "F", "description": "A book that nobody ever shelved.", "genres": ["Owned"]},
]


@pytest.fixture
def rows(tmp_path: Path) -> str:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS) + "{broken\n")
    return str(path)


def run(rows: str, out: Path, *options: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    assert main(["preprocess", rows, "--out", str(out), *options]) == 0
    with gzip.open(out / "books.jsonl.gz", "rt") as file:
        books = [json.loads(line) for line in file]
    return books, json.loads((out / "report.json").read_text())


def test_books_are_cleaned_and_their_genres_canonical(rows: str, tmp_path: Path) -> None:
    books, report = run(rows, tmp_path / "out")
    assert [set(book["genres"]) for book in books] == [
        {"Fantasy", "Magic"},
        {"Fantasy"},
        {"Fantasy", "Romance"},
        {"Romance"},
    ]
    assert books[1]["description"] == "Six seven eight nine ten."
    assert report["rows"] == 7
    assert report["rows_unreadable"] == 1
    assert report["rows_without_description"] == 1
    assert report["books_without_known_genre"] == 1
    assert report["unknown_names"] == {"Owned": 2}


@pytest.mark.parametrize("rule", [("--min-books", "2"), ("--min-share", "0.4")])
def test_rare_genres_and_the_books_left_without_one_are_dropped(
    rows: str, tmp_path: Path, rule: tuple[str, str]
) -> None:
    _, report = run(rows, tmp_path / "out", *rule)
    assert report["rare"] == {"Magic": 1}
    assert report["genres"] == {"Fantasy": 3, "Romance": 2}
    assert report["books_kept"] == 4


def test_raw_names_follow_the_original_rule(rows: str, tmp_path: Path) -> None:
    _, report = run(rows, tmp_path / "out", "--names", "raw", "--min-share", "0.3")
    assert report["raw_genres"] == 5
    assert report["genres"] == {"Owned": 2, "Romance": 2}
    assert (report["books_kept"], report["books_left_without_genre"]) == (4, 1)


def test_rows_without_a_split_get_one_by_author(tmp_path: Path) -> None:
    books = [
        {"title": f"T{n}", "author": f"Author {n % 50}", "genres": ["Fantasy"],
         "description": f"The story of number {n} and nothing else."}
        for n in range(200)
    ]  # fmt: skip
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(book) + "\n" for book in books))
    found, _ = run(str(path), tmp_path / "out")
    splits = {
        book["author"]: {b["split"] for b in found if b["author"] == book["author"]}
        for book in found
    }
    assert all(len(of_author) == 1 for of_author in splits.values())
    assert {"train", "dev", "test"} == set.union(*splits.values())


def test_nothing_left_is_an_error(
    rows: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["preprocess", rows, "--out", str(tmp_path / "out"), "--min-books", "99"]) == 2
    assert "no book is left" in capsys.readouterr().err


def test_the_real_data_reduce_as_the_original_did(tmp_path: Path) -> None:
    data = Path(__file__).parents[4] / "shared" / "data" / "books.jsonl.gz"
    if not data.exists():
        pytest.skip("needs ../shared/data/books.jsonl.gz, which only its owners have")
    _, report = run(str(data), tmp_path / "out", "--names", "raw", "--min-share", "0.01")
    # The original: 640 raw genres, 499 rare, 141 kept, 6,104 of 6,274 books kept (97 %).
    assert report["raw_genres"] == 1551
    assert 120 <= report["genres_kept"] <= 160
    assert report["books_kept"] / report["books_read"] > 0.97
