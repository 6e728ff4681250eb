"""Build the hue table: the fit on all covers, and how well each genre's colours are known."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.hue_fitting.covers import Cover, title_key
from ml.hue_fitting.fitting import Sample, add_up, expected, fit, hue_labels, sample, shrink
from ml.hue_fitting.folds import folds, groups
from ml.hue_fitting.worn import worn
from ml.hues.palette import Evidence, Reference
from ml.hues.table import HueTable
from ml.hues.typicality import MIN_COVERS, score

PSEUDO_COVERS = 100.0
"""Chosen by cross-validation (`python -m ml hues evaluate`, docs/hues.md)."""
STRONG_COVERS, FAIR_COVERS = 300, 60
STRONG_REPLICATION, FAIR_REPLICATION = 0.4, 0.2
_COMPARABLE = 40
"""Covers of a genre that each of two sides needs before they are compared."""
_QUANTILES = np.linspace(0, 1, 41)
_RESAMPLES = 400


def build(covers: Sequence[Cover], pseudo_covers: float = PSEUDO_COVERS) -> HueTable:
    """Estimate the table from covers; the same covers always give the same table."""
    data = sample(covers)
    whole = add_up(data)
    fold = folds(covers)
    rest = [
        fit(add_up(data.part(fold != number)), pseudo_covers) for number in range(fold.max() + 1)
    ]
    mean = expected(data)
    group = np.unique(groups(covers), return_inverse=True)[1]
    titles = np.array([title_key(cover.title) for cover in covers])
    evidence, reference = {}, {}
    for column, label in enumerate(hue_labels()):
        member = data.member[:, column]
        lifts = np.stack([part[label] for part in rest])[fold[member]]
        scores, usual = score(data.area[member], lifts), score(mean[member], lifts)
        evidence[label] = _evidence(
            len(np.unique(data.source[member])),
            _mean_interval(scores - usual, group[member]),
            _replication(data, mean, member, titles, pseudo_covers),
            int(member.sum()),
        )
        measured = scores[data.measured[member]]
        if len(measured) >= MIN_COVERS:
            quantiles = np.quantile(measured, _QUANTILES).round(4).tolist()
            reference[label] = Reference(len(measured), tuple(quantiles))
    return HueTable(
        whole.base, whole.seen, fit(whole, pseudo_covers), evidence, reference, worn(covers, data)
    )


def _evidence(
    sources: int, lean: tuple[float, float, float] | None, replication: float | None, covers: int
) -> Evidence:
    """Grade what is known of a genre; docs/hues.md states the rule."""
    strength = "weak"
    contradicted = replication is not None and replication < FAIR_REPLICATION
    if lean and lean[1] > 0 and covers >= FAIR_COVERS and not contradicted:
        replicated = replication is not None and replication >= STRONG_REPLICATION
        strength = "strong" if replicated and covers >= STRONG_COVERS else "fair"
    return Evidence(
        strength,
        covers,
        sources,
        None if replication is None else round(replication, 2),
        round(lean[0], 4) if lean else None,
        (round(lean[1], 4), round(lean[2], 4)) if lean else None,
    )


def _mean_interval(
    values: NDArray[np.float64], group: NDArray[np.int64]
) -> tuple[float, float, float] | None:
    """Return the mean and its 95 % interval, resampling whole groups; None for under two groups."""
    names, own = np.unique(group, return_inverse=True)
    if len(names) < 2:
        return None
    total, count = np.bincount(own, values), np.bincount(own)
    draws = np.random.default_rng(0).multinomial(
        len(names), np.full(len(names), 1 / len(names)), _RESAMPLES
    )
    low, high = np.quantile(draws @ total / (draws @ count), [0.025, 0.975])
    return float(values.mean()), float(low), float(high)


def _replication(
    data: Sample,
    mean: NDArray[np.float64],
    member: NDArray[np.bool_],
    titles: NDArray[np.str_],
    pseudo_covers: float,
) -> float | None:
    """Correlate a genre's log lifts between scanned covers and the other collections.

    Titles that the scanned side holds are left out of the other. None where a side is too small.
    """
    one = member & data.measured
    other = member & ~data.measured & ~np.isin(titles, titles[one])
    if min(one.sum(), other.sum()) < _COMPARABLE:
        return None
    base = data.area[data.measured].mean(axis=0)
    even = np.ones(len(base))
    x, y = (
        np.log(shrink(data.area[side].sum(axis=0), mean[side].sum(axis=0), pseudo_covers, even))
        for side in (one, other)
    )
    return _correlation(x, y, base / base.sum())


def _correlation(
    one: NDArray[np.float64], other: NDArray[np.float64], weight: NDArray[np.float64]
) -> float:
    x, y = one - weight @ one, other - weight @ other
    return float((weight @ (x * y)) / np.sqrt((weight @ x**2) * (weight @ y**2)))
