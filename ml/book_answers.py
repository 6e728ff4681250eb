"""Answers to many books, in their order, on every core and in bounded memory."""

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ml.answers import answer
from ml.codes import Bisac, codes_for
from ml.errors import InputError
from ml.predictor import Predictor
from ml.serving.doubt import doubts, says_nothing
from ml.serving.nearest_label import NearestLabel
from ml.serving.text import clean_description
from ml.vocabulary.known_genres import resolve

BATCH = 32
AHEAD = 3
"""Batches that wait for each process: enough to keep it busy, few enough to hold."""


class Options(NamedTuple):
    """How books are answered."""

    model: Path
    all_labels: bool = False
    with_title: bool = True
    with_codes: bool = False
    bisac: Path | None = None
    """The list of BISAC headings that the person holds."""


class Book(NamedTuple):
    """One row of a catalogue, as far as an answer needs it."""

    id: str | int
    where: str
    title: str
    description: str
    genres: list[str]
    error: str | None
    warnings: tuple[str, ...]
    original: dict[str, Any]


Answered = list[tuple[Book, dict[str, Any]]]


def answer_in_order(books: Iterator[Book], options: Options, jobs: int) -> Iterator[Answered]:
    """Yield batches of books with their answers, in the books' order.

    Raises:
        InputError: a process died, as one does that the system kills for its memory.
    """
    batches = iter(lambda: list(islice(books, BATCH)), [])
    if jobs <= 1:
        for batch in batches:
            yield _answers(batch, options)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context) as pool:
        waiting: deque[Future[Answered]] = deque()
        try:
            for batch in batches:
                waiting.append(pool.submit(_answers, batch, options))
                if len(waiting) >= AHEAD * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise InputError(
                "a process of --jobs died; nothing is lost: run with --resume"
            ) from error
        finally:
            for future in waiting:
                future.cancel()


def answer_book(book: Book, options: Options) -> dict[str, Any]:
    """Return one book's answer, with what is doubtful about it, or what was wrong with its row."""
    if book.error:
        return {"id": book.id, "error": book.error}
    if not clean_description(book.description):
        return {"id": book.id, "error": f"{book.where}: expected a text under 'description'"}
    if nothing := says_nothing(book.description):
        return {"id": book.id, "genres": [], "hues": [], "warnings": [*book.warnings, nothing]}
    predictor, nearest = _loaded(options.model)
    known = resolve("; ".join(book.genres), nearest)
    title = book.title if options.with_title else ""
    prediction = predictor.predict(book.description, title)
    palette = predictor.palette(prediction, known.labels)
    found = {"id": book.id, **answer(prediction, palette, all_labels=options.all_labels)}
    if options.with_codes:
        bisac = _bisac(options)
        found["codes"] = codes_for(prediction, book.description, title, bisac).as_json()
    warnings = [*book.warnings, *doubts(book.description)]
    if prediction.truncated:
        warnings.append("The text is longer than the model reads; a part of it was left out.")
    return {**found, "warnings": warnings} if warnings else found


def _answers(batch: list[Book], options: Options) -> Answered:
    return [(book, answer_book(book, options)) for book in batch]


@cache
def _loaded(model: Path) -> tuple[Predictor, NearestLabel]:
    """Load the model once a process."""
    predictor = Predictor.load(model)
    return predictor, NearestLabel(predictor)


@cache
def _bisac(options: Options) -> Bisac | None:
    if options.bisac is None:
        return None
    return Bisac.load(options.bisac, _loaded(options.model)[0].embed)
