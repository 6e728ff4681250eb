"""What the results page shows, worked out so that the template only lays it out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ml.hues import Palette
from ml.serving.prediction import Genre
from ml.vocabulary.known_genres import KnownGenres
from webapp.analysis import Reading
from webapp.explanation import Explanation
from webapp.pages.bars import Bar, bars
from webapp.pages.downloads import links

FACET_HEADINGS = {
    "genre": "Genres",
    "audience": "Readers",
    "form": "Form",
    "setting": "Setting",
}
"""The facets people are shown, in this order; `shelf` labels are no genres."""

HEADLINE = 3


class Row(NamedTuple):
    """One genre's bar: `width` and `threshold` are percentages of the full length."""

    name: str
    percent: str
    width: float
    threshold: float


class Group(NamedTuple):
    """The bars of one facet."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Results:
    """The answer to one blurb."""

    headline: tuple[str, ...]
    """The genres decided on that name the book best; empty where nothing was decided."""
    groups: tuple[Group, ...]
    guesses: tuple[Row, ...]
    palette: Palette
    bars: tuple[Bar, ...]
    files: Mapping[str, str]
    """File name ending -> link to the palette as such a file."""
    known: KnownGenres
    notes: tuple[str, ...]
    """What should make a reader careful."""
    why: Explanation | None


def results(
    reading: Reading, why: Explanation | None = None, *, surely_english: bool = True
) -> Results:
    """Lay out a reading for the page."""
    shown = [genre for genre in reading.prediction.genres if genre.facet in FACET_HEADINGS]
    headline = [genre.name for genre in shown if genre.facet == "genre"] or [
        genre.name for genre in shown
    ]
    return Results(
        headline=tuple(headline[:HEADLINE]),
        groups=_groups(shown),
        guesses=_rows(reading.prediction.guesses()),
        palette=reading.palette,
        bars=bars(reading.palette.hues),
        files=links(reading.palette.hues, reading.palette.genres),
        known=reading.known,
        notes=tuple(_notes(reading, surely_english)),
        why=why,
    )


def percent(probability: float) -> str:
    """Write a probability as people read it, without a certainty that no model has."""
    if probability < 0.01:
        return "under 1%"
    if probability > 0.99:
        return "over 99%"
    return f"{probability:.0%}"


def _groups(genres: Iterable[Genre]) -> tuple[Group, ...]:
    by_facet: dict[str, list[Genre]] = {}
    for genre in genres:
        by_facet.setdefault(genre.facet, []).append(genre)
    return tuple(
        Group(heading, _rows(by_facet[facet]))
        for facet, heading in FACET_HEADINGS.items()
        if facet in by_facet
    )


def _rows(genres: Iterable[Genre]) -> tuple[Row, ...]:
    return tuple(
        Row(
            genre.name,
            percent(genre.probability),
            round(100 * genre.probability, 1),
            round(100 * genre.threshold, 1),
        )
        for genre in genres
    )


def _notes(reading: Reading, surely_english: bool) -> Iterable[str]:
    if not surely_english:
        yield "This may not be plain English, which is all the model has learnt to read."
    if reading.prediction.truncated:
        yield (
            f"This is longer than the model reads at once: {reading.prediction.tokens} tokens of "
            "it were read, the rest left out."
        )
