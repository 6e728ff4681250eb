"""Measure palettes against covers that they were not built from.

Each figure stands beside two that know nothing of genre: the constant palette (the same for every
book) and the uniform one. Intervals resample whole authors.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.errors import InputError
from ml.hue_fitting.covers import Cover
from ml.hue_fitting.fitting import NOTABLE, Sums, add_up, fit, sample
from ml.hue_fitting.folds import folds, groups
from ml.hues.names import COLOURS, HUES
from ml.hues.table import HueTable

GRID = (10.0, 30.0, 100.0, 300.0, 1000.0)
"""The numbers of pseudo-covers that inner folds choose from."""
METHODS = ("genre", "constant", "uniform")
_INNER = 4
_RESAMPLES = 1000

Values = dict[str, NDArray[np.float64]]
"""Measure -> [n] its value for each cover; NaN where it has none."""


def score_table(table: HueTable, covers: Sequence[Cover]) -> dict[str, Any]:
    """Score a table on covers it was not built from; see `report`."""
    held = _scorable(covers)
    if not held:
        raise InputError("none of the covers has both measured areas and a known genre")
    return report(_score(table, held), groups(held))


def cross_validate(covers: Sequence[Cover], enriched: Sequence[Cover]) -> dict[str, Any]:
    """Score the method on every cover, by tables fitted without its author and its title.

    Args:
        covers: with the genres that a palette is asked for.
        enriched: the same covers with the genres that a fit may learn from.

    Returns:
        `report`, with the pseudo-covers that the inner folds chose in each outer fold.
    """
    fold = folds(covers)
    parts: list[dict[str, Values]] = []
    held_out: list[Cover] = []
    chosen = []
    for number in range(int(fold.max()) + 1):
        rest = [cover for cover, own in zip(enriched, fold, strict=True) if own != number]
        held = _scorable([cover for cover, own in zip(covers, fold, strict=True) if own == number])
        chosen.append(choose(rest))
        parts.append(_score(_table(add_up(sample(rest)), chosen[-1]), held))
        held_out += held
    values = {
        method: {
            measure: np.concatenate([part[method][measure] for part in parts])
            for measure in parts[0][method]
        }
        for method in METHODS
    }
    return {**report(values, groups(held_out)), "pseudo_covers": chosen}


def choose(covers: Sequence[Cover]) -> float:
    """Return the pseudo-covers of the best log-likelihood, by cross-validation on these covers."""
    data, fold = sample(covers), folds(covers, _INNER)
    total = dict.fromkeys(GRID, 0.0)
    for number in range(_INNER):
        held = _scorable([cover for cover, own in zip(covers, fold, strict=True) if own == number])
        area = np.stack([cover.area for cover in held])
        sums = add_up(data.part(fold != number))
        for pseudo in GRID:
            total[pseudo] += float((area * np.log(_shares(_table(sums, pseudo), held))).sum())
    return max(GRID, key=lambda pseudo: total[pseudo])


def report(values: Mapping[str, Values], group: Sequence[str]) -> dict[str, Any]:
    """Summarise: for each method and measure the mean with its 95 % interval.

    `gain` is the genre palette less the constant one, cover by cover, with its own interval.
    """
    values = {**values, "gain": _gain(values)}
    _, own = np.unique(np.array(group), return_inverse=True)
    summary: dict[str, Any] = {"covers": len(group), "authors": int(own.max() + 1)}
    for method, measures in values.items():
        summary[method] = {measure: interval(value, own) for measure, value in measures.items()}
    return summary


def _gain(values: Mapping[str, Values]) -> Values:
    return {name: value - values["constant"][name] for name, value in values["genre"].items()}


def interval(values: NDArray[np.float64], own: NDArray[np.int64]) -> dict[str, float]:
    """Return the mean and its 95 % interval over resampled groups (a cluster bootstrap).

    Args:
        values: [n]; NaN is left out.
        own: [n] the number of each value's group.
    """
    counted, size = ~np.isnan(values), int(own.max()) + 1
    draws = np.random.default_rng(0).multinomial(size, np.full(size, 1 / size), _RESAMPLES)
    total = np.bincount(own[counted], values[counted], size)
    count = np.bincount(own[counted], minlength=size)
    low, high = np.quantile(draws @ total / (draws @ count), [0.025, 0.975])
    mean = float(values[counted].mean())
    return {"mean": round(mean, 5), "low": round(float(low), 5), "high": round(float(high), 5)}


def _scorable(covers: Sequence[Cover]) -> list[Cover]:
    return [cover for cover in covers if cover.measured and cover.labels]


def _table(sums: Sums, pseudo_covers: float) -> HueTable:
    return HueTable(sums.base, sums.seen, fit(sums, pseudo_covers), {}, {}, {})


def _shares(table: HueTable, covers: Sequence[Cover]) -> NDArray[np.float64]:
    """Return [n, 61] the palette's shares for each cover's genres."""
    kinds = {cover.labels for cover in covers}
    found = {own: table.distribution(dict.fromkeys(own, 1.0)) for own in kinds}
    return np.stack([found[cover.labels] for cover in covers])


def _score(table: HueTable, covers: Sequence[Cover]) -> dict[str, Values]:
    """Return the measures of every method on every cover."""
    area = np.stack([cover.area for cover in covers])
    notable = area[:, : len(HUES)] >= NOTABLE
    shares = {
        "genre": _shares(table, covers),
        "constant": np.broadcast_to(table.base, area.shape),
        "uniform": np.full(area.shape, 1 / len(COLOURS)),
    }
    order = {
        "genre": table.frequency(shares["genre"]),
        "constant": np.broadcast_to(table.seen, notable.shape),
        "uniform": np.ones(notable.shape),
    }
    lift = shares["genre"][:, : len(HUES)] / table.base[: len(HUES)]
    return {
        method: {
            "recall_at_5": recall(order[method], notable, 5),
            "recall_at_10": recall(order[method], notable, 10),
            "log_likelihood": (area * np.log(shares[method])).sum(axis=1),
            "over_representation_auc": auc(
                lift if method == "genre" else np.ones(notable.shape), notable
            ),
        }
        for method in METHODS
    }


def recall(
    order: NDArray[np.float64], notable: NDArray[np.bool_], guesses: int
) -> NDArray[np.float64]:
    """Return [n] the part of a cover's notable hues within the first guesses.

    Equal scores share the places left among them, so that no order of names is favoured.

    Args:
        order: [n, 58] the higher, the earlier a hue is guessed.
        notable: [n, 58] whether the hue covers at least 8 % of the cover.
        guesses: how many.
    """
    last = np.sort(order, axis=1)[:, -guesses][:, None]
    above, tied = order > last, order == last
    places = (guesses - above.sum(axis=1)) / tied.sum(axis=1)
    hits = (above & notable).sum(axis=1) + places * (tied & notable).sum(axis=1)
    count = notable.sum(axis=1)
    return np.where(count > 0, hits / np.maximum(count, 1), np.nan)


def auc(score: NDArray[np.float64], notable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return [n] the chance that a hue of the cover ranks above one that is not; ties half."""
    result = np.full(len(score), np.nan)
    for row in np.flatnonzero(notable.any(axis=1)):
        own, other = score[row][notable[row]], score[row][~notable[row]]
        difference = own[:, None] - other[None, :]
        result[row] = (difference > 0).mean() + 0.5 * (difference == 0).mean()
    return result
