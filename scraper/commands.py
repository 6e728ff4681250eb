"""What each command does: open the ledger, work with a progress bar, say what came of it."""

import importlib
import json
import os
import signal
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from tqdm import tqdm

from scraper.details import Measure, fetch_details, queue
from scraper.errors import InputError, StopRunError
from scraper.export import Tally, export_rows, merge_files
from scraper.goodreads import import_file
from scraper.ledger import hold_ledger, read_ledger
from scraper.listings import Tally as WalkTally
from scraper.listings import walk_categories
from scraper.outcomes import Outcome
from scraper.parsing import reread
from scraper.report import as_text, report
from scraper.report import retry as retry_pages
from scraper.rows import format_of
from scraper.session import Manners, Visit, open_visit
from scraper.sites import SITES
from scraper.stop_rules import count_words

Command = Callable[[Namespace], int]
Whole = Callable[[str], int]

DEFAULT_PALETTE = "ml.hues.extract:extract_palette"
CONTACT_VARIABLE = "SCRAPER_CONTACT"
SLOWEST = 1.0
"""Seconds: the shortest delay for the site itself; a test server may be asked faster."""


def urls(args: Namespace) -> int:
    """Walk categories."""
    tally = WalkTally()
    site = SITES[args.site]
    order = args.order or site.orders[0]
    if order not in site.orders:
        raise InputError(f"--order {order}: {site.name} has {', '.join(site.orders)}")
    try:
        categories = site.categories(args.categories)
    except ValueError as error:
        raise InputError(f"--categories {error}") from error
    with _visit(args) as visit, _bar(len(categories), "categories") as bar:
        try:
            for tally in walk_categories(
                visit, categories, order, most_pages=args.max_pages, again=args.again
            ):
                bar.n = tally.categories
                bar.set_postfix(books=tally.books, pages=tally.pages)
        finally:
            bar.close()
            _say(
                f"walked {tally.pages} listing pages of {tally.categories} categories: "
                f"{tally.books} new books{_failures(tally.failed)}"
            )
            _say_left(visit)
    if tally.pages and tally.failed[Outcome.NOT_UNDERSTOOD] == tally.pages:
        raise StopRunError(
            "no listing page could be understood, so the site's markup has probably changed; "
            "their HTML is kept in the ledger"
        )
    return 0


def details(args: Namespace) -> int:
    """Fetch books."""
    measure = _load_measure(args.palette) if args.cover else None
    with _visit(args) as visit:
        waiting = queue(visit.ledger, args.site, adult=args.adult, refresh_days=args.refresh)
        goal = waiting if args.limit is None else min(waiting, args.limit)
        outcomes: Counter[str] = Counter()
        fetched = covers = 0
        with _bar(goal, "books") as bar:
            try:
                for tally in fetch_details(visit, limit=args.limit, measure=measure):
                    outcomes, fetched, covers = tally.outcomes, tally.fetched, tally.covers
                    bar.n = sum(n for name, n in outcomes.items() if not name.startswith("cover "))
                    bar.set_postfix(failed=bar.n - outcomes[Outcome.DONE])
            finally:
                bar.close()
                measured = f", {covers} covers measured" if args.cover else ""
                done = outcomes[Outcome.DONE]
                _say(
                    f"{fetched} pages asked for, {done} books done{measured}"
                    f"{_failures(_without_done(outcomes))}"
                )
                _say_left(visit)
    return 0


def parse(args: Namespace) -> int:
    """Read stored pages again."""
    outcomes: Counter[str] = Counter()
    with hold_ledger(_existing(args)) as ledger, _bar(None, "pages") as bar:
        for count, total, outcome in reread(ledger, everything=args.all):
            outcomes[outcome] += 1
            bar.total, bar.n = total, count
            bar.update(0)
    bad = _failures(_without_done(outcomes))
    _say(f"{outcomes.total()} stored pages read, {outcomes[Outcome.DONE]} books done{bad}")
    return 0


def export(args: Namespace) -> int:
    """Write training rows."""
    form = format_of(args.out, args.format)
    with read_ledger(args.ledger) as ledger:
        tally = export_rows(
            ledger,
            args.out,
            form,
            top_genres=args.top_genres,
            adult=args.adult,
            language=args.language,
        )
    _say(_written(tally, args.out), error_stream=args.out == "-")
    return 0


def merge(args: Namespace) -> int:
    """Join files."""
    form = format_of(args.out, args.format)
    tally = merge_files(args.files, args.out, form)
    _say(_written(tally, args.out), error_stream=args.out == "-")
    return 0


def import_goodreads(args: Namespace) -> int:
    """Take books from downloaded files."""
    with hold_ledger(args.ledger) as ledger:
        for path in args.files:
            rows, new, bare = import_file(ledger, path)
            _say(f"{path}: {rows} rows, {new} new books, {bare} without a description")
    return 0


def status(args: Namespace) -> int:
    """Show how the ledger stands."""
    with read_ledger(args.ledger) as ledger:
        result = report(ledger)
    _say(json.dumps(vars(result), indent=2) if args.json else as_text(result))
    return 0


def retry(args: Namespace) -> int:
    """Put failed pages back."""
    with hold_ledger(_existing(args)) as ledger:
        count = retry_pages(ledger, args.reason)
    _say(f"{count} pages wait again; `urls` and `details` fetch them")
    return 0


@contextmanager
def _visit(args: Namespace) -> Iterator[Visit]:
    site = SITES[args.site]
    base = args.base_url or site.home
    own_site = base == site.home
    contact = args.contact or os.environ.get(CONTACT_VARIABLE)
    if own_site and not contact:
        raise InputError(
            f"--contact: name an e-mail or a page where {base} can reach you, "
            f"or set {CONTACT_VARIABLE}"
        )
    if own_site and args.delay < SLOWEST:
        raise InputError(
            f"--delay {args.delay:g}: at least {SLOWEST:g} second for {base}; "
            "only a test server (--base-url) may be asked faster"
        )
    manners = Manners(
        base=base,
        delay=args.delay,
        contact=contact or f"whoever runs {base}",
        adult=args.adult,
        timeout=args.timeout,
        attempts=args.attempts,
        most_failures=args.max_failures,
    )
    with (
        hold_ledger(args.ledger) as ledger,
        _stoppable(),
        open_visit(site, ledger, manners) as visit,
    ):
        yield visit


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does: between two transactions, with a summary."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _existing(args: Namespace) -> Any:
    with read_ledger(args.ledger):
        return args.ledger


def _load_measure(name: str) -> Measure:
    module, _, function = name.partition(":")
    try:
        extract = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(
            f"--palette {name}: cannot be loaded ({error}); expected MODULE:FUNCTION that takes an "
            "image's bytes, and its packages installed (requirements-train.txt)"
        ) from error

    def measure(image: bytes) -> list[Any]:
        palette = extract(image)
        return [_plain(colour) for colour in getattr(palette, "colours", palette)]

    return measure


def _plain(value: Any) -> Any:
    """Return what JSON can hold of a colour, a named tuple as an object."""
    return value._asdict() if hasattr(value, "_asdict") else value


def _bar(total: int | None, unit: str) -> "tqdm[Any]":
    return tqdm(total=total, unit=f" {unit}", disable=None, dynamic_ncols=True)


def _say(text: str, *, error_stream: bool = False) -> None:
    stream = sys.stderr if error_stream else sys.stdout
    stream.write(f"{text}\n")
    stream.flush()


def _say_left(visit: Visit) -> None:
    _say(f"{visit.fetcher.requests} requests sent")
    _say(as_text(report(visit.ledger)).partition("\nwhere the fields")[0])


def _failures(failed: Counter[str]) -> str:
    return f"; not had: {count_words(list(failed.elements()))}" if failed else ""


def _without_done(outcomes: Counter[str]) -> Counter[str]:
    return Counter({name: n for name, n in outcomes.items() if name != Outcome.DONE})


def _written(tally: Tally, out: str) -> str:
    parts = {
        "repeats of the same book": tally.repeats,
        "without title or description": tally.without_text,
        "adult": tally.adult,
        "in another language": tally.other_language,
    }
    left = ", ".join(f"{count} {words}" for words, count in parts.items() if count)
    return (
        f"{out}: {tally.written} rows of {tally.read}"
        + (f"; left out: {left}" if left else "")
        + (f"; {tally.without_genres} of the rows have no genre" if tally.without_genres else "")
    )
