"""Stage 2b: go on from a finished training run, with longer texts and a fresh learning rate.

Writes a run's folder of its own, as `train` does.
"""

import argparse
from pathlib import Path

from ml.settings import settings
from ml.training import train


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train`, with the defaults of settings.toml's [refine] over them."""
    train.add_arguments(parser, {**settings("train"), **settings("refine")})
    parser.add_argument("--start", type=Path, required=True, help="the finished run's folder")


def run(args: argparse.Namespace) -> int:
    """Train on and write the run's folder."""
    return train.run(args)
