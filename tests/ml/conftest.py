"""A small world of invented books, and a small encoder, to run the pipeline on in seconds."""

import gzip
import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from ml.__main__ import main
from ml.serving.model_folder import DEFAULT_MODEL
from tests.ml.pipeline_world import TRAINING, World

SUBJECTS = {
    "Fantasy": "dragon wizard spell kingdom sword prophecy throne sorcerer elven quest",
    "Romance": "love kiss wedding heart bride passion duke summer longing embrace",
    "Mystery": "detective murder clue corpse suspect alibi inspector witness poison motive",
    "Cookbooks": "recipe oven flour kitchen butter roast simmer dinner pastry spices",
}


def make_books(count: int, split: str, seed: int) -> list[dict[str, Any]]:
    """Return invented books of one or two genres; their blurbs use their genres' words."""
    rng = random.Random(seed)
    books = []
    for number in range(count):
        genres = rng.sample(list(SUBJECTS), rng.choice((1, 1, 2)))
        words = [word for genre in genres for word in rng.choices(SUBJECTS[genre].split(), k=8)]
        words += rng.choices(
            [
                "the",
                "a",
                "of",
                "and",
                "with",
                "old",
                "new",
                "city",
                "house",
                "river",
                "they",
                "their",
            ],
            k=10,
        )
        rng.shuffle(words)
        books.append(
            {
                "id": f"{split}{number}",
                "title": f"The {words[0].title()} (Tales, #{number})",
                "description": " ".join(words).capitalize() + ".",
                "genres": [*genres, "Owned"],
                "origin": "invented",
                "group": f"{split}{number // 2}",
                "split": split,
            }
        )
    return books


@pytest.fixture(scope="session")
def books_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw rows of 160 training, 60 dev and 60 test books."""
    path = tmp_path_factory.mktemp("rows") / "books.jsonl.gz"
    books = make_books(160, "train", 1) + make_books(60, "dev", 2) + make_books(60, "test", 3)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(book) + "\n" for book in books)
    return path


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained two-layer BERT with a WordPiece tokenizer, in transformers' own files."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("encoder")
    words = sorted({word for text in SUBJECTS.values() for word in text.split()})
    letters = [mark + letter for mark in ("", "##") for letter in "abcdefghijklmnopqrstuvwxyz"]
    common = [
        "the",
        "a",
        "of",
        "and",
        "with",
        "old",
        "new",
        "city",
        "house",
        "river",
        "they",
        "their",
        ":",
        ".",
    ]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *words, *common]
    vocab = {token: index for index, token in enumerate(dict.fromkeys(tokens))}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    marks = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]"}
    marks |= {"sep_token": "[SEP]", "mask_token": "[MASK]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **marks).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocab),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=512,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def world(
    books_file: Path, encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> World:
    """Every stage has run once."""
    top = tmp_path_factory.mktemp("pipeline")
    data, run, model = top / "data", top / "run", top / "model"
    books = data / "books.jsonl.gz"
    assert main(["preprocess", str(books_file), "--out", str(data)]) == 0
    encoder = ("--encoder", str(encoder_folder))
    assert main(["train", str(books), "--out", str(run), *encoder, *TRAINING]) == 0
    assert main(["wide", str(books), "--run", str(run), "--least-books", "1"]) == 0
    model.mkdir()
    shutil.copyfile(DEFAULT_MODEL / "hues.json", model / "hues.json")
    export = ("--version", "1", "--max-flips", "0.2", "--max-shift", "0.05")
    assert main(["export", str(books), "--run", str(run), "--model", str(model), *export]) == 0
    assert main(["calibrate", str(books), "--model", str(model)]) == 0
    assert main(["evaluate", str(books), "--model", str(model)]) == 0
    return World(books, run, model, encoder_folder)
