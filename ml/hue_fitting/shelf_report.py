"""How well colours tell shelves, on covers held out by author."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.hue_fitting.evaluate import interval
from ml.hue_fitting.shelf_data import ShelfData, prior

_CONFUSED = 3
_BINS = 10


def report(data: ShelfData, scores: NDArray[np.float64], group: list[str]) -> dict[str, Any]:
    """Summarise held-out log lifts.

    Returns:
        For the scanned covers, the summaries of one or two colours, and all: how often the own
        genre scores above another one, mean over covers and own genres, as it is and with each
        collection's mean taken out; by genre the same and the AUC among the collection's covers;
        the calibration, and the shelves that most often score above the own.
    """
    taken_out = without_collections(data, scores)
    parts = {"scans": data.measured, "summaries": ~data.measured, "all": data.measured | True}
    figures: dict[str, Any] = {
        name: {
            "covers": int(rows.sum()),
            "own_above_other": _mean(data, scores, rows, group),
            "collections_taken_out": _mean(data, taken_out, rows, group),
        }
        for name, rows in parts.items()
        if rows.any()
    }
    above = pairs(taken_out, data.member, data.measured)
    auc = within_collections(data, scores)
    figures["genres"] = {
        genre: {
            "covers": int((data.measured & data.member[:, row]).sum()),
            "own_above_other": round(float(np.nanmean(above[:, row])), 3),
            "auc": round(float(auc[row]), 3),
            "taken_for": _taken_for(data, taken_out, row),
        }
        for row, genre in enumerate(data.genres)
    }
    figures["calibration"] = calibration(data, scores)
    return figures


def pairs(
    scores: NDArray[np.float64], member: NDArray[np.bool_], rows: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return [m, g]: for each cover and own genre the part of other genres below it, else NaN."""
    found = np.full((int(rows.sum()), member.shape[1]), np.nan)
    for place, (score, own) in enumerate(zip(scores[rows], member[rows], strict=True)):
        if own.all():
            continue
        apart = score[own][:, None] - score[~own][None]
        found[place, own] = (apart > 0).mean(axis=1) + 0.5 * (apart == 0).mean(axis=1)
    return found


def without_collections(data: ShelfData, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take each collection's mean score of each genre out: what is left is the cover's own."""
    rest = scores.copy()
    for name in np.unique(data.source):
        own = data.source == name
        rest[own] -= scores[own].mean(axis=0)
    return rest


def within_collections(data: ShelfData, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return [g] the AUC of each genre among the scanned covers of one collection at a time.

    Collections count by their covers of the genre; NaN where none says anything of it.
    """
    from sklearn.metrics import roc_auc_score

    counted = prior(data, data.measured).counted
    found = np.full(len(data.genres), np.nan)
    for row in range(len(data.genres)):
        total = weight = 0.0
        for name in np.unique(data.source[data.measured]):
            own = data.measured & (data.source == name) & counted[:, row]
            truth = data.member[own, row]
            if own.any() and 0 < truth.sum() < len(truth):
                total += truth.sum() * roc_auc_score(truth, scores[own, row])
                weight += truth.sum()
        found[row] = total / weight if weight else np.nan
    return found


def calibration(data: ShelfData, scores: NDArray[np.float64]) -> dict[str, Any]:
    """Compare what the log lifts say with what is found, in bins of the predicted lift.

    A genre's odds in the collection times the lift is the predicted chance.
    """
    known = prior(data, data.measured)
    rows = known.counted & data.measured[:, None]
    chance = 1 / (1 + np.exp(-(known.logit + scores)))[rows]
    base = 1 / (1 + np.exp(-known.logit))[rows]
    truth, order = data.member[rows], np.argsort(scores[rows])
    bins = [
        {
            "lift_said": round(float(chance[part].sum() / base[part].sum()), 3),
            "lift_found": round(float(truth[part].sum() / base[part].sum()), 3),
        }
        for part in np.array_split(order, _BINS)
    ]
    return {"bins": bins, "slope": round(_slope(known.logit[rows], scores[rows], truth), 3)}


def _slope(
    offset: NDArray[np.float64], score: NDArray[np.float64], truth: NDArray[np.bool_]
) -> float:
    """Fit truth to offset + slope x score by Newton's steps; 1 is neither too bold nor too shy."""
    slope = 1.0
    for _ in range(20):
        chance = 1 / (1 + np.exp(-(offset + slope * score)))
        step = (score * (truth - chance)).sum() / (score**2 * chance * (1 - chance)).sum()
        slope += float(step)
        if abs(step) < 1e-6:
            break
    return slope


def _taken_for(data: ShelfData, scores: NDArray[np.float64], row: int) -> dict[str, float]:
    """Return the genres that most often score above this one on its covers, with how often."""
    mine = data.measured & data.member[:, row]
    above = (scores[mine] > scores[mine, row][:, None]) & ~data.member[mine]
    often = above.sum(axis=0) / np.maximum((~data.member[mine]).sum(axis=0), 1)
    first = np.argsort(-often, kind="stable")[:_CONFUSED]
    return {data.genres[other]: round(float(often[other]), 3) for other in first}


def _mean(
    data: ShelfData, scores: NDArray[np.float64], rows: NDArray[np.bool_], group: list[str]
) -> dict[str, float]:
    """Return the mean over covers and own genres, with its interval over resampled authors."""
    found = pairs(scores, data.member, rows)
    each = ~np.isnan(found)
    names = np.unique(np.array(group)[rows], return_inverse=True)[1]
    return interval(found[each], np.broadcast_to(names[:, None], found.shape)[each])
