"""Every kind of catalogue file, read to the same books."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from catalogue import CatalogueError, genre_names, open_catalogue
from catalogue.limits import Limits
from tests.catalogue.makers import BOOKS, MAKERS, WEST, table


def read(path: Path, **options):
    with open_catalogue(str(path), **options) as books:
        return list(books)


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_is_known_by_its_bytes_and_read_with_its_titles(kind, tmp_path):
    path = tmp_path / "books.dat"
    path.write_bytes(MAKERS[kind]())
    rows = read(path)
    books = BOOKS[: len(rows)]
    assert rows
    assert [row.error for row in rows] == [None] * len(rows)
    assert [row.title for row in rows] == [book["title"] for book in books]
    # White space is the cleaning's business.
    assert [row.description.split() for row in rows] == [b["description"].split() for b in books]
    assert [row.genres for row in rows] == [book["genres"][: len(row.genres)] for book, row in
                                            zip(books, rows, strict=True)]  # fmt: skip
    assert all(row.genres for row in rows)
    assert [str(row.id).removeprefix("/works/") for row in rows] == [book["id"] for book in books]


def test_what_was_taken_for_what_is_said_and_can_be_said_otherwise(tmp_path):
    path = tmp_path / "books.csv"
    path.write_text(table(head=("nr", "titel", "klappentext", "stichworte")))
    with open_catalogue(str(path), {"genres": "Stichworte"}) as books:
        assert "description: `klappentext`" in books.said()[1]
        assert next(iter(books)).genres == ["Horror", "Sea"]
    with pytest.raises(CatalogueError, match=r"no column 'blurp'.*`klappentext`"):
        open_catalogue(str(path), {"description": "blurp"})


def test_a_file_without_descriptions_says_what_it_has_and_what_is_needed(tmp_path):
    path = tmp_path / "books.csv"
    path.write_text("title,stars\nThe Bell,5\n")
    with pytest.raises(CatalogueError, match=r"`title`, `stars`.*description"):
        read(path)


def test_a_broken_row_costs_that_row_and_names_its_line(tmp_path):
    path = tmp_path / "books.csv"
    path.write_text('id,title,description\n1,A,"one\ntwo"\n2,B\n3,C,three,four\n4,D,five\n')
    rows = read(path)
    assert [row.number for row in rows] == [2, 4, 5, 6]
    assert [bool(row.error) for row in rows][2:] == [True, False]
    assert "line 5" in str(rows[2].error)
    assert rows[3].description == "five"


def test_an_unclosed_quote_does_not_swallow_the_rest(tmp_path):
    path = tmp_path / "books.csv"
    many = "".join(f"{n},Title {n},A story of the sea and of number {n}.\n" for n in range(3, 200))
    path.write_text(f'id,title,description\n1,A,fine\n2,B,"never closed\n{many}')
    rows = read(path)
    assert len(rows) == 199
    assert sum("swallowed" in " ".join(row.warnings) + str(row.error) for row in rows) == 1


@pytest.mark.parametrize(
    "cell", ["[" * 100_000 + "]", "(" * 5000 + ")" * 5000, "[1, 2]", 7, {"a": 1}]
)
def test_genres_that_cannot_be_read_cost_the_genres(cell, tmp_path):
    path = tmp_path / "books.jsonl"
    path.write_text(json.dumps({"description": "A story.", "genres": cell}) + "\n")
    (row,) = read(path)
    assert row.error is None
    assert row.description == "A story."
    assert row.genres == []
    assert "genres" in row.warnings[0]


def test_lists_stay_lists():
    assert genre_names('["Fiction, Historical"]') == ["Fiction, Historical"]
    assert genre_names(["Fiction, Historical", "Sea"]) == ["Fiction, Historical", "Sea"]
    assert genre_names("Fiction » Romance; Horror") == ["Fiction", "Romance", "Horror"]
    assert genre_names("Fiction, Historical") == ["Fiction", "Historical"]


@pytest.mark.parametrize("value", [5, True, {"a": 1}, [{"x": 1}]])
def test_no_value_is_turned_into_text(value, tmp_path):
    path = tmp_path / "books.jsonl"
    rows = [{"description": "A story."}, {"description": value}]
    path.write_text("\n".join(map(json.dumps, rows)))
    first, second = read(path)
    assert first.error is None
    assert "expected a text under `description`" in second.error


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image"),
        (b"%PDF-1.7 stuff", "PDF"),
        (b"<html><body><h1>Hello</h1></body></html>", "web page"),
        (b"<rss><channel/></rss>", "root <rss>"),
        (b'{"a": 1}', "keys `a`"),
    ],
)
def test_what_is_no_catalogue_is_named(data, said, tmp_path):
    path = tmp_path / "books.bin"
    path.write_bytes(data)
    with pytest.raises(CatalogueError, match=said):
        read(path)


def test_a_bomb_in_an_archive_is_refused(tmp_path):
    path, out = tmp_path / "books.zip", io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("books.csv", "title,description\n" + "A,b\n" * 2_000_000)
    path.write_bytes(out.getvalue())
    with pytest.raises(CatalogueError, match="MB"):
        read(path, limits=Limits(unpacked=1_000_000))


def test_xml_entities_are_not_expanded(tmp_path):
    path = tmp_path / "books.xml"
    path.write_text(
        '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        "<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata><dc:title>T</dc:title>"
        "<dc:description>A story &b; &x; of the sea.</dc:description></metadata></package>"
    )
    (row,) = read(path)
    assert "root:" not in row.description
    assert "haha" not in row.description


def test_bytes_of_another_encoding_are_said(tmp_path):
    path = tmp_path / "books.csv"
    path.write_bytes(WEST.encode("latin-1"))
    with open_catalogue(str(path)) as books:
        assert any("not UTF-8" in line for line in books.said())
        assert [row.title for row in books][1] == "Café Ten"


def test_rows_without_an_id_get_one_of_their_own(tmp_path):
    path = tmp_path / "books.csv"
    path.write_text("title,description\nA,one\nA,two\n")
    assert [row.id for row in read(path)] == [2, 3]
    path.write_text("id,title,description\n7,A,one\n,B,two\n")
    assert [row.id for row in read(path)] == ["7", "line 3"]
