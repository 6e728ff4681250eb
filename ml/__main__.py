"""`python -m ml STAGE ...`: one subcommand a stage of the pipeline."""

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import NamedTuple

from ml.errors import CheckFailedError, InputError

PROG = "python -m ml"


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
    "fresh": Stage("ml.evaluation.fresh", "judge the shipped model on blurbs as stores list them"),
    "figures": Stage("ml.evaluation.figures", "draw the model's figures from its result files"),
    "card": Stage(
        "ml.evaluation.card", "renew the model card and the README's figures from the model folder"
    ),
    "keywords": Stage(
        "ml.data.keyword_phrases", "build the table of readers' phrases, for keywords of a store"
    ),
    "predict": Stage("ml.predict", "predict genres and hues of many books, from file to file"),
    "hues": Stage(
        "ml.hue_fitting.cli", "build, evaluate and use the table of what covers of a genre lean to"
    ),
    "scrape": Stage("scraper.cli", "run the scraper's commands from the pipeline's side"),
}


def build_parser(
    only: str | None = None, prog: str = PROG, stages: Mapping[str, Stage] = STAGES
) -> argparse.ArgumentParser:
    """Return the parser; only the asked stage is imported, so that `predict` stays light."""
    parser = argparse.ArgumentParser(prog=prog, description=__doc__)
    subparsers = parser.add_subparsers(dest="stage", required=True, metavar="STAGE")
    for name, stage in stages.items():
        subparser = subparsers.add_parser(name, help=stage.summary, description=stage.summary)
        if name == only:
            module = _module(stage)
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    return parser


def _module(stage: Stage) -> ModuleType:
    try:
        return importlib.import_module(stage.module)
    except ModuleNotFoundError as error:
        raise InputError(
            f"needs the package {error.name}, which serving does without: "
            "pip install 'genre-hues[train,scrape]'"
        ) from error


def main(
    argv: Sequence[str] | None = None, prog: str = PROG, stages: Mapping[str, Stage] = STAGES
) -> int:
    """Run one stage; 0 success, 1 failed check, 2 bad usage or input, 3 some rows failed."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if argv[:1] == ["scrape"]:
        return int(importlib.import_module(STAGES["scrape"].module).main(argv[1:]))
    name = argv[0] if argv else None
    try:
        args = build_parser(name, prog, stages).parse_args(argv)
        return int(args.run(args))
    except InputError as error:
        print(f"{prog} {name}: {error}", file=sys.stderr)
        return 2
    except CheckFailedError as error:
        print(f"{prog} {name}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
