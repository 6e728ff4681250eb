"""Stage 2: fine-tune the encoder and its head on the train split, resumably.

The run's folder holds `tokenizer.json`, `labels.json` and `checkpoint.pt` while it goes on, and
at the end `model.safetensors`, `encoder.json` and `training.json`.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.utils.data import DataLoader
from tqdm import tqdm

from ml.data.dataset import (
    BlurbDataset,
    LengthBatchSampler,
    known,
    label_counts,
    load_books,
    targets,
)
from ml.errors import InputError
from ml.network.encoder import encoder_path
from ml.network.genre_model import GenreModel
from ml.serving.text import compose
from ml.settings import settings
from ml.training import options, records
from ml.training.encoder_tokenizer import encoder_tokenizer
from ml.training.options import RunFolders, TrainingOptions
from ml.training.precision import gains_from_bf16
from ml.vocabulary.genres import vocabulary

EVALUATION_BATCH = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options; the defaults are those of settings.toml."""
    options.add_arguments(parser, settings("train"), begins=True)


def run(args: argparse.Namespace) -> int:
    """Train and write the run's folder."""
    Trainer(*options.from_arguments(args, settings("train"))).run()
    return 0


class Trainer:
    """One training run: data, model, optimiser, and where it stands."""

    def __init__(self, folders: RunFolders, options: TrainingOptions) -> None:
        self.folders, self.options = folders, options
        self.out = folders.out
        self.out.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(options.seed)
        kept_ids = self._read_books()
        automatic = folders.bf16 == "auto" and gains_from_bf16(folders.device)
        self.bf16 = folders.bf16 == "on" or automatic
        self.began_with: dict[str, torch.Tensor] = {}
        self.model = self._begin(kept_ids).to(folders.device)
        self.optimizer = torch.optim.AdamW(
            self._parameter_groups(), weight_decay=options.weight_decay
        )
        self.sampler = LengthBatchSampler(self.train_set.lengths(), options.batch, options.seed)
        self.steps = len(self.sampler) * options.epochs
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._lr_factor)
        self.step = 0
        self.seconds = 0.0
        self.history: list[dict[str, Any]] = []
        if folders.resume and (self.out / "checkpoint.pt").exists():
            self._load_checkpoint()

    def _read_books(self) -> list[int] | None:
        """Read books, labels and tokenizer; return the encoder's ids that the tokenizer kept."""
        folders, options = self.folders, self.options
        train, dev = load_books(folders.data, "train"), load_books(folders.data, "dev")
        if folders.seed_list:
            train = [book for book in train if book.get("seed_list")]
            if not train:
                raise InputError(f'{folders.data}: no training book has "seed_list": true')
        if folders.limit:
            drawn = np.random.default_rng(options.seed).permutation(len(train))[: folders.limit]
            train = [train[place] for place in np.sort(drawn)]
        self.train_books = train
        counts = label_counts(train)
        self.labels = [label for label in vocabulary() if counts[label]]
        (self.out / "labels.json").write_text(json.dumps(self.labels, indent=1) + "\n")
        self.tokenizer, kept_ids = encoder_tokenizer(
            options.encoder,
            [compose("", book["description"]) for book in train],
            options.min_token_count,
        )
        self.tokenizer.save(str(self.out / "tokenizer.json"))
        self.train_set = BlurbDataset(
            train, self.tokenizer, options.max_tokens, options.title_share, options.seed
        )
        self.dev_set = BlurbDataset(dev, self.tokenizer, options.max_tokens, title_share=1.0)
        self.targets = torch.from_numpy(targets(train, self.labels))
        self.known = torch.from_numpy(known(train, self.labels, options.partial_origins))
        self.dev_truth = targets(dev, self.labels).astype(bool)
        return kept_ids

    def _begin(self, kept_ids: list[int] | None) -> GenreModel:
        """Return the model as it is before the first step."""
        options = self.options
        model = GenreModel.from_pretrained(
            encoder_path(options.encoder), len(self.labels), kept_ids, options.dropout
        )
        if self.folders.start is None:
            share = self.targets.mean(0).clamp(1e-4, 1 - 1e-4)
            with torch.no_grad():
                model.head.bias.copy_(torch.logit(share))
        else:
            self._start_from(model, self.folders.start)
        if not options.lr:
            model.encoder.requires_grad_(False)
        return model

    def _start_from(self, model: GenreModel, start: Path) -> None:
        """Take the weights of an earlier run of the same encoder, labels and vocabulary."""
        self._load_weights(model, start)

    def _load_weights(self, model: GenreModel, folder: Path) -> None:
        try:
            self.began_with = load_file(folder / "model.safetensors")
            model.load_state_dict(self.began_with)
            same = [
                (self.out / name).read_bytes() == (folder / name).read_bytes()
                for name in ("labels.json", "tokenizer.json")
            ]
        except (OSError, RuntimeError, SafetensorError) as error:
            raise InputError(
                f"{folder}: expected the folder of a finished training run of the same encoder, "
                f"labels and vocabulary ({error})"
            ) from error
        if not all(same):
            raise InputError(
                f"{folder}: its labels or its vocabulary are not those of this data; train it "
                "anew on the same books"
            )

    def run(self) -> None:
        """Go on from where the run stands to its last step, then write the result."""
        progress = tqdm(total=self.steps, initial=self.step, unit=" steps", disable=None)
        while self.step < self.steps:
            self._epoch(self.step // len(self.sampler), progress)
            self.history.append({"step": self.step, **self.evaluate()})
            self._save_checkpoint()
            tqdm.write(json.dumps(self.history[-1]))
        progress.close()
        if self.options.start_share and self.began_with:
            self._average()
        self._save_result()

    def _average(self) -> None:
        """Draw the weights towards those that the run started from; measure once more."""
        share, began, ended = self.options.start_share, self.began_with, self.model.state_dict()
        self.model.load_state_dict(
            {name: share * began[name].to(v.device) + (1 - share) * v for name, v in ended.items()}
        )
        self.history.append({"step": self.step, "start_share": share, **self.evaluate()})

    def evaluate(self) -> dict[str, float]:
        """Measure on the dev split, with titles, at the best global threshold."""
        return records.dev_figures(self.dev_truth, self.dev_scores())

    @torch.inference_mode()
    def dev_scores(self) -> NDArray[np.float32]:
        """Return the dev split's logits [books, labels]."""
        self.model.eval()
        order = np.argsort(self.dev_set.lengths(), kind="stable")
        batches = [order[i : i + EVALUATION_BATCH] for i in range(0, len(order), EVALUATION_BATCH)]
        result = np.empty((len(order), len(self.labels)), dtype=np.float32)
        for batch in batches:
            ids, mask, _ = self.dev_set.collate([self.dev_set[i] for i in batch.tolist()])
            with self._autocast():
                logits = self.model(ids.to(self.folders.device), mask.to(self.folders.device))
            result[batch] = logits.float().cpu().numpy()
        return result

    def _epoch(self, epoch: int, progress: "tqdm[Any]") -> None:
        self.model.train()
        self.train_set.epoch = self.sampler.epoch = epoch
        self.sampler.skip = self.step - epoch * len(self.sampler)
        loader = DataLoader(
            self.train_set, batch_sampler=self.sampler, collate_fn=self.train_set.collate
        )
        began = saved = time.monotonic()
        smooth = None
        for ids, mask, index in loader:
            # The step fixes the dropout too, so that a resumed run repeats what was lost.
            torch.manual_seed(self.options.seed * 1_000_003 + self.step)
            loss = self._train_step(ids, mask, index)
            smooth = loss if smooth is None else 0.98 * smooth + 0.02 * loss
            progress.update()
            progress.set_postfix(epoch=epoch + 1, loss=f"{smooth:.4f}")
            now = time.monotonic()
            if now - saved > 60 * self.options.checkpoint_minutes:
                self.seconds += now - began
                began = saved = now
                self._save_checkpoint()
        self.seconds += time.monotonic() - began

    def _train_step(self, ids: torch.Tensor, mask: torch.Tensor, index: torch.Tensor) -> float:
        with self._autocast():
            loss = self._loss(ids.to(self.folders.device), mask.to(self.folders.device), index)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.step += 1
        return float(loss.detach())

    def _loss(self, ids: torch.Tensor, mask: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        """Return the loss of a batch: ids and mask [batch, tokens], index [batch] of its books."""
        return self._label_loss(self.model(ids, mask), index)

    def _label_loss(self, logits: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        """Return the cross-entropy with the labels, where they are known."""
        return binary_cross_entropy_with_logits(
            logits.float(),
            self.targets[index].to(logits.device),
            self.known[index].to(logits.device),
        )

    def _autocast(self) -> torch.autocast:
        kind = torch.device(self.folders.device).type
        return torch.autocast(kind, torch.bfloat16, enabled=self.bf16)

    def _parameter_groups(self) -> list[dict[str, Any]]:
        encoder = [p for p in self.model.encoder.parameters() if p.requires_grad]
        return [
            {"params": encoder, "lr": self.options.lr},
            {"params": list(self.model.head.parameters()), "lr": self.options.head_lr},
        ]

    def _lr_factor(self, step: int) -> float:
        """Rise linearly over the warm-up, then fall linearly to nothing at the last step."""
        warmup = max(1, round(self.steps * self.options.warmup_share))
        fall = (self.steps - step) / max(1, self.steps - warmup)
        return float(min((step + 1) / warmup, max(0.0, fall)))

    def _save_checkpoint(self) -> None:
        state = {
            "step": self.step,
            "seconds": self.seconds,
            "history": self.history,
            "settings": self.options.recorded(self.folders),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        partial = self.out / "checkpoint.partial"
        torch.save(state, partial)
        partial.replace(self.out / "checkpoint.pt")

    def _load_checkpoint(self) -> None:
        path = self.out / "checkpoint.pt"
        state = torch.load(path, map_location=self.folders.device, weights_only=True)
        if state["settings"] != self.options.recorded(self.folders):
            raise InputError(f"{path}: was made with other settings: {state['settings']}")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.step, self.seconds = state["step"], state["seconds"]
        self.history = state["history"]

    def _save_result(self) -> None:
        weights = {
            name: value.contiguous().cpu() for name, value in self.model.state_dict().items()
        }
        save_file(weights, self.out / "model.safetensors")
        (self.out / "encoder.json").write_text(self.model.encoder.config.to_json_string())
        record = {
            "settings": self.options.recorded(self.folders),
            "books": len(self.train_set),
            "labels": len(self.labels),
            "vocabulary": self.tokenizer.get_vocab_size(),
            "steps": self.step,
            "seconds": round(self.seconds),
            "bf16": self.bf16,
            **records.machine(self.folders.device),
            "dev": self.history,
        }
        if folder := self.folders.student or self.folders.start:
            before = (folder / "training.json").read_text(encoding="utf-8")
            record["before"] = json.loads(before)
        (self.out / "training.json").write_text(json.dumps(record, indent=1) + "\n")
