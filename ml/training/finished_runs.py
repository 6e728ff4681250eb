"""A finished training run: its model read back, its logits, and how it was trained."""

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel

from ml.data.dataset import BlurbDataset
from ml.errors import InputError
from ml.network.genre_model import GenreModel


def load_deep(folder: Path) -> tuple[GenreModel, list[str], Tokenizer]:
    """Return a finished run's model, its labels and its tokenizer."""
    try:
        labels: list[str] = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        encoder = AutoModel.from_config(
            AutoConfig.for_model(**json.loads((folder / "encoder.json").read_text())),
            add_pooling_layer=False,
        )
        deep = GenreModel(encoder, len(labels))
        deep.load_state_dict(load_file(folder / "model.safetensors"))
    except (OSError, KeyError, RuntimeError) as error:
        raise InputError(f"{folder}: not a finished training run ({error})") from error
    return deep.eval(), labels, Tokenizer.from_file(str(folder / "tokenizer.json"))


@torch.inference_mode()
def deep_logits(deep: GenreModel, dataset: BlurbDataset) -> NDArray[np.float32]:
    """Return the encoder's logits [books, labels]."""
    order = np.argsort(dataset.lengths(), kind="stable")
    rows = []
    for start in range(0, len(order), 32):
        ids, mask, _ = dataset.collate([dataset[i] for i in order[start : start + 32].tolist()])
        rows.append(deep(ids, mask).numpy())
    result = np.empty((len(order), deep.head.out_features), dtype=np.float32)
    result[order] = np.concatenate(rows)
    return result
