"""The invented books after every stage of the pipeline has run on them."""

from pathlib import Path
from typing import NamedTuple

TRAINING = ("--epochs", "6", "--batch", "8", "--lr", "5e-3", "--head-lr", "5e-2",
            "--min-token-count", "1", "--device", "cpu")  # fmt: skip


class World(NamedTuple):
    """Where everything is."""

    books: Path
    run: Path
    model: Path
    encoder: Path
