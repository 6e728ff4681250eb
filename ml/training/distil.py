"""Stage 2c: a student with fewer layers learns from the labels and from the refined run.

It starts from some of its teacher's layers, or from an earlier student; then its weights end as
the mean of both. Writes a run's folder of its own, as `train` does; `taught.npy` in it holds what
the teacher said.
"""

import argparse
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, mse_loss
from tqdm import trange

from ml.data.dataset import BlurbDataset
from ml.errors import InputError
from ml.network.genre_model import GenreModel
from ml.settings import settings
from ml.training import options, train

TEACHER_BATCH = 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train`, with the defaults of settings.toml's [distil] over them."""
    options.add_arguments(parser, {**settings("train"), **settings("distil")}, begins=False)
    parser.add_argument(
        "--student",
        type=Path,
        help="an earlier student's folder, to go on from with the defaults of [distil_again]",
    )


def run(args: argparse.Namespace) -> int:
    """Train the student and write the run's folder."""
    again = settings("distil_again") if args.student else {}
    defaults = {**settings("train"), **settings("distil"), **again}
    Student(*options.from_arguments(args, defaults)).run()
    return 0


class Taught(train.Trainer):
    """A run that learns from the labels, and from a teacher's probabilities and mean vectors."""

    taught_variance: float
    """Of the teacher's mean vectors over books, on the mean of their dimensions."""

    def _teacher_says(self, ids: Tensor, mask: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
        """Return the teacher's mean vectors [batch, width] and probabilities [batch, labels]."""
        raise NotImplementedError

    def _loss(self, ids: Tensor, mask: Tensor, index: Tensor) -> Tensor:
        mean = self.model.mean(ids, mask)
        logits = self.model.head(self.model.dropout(mean)).float()
        taught, odds = self._teacher_says(ids, mask, index)
        loss: Tensor = (
            (1 - self.options.teacher_share) * self._label_loss(logits, index)
            + self.options.teacher_share * binary_cross_entropy_with_logits(logits, odds)
            + self.options.mean_weight * mse_loss(mean, taught) / self.taught_variance
        )
        return loss


class Student(Taught):
    """A run that starts from some of its teacher's layers and its head, or from a student."""

    def _start_from(self, model: GenreModel, start: Path) -> None:
        super()._start_from(model, start)
        layers = cast(nn.ModuleList, model.encoder.get_submodule("encoder.layer"))
        if not all(0 <= place < len(layers) for place in self.options.layers):
            raise InputError(f"--layers: expected numbers from 0 to {len(layers) - 1}")
        self.taught = self._teach(model.eval())
        self.taught_variance = float(self.taught.var(0).mean())
        with torch.no_grad():
            self.taught_odds = torch.sigmoid(model.head(self.taught))
        model.encoder.set_submodule(
            "encoder.layer", nn.ModuleList(layers[place] for place in self.options.layers)
        )
        model.encoder.config.num_hidden_layers = len(self.options.layers)
        self.began_with = {}  # the teacher's are not of this shape
        if self.folders.student:
            self._load_weights(model, self.folders.student)

    @torch.no_grad()
    def _teach(self, teacher: GenreModel) -> Tensor:
        """Return the teacher's mean vectors [books, width] of blurbs with their titles."""
        path = (self.folders.student or self.out) / "taught.npy"
        if not path.exists():
            texts = BlurbDataset(
                self.train_books, self.tokenizer, settings("export")["max_tokens"], title_share=1.0
            )
            order = np.argsort(texts.lengths(), kind="stable")
            found = np.empty((len(order), teacher.head.in_features), dtype=np.float16)
            teacher.to(self.folders.device)
            for begin in trange(0, len(order), TEACHER_BATCH, unit=" batches", disable=None):
                batch = order[begin : begin + TEACHER_BATCH]
                ids, mask, _ = texts.collate([texts[i] for i in batch.tolist()])
                with self._autocast():
                    mean = teacher.mean(ids.to(self.folders.device), mask.to(self.folders.device))
                found[batch] = mean.cpu().numpy()
            teacher.cpu()
            partial = path.with_name("taught.partial.npy")
            np.save(partial, found)
            partial.replace(path)
        taught = np.load(path)
        if len(taught) != len(self.train_books):
            raise InputError(f"{path}: was made from other books; remove it")
        return torch.from_numpy(taught.astype(np.float32))

    def _teacher_says(self, ids: Tensor, mask: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
        return self.taught[index].to(ids.device), self.taught_odds[index].to(ids.device)
