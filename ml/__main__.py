"""`python -m ml STAGE ...`: one subcommand a stage of the pipeline."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import NamedTuple

from ml.errors import CheckFailedError, InputError


class Stage(NamedTuple):
    """One subcommand: the module with its `add_arguments` and `run`, and what it does."""

    module: str
    summary: str


STAGES = {
    "preprocess": Stage("ml.data.preprocess", "clean texts and canonical genres from raw rows"),
    "train": Stage("ml.training.train", "fine-tune the encoder on the train split, resumably"),
    "refine": Stage("ml.training.refine", "train on from a finished run, with longer texts"),
    "distil": Stage(
        "ml.training.distil", "train a student with fewer layers on what a finished run says"
    ),
    "adapt": Stage("ml.training.adapt", "train on with the word embeddings rounded as they ship"),
    "wide": Stage("ml.training.ngram_fitting", "fit the table of word pieces and their pairs"),
    "export": Stage(
        "ml.packaging.export",
        "write the model folder: one ONNX file in INT8 and 4 bits, compared with float32",
    ),
    "calibrate": Stage(
        "ml.packaging.calibrate", "fit probabilities and thresholds on the shipped model's scores"
    ),
    "evaluate": Stage(
        "ml.evaluation.evaluate",
        "measure the shipped model on a split; write metrics.json, tables and the card",
    ),
    "leaderboard": Stage(
        "ml.evaluation.leaderboard",
        "measure what each part of the model gained, from label shares to the shipped file",
    ),
    "ablate": Stage(
        "ml.evaluation.ablate",
        "measure what choices of the training gained, and the original's recipe trained anew",
    ),
    "probe": Stage(
        "ml.evaluation.robustness",
        "measure the shipped model on unusual texts, and whether its explanations hold",
    ),
    "figures": Stage("ml.evaluation.figures", "draw the model's figures from its result files"),
    "card": Stage(
        "ml.evaluation.card", "renew the model card and the README's figures from the model folder"
    ),
    "predict": Stage("ml.predict", "predict genres and hues of many books, from file to file"),
    "hues": Stage(
        "ml.hue_fitting.cli", "build, evaluate and use the table of what covers of a genre lean to"
    ),
    "scrape": Stage("scraper.cli", "run the scraper's commands from the pipeline's side"),
}


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser; only the asked stage is imported, so that `predict` stays light."""
    parser = argparse.ArgumentParser(prog="python -m ml", description=__doc__)
    stages = parser.add_subparsers(dest="stage", required=True, metavar="STAGE")
    for name, stage in STAGES.items():
        subparser = stages.add_parser(name, help=stage.summary, description=stage.summary)
        if name == only:
            module = importlib.import_module(stage.module)
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one stage; 0 success, 1 failed check, 2 bad usage or input, 3 some rows failed."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if argv[:1] == ["scrape"]:
        return int(importlib.import_module(STAGES["scrape"].module).main(argv[1:]))
    args = build_parser(argv[0] if argv else None).parse_args(argv)
    try:
        return int(args.run(args))
    except InputError as error:
        print(f"python -m ml {args.stage}: {error}", file=sys.stderr)
        return 2
    except CheckFailedError as error:
        print(f"python -m ml {args.stage}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
