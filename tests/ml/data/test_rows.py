import gzip
import json
from pathlib import Path

import pytest

from ml.data.rows import genre_names, open_output, read_rows, write_row
from ml.errors import InputError


def write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize("compress", [False, True])
def test_json_lines_plain_and_gzipped(tmp_path: Path, compress: bool) -> None:
    data = b'\n{"description": "a"}\n\n{"description": "b"}\n'
    path = write(tmp_path / "rows", gzip.compress(data) if compress else data)
    rows = list(read_rows(path))
    assert [(row.line, row.fields["description"]) for row in rows] == [(2, "a"), (4, "b")]


def test_csv_with_quotes_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", b'\xef\xbb\xbftitle,description\nA,"one, ""two""\nthree"\n')
    (row,) = read_rows(path)
    assert row.fields == {"title": "A", "description": 'one, "two"\nthree'}


def test_a_broken_row_spoils_itself_only(tmp_path: Path) -> None:
    path = write(tmp_path / "rows", b'{"description": "a"}\n{oops\n[1]\n{"d": "\xff"}\n{"x": 1}\n')
    rows = list(read_rows(path))
    assert [bool(row.error) for row in rows] == [False, True, True, True, False]
    assert "line 2: not JSON" in str(rows[1].error)
    assert "line 3: expected a JSON object, found list" in str(rows[2].error)
    assert "line 4: not UTF-8" in str(rows[3].error)


def test_a_csv_row_with_too_many_fields(tmp_path: Path) -> None:
    rows = list(read_rows(write(tmp_path / "rows", b"id,description\n1,a,b\n2,c\n")))
    assert rows[0].error == "line 2: more fields than columns"
    assert rows[1].fields["description"] == "c"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"title,blurb\nA,b\n", "'description' column"),
        (gzip.compress(b'{"description": "a"}' * 99)[:40], "damaged"),
    ],
)
def test_a_useless_file_says_what_was_expected(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(read_rows(write(tmp_path / "rows", data)))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.jsonl: cannot be read"):
        list(read_rows(str(tmp_path / "nowhere.jsonl")))


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (["Fantasy", " Magic "], ["Fantasy", "Magic"]),
        ("['Fantasy', \"Children's\"]", ["Fantasy", "Children's"]),
        ("Fantasy; Sword, and Sorcery", ["Fantasy", "Sword, and Sorcery"]),
        ("Fantasy, Magic", ["Fantasy", "Magic"]),
        ("Fiction » Romance", ["Fiction", "Romance"]),
        ("", []),
        (None, []),
    ],
)
def test_genres_in_every_shape(value: object, names: list[str]) -> None:
    assert genre_names(value) == names


@pytest.mark.parametrize("value", [7, [1], "[__import__('os')]", {"a": 1}])
def test_genres_of_no_known_shape(value: object) -> None:
    with pytest.raises(ValueError, match="genres"):
        genre_names(value)


def test_lone_surrogates_are_written_as_escapes(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl.gz"
    with open_output(str(path)) as file:
        write_row(file, {"id": "\ud800é"})
    assert json.loads(gzip.decompress(path.read_bytes())) == {"id": "\ud800é"}
