"""From what the model read to the answer that an address carries, and its corrections."""

from collections.abc import Iterable
from dataclasses import replace

from ml.hues import Palette
from ml.serving.doubt import doubts
from ml.serving.prediction import SHELF
from ml.vocabulary.display import guesses
from webapp.analysis import Reading, judged, predictor
from webapp.pages.address import Answer, HueShare
from webapp.pages.pocket import Text


def answer_of(reading: Reading, text: Text, also: Iterable[str] = ()) -> Answer:
    """Return what the address of a reading carries.

    Args:
        reading: what was read.
        text: what it was read from.
        also: labels whose probability is wanted, whatever it is.
    """
    prediction = reading.prediction
    decided = {genre.name for genre in prediction.genres if genre.facet != SHELF}
    near = [node.label for node in guesses(prediction.ranked, thresholds())]
    wanted = {*decided, *near, *also, *reading.known.labels}
    wanted.update(genre.name for genre in prediction.guesses())
    answer = Answer(
        tuple(genre for genre in prediction.ranked if genre.name in wanted),
        frozenset(decided),
        frozenset(reading.known.labels),
        frozenset(),
        (),
        truncated=prediction.truncated,
        doubtful=bool(doubts(text.description)),
        text=text.key,
    )
    return replace(answer, hues=_shares(palette_of(answer)))


def corrected(answer: Answer, added: Iterable[str], removed: Iterable[str]) -> Answer:
    """Return the answer as a person corrects it; the hues follow, the model's figures stay."""
    added, removed = frozenset(added), frozenset(removed)
    listed = answer.probabilities
    new = [judged(name, 0.0) for name in sorted(added - listed.keys())]
    changed = replace(
        answer,
        judged=(*answer.judged, *new),
        added=added,
        removed=removed - added,
    )
    return replace(changed, hues=_shares(palette_of(changed)))


def palette_of(answer: Answer) -> Palette:
    """Return what covers of an answer's genres lean to."""
    return predictor().palette(answer.prediction)


def thresholds() -> dict[str, float]:
    """Return the least probability at which a book gets each label."""
    return {label.name: label.threshold for label in predictor().labels}


def _shares(palette: Palette) -> tuple[HueShare, ...]:
    return tuple(HueShare(hue.name, hue.share, hue.worn) for hue in palette.hues)
