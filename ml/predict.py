"""Stage 7: the genres and hues of many books, from a file of any kind to a file of answers."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from catalogue import Catalogue, CatalogueError, open_catalogue
from catalogue.writing.journal import Journal
from catalogue.writing.output import STANDARD, refuse_same, whole_file, write_row
from ml.book_answers import Book, Options, answer_in_order
from ml.codes import Bisac
from ml.errors import InputError
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL
from ml.table_answers import TABLES, answer_columns, write_table

ROWS_FAILED = 3
ROLES = ("title", "description", "genres", "id")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument(
        "input",
        help="a table, JSON, Parquet, Excel, ONIX, MARC, EPUB ... with descriptions, also "
        "compressed; - is standard input",
    )
    parser.add_argument(
        "output",
        help=f"by its ending {', '.join(sorted(TABLES))}, else JSON Lines; - is standard output",
    )
    for role in ROLES:
        parser.add_argument(
            f"--{role}",
            metavar="COLUMN",
            help=f"the column with the {role}, where its name is not known",
        )
    parser.add_argument("--all", action="store_true", help="add every label's probability")
    parser.add_argument(
        "--codes", action="store_true", help="add Thema codes, shelf paths and keywords"
    )
    parser.add_argument(
        "--bisac",
        type=Path,
        metavar="FILE",
        default=os.environ.get("BISAC_FILE") or None,
        help="with --codes: your list of BISAC headings, CSV with the columns code and heading "
        "(default: $BISAC_FILE); docs/codes.md says where to get it",
    )
    parser.add_argument("--no-title", action="store_true", help="leave the titles unread")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: %(default)s)"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on where a run that was killed stopped"
    )
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")


def run(args: argparse.Namespace) -> int:
    """Predict every row; one that cannot be read gives an error in its place and exit code 3."""
    options = Options(args.model, args.all, not args.no_title, args.codes, args.bisac)
    predictor = Predictor.load(args.model)
    if args.bisac:
        Bisac.load(args.bisac, predictor.embed)
    columns = {role: found for role in ROLES if (found := getattr(args, role)) is not None}
    try:
        refuse_same(args.input, args.output)
        with open_catalogue(args.input, columns) as books:
            for line in books.said():
                print(line, file=sys.stderr)
            if args.output == STANDARD:
                failed = _to_pipe(books, options, args.jobs)
            else:
                what: dict[str, Any] = {
                    "input": _fingerprint(args.input),
                    "model": predictor.version,
                    "columns": columns,
                }
                what |= {"options": [args.all, args.no_title, args.codes, str(args.bisac)]}
                failed = _to_file(books, options, args, what)
    except CatalogueError as error:
        raise InputError(str(error)) from error
    if failed:
        print(
            f'python -m ml predict: {failed} rows could not be read; see their "error"',
            file=sys.stderr,
        )
    return ROWS_FAILED if failed else 0


def _to_pipe(books: Catalogue, options: Options, jobs: int) -> int:
    """Write JSON Lines to standard output; a reader that has had enough ends it quietly."""
    failed = 0
    try:
        for batch in answer_in_order(_books(books, 0), options, jobs):
            for _, answer in batch:
                failed += "error" in answer
                write_row(sys.stdout, answer)
            sys.stdout.flush()
    except BrokenPipeError:
        # What is still in the buffer has no reader either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return failed


def _to_file(
    books: Catalogue, options: Options, args: argparse.Namespace, what: dict[str, Any]
) -> int:
    """Answer into a journal beside the output, and bring it to its place when it is whole."""
    kind = next((name for name in TABLES if args.output.lower().endswith(f".{name}")), None)
    failed = 0
    with Journal(Path(f"{args.output}.journal"), what, resume=args.resume) as journal:
        bar = tqdm(initial=journal.rows, desc="predicting", unit=" rows", disable=None)
        for batch in answer_in_order(_books(books, journal.rows), options, args.jobs):
            journal.write([{"answer": answer, "row": book.original} for book, answer in batch])
            bar.update(len(batch))
        bar.close()
        with whole_file(args.output) as part:
            if kind is None:
                failed = _json_lines(part, journal, args.output)
            else:
                columns = answer_columns(codes=options.with_codes, bisac=options.bisac is not None)
                failed = write_table(kind, part, columns, journal.read)
        journal.remove()
    return failed


def _json_lines(part: Path, journal: Journal, output: str) -> int:
    import gzip

    failed = 0
    opened = gzip.open if output.endswith(".gz") else open
    with opened(part, "wt", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        for row in journal.read():
            failed += "error" in row["answer"]
            write_row(file, row["answer"])
    return failed


def _books(books: Catalogue, done: int) -> Iterator[Book]:
    for place, row in enumerate(books):
        if place >= done:
            yield Book(
                row.id, row.where, row.title, row.description, row.genres, row.error, row.warnings,
                row.original,
            )  # fmt: skip


def _fingerprint(path: str) -> list[Any]:
    if path == STANDARD:
        return [STANDARD]
    found = Path(path).stat()
    return [os.path.realpath(path), found.st_size, found.st_mtime_ns]
