"""The shipped table and the palettes made of it."""

import dataclasses
import json

import numpy as np
import pytest

from ml.errors import InputError
from ml.hues import HueTable
from ml.hues.colour import ciede2000, hex_to_rgb, rgb_to_lab
from ml.hues.names import HUES, INDEX
from ml.hues.table import DEFAULT_TABLE
from ml.hues.telling import ALIKE, GROUND
from ml.serving.prediction import Genre, Prediction
from ml.vocabulary.genres import vocabulary


@pytest.fixture(scope="module")
def table():
    return HueTable.load()


def test_every_label_has_a_palette_of_ten_true_shares(table):
    assert set(table.lifts) >= set(vocabulary())
    for label in vocabulary():
        palette = table.palette({label: 0.7})
        assert len({hue.name for hue in palette.hues}) == 10
        assert sum(hue.share for hue in palette.hues) == pytest.approx(1)
        shares = [hue.share for hue in palette.hues]
        assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize(
    ("genre", "hue"), [("Womens Fiction", "pink"), ("Horror", "maroon"), ("Childrens", "yellow")]
)
def test_known_leans_show(table, genre, hue):
    found = {bar.name: bar for bar in table.palette({genre: 1.0}).hues}
    assert found[hue].lift > 1.5
    assert found[hue].reasons[0].genre == genre


def test_weights_mix_genres(table):
    one, other = table.distribution({"Horror": 1}), table.distribution({"Womens Fiction": 1})
    mixed = table.distribution({"Horror": 0.5, "Womens Fiction": 0.5})
    assert mixed.sum() == pytest.approx(1)
    black, pink = INDEX["black"], INDEX["pink"]
    assert other[black] < mixed[black] < one[black]
    assert one[pink] < mixed[pink] < other[pink]
    assert table.distribution({"Horror": 3, "Womens Fiction": 3}) == pytest.approx(mixed)
    assert table.distribution({"Horror": 1, "Womens Fiction": 1e-9}) == pytest.approx(one)


def test_genres_that_lean_alike_strengthen_each_other(table):
    black = INDEX["black"]
    alone = [table.distribution({name: 1})[black] for name in ("Horror", "Crime", "Thriller")]
    together = table.distribution(dict.fromkeys(("Horror", "Crime", "Thriller"), 1.0))[black]
    assert together > np.mean(alone) > table.base[black]


def test_a_colour_that_a_genre_never_wears_is_still_possible(table):
    bare = dataclasses.replace(table, lifts={"Horror": np.zeros(len(table.base))})
    assert bare.distribution({"Horror": 1}) == pytest.approx(table.base, rel=1e-4)


def test_a_palette_rests_on_genres_and_never_on_shelves():
    shelf, horror = Genre("Audiobook", 0.9, "shelf", 0.5), Genre("Horror", 0.5, "genre", 0.4)
    guess = Genre("Ghosts", 0.2, "genre", 0.4)
    ranked = (shelf, horror, guess)
    assert Prediction((shelf, horror), ranked, 9, truncated=False).weights == {"Horror": 0.5}
    unsure = Prediction((shelf,), ranked, 9, truncated=False).weights
    assert unsure == {"Horror": 0.5, "Ghosts": 0.2}


def test_no_known_genre_gives_all_covers(table):
    palette = table.palette({"No Such Genre": 1.0})
    assert palette.genres == ()
    assert palette.evidence.strength == "weak"
    assert all(hue.lift == pytest.approx(1) for hue in palette.hues)


@pytest.mark.parametrize("bad", [{"n": 0}, {"n": 59}, {"weights": {"Horror": -1.0}}])
def test_out_of_range_is_refused(table, bad):
    with pytest.raises(ValueError, match="must be"):
        table.palette(**{"weights": {"Horror": 1.0}, **bad})


def test_save_and_load_are_inverse(table, tmp_path):
    table.save(tmp_path / "hues.json")
    assert (tmp_path / "hues.json").read_text() == DEFAULT_TABLE.read_text()


@pytest.mark.parametrize("damage", ["{", "[]", '{"format": 0}', None])
def test_a_damaged_table_is_refused(tmp_path, damage):
    path = tmp_path / "hues.json"
    if damage is None:
        data = json.loads(DEFAULT_TABLE.read_text())
        data["labels"]["Horror"]["lift"][3] = -1
        damage = json.dumps(data)
    path.write_text(damage)
    with pytest.raises(InputError, match=r"hues\.json"):
        HueTable.load(path)


def test_evidence_grades_what_is_known(table):
    assert table.palette({"Fantasy": 1.0}).evidence.strength == "strong"
    assert table.palette({"Poetry": 1.0}).evidence.strength == "weak"
    for label, evidence in table.evidence.items():
        if evidence.strength == "strong":
            assert evidence.covers >= 300, label
            assert evidence.interval[0] > 0, label


def test_the_widest_comes_first_and_shares_stay_true(table):
    palette = table.palette({"Horror": 1.0})
    shares = table.distribution({"Horror": 1.0})
    ten = [INDEX[hue.name] for hue in palette.hues]
    assert palette.hues[0].name == "maroon"
    assert [hue.share for hue in palette.hues] == pytest.approx(shares[ten] / shares[ten].sum())


def test_ground_comes_after_every_hue_and_no_two_of_the_ten_are_alike(table):
    for genre in ("Romance", "Business", "Travel", "Thriller"):
        ten = table.palette({genre: 1.0}).hues
        assert not {hue.name for hue in ten} & set(GROUND)
        lab = rgb_to_lab(np.array([hex_to_rgb(hue.worn) for hue in ten]))
        apart = ciede2000(lab[:, None], lab[None]) + 100 * np.eye(10)
        assert apart.min() >= ALIKE - 0.5  # worn is rounded to 8 bits
    assert {hue.name for hue in table.palette({"Romance": 1.0}, 58).hues} == set(HUES)


def test_a_hue_is_shown_as_covers_of_its_genres_wear_it(table):
    blush = {genre: hues(table, genre)["pink"].worn for genre in ("Romance", "Womens Fiction")}
    assert len({"#ffc0cb", *blush.values()}) == 3
    both = table.palette({"Romance": 1.0, "Womens Fiction": 1.0}).hues
    mixed = next(hue.worn for hue in both if hue.name == "pink")
    low, high = sorted(int(code[1:3], 16) for code in blush.values())
    assert low <= int(mixed[1:3], 16) <= high


def hues(table, genre):
    return {hue.name: hue for hue in table.palette({genre: 1.0}, 58).hues}


def test_each_genre_behind_a_palette_brings_its_own_evidence(table):
    palette = table.palette({"Horror": 0.9, "Gothic": 0.4})
    assert [backing.genre for backing in palette.backing] == ["Horror", "Gothic"]
    for backing in palette.backing:
        own = table.evidence[backing.genre]
        assert (backing.covers, backing.strength) == (own.covers, own.strength)
