"""What a training run is given: where it reads and writes, and the settings that decide it."""

import argparse
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch

from ml.errors import InputError


@dataclass(frozen=True)
class TrainingOptions:
    """What decides the result; `ml/settings.toml` explains each and has the defaults."""

    encoder: str
    min_token_count: int
    epochs: int
    batch: int
    max_tokens: int
    title_share: float
    lr: float
    head_lr: float
    weight_decay: float
    dropout: float
    warmup_share: float
    seed: int
    checkpoint_minutes: float
    partial_origins: tuple[str, ...]
    start_share: float = 0.0
    layers: tuple[int, ...] = ()
    teacher_share: float = 0.0
    mean_weight: float = 0.0

    def recorded(self, folders: "RunFolders") -> dict[str, Any]:
        """Return what `training.json` keeps: all that bears on the result."""
        unused = {f.name for f in fields(self) if f.default is not MISSING} - {
            name for name, value in asdict(self).items() if value
        }
        chosen = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if name not in unused and name != "checkpoint_minutes"
        }
        chosen |= {"limit": folders.limit, "seed_list": folders.seed_list}
        begun = {"start": folders.start, "student": folders.student}
        return chosen | {name: folder.name for name, folder in begun.items() if folder}


@dataclass(frozen=True)
class RunFolders:
    """Where a run reads, writes and begins, and on what machine it goes."""

    data: Path
    out: Path
    resume: bool
    device: str
    bf16: str
    limit: int | None
    """Train on so many books only, drawn by the seed."""
    seed_list: bool
    """Train on the original project's own books only."""
    start: Path | None
    """The finished run that this one goes on from, or whose student it is."""
    student: Path | None
    """An earlier student, to go on from."""


def add_arguments(
    parser: argparse.ArgumentParser, defaults: Mapping[str, Any], *, begins: bool
) -> None:
    """Declare the options of a training stage.

    Args:
        parser: the stage's.
        defaults: the stage's settings; each becomes an option.
        begins: the stage starts from the encoder, not from a finished run.
    """
    parser.set_defaults(start=None, student=None)
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `preprocess`")
    parser.add_argument("--out", type=Path, required=True, help="the run's folder")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--bf16", choices=("auto", "on", "off"), default="auto")
    parser.add_argument("--limit", type=int, help="train on N books only, drawn by the seed")
    parser.add_argument(
        "--seed-list", action="store_true", help="train on the original project's own books only"
    )
    if not begins:
        parser.add_argument("--start", type=Path, required=True, help="the finished run's folder")
    for name, value in defaults.items():
        many = isinstance(value, list)
        parser.add_argument(
            "--" + name.replace("_", "-"),
            type=type(value[0] if many else value),
            nargs="*" if many else None,
            help=f"default {value}",
        )


def from_arguments(
    args: argparse.Namespace, defaults: Mapping[str, Any]
) -> tuple[RunFolders, TrainingOptions]:
    """Return what the command line says, over the stage's settings, checked.

    Raises:
        InputError: the folder holds a checkpoint and `--resume` was not given, or a number is
            out of bounds.
    """
    if (args.out / "checkpoint.pt").exists() and not args.resume:
        raise InputError(f"{args.out}: holds a checkpoint; add --resume or choose another folder")
    given = {name: value for name, value in vars(args).items() if name in defaults}
    chosen = {**defaults, **{name: value for name, value in given.items() if value is not None}}
    if chosen["epochs"] < 1 or chosen["batch"] < 1:
        raise InputError("--epochs and --batch: expected at least 1")
    tuples: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in chosen.items()}
    folders = RunFolders(**{field.name: getattr(args, field.name) for field in fields(RunFolders)})
    return folders, TrainingOptions(**tuples)
