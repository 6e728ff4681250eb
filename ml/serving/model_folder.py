"""The model folder: where it is, its files, and their SHA-256 sums, written and checked."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ml.errors import InputError

_CLONE, _INSTALLED = (Path(__file__).parents[up] / "models" / "genre-hues" for up in (2, 1))
DEFAULT_MODEL = _INSTALLED if _INSTALLED.is_dir() else _CLONE
"""The shipped model; a wheel holds it in the package, see pyproject.toml."""
SUMS = "SHA256SUMS"
UNCHECKED = {SUMS, "README.md"}


class ModelError(InputError):
    """The model folder is missing, incomplete, altered, or made for other code."""


def write_json(path: Path, value: Any) -> None:
    """Write readable JSON."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_sums(folder: Path) -> None:
    """Write the sum of every file but the card; `Predictor.load` checks them."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in UNCHECKED
    ]
    (folder / SUMS).write_text("\n".join(lines) + "\n", encoding="ascii")


def verify(folder: Path) -> None:
    """Check every file that the folder's SHA256SUMS names.

    Raises:
        ModelError: a file is missing or is not what was shipped.
    """
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{folder}: no readable {SUMS}; is this a model folder?") from error
    sums = {name: value for value, _, name in (line.partition("  ") for line in lines) if name}
    for name in ("model.onnx", "model.json", "tokenizer.json", "hues.json"):
        if name not in sums:
            raise ModelError(f"{folder / SUMS}: says nothing of {name}")
    for name, expected in sums.items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"{folder / name}: cannot be read ({error.strerror})") from error
        if found != expected:
            raise ModelError(f"{folder / name}: is not the file that was shipped (SHA-256 differs)")
