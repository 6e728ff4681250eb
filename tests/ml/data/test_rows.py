import gzip
import json
from pathlib import Path

import pytest

from ml.data.rows import open_output, read_rows, write_row
from ml.errors import InputError


def write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def test_a_row_has_the_files_own_names_and_the_projects(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", b"Book Title,BLURB,split\nA,one,dev\n")
    (row,) = read_rows(path)
    assert row.line == 2
    assert row.fields == {
        "Book Title": "A", "BLURB": "one", "split": "dev", "title": "A", "description": "one"
    }  # fmt: skip


def test_nested_values_stay_what_they_are(tmp_path: Path) -> None:
    cover = {"palette": [{"hex": "#800000", "weight": 1}], "genres": ["Horror"]}
    line = json.dumps(cover).encode() + b"\n"
    rows = read_rows(write(tmp_path / "covers.jsonl", line * 2))
    assert [row.fields for row in rows] == [cover, cover]


def test_a_broken_row_spoils_itself_only(tmp_path: Path) -> None:
    path = write(tmp_path / "rows", b'{"description": "a"}\n{oops\n[1]\n{"x": 1}\n')
    rows = list(read_rows(path))
    assert [bool(row.error) for row in rows] == [False, True, True, False]
    assert "line 2" in str(rows[1].error)


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "is empty"), (gzip.compress(b'{"description": "a"}' * 99)[:40], "damaged")],
)
def test_a_useless_file_says_what_was_expected(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(read_rows(write(tmp_path / "rows", data)))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.jsonl: cannot be read"):
        list(read_rows(str(tmp_path / "nowhere.jsonl")))


def test_what_is_needed_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", b"title,stars\nA,5\n")
    with pytest.raises(InputError, match="description"):
        list(read_rows(path, needs=("description",)))


def test_lone_surrogates_are_written_as_escapes(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl.gz"
    with open_output(str(path)) as file:
        write_row(file, {"id": "\ud800é"})
    assert json.loads(gzip.decompress(path.read_bytes())) == {"id": "\ud800é"}
