"""`python -m ml hues`, from folders of images to palettes."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from ml.__main__ import main
from ml.hue_fitting.covers import read_covers
from ml.hues import HueTable
from ml.hues.table import DEFAULT_TABLE


@pytest.fixture
def folder(stripes, tmp_path):
    (tmp_path / "covers" / "deep").mkdir(parents=True)
    stripes.save(tmp_path / "covers" / "one.png")
    stripes.save(tmp_path / "covers" / "deep" / "two.jpeg")
    (tmp_path / "covers" / "notes.txt").write_text("not a cover")
    return tmp_path / "covers"


def test_a_folder_is_measured_and_a_table_built_of_it(folder, tmp_path, capsys):
    rows, table = tmp_path / "rows.jsonl", tmp_path / "hues.json"
    assert main(["hues", "extract", str(folder), "--genres", "Horror", "--output", str(rows)]) == 0
    read = [json.loads(line) for line in rows.read_text().splitlines()]
    assert [row["title"] for row in read] == ["two", "one"]
    assert read[1]["palette"][0] | {"weight": 0} == {
        "hex": read[1]["palette"][0]["hex"], "weight": 0, "css": "maroon",
        "dE": read[1]["palette"][0]["dE"],
    }  # fmt: skip
    assert main(["hues", "build", "--covers", str(rows), "--output", str(table)]) == 0
    assert HueTable.load(table).evidence["Horror"].covers == 2


def test_the_shipped_table_is_scored_on_covers_it_has_not_seen(tmp_path, encode, capsys):
    covers = tmp_path / "covers"
    covers.mkdir()
    for number, colour in enumerate(("maroon", "maroon", "darkslategray", "brown")):
        image = Image.new("RGB", (400, 600), colour)
        image.paste("black", (0, 0, 400, 200 + 20 * number))
        image.save(covers / f"{number}.png")
    rows, output = tmp_path / "rows.jsonl", tmp_path / "figures.json"
    main(["hues", "extract", str(covers), "--genres", "Horror", "--output", str(rows)])
    arguments = ["evaluate", "--table", str(DEFAULT_TABLE), "--covers", str(rows)]
    assert main(["hues", *arguments, "--output", str(output)]) == 0
    found = json.loads(output.read_text())
    assert found == json.loads(capsys.readouterr().out)
    assert (found["covers"], found["authors"]) == (4, 4)
    assert found["genre"]["recall_at_10"]["mean"] == 1
    assert found["gain"]["log_likelihood"]["low"] > 0
    shares = HueTable.load(DEFAULT_TABLE).distribution({"Horror": 1})
    areas = [cover.area for cover in read_covers(rows)]
    expected = sum(area @ np.log(shares) for area in areas) / 4
    assert found["genre"]["log_likelihood"]["mean"] == pytest.approx(expected, abs=1e-5)


def test_covers_of_no_known_genre_cannot_be_scored(folder, tmp_path, capsys):
    rows = tmp_path / "rows.jsonl"
    main(["hues", "extract", str(folder), "--output", str(rows)])
    assert main(["hues", "evaluate", "--table", str(DEFAULT_TABLE), "--covers", str(rows)]) == 2
    assert "known genre" in capsys.readouterr().err


def test_csv_has_a_line_a_colour_and_bad_images_are_told(folder, tmp_path):
    (folder / "bad.png").write_bytes(b"nothing")
    output = tmp_path / "rows.csv"
    assert main(["hues", "extract", str(folder), "--output", str(output)]) == 3
    rows = list(csv.DictReader(output.read_text().splitlines()))
    assert [row["error"] for row in rows if row["title"] == "bad"] == [
        "This is no JPEG, PNG or WebP image."
    ]
    maroon = [row for row in rows if row["title"] == "one" and row["css"] == "maroon"]
    assert float(maroon[0]["weight"]) == pytest.approx(0.4, abs=0.02)


def test_palette_reads_genres_as_people_type_them(capsys):
    assert main(["hues", "palette", "--genres", "scary, horror novels, Law", "-n", "3"]) == 2
    assert "scary" in capsys.readouterr().err
    assert main(["hues", "palette", "--genres", "horror novels, Law", "-n", "3"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["palette", "--genres", " , "], "no such genre"),
        (["palette", "--genres", "Horror", "-n", "0"], "-n must be 1 to 58"),
        (["palette", "--genres", "Horror", "--table", "none.json"], "none.json"),
        (["build", "--covers", "none.jsonl"], "none.jsonl"),
        (["extract", "no-such-folder"], "no such file or folder"),
        (["report", "--evaluation", "none.json"], "must both be there"),
    ],
)
def test_bad_usage_is_one_clear_line(arguments, message, capsys):
    assert main(["hues", *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_figures_are_drawn_from_the_shipped_table(tmp_path):
    assert main(["hues", "figures", "--output", str(tmp_path)]) == 0
    barcodes = (tmp_path / "hues-barcodes.svg").read_text()
    assert barcodes.count("<rect") == 200
    assert "prefers-color-scheme:dark" in barcodes
    matrix = (tmp_path / "hues-matrix.svg").read_text()
    assert "<title>Horror: oxblood 1.8×</title>" in matrix
