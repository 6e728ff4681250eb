"""Writing the model folder: its files and their SHA-256 sums."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ml.predictor import SUMS

UNCHECKED = {SUMS, "README.md"}


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
