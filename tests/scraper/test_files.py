"""Exports, merges and imports: what goes into files and what comes back out of them."""

import ast
import csv
import gzip
import json

import pyarrow.parquet
import pytest

BLURB = "A lighthouse keeper hears a second bell."


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def filled(scraper):
    scraper.urls("1003", "--max-pages", "1")
    scraper.details()
    return scraper


def test_the_three_formats_hold_the_same(filled, tmp_path):
    for name in ("a.jsonl", "a.csv", "a.parquet"):
        assert "20 rows of 20" in filled.run("export", str(tmp_path / name))
    rows = lines(tmp_path / "a.jsonl")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    table = pyarrow.parquet.read_table(tmp_path / "a.parquet").to_pylist()
    for row, cell, record in zip(rows, cells, table, strict=True):
        assert row["title"] == cell["title"] == record["title"]
        assert row["description"] == cell["description"] == record["description"]
        assert row["genres"] == ast.literal_eval(cell["genres"]) == record["genres"]
        assert row["categories"] == record["categories"]
        assert row["words"] == int(cell["words"]) == record["words"]
    for name in ("a.jsonl", "a.csv", "a.parquet"):
        filled.run("merge", str(tmp_path / name), str(tmp_path / "b.jsonl"))
        again = lines(tmp_path / "b.jsonl")
        assert [row["categories"] for row in again] == [row["categories"] for row in rows]
        assert [row["url"] for row in again] == [row["url"] for row in rows]


def test_export_to_standard_output_and_gzip(filled, tmp_path):
    said = filled.run("export", "-")
    assert len([line for line in said.splitlines() if line.startswith("{")]) == 20
    filled.run("export", str(tmp_path / "a.jsonl.gz"))
    with gzip.open(tmp_path / "a.jsonl.gz", "rt", encoding="utf-8") as file:
        assert len(file.readlines()) == 20


def test_top_genres_and_language(filled, tmp_path):
    filled.run("export", str(tmp_path / "a.jsonl"), "--top-genres", "2")
    assert max(len(row["genres"]) for row in lines(tmp_path / "a.jsonl")) == 2
    filled.run("export", str(tmp_path / "a.jsonl"), "--language", "spanish")
    assert {row["language"] for row in lines(tmp_path / "a.jsonl")} == {"Spanish"}


def test_a_failed_export_leaves_the_old_file(filled, tmp_path):
    out = tmp_path / "folder" / "a.jsonl"
    assert "cannot be written" in filled.run("export", str(out), code=2)
    assert "standard output" in filled.run("export", "-", "--format", "parquet", code=2)


def test_merge_takes_the_originals_csv_and_each_book_once(scraper, tmp_path):
    old = tmp_path / "book_details.csv"
    old.write_text(
        ",title,url,description,genres\n"
        f"0,The Bell,https://www.smashwords.com/books/view/12,{BLURB},"
        "\"['Fiction', 'Nonfiction', 'Nonfiction']\"\n"
        "1,Tea,https://www.smashwords.com/books/view/13,,['Fiction']\n"
        f'2,Ash,http://smashwords.com/books/view/14/?ref=x,"Two, three.\nFour.",Fantasy;Horror\n',
        encoding="utf-8-sig",
    )
    new = tmp_path / "new.jsonl"
    rows = [
        {"title": "The  bell", "author": "Hale, Ada", "description": BLURB, "url": "https://a.example/1"},
        {"title": "THE BELL", "author": "Ada Hale", "description": "Another edition.", "url": "https://a.example/2?utm_source=x"},
        {"title": "Ash", "author": "Ivo Ito", "description": "Not that Ash.", "url": "https://a.example/3"},
        {"title": "Again", "description": "x", "url": "https://www.smashwords.com/books/view/14"},
        {"title": "The Bell (Bells, #1)", "author": "Someone Else", "description": "Other.", "url": "https://a.example/4"},
    ]  # fmt: skip
    new.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    out = tmp_path / "all.jsonl"
    said = scraper.run("merge", str(old), str(new), str(out))
    merged = lines(out)
    assert [row["title"] for row in merged] == ["The Bell", "Ash", "Ash", "The Bell (Bells, #1)"]
    assert merged[0]["author"] == "Hale, Ada"
    assert merged[0]["genres"] == ["Nonfiction", "Fiction"]
    assert merged[1]["genres"] == ["Fantasy", "Horror"]
    assert merged[1]["description"] == "Two, three.\nFour."
    assert "4 rows of 8; left out: 3 repeats of the same book, 1 without" in said


def test_two_known_books_that_turn_out_to_be_one_become_one(scraper, tmp_path):
    file = tmp_path / "a.jsonl"
    rows = [
        {"title": "The Bell", "description": "One.", "url": "https://a.example/1"},
        {"title": "The Bell", "author": "Ada", "description": "Two.", "url": "https://a.example/2"},
        {"title": "The Bell", "author": "Ada", "description": "3.", "url": "https://a.example/1"},
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    scraper.run("merge", str(file), str(tmp_path / "b.jsonl"))
    (row,) = lines(tmp_path / "b.jsonl")
    assert (row["description"], row["author"]) == ("One.", "Ada")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", '{"title": "x"}\n{"title": \n', "a.jsonl, line 2: not JSON"),
        ("a.jsonl", '{"title": "x"}\n[1]\n', "a.jsonl, line 2: expected a JSON object"),
        ("a.csv", "colour,size\nred,1\n", "a.csv, line 2: expected `title`"),
        ("a.csv", "", "a.csv: is empty"),
    ],
)
def test_bad_files_are_refused_with_the_line(scraper, tmp_path, name, text, said):
    (tmp_path / name).write_text(text, encoding="utf-8")
    out = tmp_path / "out.jsonl"
    assert said in scraper.run("merge", str(tmp_path / name), str(out), code=2)
    assert not out.exists()
    assert "cannot be read" in scraper.run("merge", str(tmp_path / "none"), str(out), code=2)


def test_goodreads_exports_come_in_without_private_notes(scraper, tmp_path):
    library = tmp_path / "goodreads_library_export.csv"
    library.write_text(
        "Book Id,Title,Author,Author l-f,ISBN,My Rating,Bookshelves,Exclusive Shelf,My Review,"
        'Private Notes\n12,"The Bell",Ada Hale,"Hale, Ada","=""0439023483""",5,"to-read, fantasy",'
        "to-read,I wept,secret\n",
        encoding="utf-8",
    )
    said = scraper.run("import-goodreads", str(library))
    assert "1 rows, 1 new books, 1 without a description" in said
    details = tmp_path / "book_details.csv"
    details.write_text(
        "book_title,author,description,genres,book_url\n"
        f"The Bell,Ada Hale,{BLURB},\"['Fantasy', 'Fiction']\","
        "https://www.goodreads.com/book/show/12-the-bell\n",
        encoding="utf-8",
    )
    assert "1 rows, 0 new books" in scraper.run("import-goodreads", str(details))
    scraper.run("import-goodreads", str(library))
    scraper.run("export", str(tmp_path / "a.jsonl"))
    (row,) = lines(tmp_path / "a.jsonl")
    assert row["url"] == "https://www.goodreads.com/book/show/12"
    assert (row["description"], row["genres"]) == (BLURB, ["Fantasy", "Fiction"])
    assert b"secret" not in scraper.ledger.read_bytes()
    assert b"I wept" not in scraper.ledger.read_bytes()


def test_a_file_that_is_no_goodreads_export_is_refused_whole(scraper, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("title,url\nA,https://www.goodreads.com/book/show/1\n,\n", encoding="utf-8")
    assert "a.csv, line 3: expected a title" in scraper.run("import-goodreads", str(file), code=2)
    assert scraper.run("status") == "the ledger is empty\n"


def test_wrong_usage_is_one_clear_line(scraper, tmp_path):
    assert "no ledger there" in scraper.run("status", code=2)
    scraper.ledger.write_text("no database, but long enough to be looked at" * 100)
    assert "cannot be used as a ledger" in scraper.run("status", code=2)


def test_palettes_are_kept_and_images_are_not(shop, scraper, tmp_path):
    (tmp_path / "measurer.py").write_text(
        "def measure(image):\n    return [{'hex': '#102030', 'share': len(image) / len(image)}]\n"
    )
    scraper.processes = True
    scraper.urls("1003", "--max-pages", "1")
    assert "cannot be loaded" in scraper.details("--cover", "--palette", "no.such:thing", code=2)
    missing = f"/bookCovers/{shop.books[3].number}.png"
    shop.faults[missing] = 404
    scraper.environment["PYTHONPATH"] = str(tmp_path)
    said = scraper.details("--limit", "4", "--cover", "--palette", "measurer:measure")
    assert "3 covers measured" in said
    rows = scraper.rows()
    assert (
        sum(row.get("palette") == [{"hex": "#102030", "share": 1.0}] for row in rows.values()) == 3
    )
    assert scraper.status()["reasons"]["cover"] == {"not-found": 1}
    assert b"PNG not really" not in scraper.ledger.read_bytes()
    scraper.details("--limit", "0", "--cover", "--palette", "measurer:measure")
    assert len(set(shop.paths("/bookCovers"))) == len(shop.paths("/bookCovers"))
