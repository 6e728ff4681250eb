"""What a run's training.json says of how it was trained."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ml import metrics
from ml.errors import InputError
from ml.metrics import Marks, Scores, best_global_threshold
from ml.serving.sigmoid import sigmoid


def training_record(run: Path) -> dict[str, Any]:
    """Read how a run was trained.

    Raises:
        InputError: it is not a finished run's folder.
    """
    try:
        record: dict[str, Any] = json.loads((run / "training.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{run}: not a finished training run ({error})") from error
    return record


def encoder_name(training: dict[str, Any]) -> str:
    """Return what the encoder is called; of a folder its last part, which says nothing of where."""
    chosen: str = training["settings"]["encoder"]
    return Path(chosen).name if Path(chosen).is_absolute() else chosen


def stage(training: dict[str, Any]) -> str:
    """Say how a run was trained, by its training.json."""
    chosen = training["settings"]
    text = f"{chosen['epochs']} epoch{'s' * (chosen['epochs'] != 1)}"
    if chosen["lr"] == 0:
        text += " of the head alone"
    if "student" in chosen:
        text += " more"
    elif "layers" in chosen:
        text += f" of a student with {len(chosen['layers'])} of its layers"
    text += f" at {chosen['max_tokens']} tokens"
    if "teacher_share" in chosen and "layers" not in chosen:
        text += " with word embeddings in 4 bits"
    return text


def epochs(training: dict[str, Any]) -> str:
    """Say how a run and those before it were trained."""
    if "before" not in training:
        return stage(training)
    return f"{epochs(training['before'])}, then {stage(training)}"


def depth(training: dict[str, Any]) -> str:
    """Say how many of the encoder's layers a run and those before it left."""
    if layers := training["settings"].get("layers"):
        return f" with {len(layers)} of its layers, taught by all of them"
    return depth(training["before"]) if "before" in training else ""


def total(training: dict[str, Any], key: str) -> int:
    """Return a figure of a run's training.json, added up with those of the runs before it."""
    before = total(training["before"], key) if "before" in training else 0
    return int(training[key]) + before


def machine(device: str) -> dict[str, Any]:
    """Return what a run was trained on and with."""
    return {
        "device": device,
        "cores": os.cpu_count(),
        "torch": version("torch"),
        "python": platform.python_version(),
    }


def dev_figures(truth: Marks, logits: Scores) -> dict[str, float]:
    """Return the measures of a run's logits [books, labels] at the best global threshold."""
    probabilities = sigmoid(logits)
    decided = probabilities >= best_global_threshold(truth, probabilities)
    return {
        "map": metrics.mean_average_precision(truth, logits),
        "micro_f1": metrics.micro_f1(truth, decided),
        "macro_f1": metrics.macro_f1(truth, decided),
        "p_at_1": metrics.precision_at(truth, logits, 1),
    }
