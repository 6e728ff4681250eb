"""What the results page shows, worked out so that the template only lays it out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ml.hues import Hue, Palette
from ml.serving.doubt import doubts
from ml.serving.prediction import Prediction
from ml.vocabulary.display import Node, display, groups, guesses, headline
from webapp.explanation import Evidence, Pull
from webapp.pages.address import Answer, HueShare
from webapp.pages.answering import palette_of, thresholds
from webapp.pages.bars import Bar, bars
from webapp.pages.changes import Changes, Gone, changes
from webapp.pages.downloads import links
from webapp.pages.genre_bars import Row, RowMaker
from webapp.pages.pocket import Text

FACET_HEADINGS = {
    "genre": "Genres",
    "audience": "Readers",
    "form": "Form",
    "setting": "Setting",
}
"""The facets people are shown, in this order; `shelf` labels are no genres."""

GUESSES = 3
AGREE = 0.002
"""Shares of hues that differ by less are the same, carried in an address or found anew."""


class Group(NamedTuple):
    """The bars of one facet."""

    heading: str
    rows: tuple[Row, ...]


class Listed(NamedTuple):
    """A label and how it is called."""

    label: str
    name: str


@dataclass(frozen=True)
class Results:
    """One answer, laid out."""

    headline: tuple[str, ...]
    """The names that say best what the book is, the main one first; empty where none was found."""
    groups: tuple[Group, ...]
    guesses: tuple[Row, ...]
    perhaps: str
    """The best guess, for a headline where nothing was decided."""
    gone: tuple[Gone, ...]
    corrected: bool
    listed: tuple[Listed, ...]
    """What a person can take away."""
    removed: tuple[Listed, ...]
    """What a person took away."""
    palette: Palette
    hues: Sequence[Hue | HueShare]
    bars: tuple[Bar, ...]
    files: Mapping[str, str]
    """File name ending -> link to the palette as such a file."""
    notes: tuple[str, ...]
    """What should make a reader careful, first."""
    sentences: tuple[Pull, ...]


def results(
    answer: Answer,
    text: Text | None = None,
    evidence: Evidence | None = None,
    before: Answer | None = None,
) -> Results:
    """Lay out an answer.

    Args:
        answer: what the address carries.
        text: what it was found in; its author's browser alone has it.
        evidence: what the words of that text said.
        before: the answer to the text before.
    """
    prediction = answer.prediction
    changed = changes(before, answer) if before else Changes()
    why = evidence.explanation if evidence else lambda _: None
    maker = RowMaker(thresholds(), answer.added, dict(changed.at), why)
    names, perhaps = headline(prediction.genres), _guesses(prediction)
    palette = palette_of(answer)
    hues = _hues(answer, palette)
    return Results(
        headline=tuple(node.name for node in names),
        groups=_groups(prediction, maker),
        guesses=maker.rows(perhaps),
        perhaps=perhaps[0].name if perhaps else "",
        gone=changed.gone,
        corrected=bool(answer.added or answer.removed),
        listed=_listed(genre.name for genre in prediction.genres),
        removed=_listed(sorted(answer.removed)),
        palette=palette,
        hues=hues,
        bars=bars(hues),
        files=links(hues, palette.genres),
        notes=tuple(_notes(answer, text)),
        sentences=evidence.pulls(_telling(prediction, names)) if evidence else (),
    )


def _groups(prediction: Prediction, maker: RowMaker) -> tuple[Group, ...]:
    by_facet = {group.facet: group.nodes for group in groups(prediction.genres)}
    return tuple(
        Group(heading, maker.rows(by_facet[facet]))
        for facet, heading in FACET_HEADINGS.items()
        if facet in by_facet
    )


def _guesses(prediction: Prediction) -> tuple[Node, ...]:
    """Return what is nearly an answer; where nothing is one, the best there is."""
    decided = {genre.name for genre in prediction.genres}
    rest = [genre for genre in prediction.ranked if genre.name not in decided]
    if headline(prediction.genres):
        return guesses(rest, thresholds())
    shown = [genre for genre in rest if display(genre.name).show != "no"]
    return tuple(
        Node(genre.name, display(genre.name).name, genre.facet, genre.probability)
        for genre in shown[:GUESSES]
    )


def _listed(labels: Iterable[str]) -> tuple[Listed, ...]:
    shown = (label for label in labels if display(label).show != "no")
    return tuple(Listed(label, display(label).name) for label in shown)


def _telling(prediction: Prediction, names: Iterable[Node]) -> tuple[str, ...]:
    """Return the labels that sentences are compared by: those of the headline and each group's."""
    roots = [group.nodes[0].label for group in groups(prediction.genres) if group.facet != "form"]
    return tuple(dict.fromkeys([*(node.label for node in names), *roots]))


def _hues(answer: Answer, palette: Palette) -> Sequence[Hue | HueShare]:
    """Return the hues that the address carries, with their reasons where the table still agrees."""
    now = {hue.name: hue.share for hue in palette.hues}
    agree = all(abs(now.get(hue.name, 0.0) - hue.share) < AGREE for hue in answer.hues)
    return palette.hues if agree else answer.hues


def _notes(answer: Answer, text: Text | None) -> Iterable[str]:
    if text:
        yield from doubts(text.description)
    elif answer.doubtful:
        yield ("The text behind this was very short, or not plain English: a guess, and no more.")
    if answer.truncated:
        yield "The text is longer than the model reads at once; its middle was left out."
    if not answer.current:
        yield "Found by an earlier version of the model."
