"""`python -m ml predict`, as a process."""

import csv
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ml import metrics
from ml.__main__ import main
from ml.data.dataset import load_books, targets
from ml.data.rows import read_rows
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
    assert [answer["id"] for answer in answers] == [7, "line 2"]
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


def test_codes_are_added_where_they_are_asked_for(tmp_path: Path) -> None:
    row = {"description": f"Cornwall, 1888. {BLURB} A cosy mystery."}
    code, [answer], _ = predict("-", "-", "--codes", stdin=json.dumps(row))
    thema = answer["codes"]["thema"]
    assert code == 0
    assert thema["subjects"][0]["code"].startswith("FF")
    assert "1DDU-GB-EWC" in [qualifier["code"] for qualifier in thema["qualifiers"]]
    books, table = tmp_path / "books.csv", tmp_path / "out.csv"
    books.write_text(f"description\n{BLURB}\n", encoding="utf-8")
    assert predict(str(books), str(table), "--codes")[0] == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        [written] = csv.DictReader(file)
    assert written["thema"].startswith("F")
    assert " > " in written["shelf_paths"]
    assert written["keywords"].count("; ") > 1
    assert "bisac" not in written
    assert predict(str(books), str(table))[0] == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        [plain] = csv.DictReader(file)
    assert plain.keys().isdisjoint({"thema", "shelf_paths", "keywords", "bisac"})


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
    assert [answer["id"] for answer in answers] == ["a", "line 2", "c", "d", "e"]
    assert "3 rows could not be read" in errors
    assert BLURB not in errors


def test_csv_files(tmp_path: Path) -> None:
    source, out = tmp_path / "books.csv", tmp_path / "out.jsonl"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows([["title", "description"], ["Broomsticks", BLURB]])
    assert predict(str(source), str(out))[0] == 0
    (answer,) = map(json.loads, out.read_text().splitlines())
    assert answer["id"] == 2


def books(folder: Path, count: int) -> Path:
    source = folder / "books.csv"
    with source.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "title", "description", "note"])
        for number in range(count):
            text = f"{BLURB} It is story number {number}."
            writer.writerow([f"b{number}", f"Tale {number}", text, "=1+1"])
    return source


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "parquet"])
def test_tables_keep_every_column_and_have_the_answers_beside_them(
    tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"out.{ending}"
    assert predict(str(books(tmp_path, 3)), str(out), "--jobs", "1")[0] == 0
    rows = list(read_rows(str(out)))
    assert [row.fields["id"] for row in rows] == ["b0", "b1", "b2"]
    for row in rows:
        assert "Mystery" in row.fields["predicted_genres"]
        assert row.fields["hues"].startswith("#")
        # A spreadsheet must not compute what somebody wrote into a cell.
        assert row.fields["note"] == ("=1+1" if ending == "parquet" else "'=1+1")


def test_the_input_is_never_written_over(tmp_path: Path) -> None:
    source = books(tmp_path, 1)
    before = source.read_bytes()
    code, _, errors = predict(str(source), str(tmp_path / "." / "books.csv"))
    assert code == 2
    assert "is the input" in errors
    assert source.read_bytes() == before


def test_an_input_that_cannot_be_read_leaves_yesterdays_answers(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("yesterday")
    assert predict(str(tmp_path / "nowhere.csv"), str(out))[0] == 2
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    assert predict(str(tmp_path / "bad.csv"), str(out))[0] == 2
    assert out.read_text() == "yesterday"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "out.jsonl"]


def test_a_reader_that_has_had_enough_ends_it_quietly(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m ml predict '{books(tmp_path, 200)}' - --jobs 1 | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["id"] == "b0"
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


def test_a_killed_run_goes_on_and_does_no_row_twice(tmp_path: Path) -> None:
    source, out = books(tmp_path, 300), tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "ml", "predict", str(source), str(out), "--jobs", "1"]
    journal = tmp_path / "out.jsonl.journal"
    for least in (1, 100):
        process = subprocess.Popen([*command, "--resume"], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if journal.exists() and journal.read_bytes().count(b"\n") > least:
                break
            time.sleep(0.02)
        process.kill()
        process.wait()
    done = journal.read_bytes().count(b"\n") - 1
    assert 100 <= done < 300
    with journal.open("ab") as file:
        file.write(b'{"answer": {"id": "half')  # the kill came in the middle of a line
    assert subprocess.run([*command, "--resume"], capture_output=True, check=False).returncode == 0
    answers = [json.loads(line) for line in out.read_text().splitlines()]
    assert [answer["id"] for answer in answers] == [f"b{number}" for number in range(300)]
    assert not journal.exists()


def test_another_runs_journal_is_not_gone_on_with(tmp_path: Path) -> None:
    source, out = books(tmp_path, 2), tmp_path / "out.jsonl"
    (tmp_path / "out.jsonl.journal").write_text('{"input": ["other"]}\n')
    code, _, errors = predict(str(source), str(out), "--resume")
    assert code == 2
    assert "another input, model or options" in errors


def test_jobs_keep_the_order_and_the_answers(tmp_path: Path) -> None:
    source = books(tmp_path, 150)
    for jobs in ("1", "2"):
        assert predict(str(source), str(tmp_path / f"{jobs}.jsonl"), "--jobs", jobs)[0] == 0
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_what_is_doubtful_is_said(tmp_path: Path) -> None:
    texts = [
        "nan",
        "No description available.",
        "Il était une fois une petite fille que son père n'aimait pas.",
        "Dragons!",
    ]
    rows = "\n".join(json.dumps({"description": text}) for text in texts)
    _, answers, _ = predict("-", "-", stdin=rows)
    assert [answer["genres"] for answer in answers[:2]] == [[], []]
    said = ["placeholder", "no description", "French", "1 word"]
    for answer, words in zip(answers, said, strict=True):
        assert words in " ".join(answer["warnings"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.jsonl", "-"), "nowhere.jsonl: cannot be read"),
        (("-", "-", "--model", "nowhere"), "nowhere"),
        (("-", "/nowhere/out.jsonl"), "cannot be written"),
    ],
)
def test_bad_usage_exits_with_2_and_one_line(arguments: tuple[str, ...], message: str) -> None:
    code, answers, errors = predict(*arguments, stdin=json.dumps({"description": BLURB}))
    assert code == 2
    assert answers == []
    assert message in errors
    assert message in errors.strip().splitlines()[-1]
    assert "Traceback" not in errors


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


def test_bisac_headings_come_from_the_list_that_was_brought(tmp_path: Path) -> None:
    brought = tmp_path / "bisac.csv"
    brought.write_text("code,heading\nZZZ000001,FICTION / Mystery / General\n", encoding="utf-8")
    row = json.dumps({"description": BLURB})
    code, [answer], _ = predict("-", "-", "--codes", "--bisac", str(brought), stdin=row)
    assert code == 0
    assert answer["codes"]["bisac"][0]["code"] == "ZZZ000001"
    brought.write_text("a,b\n1,2\n", encoding="utf-8")
    code, answers, said = predict("-", "-", "--codes", "--bisac", str(brought), stdin=row)
    assert (code, answers) == (2, [])
    assert "expected the columns code and heading" in said
