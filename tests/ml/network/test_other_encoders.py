"""An encoder of RoBERTa's kind, tiny and untrained, through the pipeline's stages."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import RobertaConfig, RobertaModel, RobertaTokenizerFast

from ml.__main__ import main
from ml.data.dataset import BlurbDataset, load_books
from ml.network.ngram_table import Wide
from ml.packaging.export import float32_logits
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL
from ml.training.finished_runs import load_deep
from tests.ml.pipeline_world import World

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


@pytest.fixture(scope="module")
def roberta(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Positions from 2 on, byte-level pieces, and states that depend on the place."""
    folder = tmp_path_factory.mktemp("roberta")
    pieces = ByteLevelBPETokenizer()
    texts = [book["description"] for book in load_books(world.books, "train")]
    pieces.train_from_iterator(texts, vocab_size=600, min_frequency=1, special_tokens=SPECIAL)
    pieces.save(str(folder / "bpe.json"))
    RobertaTokenizerFast(tokenizer_file=str(folder / "bpe.json")).save_pretrained(folder)
    torch.manual_seed(0)
    config = RobertaConfig(
        vocab_size=600,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=514,
        type_vocab_size=1,
        initializer_range=0.5,
    )
    RobertaModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


def export(world: World, encoder: Path, out: Path) -> int:
    short = ["--epochs", "1", "--batch", "16", "--lr", "1e-3", "--head-lr", "1e-1"]
    train = ["train", str(world.books), "--out", str(out / "run"), "--encoder", str(encoder)]
    assert main([*train, *short, "--device", "cpu"]) == 0
    assert main(["wide", str(world.books), "--run", str(out / "run"), "--least-books", "1"]) == 0
    (out / "model").mkdir()
    shutil.copyfile(DEFAULT_MODEL / "hues.json", out / "model" / "hues.json")
    loose = ["--version", "1", "--max-flips", "9", "--max-shift", "1"]
    run = ["export", str(world.books), "--run", str(out / "run"), "--model", str(out / "model")]
    return main([*run, *loose])


def test_a_roberta_exports_to_what_it_was_trained_to_be(
    world: World, roberta: Path, tmp_path: Path
) -> None:
    assert export(world, roberta, tmp_path) == 0
    deep, labels, tokenizer = load_deep(tmp_path / "run")
    wide = Wide.load(tmp_path / "run" / "wide.safetensors")
    predictor = Predictor.load(tmp_path / "model")
    books = load_books(world.books, "dev")[:12]
    for with_title in (True, False):
        dataset = BlurbDataset(books, tokenizer, 384, title_share=float(with_title))
        expected = float32_logits(deep, wide, predictor.wide_share, dataset)
        found = np.stack(
            [predictor.logits(b["description"], b["title"] * with_title) for b in books]
        )
        assert found.shape == (12, len(labels))
        spread = expected.std()
        assert np.abs(found - expected).mean() < 0.15 * spread
        assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.97
    spec = json.loads((tmp_path / "model" / "model.json").read_text())
    assert spec["encoder"] == roberta.name


def test_an_encoder_that_reads_too_little_is_refused(
    world: World, roberta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = tmp_path / "short"
    shutil.copytree(roberta, short)
    config = RobertaConfig.from_pretrained(roberta)
    config.max_position_embeddings = 202
    RobertaModel(config, add_pooling_layer=False).save_pretrained(short)
    assert export(world, short, tmp_path) == 2
    assert "the encoder reads 200 tokens at most" in capsys.readouterr().err
