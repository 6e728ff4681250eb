"""`python -m ml hues`: build, look at and measure the hue table."""

import argparse
import json
import sys
from pathlib import Path

from ml.errors import InputError
from ml.genres import canonical
from ml.hues.table import DEFAULT_TABLE, HueTable

DEFAULT_COVERS = Path("../shared/data/covers.jsonl.gz")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `hues` and its own subcommands to the parser of `python -m ml`."""
    add_arguments(subparsers.add_parser("hues", help="the colours that covers of a genre lean to"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of `hues` to its parser."""
    stages = parser.add_subparsers(dest="action", required=True)

    build = stages.add_parser("build", help="estimate the hue table from measured covers")
    build.add_argument(
        "--covers", type=Path, default=DEFAULT_COVERS, help="JSON Lines, plain or .gz"
    )
    build.add_argument("--output", type=Path, default=DEFAULT_TABLE)

    palette = stages.add_parser("palette", help="show the palette of some genres")
    palette.add_argument("--genres", required=True, help='such as "Fantasy, Young Adult"')
    palette.add_argument("--table", type=Path, default=DEFAULT_TABLE)
    palette.add_argument("-n", type=int, default=10, help="how many hues (default 10)")


def run(args: argparse.Namespace) -> int:
    """Run the chosen subcommand.

    Returns:
        0 on success, 2 on bad input, after one clear line on standard error.
    """
    try:
        return {"build": _build, "palette": _palette}[args.action](args)
    except InputError as error:
        sys.stderr.write(f"hues {args.action}: {error}\n")
        return 2


def _build(args: argparse.Namespace) -> int:
    from ml.hues.build import build_with_reference
    from ml.hues.covers import read_covers

    table = build_with_reference(read_covers(args.covers))
    table.save(args.output)
    sys.stdout.write(f"{args.output}: {len(table.lifts)} labels\n")
    return 0


def _palette(args: argparse.Namespace) -> int:
    names = [name.strip() for name in args.genres.split(",") if name.strip()]
    unknown = [name for name in names if not canonical(name)]
    if unknown or not names:
        raise InputError(f"no such genre: {', '.join(unknown) or '(none given)'}")
    weights = {label: 1.0 for name in names for label in canonical(name)}
    palette = HueTable.load(args.table).palette(weights, args.n)
    for hue in palette.barcode:
        row = {**hue._asdict(), "reasons": [str(reason) for reason in hue.reasons]}
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0
