"""Estimate the hue table from measured covers.

A genre's lift of a colour is observed over expected area, where the expectation takes the same
number of covers from each source at that source's own average. What differs between collections
(scanned edges, page curls, one-colour summaries) therefore cancels, and only what differs between
genres inside a collection is left. Lifts are shrunk: a genre leans on its wider genres, and these
on the whole, by as many pseudo-covers as cross-validation chose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.genres import vocabulary
from ml.hues.covers import Cover
from ml.hues.folds import folds
from ml.hues.names import COLOURS
from ml.hues.table import Evidence, HueTable, Reference
from ml.hues.typicality import MIN_COVERS, score

_QUANTILES = np.linspace(0, 1, 41)


class Settings(NamedTuple):
    """What cross-validation chose (see docs/hues.md)."""

    pseudo_covers: float = 60.0


SETTINGS = Settings()


class Sample(NamedTuple):
    """Covers as arrays."""

    area: NDArray[np.float64]
    """[n, 61]"""
    expected: NDArray[np.float64]
    """[n, 61] the average of the cover's own source"""
    source: NDArray[np.str_]
    measured: NDArray[np.bool_]
    members: Mapping[str, NDArray[np.int64]]
    """Label -> rows of its covers."""


def sample(covers: Sequence[Cover]) -> Sample:
    """Stack covers and give each the average of its source as what to expect of it."""
    area = np.stack([cover.area for cover in covers])
    source = np.array([cover.source for cover in covers])
    expected = np.empty_like(area)
    for name in np.unique(source):
        stratum = np.isin(source, ["bookdepo", "nyt"]) if name == "romance" else source == name
        expected[source == name] = area[stratum if stratum.any() else source == name].mean(axis=0)
    members: dict[str, list[int]] = {}
    for row, cover in enumerate(covers):
        for label in cover.labels:
            members.setdefault(label, []).append(row)
    return Sample(
        area,
        expected,
        source,
        np.array([cover.measured for cover in covers]),
        {label: np.array(rows) for label, rows in members.items()},
    )


def build(covers: Sequence[Cover], settings: Settings = SETTINGS) -> HueTable:
    """Estimate the table of every label of the vocabulary."""
    data = sample(covers)
    base = data.area[data.measured].mean(axis=0)
    base = np.maximum(base, 1e-5) / np.maximum(base, 1e-5).sum()
    lifts: dict[str, NDArray[np.float64]] = {}
    for label in _parents_first():
        lifts[label] = _lift(data, label, lifts, base, settings)
    return HueTable(
        base,
        {label: lifts[label] for label in vocabulary()},
        {label: _evidence(data, label) for label in vocabulary()},
        {},
    )


def build_with_reference(covers: Sequence[Cover], settings: Settings = SETTINGS) -> HueTable:
    """Estimate the table from all covers, and score each measured one by a table without it."""
    scores: dict[str, list[float]] = {}
    fold = folds(covers)
    for held_out in np.unique(fold):
        rest = build([cover for cover, own in zip(covers, fold, strict=True) if own != held_out])
        for cover, own in zip(covers, fold, strict=True):
            if own == held_out and cover.measured:
                for label in cover.labels:
                    scores.setdefault(label, []).append(float(score(cover.area, rest.lifts[label])))
    reference = {
        label: Reference(len(found), tuple(np.quantile(found, _QUANTILES).round(4).tolist()))
        for label, found in scores.items()
        if len(found) >= MIN_COVERS
    }
    return replace(build(covers, settings), reference=reference)


def _parents_first() -> list[str]:
    """Order the labels so that each comes after its wider genres."""
    order: dict[str, None] = {}

    def visit(label: str) -> None:
        if label not in order:
            for parent in vocabulary()[label].parents:
                visit(parent)
            order[label] = None

    for label in vocabulary():
        visit(label)
    return list(order)


def _lift(
    data: Sample,
    label: str,
    lifts: Mapping[str, NDArray[np.float64]],
    base: NDArray[np.float64],
    settings: Settings,
) -> NDArray[np.float64]:
    parents = [lifts[parent] for parent in vocabulary()[label].parents]
    prior = np.mean(parents, axis=0) if parents else np.ones(len(COLOURS))
    rows = data.members.get(label, np.array([], dtype=int))
    observed = data.area[rows].sum(axis=0) + settings.pseudo_covers * base * prior
    expected = data.expected[rows].sum(axis=0) + settings.pseudo_covers * base
    lift = observed / expected
    scaled: NDArray[np.float64] = lift / (base * lift).sum()
    return scaled


def _evidence(data: Sample, label: str) -> Evidence:
    rows = data.members.get(label, np.array([], dtype=int))
    sources = len(np.unique(data.source[rows]))
    strength = "weak"
    if len(rows) >= 200:
        strength = "strong" if len(rows) >= 1000 and sources >= 2 else "fair"
    return Evidence(strength, len(rows), sources, None, None)
