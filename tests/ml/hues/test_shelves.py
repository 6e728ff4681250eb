"""Which shelves wear a cover's colours, as the shipped model and its command say."""

import json
import subprocess
import sys

import numpy as np
import pytest

from ml.errors import InputError
from ml.hues.colour import hex_to_rgb, rgb_to_lab
from ml.hues.shelves import ShelfModel

DRAWN = {
    "Horror": {"#0a0a0a": 0.6, "#7a0c0c": 0.3, "#2b1a1a": 0.1},
    "Romance": {"#f4b6c2": 0.5, "#f9dfe3": 0.3, "#7fc8c2": 0.15, "#ffffff": 0.05},
    "Business": {"#ffffff": 0.6, "#e30613": 0.25, "#111111": 0.15},
}


def painted(palette):
    lab = rgb_to_lab(np.array([hex_to_rgb(code) for code in palette]))
    return lab, np.array(list(palette.values()))


@pytest.fixture(scope="module")
def model():
    return ShelfModel.load()


@pytest.mark.parametrize("genre", DRAWN)
def test_a_cover_drawn_for_a_shelf_is_worn_there_more_than_on_most(model, genre):
    ranked = [name for name, _ in model.rank(*painted(DRAWN[genre]))]
    assert ranked.index(genre) < len(ranked) / 4


def test_a_verdict_can_say_no(model):
    horror = dict(model.rank(*painted(DRAWN["Horror"])))
    assert horror["Horror"] > 0 > horror["Womens Fiction"]
    assert horror["Horror"] > horror["Romance"] + 0.5


def test_pulls_name_the_colours_that_did_it(model):
    lab, weight = painted(DRAWN["Horror"])
    pulls = model.pulls(lab, weight, "Horror")
    assert pulls.shape == (3,)
    assert pulls[:2].sum() > 0


def test_the_order_and_scale_of_weights_do_not_matter(model):
    lab, weight = painted(DRAWN["Romance"])
    there, back = model.rank(lab, weight), model.rank(lab[::-1], 7 * weight[::-1])
    assert dict(there) == pytest.approx(dict(back))


def test_the_command_ranks_every_genre_and_goes_on_after_a_bad_row(model, tmp_path):
    rows = [
        {"id": "a", "palette": [{"hex": h, "weight": w} for h, w in DRAWN["Horror"].items()]},
        {"id": "b", "palette": [{"hex": "reddish", "weight": 1}]},
        {"id": "c", "image": str(tmp_path / "nowhere.png")},
    ]
    source, out = tmp_path / "covers.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, "-m", "ml", "hues", "shelves", str(source), str(out)]
    assert subprocess.run(command, check=False).returncode == 3
    first, second, third = map(json.loads, out.read_text().splitlines())
    scores = [shelf["score"] for shelf in first["shelves"]]
    assert {shelf["genre"] for shelf in first["shelves"]} == set(model.genres)
    assert scores == sorted(scores, reverse=True)
    assert "'reddish' is no hex colour" in second["error"]
    assert third["id"] == "c"
    assert "nowhere.png" in third["error"]


def test_a_file_that_is_no_model_says_how_to_make_one(tmp_path):
    (tmp_path / "shelves.npz").write_bytes(b"nothing")
    with pytest.raises(InputError, match="fit-shelves"):
        ShelfModel.load(tmp_path / "shelves.npz")
