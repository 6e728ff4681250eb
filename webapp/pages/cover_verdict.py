"""What a cover's colours say: which shelves wear such colours, and where it stands on its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from flask import current_app

from ml.hues.extract import CoverPalette
from ml.hues.shelves import SHELVES, ShelfModel, Standing
from ml.hues.typicality import Move, typicality
from webapp.analysis import predictor

MOST_SHELVES = 5
LEAST_LIFT = 1.15
ENOUGH = 75
"""Of 100 covers of other shelves: above so many, no advice would say anything."""


@dataclass(frozen=True)
class Shelf:
    """A shelf that wears such colours more often than the average one."""

    genre: str
    times: str
    """How much more often, such as "2.1×"."""


@dataclass(frozen=True)
class Verdict:
    """Where a cover stands between a genre's covers and the others."""

    genre: str
    tells: bool
    """Whether colours tell this shelf from others at all; if not, no figure is given."""
    others: int
    """Of 100 covers of other shelves, how many say this genre less than this one."""
    own: int
    """The same of 100 covers of its own shelf."""
    covers: int
    more: tuple[Move, ...]
    less: tuple[Move, ...]


@dataclass(frozen=True)
class CoverVerdict:
    """What is said of one cover."""

    flaw: str | None
    """What makes it unlike the covers that were measured."""
    shelves: tuple[Shelf, ...]
    verdicts: tuple[Verdict, ...]
    unmeasured: tuple[str, ...]


def verdict_of(cover: CoverPalette, genres: Sequence[str]) -> CoverVerdict:
    """Judge a cover by its colours, for the genres it should look like."""
    model = _model(Path(current_app.config["MODEL_FOLDER"]) / SHELVES)
    if cover.blank:
        return CoverVerdict(cover.flaw, (), (), ())
    ranked = dict(model.rank(*cover.painted))
    standing = model.standing
    shelves = [
        Shelf(genre, f"{np.exp(score):.1f}×")
        for genre, score in ranked.items()
        if standing[genre].tells and np.exp(score) >= LEAST_LIFT
    ]
    measured = [genre for genre in genres if genre in standing]
    return CoverVerdict(
        cover.flaw,
        tuple(shelves[:MOST_SHELVES]),
        tuple(_verdict(cover, genre, ranked[genre], standing[genre]) for genre in measured),
        tuple(genre for genre in genres if genre not in standing),
    )


def _verdict(cover: CoverPalette, genre: str, score: float, standing: Standing) -> Verdict:
    others, own = (_place(score, part) for part in (standing.others, standing.own))
    place = next(iter(typicality(predictor().hues, cover.area, [genre])), None)
    advised = place if place and standing.tells and others < ENOUGH else None
    return Verdict(
        genre,
        standing.tells,
        others,
        own,
        standing.covers,
        advised.more if advised else (),
        advised.less if advised else (),
    )


def _place(score: float, quantiles: np.ndarray) -> int:
    """Return how many of 100 scores, given by quantiles at even steps, lie below one."""
    return round(float(np.interp(score, quantiles, np.linspace(0, 100, len(quantiles)))))


@cache
def _model(path: Path) -> ShelfModel:
    return ShelfModel.load(path)
