"""Stage 2d: a finished run gets used to the word embeddings that ship, which have 4 bits.

It is taught by itself as it was before they were rounded. Writes a run's folder of its own, as
`train` does.
"""

import argparse
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from ml.network.genre_model import GenreModel
from ml.network.packed_table import RowTable
from ml.settings import settings
from ml.training import options
from ml.training.distil import Taught
from ml.training.finished_runs import load_deep

SAMPLE = 256
"""How many blurbs tell the variance of the mean vectors."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train`, with the defaults of settings.toml's [adapt] over them."""
    options.add_arguments(parser, _defaults(), begins=False)


def run(args: argparse.Namespace) -> int:
    """Train on and write the run's folder."""
    Adapted(*options.from_arguments(args, _defaults())).run()
    return 0


def _defaults() -> dict[str, Any]:
    return {**settings("train"), **settings("adapt")}


class Adapted(Taught):
    """A run that goes on from a finished one with its word embeddings rounded."""

    def _start_from(self, model: GenreModel, start: Path) -> None:
        self.teacher, _, _ = load_deep(start)
        layers = self.teacher.encoder.get_submodule("encoder.layer")
        model.encoder.set_submodule("encoder.layer", deepcopy(layers))
        model.encoder.config.num_hidden_layers = len(cast(nn.ModuleList, layers))
        super()._start_from(model, start)
        words = cast(nn.Embedding, model.encoder.get_input_embeddings()).weight
        with torch.no_grad():
            words.copy_(RowTable(words)(torch.arange(len(words)).unsqueeze(0))[0])
        self.teacher.requires_grad_(False).to(self.folders.device)
        some = range(min(SAMPLE, len(self.train_set)))
        ids, mask, _ = self.train_set.collate([self.train_set[place] for place in some])
        mean = self.teacher.mean(ids.to(self.folders.device), mask.to(self.folders.device))
        self.taught_variance = float(mean.var(0).mean())

    @torch.no_grad()
    def _teacher_says(self, ids: Tensor, mask: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
        taught = self.teacher.mean(ids, mask)
        return taught, torch.sigmoid(self.teacher.head(taught))
