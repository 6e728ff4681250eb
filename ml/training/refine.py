"""Stage 2b: go on from a finished training run, with longer texts and a fresh learning rate.

Writes a run's folder of its own, as `train` does.
"""

import argparse
from typing import Any

from ml.settings import settings
from ml.training import options, train


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train`, with the defaults of settings.toml's [refine] over them."""
    options.add_arguments(parser, _defaults(), begins=False)


def run(args: argparse.Namespace) -> int:
    """Train on and write the run's folder."""
    train.Trainer(*options.from_arguments(args, _defaults())).run()
    return 0


def _defaults() -> dict[str, Any]:
    return {**settings("train"), **settings("refine")}
