"""The command line: `python -m scraper [--ledger FILE] COMMAND`."""

import argparse
import sys
from pathlib import Path

from scraper import commands
from scraper.errors import InputError, StopRunError
from scraper.rows import FORMATS
from scraper.sites import DEFAULT, SITES

DEFAULT_LEDGER = Path("scrape.sqlite3")


def main(argv: list[str]) -> int:
    """Run one command.

    Returns:
        0 when it did its work, 1 when it had to stop, 2 for bad usage or input, 130 when it was
        interrupted. Pages that failed are recorded in the ledger and do not change the code.
    """
    args = build_parser().parse_args(argv)
    try:
        return int(args.run(args))
    except InputError as error:
        code, message = 2, str(error)
    except StopRunError as error:
        code, message = 1, str(error)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; nothing is left to say
        return 1
    except KeyboardInterrupt:
        code, message = 130, "interrupted; nothing is lost: run the same command to go on"
    sys.stderr.write(f"scraper {args.command}: {message}\n")
    return code


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(
        prog="python -m scraper",
        description="Collect books from a bookshop's pages, politely and resumably.",
    )
    _add_common(parser, top=True)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_urls(subparsers)
    _add_details(subparsers)
    _add_parse(subparsers)
    _add_export(subparsers)
    _add_merge(subparsers)
    _add_import(subparsers)
    _add_status(subparsers)
    _add_retry(subparsers)
    return parser


Subparsers = argparse._SubParsersAction


def _add_urls(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    urls = _command(
        subparsers, "urls", commands.urls, "walk category listings and record every book's address"
    )
    urls.add_argument(
        "--categories",
        required=True,
        metavar="NAMES",
        help="; ".join(f"of {name}: {site.categories_help}" for name, site in SITES.items()),
    )
    urls.add_argument(
        "--order",
        choices=sorted({order for site in SITES.values() for order in site.orders}),
        help="default: the site's first, newest",
    )
    urls.add_argument(
        "--max-pages", type=_whole(1), metavar="N", help="walk at most N pages of each category"
    )
    urls.add_argument(
        "--again",
        action="store_true",
        help="walk finished categories once more for new books, asking only for what changed",
    )
    _add_visit(urls)


def _add_details(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    details = _command(
        subparsers, "details", commands.details, "fetch and read the page of every waiting book"
    )
    details.add_argument("--limit", type=_whole(0), metavar="N", help="fetch at most N books")
    details.add_argument(
        "--cover", action="store_true", help="measure each cover's colours; the image is not kept"
    )
    details.add_argument(
        "--palette",
        default=commands.DEFAULT_PALETTE,
        metavar="MODULE:FUNCTION",
        help="what measures a cover: takes the image's bytes (default: %(default)s)",
    )
    details.add_argument(
        "--refresh",
        type=_seconds,
        metavar="DAYS",
        help="ask again for books fetched more than DAYS days ago, if they changed",
    )
    _add_visit(details)


def _add_parse(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    parse = _command(
        subparsers, "parse", commands.parse, "read stored pages again, without any request"
    )
    parse.add_argument(
        "--all",
        action="store_true",
        help="every stored page, not only those that failed or that an older parser read",
    )


def _add_export(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    export = _command(subparsers, "export", commands.export, "write the books as training rows")
    export.add_argument("out", metavar="OUT", help="file to write, - for standard output")
    _add_format(export)
    export.add_argument(
        "--top-genres",
        type=_whole(1),
        default=10,
        metavar="N",
        help="the N most frequent genres of each book (default: %(default)s)",
    )
    export.add_argument("--adult", action="store_true", help="adult books as well")
    export.add_argument("--language", metavar="NAME", help="only books in one language: English")


def _add_merge(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    merge = _command(
        subparsers, "merge", commands.merge, "join exports and older CSV files, each book once"
    )
    merge.add_argument("files", nargs="+", metavar="FILE", help="JSON Lines, CSV or Parquet")
    merge.add_argument("out", metavar="OUT", help="file to write, - for standard output")
    _add_format(merge)


def _add_import(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    read = _command(
        subparsers,
        "import-goodreads",
        commands.import_goodreads,
        "take books from files that you downloaded from Goodreads yourself",
    )
    read.add_argument("files", nargs="+", metavar="FILE", help="library or list export, as CSV")


def _add_status(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    status = _command(subparsers, "status", commands.status, "how the ledger stands")
    status.add_argument("--json", action="store_true", help="for programs")


def _add_retry(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    retry = _command(
        subparsers, "retry", commands.retry, "let the next run try failed pages once more"
    )
    retry.add_argument(
        "--reason",
        action="append",
        required=True,
        metavar="REASON",
        help="as `status` names it, e.g. http-503, timeout, or `all`; may be repeated",
    )


def _command(
    subparsers: "Subparsers[argparse.ArgumentParser]",
    name: str,
    run: commands.Command,
    summary: str,
) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(name, help=summary, description=summary)
    parser.set_defaults(run=run)
    _add_common(parser, top=False)
    return parser


def _add_common(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Add what may stand before or after the command; after it wins."""
    parser.add_argument(
        "--ledger",
        type=Path,
        default=DEFAULT_LEDGER if top else argparse.SUPPRESS,
        metavar="FILE",
        help=f"the SQLite file that holds all state (default: {DEFAULT_LEDGER})",
    )
    parser.add_argument(
        "--delay",
        type=_seconds,
        default=1.0 if top else argparse.SUPPRESS,
        metavar="SECONDS",
        help="between two requests, at least (default: 1; robots.txt may ask for more)",
    )
    parser.add_argument(
        "--base-url",
        type=_base_url,
        default=None if top else argparse.SUPPRESS,
        metavar="URL",
        help="where the site is served, such as a test server (default: the site's own address)",
    )


def _add_visit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--site", choices=list(SITES), default=DEFAULT, help="which site (default: %(default)s)"
    )
    parser.add_argument(
        "--contact",
        metavar="ADDRESS",
        help="your e-mail or page, for the User-Agent; required for the real site "
        f"(or set {commands.CONTACT_VARIABLE})",
    )
    parser.add_argument("--adult", action="store_true", help="adult books as well")
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=30.0,
        metavar="SECONDS",
        help="for one whole request (default: %(default)g)",
    )
    parser.add_argument(
        "--attempts",
        type=_whole(1),
        default=4,
        metavar="N",
        help="tries for a page while the server is in trouble (default: %(default)s)",
    )
    parser.add_argument(
        "--max-failures",
        type=_whole(1),
        default=10,
        metavar="N",
        help="failures in a row that end the run (default: %(default)s)",
    )


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, help="default: by the file's name, else jsonl")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r}: expected a number that is not negative")
    return value


def _whole(least: int) -> "commands.Whole":
    def whole(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from {least} up")
        return int(text)

    return whole


def _base_url(text: str) -> str:
    if (
        not text.startswith(("http://", "https://"))
        or len(text.split("/")) < 3
        or not text.split("/")[2]
    ):
        raise argparse.ArgumentTypeError(
            f"{text!r}: expected an address like http://127.0.0.1:8080"
        )
    return text.rstrip("/")
