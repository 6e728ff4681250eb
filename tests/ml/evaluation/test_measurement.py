"""Ladder, training ablations, unusual texts, explanations and figures, on the invented books."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from ml.__main__ import main
from ml.evaluation.figures import DARK
from ml.evaluation.model_page import DOCUMENT, write
from ml.evaluation.robustness import changes
from ml.serving.model_folder import DEFAULT_MODEL
from tests.ml.pipeline_world import TRAINING, World

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def ladder(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("docs") / "model.md"
    runs = ("--run", str(world.run), "--earlier", str(world.run))
    arguments = ["leaderboard", str(world.books), *runs, "--model", str(world.model)]
    assert main([*arguments, "--out", str(out)]) == 0
    return out


def test_the_ladder_ends_with_the_shipped_model(world: World, ladder: Path) -> None:
    result = json.loads(ladder.with_suffix(".json").read_text())
    measured = json.loads((world.model / "metrics.json").read_text())
    shipped = result["rungs"][-1]
    for key in ("micro_f1", "macro_f1", "map", "ece"):
        assert shipped[key] == pytest.approx(
            measured["with_title"]["original_labels"][key], abs=1e-6
        )
    assert result["rungs"][0]["map"] < 0.6 < shipped["map"]
    names = [row["name"] for row in result["rungs"]]
    assert any(name.startswith("the original project's way with") for name in names)
    earlier = r"the encoder alone, after 6 epochs at \d+ tokens, calibrated, .*"
    assert any(re.fullmatch(earlier, name) for name in names)
    assert "the encoder alone, then 6 epochs at 160 tokens, threshold 0.5" in names


def test_what_is_taken_away_is_measured_against_the_whole(ladder: Path) -> None:
    result = json.loads(ladder.with_suffix(".json").read_text())
    parts = {row["name"]: row for row in result["taken_away"]}
    whole = next(row for row in result["rungs"] if row["name"] == "both together, float32")
    without = parts["without the table of word pieces"]
    gain, low, high = without["gained"]["map"]
    assert gain == pytest.approx(100 * (without["map"] - whole["map"]))
    assert low <= high
    assert "without the encoder" in parts
    assert without["name"] in ladder.read_text()


def test_training_choices_are_compared_and_the_recipe_is_measured(
    world: World, ladder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = ["train", str(world.books), "--encoder", str(world.encoder), *TRAINING]
    short += ["--epochs", "1", "--limit", "80"]
    for name, changed in (("base", ()), ("titled", ("--title-share", "1"))):
        assert main([*short, "--out", str(tmp_path / name), *changed]) == 0
    page = tmp_path / ladder.name
    for file in (ladder, ladder.with_suffix(".json")):
        (tmp_path / file.name).write_text(file.read_text())
    arguments = ["ablate", str(world.books), "--recipe", str(world.run), "--out", str(page)]
    arguments += ["--model", str(world.model), "--base", str(tmp_path / "base"), "--others"]
    assert main([*arguments, str(tmp_path / "titled")]) == 0
    result = json.loads((tmp_path / "ablations.json").read_text())
    assert result["short"]["train_books"] == 80
    base, titled = result["short"]["with_title"]
    assert titled["name"] == "`title_share` 1.0 instead of 0.5"
    assert titled["gained"]["map"][0] == pytest.approx(100 * (titled["map"] - base["map"]))
    recipe, _, shipped = result["recipe"]["rows"]
    measured = json.loads((world.model / "metrics.json").read_text())
    for key in ("micro_f1", "map"):
        known = measured["without_title"]["original_labels"][key]
        assert shipped[key] == pytest.approx(known, abs=1e-6)
    text = page.read_text()
    assert f"| {recipe['name']} | {recipe['micro_f1']:.3f} |" in text
    assert text.startswith(ladder.read_text().split("\n## Calibration")[0])

    assert main([*arguments, str(tmp_path / "base")]) == 2
    assert "the same settings" in capsys.readouterr().err
    assert main([*arguments, str(tmp_path / "none")]) == 2
    assert "not a finished training run" in capsys.readouterr().err


def test_unusual_texts_are_measured_and_answered(world: World, tmp_path: Path) -> None:
    rows = [
        {"origin": origin, "title": "", "description": f"{words} of the old city", "genres": names}
        for origin, words, names in (
            ("shop", "dragon wizard sword", ["fantasy"]),
            ("shop", "recipe oven flour", ["Cookbook"]),
        )
        for _ in range(40)
    ]
    file, out = tmp_path / "rows.jsonl", tmp_path / "unusual.md"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    arguments = ["probe", str(world.books), "--catalogues", str(file), "--model", str(world.model)]
    assert main([*arguments, "--books", "60", "--out", str(out)]) == 0
    result = json.loads(out.with_suffix(".json").read_text())
    assert result["changed"]["all capitals"]["map"] == result["changed"]["as they are"]["map"]
    assert result["changed"]["first 10 words"]["map"] < result["changed"]["as they are"]["map"]
    shop = result["catalogues"]["shop"]
    assert shop["books"] == 60
    assert shop["map"] > shop["map_of_shares"] + 0.2
    told = result["explanations"]
    assert told["without_strongest"] < told["without_random"] < told["probability"]
    assert "a list of keywords" in out.read_text()


def test_the_ways_to_change_a_blurb() -> None:
    text = "The dragon's gate, at night: nobody comes back from it unchanged."
    ways = {name: change(text) for name, change in changes("Free delivery.").items()}
    assert ways["neither capitals nor marks"].startswith("the dragon's gate at night nobody")
    assert ways["first 10 words"] == "The dragon's gate, at night: nobody comes back from it"
    assert ways["25 keywords"].split(", ") == sorted(ways["25 keywords"].split(", "))
    assert sorted(ways["3 % of the letters swapped"]) == sorted(text)
    assert len(ways["followed by a shop's boilerplate, 3,000 words"].split()) == 3000


def test_the_figures_follow_the_colour_scheme(world: World, ladder: Path, tmp_path: Path) -> None:
    ways = ("--model", str(world.model), "--ladder", str(ladder.with_suffix(".json")))
    assert main(["figures", *ways, "--out", str(tmp_path)]) == 0
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["model-calibration.svg", "model-labels.svg", "model-ladder.svg"]
    text = (tmp_path / "model-labels.svg").read_text()
    for light, dark in DARK.items():
        assert f'[style*="fill: {light}"]{{fill:{dark}!important}}' in text
    words = [element.text for element in ElementTree.fromstring(text).iter() if element.text]
    assert any(word.startswith("Fantasy (") for word in words)
    again = tmp_path / "again"
    assert main(["figures", *ways, "--out", str(again)]) == 0
    assert (again / "model-labels.svg").read_text() == text


def test_figures_without_results_say_what_to_run(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = ("--ladder", str(tmp_path / "none.json"))
    assert main(["figures", "--model", str(world.model), *missing]) == 2
    assert "leaderboard" in capsys.readouterr().err


def test_the_documents_speak_of_the_shipped_model(tmp_path: Path) -> None:
    for file in DOCUMENT.parent.glob("*.json"):
        (tmp_path / file.name).write_text(file.read_text())
    assert write(tmp_path / DOCUMENT.name) == DOCUMENT.read_text()
    version = json.loads((DEFAULT_MODEL / "model.json").read_text())["version"]
    for name in ("model", "unusual"):
        assert json.loads((DOCS / f"{name}.json").read_text())["version"] == version
    assert main(["figures", "--out", str(tmp_path / "drawn")]) == 0
    for path in (tmp_path / "drawn").iterdir():
        drawn, kept = path.read_text(), (DOCS / "img" / path.name).read_text()
        number = re.compile(r"-?\d+\.\d+")
        assert number.sub("", drawn) == number.sub("", kept), "run `python -m ml figures`"
        new, old = ([float(n) for n in number.findall(text)] for text in (drawn, kept))
        assert np.allclose(new, old, atol=0.1)
