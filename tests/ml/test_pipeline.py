"""The whole pipeline on invented books, through the command line."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from ml.__main__ import main
from ml.data.dataset import BlurbDataset, known, load_books, token_ids
from ml.network.ngram_table import Wide
from ml.network.packed_table import RowTable
from ml.network.shipped_model import ShippedModel
from ml.predictor import Predictor
from ml.settings import settings
from ml.training.finished_runs import load_deep
from ml.training.records import epochs
from tests.ml.pipeline_world import TRAINING, World


def test_the_tiny_model_learns_the_invented_genres(world: World) -> None:
    measured = json.loads((world.model / "metrics.json").read_text())
    assert measured["books"] == 60
    assert measured["with_title"]["original_labels"]["micro_f1"] > 0.85
    assert measured["without_title"]["all_labels"]["map"] > 0.85


def test_training_json_records_settings_and_figures(world: World) -> None:
    record = json.loads((world.run / "training.json").read_text())
    assert record["steps"] == 6 * 20
    assert record["settings"]["lr"] == 5e-3
    assert len(record["dev"]) == 6
    assert record["dev"][-1]["map"] > record["dev"][0]["map"]


def test_the_card_states_the_measured_figures(world: World) -> None:
    card = (world.model / "README.md").read_text()
    measured = json.loads((world.model / "metrics.json").read_text())
    assert f"{measured['with_title']['original_labels']['micro_f1']:.4f}" in card
    assert card.startswith("---\nlicense: mit\n")
    assert "$" not in card


def test_the_shipped_network_is_the_blend_of_its_parts_and_additive(world: World) -> None:
    deep, _, tokenizer = load_deep(world.run)
    wide = Wide.load(world.run / "wide.safetensors")
    dataset = BlurbDataset(load_books(world.books, "dev")[:6], tokenizer, 64, title_share=1)
    shipped = ShippedModel(deep, wide, share=0.3, max_tokens=64).eval()
    of_wide = torch.from_numpy(wide.logits(token_ids(dataset)))
    for place in range(6):
        ids, mask, _ = dataset.collate([dataset[place]])
        with torch.inference_mode():
            expected = 0.7 * deep(ids, mask) + 0.3 * of_wide[place]
            logits, contributions, _ = shipped(ids)
        assert torch.allclose(logits, expected, atol=0.6)  # the tables have 4 bits
        assert torch.allclose(contributions.sum(1) + shipped.bias, logits, atol=1e-4)


def test_a_killed_training_goes_on_and_ends_the_same(world: World, tmp_path: Path) -> None:
    def command(out: Path) -> list[str]:
        return [
            sys.executable, "-m", "ml", "train", str(world.books), "--out", str(out),
            "--encoder", str(world.encoder), "--resume", "--checkpoint-minutes", "0", *TRAINING,
        ]  # fmt: skip

    out = tmp_path / "killed"
    process = subprocess.Popen(command(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (out / "checkpoint.pt").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert (out / "checkpoint.pt").exists()
    assert not (out / "model.safetensors").exists()
    subprocess.run(command(out), check=True, capture_output=True)
    whole, resumed = (
        load_file(world.run / "model.safetensors"),
        load_file(out / "model.safetensors"),
    )
    assert json.loads((out / "training.json").read_text())["steps"] == 6 * 20
    for name, value in whole.items():
        assert torch.allclose(value, resumed[name], atol=1e-4), name


def test_refining_goes_on_from_the_run_and_is_refused_from_another(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def arguments(start: Path, out: Path) -> list[str]:
        named = ["--start", str(start), "--out", str(out), "--encoder", str(world.encoder)]
        return ["refine", str(world.books), *named, *TRAINING, "--epochs", "1"]

    assert main([*arguments(world.run, tmp_path / "more"), "--lr", "0", "--head-lr", "0"]) == 0
    before, after = (
        load_file(folder / "model.safetensors") for folder in (world.run, tmp_path / "more")
    )
    assert all(torch.equal(before[name], after[name]) for name in before)
    record = json.loads((tmp_path / "more" / "training.json").read_text())
    assert record["settings"]["start"] == "run"
    assert record["before"]["steps"] == 6 * 20
    assert main([*arguments(world.run, tmp_path / "half"), "--start-share", "0.5"]) == 0
    assert main([*arguments(world.run, tmp_path / "none"), "--start-share", "0"]) == 0
    half, end = (
        load_file(tmp_path / name / "model.safetensors")["head.weight"] for name in ("half", "none")
    )
    assert torch.allclose(half, (before["head.weight"] + end) / 2, atol=1e-6)
    assert not torch.allclose(half, end, atol=1e-3)
    assert record["settings"]["max_tokens"] == settings("refine")["max_tokens"]
    assert main(arguments(tmp_path, tmp_path / "other")) == 2
    assert "finished training run" in capsys.readouterr().err
    other = tmp_path / "renamed"
    shutil.copytree(world.run, other)
    (other / "labels.json").write_text("[]")
    assert main(arguments(other, tmp_path / "another")) == 2
    assert "not those of this data" in capsys.readouterr().err


def test_a_student_has_fewer_layers_and_follows_its_teacher(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def distil(out: str, *options: str) -> int:
        named = ["--start", str(world.run), "--out", str(tmp_path / out)]
        encoder = ["--encoder", str(world.encoder)]
        return main(["distil", str(world.books), *named, *encoder, *TRAINING, *options])

    books = load_books(world.books, "train")[:8]
    teacher, _, tokenizer = load_deep(world.run)
    dataset = BlurbDataset(books, tokenizer, 384, title_share=1)
    ids, mask, _ = dataset.collate([dataset[place] for place in range(len(books))])
    with torch.inference_mode():
        taught = teacher.mean(ids, mask).numpy()
    away = {}
    for weight in ("0", "1"):
        assert distil(weight, "--layers", "1", "--mean-weight", weight) == 0
        student, _, _ = load_deep(tmp_path / weight)
        assert student.encoder.config.num_hidden_layers == 1
        with torch.inference_mode():
            away[weight] = np.abs(student.mean(ids, mask).numpy() - taught).mean()
        kept = np.load(tmp_path / weight / "taught.npy")[: len(books)]
        np.testing.assert_allclose(kept, taught, atol=0.01)
    assert away["1"] < 0.7 * away["0"]
    record = json.loads((tmp_path / "1" / "training.json").read_text())
    assert record["settings"]["layers"] == [1]
    assert record["dev"][-1]["map"] > 0.9
    assert "student" not in record["settings"]
    more = ["--layers", "1", "--student", str(tmp_path / "1"), "--epochs", "1"]
    assert distil("mean", *more, "--start-share", "0.5") == 0
    assert distil("end", *more, "--start-share", "0") == 0
    began, mean, end = (
        load_file(tmp_path / name / "model.safetensors")["head.weight"]
        for name in ("1", "mean", "end")
    )
    assert torch.allclose(mean, (began + end) / 2, atol=1e-6)
    assert not torch.allclose(mean, end, atol=1e-3)
    assert not (tmp_path / "mean" / "taught.npy").exists()
    record = json.loads((tmp_path / "mean" / "training.json").read_text())
    assert epochs(record) == (
        "6 epochs at 160 tokens, then 6 epochs of a student with 1 of its layers at 160 tokens, "
        "then 1 epoch more at 160 tokens"
    )
    assert distil("wrong", "--layers", "2") == 2
    assert "--layers: expected numbers from 0 to 1" in capsys.readouterr().err


def test_adapting_trains_on_with_the_word_embeddings_that_ship(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def adapt(start: Path, out: Path) -> int:
        named = ["--start", str(start), "--out", str(out), "--encoder", str(world.encoder)]
        return main(["adapt", str(world.books), *named, *TRAINING, "--epochs", "1"])

    assert adapt(world.run, tmp_path / "adapted") == 0
    before, after = (
        load_file(folder / "model.safetensors") for folder in (world.run, tmp_path / "adapted")
    )
    words = "encoder.embeddings.word_embeddings.weight"
    assert not torch.equal(before[words], after[words])
    rounded = RowTable(before[words])(torch.arange(len(before[words])).unsqueeze(0))[0]
    assert torch.equal(after[words], rounded)
    assert not torch.equal(before["head.weight"], after["head.weight"])
    record = json.loads((tmp_path / "adapted" / "training.json").read_text())
    assert record["dev"][-1]["map"] > 0.9
    assert epochs(record).endswith(", then 1 epoch at 192 tokens with word embeddings in 4 bits")
    assert adapt(tmp_path, tmp_path / "other") == 2
    assert "not a finished training run" in capsys.readouterr().err


def test_the_seed_list_alone_and_a_frozen_encoder(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = tmp_path / "books.jsonl.gz"
    with gzip.open(world.books, "rt") as file, gzip.open(books, "wt") as marked:
        for place, line in enumerate(file):
            marked.write(json.dumps(json.loads(line) | {"seed_list": place % 2 == 0}) + "\n")
    named = ["--out", str(tmp_path / "run"), "--encoder", str(world.encoder)]
    options = ["--seed-list", "--epochs", "1", "--lr", "0"]
    assert main(["train", str(books), *named, *TRAINING, *options]) == 0
    record = json.loads((tmp_path / "run" / "training.json").read_text())
    assert record["books"] == 80
    trained = load_file(tmp_path / "run" / "model.safetensors")
    layer = "encoder.layer.0.attention.self.query.weight"
    untrained = load_file(world.encoder / "model.safetensors")[layer]
    assert torch.equal(trained[f"encoder.{layer}"], untrained)
    assert trained["head.weight"].abs().max() > 0
    unmarked = ["train", str(world.books), "--out", str(tmp_path / "none"), "--seed-list"]
    assert main([*unmarked, *TRAINING]) == 2
    assert 'no training book has "seed_list": true' in capsys.readouterr().err


def test_other_settings_do_not_resume(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    out.mkdir()
    shutil.copyfile(world.run / "checkpoint.pt", out / "checkpoint.pt")
    arguments = ["train", str(world.books), "--out", str(out), "--encoder", str(world.encoder)]
    assert main([*arguments, *TRAINING]) == 2
    assert "--resume" in capsys.readouterr().err
    assert main([*arguments, *TRAINING, "--resume", "--seed", "9"]) == 2
    assert "other settings" in capsys.readouterr().err


def test_export_fails_when_int8_changes_too_much(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(world.model, tmp_path / "model")
    arguments = ["export", str(world.books), "--run", str(world.run), "--version", "1"]
    bound = ["--model", str(tmp_path / "model"), "--max-shift", "0"]
    assert main([*arguments, *bound]) == 1
    assert "moves probabilities" in capsys.readouterr().err


def test_a_missing_run_is_named(
    tmp_path: Path, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(world.books), "--run", str(tmp_path), "--version", "1"]
    assert main(["export", *arguments, "--model", str(tmp_path / "m")]) == 2
    assert "not a finished training run" in capsys.readouterr().err


def test_long_texts_are_cut_and_said_to_be(world: World) -> None:
    predictor = Predictor.load(world.model)
    long = predictor.predict("dragon wizard spell kingdom " * 400)
    assert long.truncated
    assert long.tokens == predictor.max_tokens
    assert not predictor.predict("dragon wizard spell").truncated


def test_a_label_that_an_origin_cannot_give_is_unknown_there() -> None:
    books = [{"origin": "old", "genres": ["Magic", "Fantasy"]}] * 40
    books += [{"origin": "new", "genres": ["Fantasy"]}] * 40
    certain = known(books, ["Fantasy", "Magic"], ["new"])
    assert certain[:40].all()
    assert certain[40:, 0].all()
    assert not certain[40:, 1].any()
