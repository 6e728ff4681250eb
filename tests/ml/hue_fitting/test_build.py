"""Building and evaluating a table on covers made up for the test."""

import json
from typing import Any

import numpy as np
import pytest

from ml.errors import InputError
from ml.hue_fitting.build import build
from ml.hue_fitting.covers import Cover, author_key, read_covers, title_key, with_book_genres
from ml.hue_fitting.evaluate import auc, cross_validate, recall
from ml.hue_fitting.folds import folds, groups
from ml.hue_fitting.wider_names import write_wider_names
from ml.hues.colour import hex_to_rgb, rgb_to_lab
from ml.hues.names import BACKDROPS, HUES, INDEX
from ml.hues.naming import WIDER_NAMES
from ml.hues.table import ALL

CANONICAL = {
    name: rgb_to_lab(np.array(hex_to_rgb(code))) for name, code in {**HUES, **BACKDROPS}.items()
}


def cover(source, number, labels, colours, measured=True):
    lab = np.array([CANONICAL[name] for name in colours])
    column = np.array([INDEX[name] for name in colours])
    weight = np.array([*colours.values()], float)
    return Cover(
        source,
        measured,
        f"A long title {number}",
        f"Ann Name{number}",
        labels,
        None,
        column,
        weight,
        lab,
    )


@pytest.fixture(scope="module")
def covers():
    """Two collections: one is greyer throughout; in both, horror wears maroon twice as often."""
    rng = np.random.default_rng(1)
    made = []
    for number in range(800):
        horror, grey = number % 2 == 0, number % 4 < 2
        maroon = rng.random() < (0.6 if horror else 0.3)
        colours = {"maroon" if maroon else "gold": 0.4 if grey else 0.9}
        colours["grey"] = 1 - sum(colours.values())
        source = "bookdepo" if grey else "nyt"
        made.append(cover(source, number, ("Horror",) if horror else ("Travel",), colours))
    return made


def test_lifts_show_genres_and_not_collections(covers):
    table = build([c for c in covers if not (c.source == "nyt" and c.labels == ("Travel",))], 20)
    assert table.lifts["Horror"][INDEX["maroon"]] > 1.05
    assert table.lifts["Travel"][INDEX["maroon"]] < 0.95
    # Travel comes from the grey collection alone; that does not make it a grey genre.
    assert table.lifts["Travel"][INDEX["grey"]] == pytest.approx(1, abs=0.1)


def test_a_genre_without_covers_leans_on_its_wider_ones(covers):
    table = build(covers, 20)
    assert table.lifts["Gothic"] == pytest.approx(table.lifts["Horror"], abs=0.01)
    assert table.evidence["Gothic"].covers == 0
    assert table.evidence["Gothic"].strength == "weak"
    assert table.evidence["Horror"].lean > 0


def test_few_covers_are_shrunk_towards_all(covers):
    rare = [cover("nyt", 900 + n, ("Music",), {"teal": 1.0}) for n in range(2)]
    lifts = [build([*covers, *rare], k).lifts["Music"][INDEX["teal"]] for k in (1, 100, 10_000)]
    assert lifts[0] > lifts[1] > lifts[2] > 1


def test_evaluation_finds_a_real_gain_and_no_gain_in_noise(covers):
    gain = cross_validate(covers, covers)["gain"]["log_likelihood"]
    assert gain["low"] > 0
    rng = np.random.default_rng(2)
    shuffled = [
        own._replace(labels=covers[other].labels)
        for own, other in zip(covers, rng.permutation(len(covers)), strict=True)
    ]
    noise = cross_validate(shuffled, shuffled)["gain"]["log_likelihood"]
    assert noise["low"] < 0.002
    assert noise["mean"] < gain["mean"] / 5


def test_recall_shares_places_among_ties():
    notable = np.array([[True, False, False, True]])
    assert recall(np.array([[4.0, 3, 2, 1]]), notable, 2) == pytest.approx([0.5])
    assert recall(np.ones((1, 4)), notable, 2) == pytest.approx([0.5])
    assert np.isnan(recall(np.ones((1, 4)), np.zeros((1, 4), bool), 2)).all()


def test_auc_of_perfect_reversed_and_flat_order():
    notable = np.array([[True, False, False, True]])
    orders = np.array([[3.0, 1, 2, 4], [1.0, 3, 4, 2], [1.0, 1, 1, 1]])
    assert [auc(order[None], notable)[0] for order in orders] == [1, 0, 0.5]


def test_no_author_and_no_book_crosses_a_fold():
    made = [
        cover("nyt", 1, (), {"red": 1})._replace(author="J. K. Rowling", title="Short"),
        cover("kindle", 2, (), {"red": 1})._replace(author="Joanne Rowling", title="Other"),
        cover("nyt", 3, (), {"red": 1})._replace(author="A. Poe", title="A Long Telling Title"),
        cover("kindle", 4, (), {"red": 1})._replace(author="", title="A long telling title: more"),
        *(cover("nyt", n, (), {"red": 1}) for n in range(5, 45)),
    ]
    group, fold = groups(made), folds(made, 4)
    assert group[0] == group[1] != group[2] == group[3]
    for name in set(group):
        assert len({f for f, own in zip(fold, group, strict=True) if own == name}) == 1
    assert np.bincount(fold).tolist() == [11, 11, 11, 11]


def test_keys_fold_what_catalogues_write_differently():
    assert title_key("Dune (Dune Chronicles, #1)") == title_key("DUNE: A Novel") == "dune"
    assert author_key("J.K. Rowling, Mary GrandPré") == author_key("Rowling") == "rowling"


ROW: dict[str, Any] = {
    "title": "T",
    "palette": [{"hex": "#800000", "weight": 1, "css": "maroon"}],
    "genres": ["Horror"],
}


def painted(**changed):
    return json.dumps({**ROW, "palette": [ROW["palette"][0] | changed]})


def test_own_covers_are_read_and_joined_to_books(tmp_path):
    path, books = tmp_path / "own.jsonl", tmp_path / "books.jsonl"
    path.write_text(json.dumps({**ROW, "author": "Mary Shelley"}) + "\n")
    books.write_text('{"title": "T", "author": "M. Shelley", "genres": ["Gothic"]}\n')
    read = read_covers(path)
    assert read[0].labels == ("Horror",)
    assert with_book_genres(read, books)[0].labels == ("Horror", "Gothic")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (json.dumps({"genres": ["Horror"]}), r"line 1: 'palette' is missing"),
        (painted(css="puce"), "'puce' is missing, or"),
        (painted(weight="x"), "not a measured cover"),
        (painted(weight=-1), "positive"),
        (painted(hex="reddish"), "'reddish' is no colour; one like #1a2b3c"),
        (json.dumps({**ROW, "palette": []}), "positive"),
        (json.dumps({**ROW, "genres_canonical": ["Bread"]}), "'Bread' is missing, or"),
    ],
)
def test_bad_rows_are_refused_with_their_place(tmp_path, line, message):
    path = tmp_path / "covers.jsonl"
    path.write_text(f"{line}\n{json.dumps(ROW)}\n")
    with pytest.raises(InputError, match=message):
        read_covers(path)


def test_a_hue_is_worn_as_the_covers_of_its_label_measure():
    made = []
    for number in range(40):
        horror = number % 2 == 0
        one = cover("nyt", number, ("Horror",) if horror else ("Travel",), {"maroon": 1.0})
        made.append(one._replace(lab=np.array([[20.0 if horror else 40.0, 30, 20]])))
    table = build(made, 20)
    lightness = {
        label: rgb_to_lab(table.worn[label][INDEX["maroon"]])[0]
        for label in ("Horror", "Travel", ALL)
    }
    assert lightness["Horror"] == pytest.approx(20.5, abs=0.3)  # 20 covers, and one of all
    assert lightness[ALL] == pytest.approx(30, abs=0.3)
    assert lightness["Travel"] == pytest.approx(39.5, abs=0.3)
    teal = table.worn[ALL][INDEX["teal"]]  # worn by none: the canonical colour
    assert teal.tolist() == [0, 128, 128]


def test_the_wider_names_are_those_that_the_build_step_writes(tmp_path):
    written = tmp_path / "colour_names.csv"
    assert write_wider_names(written) > 700
    assert written.read_text() == WIDER_NAMES.read_text()
    assert "poop" not in written.read_text()
