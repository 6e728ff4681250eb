"""`python -m ml hues`: build, look at and measure the hue table."""

import argparse
import json
import sys
from pathlib import Path

from ml.data.rows import genre_names
from ml.errors import InputError
from ml.hue_fitting import shelf_cli
from ml.hues.names import HUES
from ml.hues.shelves import SHELVES
from ml.hues.table import DEFAULT_TABLE, HueTable
from ml.serving.model_folder import DEFAULT_MODEL
from ml.vocabulary.known_genres import resolve

DEFAULT_COVERS = Path("../shared/data/covers.jsonl.gz")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of `hues` to its parser."""
    stages = parser.add_subparsers(dest="action", required=True)

    build = stages.add_parser("build", help="estimate the hue table from measured covers")
    build.add_argument(
        "--covers", type=Path, default=DEFAULT_COVERS, help="JSON Lines, plain or .gz"
    )
    build.add_argument(
        "--books",
        type=Path,
        help="books whose genres are added to the covers of the same title and author",
    )
    build.add_argument("--output", type=Path, default=DEFAULT_TABLE)

    evaluate = stages.add_parser("evaluate", help="measure palettes on covers held out by author")
    evaluate.add_argument("--covers", type=Path, default=DEFAULT_COVERS, help="JSON Lines")
    evaluate.add_argument("--books", type=Path, help="as for build; used for fitting only")
    evaluate.add_argument(
        "--table",
        type=Path,
        help="score this table on the covers, all unseen by it, instead of cross-validating",
    )
    evaluate.add_argument("--output", type=Path, help="write the figures as JSON")

    palette = stages.add_parser("palette", help="show the palette of some genres")
    palette.add_argument("--genres", required=True, help='such as "Fantasy, Young Adult"')
    palette.add_argument("--table", type=Path, default=DEFAULT_TABLE)
    palette.add_argument("-n", type=int, default=10, help="how many hues (default 10)")

    extract = stages.add_parser("extract", help="measure the colours of cover images")
    extract.add_argument("images", nargs="+", type=Path, help="JPEG, PNG or WebP files, or folders")
    extract.add_argument(
        "--output", default="-", help="JSON Lines, or CSV where it ends in .csv (default: stdout)"
    )
    extract.add_argument("--genres", default="", help='of all these covers, such as "Horror"')

    figures = stages.add_parser("figures", help="draw the table as SVG")
    figures.add_argument("--table", type=Path, default=DEFAULT_TABLE)
    figures.add_argument("--output", type=Path, default=Path("docs/img"), help="folder")

    shelves = stages.add_parser("shelves", help="rank the shelves that wear a cover's colours")
    shelves.add_argument(
        "input", help='JSON Lines: {"id", "palette": [{"hex", "weight"}]} or {"id", "image": path}'
    )
    shelves.add_argument("output", help="JSON Lines, every measured genre, best first")
    shelves.add_argument("--model", type=Path, default=DEFAULT_MODEL / SHELVES)

    fit = stages.add_parser("fit-shelves", help="fit and measure the model behind `shelves`")
    fit.add_argument("--covers", type=Path, default=DEFAULT_COVERS, help="JSON Lines")
    fit.add_argument("--output", type=Path, default=DEFAULT_MODEL / SHELVES)
    fit.add_argument("--report", type=Path, help="write the held-out figures as JSON")

    report = stages.add_parser("report", help="renew the figures of docs/hues.md")
    report.add_argument("--evaluation", type=Path, default=Path("docs/hues-evaluation.json"))
    report.add_argument("--table", type=Path, default=DEFAULT_TABLE)
    report.add_argument("--doc", type=Path, default=Path("docs/hues.md"))


def run(args: argparse.Namespace) -> int:
    """Run the chosen subcommand.

    Returns:
        0 on success, 3 where some images could not be measured and the rest could.

    Raises:
        InputError: a file, a genre or an option is not what was expected.
    """
    actions = {
        "build": _build,
        "evaluate": _evaluate,
        "palette": _palette,
        "extract": _extract,
        "figures": _figures,
        "report": _report,
        "shelves": shelf_cli.rank,
        "fit-shelves": shelf_cli.fit,
    }
    return actions[args.action](args)


def _build(args: argparse.Namespace) -> int:
    from ml.hue_fitting.build import build
    from ml.hue_fitting.covers import read_covers, with_book_genres

    covers = read_covers(args.covers)
    if args.books:
        covers = with_book_genres(covers, args.books)
    table = build(covers)
    table.save(args.output)
    if (args.output.parent / "SHA256SUMS").exists():
        from ml.serving.model_folder import write_sums

        write_sums(args.output.parent)
    sys.stdout.write(f"{args.output}: {len(table.lifts)} labels\n")
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    from ml.hue_fitting.covers import read_covers, with_book_genres
    from ml.hue_fitting.evaluate import cross_validate, score_table

    covers = read_covers(args.covers)
    if args.table:
        result = score_table(HueTable.load(args.table), covers)
    else:
        enriched = with_book_genres(covers, args.books) if args.books else covers
        result = cross_validate(covers, enriched)
    text = json.dumps(result, indent=1) + "\n"
    if args.output:
        args.output.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


def _palette(args: argparse.Namespace) -> int:
    if not 1 <= args.n <= len(HUES):
        raise InputError(f"-n must be 1 to {len(HUES)}, not {args.n}")
    table = HueTable.load(args.table)
    # Names of the table that the classifier has no label for, such as "Law", are taken as they are.
    own = [name.strip() for name in args.genres.split(",") if name.strip() in table.lifts]
    found = resolve(args.genres)
    labels = dict.fromkeys((*own, *found.labels))
    unknown = [name for name in found.unknown if name not in own]
    if unknown or not labels:
        raise InputError(f"no such genre: {', '.join(unknown) or '(none given)'}")
    palette = table.palette(dict.fromkeys(labels, 1.0), args.n)
    for hue in palette.hues:
        row = {**hue._asdict(), "reasons": [str(reason) for reason in hue.reasons]}
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


def _extract(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from ml.data.rows import open_output
    from ml.hue_fitting.measure import find_images, measure, write_csv, write_json_lines

    images = find_images(args.images)
    rows = measure(tqdm(images, unit="cover", disable=None), genre_names(args.genres))
    write = write_csv if args.output.endswith(".csv") else write_json_lines
    with open_output(args.output) as file:
        errors = write(rows, file)
    return 3 if errors else 0


def _figures(args: argparse.Namespace) -> int:
    from ml.hue_fitting.figures import write_figures

    for path in write_figures(HueTable.load(args.table), args.output):
        sys.stdout.write(f"{path}\n")
    return 0


def _report(args: argparse.Namespace) -> int:
    from ml.hue_fitting.report import renew

    renew(args.doc, args.evaluation, HueTable.load(args.table))
    return 0
