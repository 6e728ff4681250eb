"""`python -m ml STAGE ...`: one subcommand a stage of the pipeline."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from ml.errors import CheckFailedError, InputError

STAGES = {
    "preprocess": "clean texts and canonical genres from raw rows",
    "train": "fine-tune the encoder on the train split, resumably",
    "refine": "train on from a finished run, with longer texts",
    "distil": "train a student with fewer layers on what a finished run says",
    "adapt": "train on with the word embeddings rounded as they ship",
    "wide": "fit the table of word pieces and their pairs",
    "export": "write the model folder: one ONNX file in INT8 and 4 bits, compared with float32",
    "calibrate": "probabilities and thresholds from the scores of the model that ships",
    "evaluate": "measure the shipped model on a split; write metrics.json, tables and the card",
    "leaderboard": "what each part of the model gained, from label shares to the shipped file",
    "ablate": "what choices of the training gained, and the original's recipe trained anew",
    "probe": "how the shipped model bears unusual texts, and whether its explanations hold",
    "figures": "draw the model's figures from its result files",
    "card": "renew the model card and the README's figures from the model folder",
    "predict": "genres and hues of many books, rows in and JSON Lines out",
    "hues": "build, evaluate and use the table of what covers of a genre lean to",
    "scrape": "the scraper's commands, from the pipeline's side",
}

MODULES = {"hues": "ml.hues.cli"}  # where the module is not named as the stage


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser; only the asked stage is imported, so that `predict` stays light."""
    parser = argparse.ArgumentParser(prog="python -m ml", description=__doc__)
    stages = parser.add_subparsers(dest="stage", required=True, metavar="STAGE")
    for name, summary in STAGES.items():
        stage = stages.add_parser(name, help=summary, description=summary)
        if name == only:
            module = importlib.import_module(MODULES.get(name, f"ml.{name}"))
            module.add_arguments(stage)
            stage.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one stage; 0 success, 1 failed check, 2 bad usage or input, 3 some rows failed."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if argv[:1] == ["scrape"]:
        return int(importlib.import_module("scraper.cli").main(argv[1:]))
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
