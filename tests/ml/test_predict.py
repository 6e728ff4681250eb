"""`python -m ml predict`, as a process."""

import csv
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ml import metrics
from ml.__main__ import main
from ml.data.dataset import load_books, targets
from ml.serving.model_folder import DEFAULT_MODEL
from ml.vocabulary.genres import vocabulary

BLURB = "A young witch and her cat solve the murder of the village baker before the harvest fair."


def predict(*arguments: str, stdin: str = "") -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        [sys.executable, "-m", "ml", "predict", *arguments],
        input=stdin.encode(), capture_output=True, check=False,
    )  # fmt: skip
    lines = done.stdout.decode().splitlines()
    return done.returncode, [json.loads(line) for line in lines], done.stderr.decode()


def test_a_pipe_gives_one_answer_a_row() -> None:
    rows = [{"id": 7, "description": BLURB}, {"description": BLURB, "title": "Broomsticks"}]
    code, answers, _ = predict("-", "-", stdin="\n".join(json.dumps(row) for row in rows))
    assert code == 0
    assert [answer["id"] for answer in answers] == [7, 2]
    assert set(answers[0]) == {"id", "genres", "hues"}
    assert "Mystery" in [genre["name"] for genre in answers[0]["genres"]]
    assert sum(hue["share"] for hue in answers[0]["hues"]) == pytest.approx(1, abs=0.002)
    assert len(answers[0]["hues"]) == 10


def test_all_gives_every_probability_and_no_title_hides_the_title() -> None:
    row = {"description": BLURB, "title": "The Complete Cookbook: 200 Recipes"}
    _, (seen,), _ = predict("-", "-", "--all", stdin=json.dumps(row))
    _, (hidden,), _ = predict("-", "-", "--all", "--no-title", stdin=json.dumps(row))
    _, (alone,), _ = predict("-", "-", "--all", stdin=json.dumps({"description": BLURB}))
    assert list(seen["probabilities"]) != []
    assert set(seen["probabilities"]) == set(vocabulary())
    assert hidden == alone
    assert seen["probabilities"]["Cookbooks"] > hidden["probabilities"]["Cookbooks"]


def test_known_genres_move_the_hues_only() -> None:
    rows = [{"description": BLURB}, {"description": BLURB, "genres": "Horror; sci fi"}]
    _, (plain, known), _ = predict("-", "-", stdin="\n".join(map(json.dumps, rows)))
    assert plain["genres"] == known["genres"]
    assert plain["hues"] != known["hues"]


def test_broken_rows_give_errors_in_their_place() -> None:
    good = {name: json.dumps({"id": name, "description": BLURB}) for name in "ae"}
    bad = ["{broken", '{"id": "c"}', '{"id": "d", "description": 5}']
    lines = [good["a"], *bad, good["e"]]
    code, answers, errors = predict("-", "-", stdin="\n".join(lines))
    assert code == 3
    assert ["error" in answer for answer in answers] == [False, True, True, True, False]
    assert [answer["id"] for answer in answers] == ["a", 2, "c", "d", "e"]
    assert "3 rows could not be read" in errors
    assert BLURB not in errors


def test_csv_files(tmp_path: Path) -> None:
    source, out = tmp_path / "books.csv", tmp_path / "out.jsonl"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows([["title", "description"], ["Broomsticks", BLURB]])
    assert predict(str(source), str(out))[0] == 0
    (answer,) = map(json.loads, out.read_text().splitlines())
    assert answer["id"] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.jsonl", "-"), "nowhere.jsonl: cannot be read"),
        (("-", "-", "--model", "nowhere"), "nowhere"),
        (("-", "/nowhere/out.jsonl"), "cannot be written"),
    ],
)
def test_bad_usage_exits_with_2_and_one_line(arguments: tuple[str, ...], message: str) -> None:
    code, answers, errors = predict(*arguments, stdin="{}")
    assert code == 2
    assert answers == []
    assert message in errors
    assert len(errors.strip().splitlines()) == 1


def test_every_stage_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    stages = ["preprocess", "train", "wide", "export", "calibrate", "evaluate", "predict", "hues"]
    for stage in stages:
        with pytest.raises(SystemExit) as ended:
            main([stage, "--help"])
        assert ended.value.code == 0
        assert f"python -m ml {stage}" in capsys.readouterr().out


def test_held_out_books_score_as_claimed(tmp_path: Path) -> None:
    data = Path(__file__).parents[3] / "shared" / "data" / "books.jsonl.gz"
    if not data.exists():
        pytest.skip("needs ../shared/data/books.jsonl.gz, which only its owners have")
    assert main(["preprocess", str(data), "--out", str(tmp_path)]) == 0
    books = random.Random(4).sample(load_books(tmp_path / "books.jsonl.gz", "test"), 400)
    source = tmp_path / "sample.jsonl"
    source.write_text("".join(json.dumps({**book, "genres": []}) + "\n" for book in books))
    code, _, _ = predict(str(source), str(tmp_path / "out.jsonl"))
    assert code == 0
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    labels = [name for name, entry in vocabulary().items() if entry.original]
    decided = targets([{"genres": [g["name"] for g in a["genres"]]} for a in answers], labels)
    truth = targets(books, labels)
    claimed = json.loads((DEFAULT_MODEL / "metrics.json").read_text())["with_title"]
    found = metrics.micro_f1(truth.astype(bool), decided.astype(bool))
    assert found == pytest.approx(claimed["original_labels"]["micro_f1"], abs=0.025)
