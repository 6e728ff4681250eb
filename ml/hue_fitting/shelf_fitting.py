"""Fit the shelf model, and score every cover by networks that saw none of its author's books."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.hue_fitting.shelf_data import ShelfData, prior
from ml.hue_fitting.shelf_networks import Settings, train_networks
from ml.hues.cover_features import Grid, features, lightness_and_warmth
from ml.hues.shelves import FEW, Network

_POINTS = 120
"""Covers of a genre that its plot of lightness and warmth shows."""


def grids(data: ShelfData, settings: Settings) -> tuple[Grid, ...]:
    """Place the cells of the soft histograms by k-means over the scanned covers' colours."""
    from sklearn.cluster import MiniBatchKMeans

    colours = data.lab[data.measured][data.weight[data.measured] > 0]
    return tuple(
        Grid(
            MiniBatchKMeans(cells, random_state=0, n_init=3, batch_size=4096)
            .fit(colours)
            .cluster_centers_.round(1),
            width,
        )
        for cells, width in settings["grids"]
    )


def fit_networks(
    data: ShelfData, read: NDArray[np.float64], rows: NDArray[np.bool_], settings: Settings
) -> dict[str, Network]:
    """Train the networks for scanned palettes and for summaries of one or two colours."""
    known = prior(data, rows)
    summary = (data.weight > 0).sum(axis=1) <= FEW
    found = {}
    for name, own in (("many", rows & ~summary), ("few", rows & summary)):
        part = own if own.any() else rows
        own_prior = known._replace(logit=known.logit[part], counted=known.counted[part])
        found[name] = train_networks(read[part], data.member[part], own_prior, settings)
    return found


def held_out(data: ShelfData, read: NDArray[np.float64], settings: Settings) -> NDArray[np.float64]:
    """Return [n, g] log lifts of every cover by networks trained on the other folds."""
    found = np.zeros(data.member.shape)
    summary = (data.weight > 0).sum(axis=1) <= FEW
    for number in range(int(data.fold.max()) + 1):
        networks = fit_networks(data, read, data.fold != number, settings)
        for name, rows in (("many", ~summary), ("few", summary)):
            own = rows & (data.fold == number)
            if own.any():
                found[own] = networks[name](read[own])
    return found


def arrays(
    data: ShelfData, scores: NDArray[np.float64], auc: NDArray[np.float64], settings: Settings
) -> dict[str, NDArray[Any]]:
    """Fit on all covers and return what `shelves.npz` holds.

    Args:
        data: the covers.
        scores: what `held_out` returned, for the genres' standings.
        auc: [g] how well colours tell each genre, held out.
        settings: section `shelves` of `ml/settings.toml`.
    """
    cells = grids(data, settings)
    read = features(data.lab, data.weight, cells)
    networks = fit_networks(data, read, np.ones(len(read), bool), settings)
    packed: dict[str, NDArray[Any]] = {
        "genres": np.array(data.genres),
        "widths": np.array([grid.width for grid in cells]),
        **{f"grid{place}": grid.centres.astype(np.float32) for place, grid in enumerate(cells)},
        "auc": auc.round(3).astype(np.float32),
        **_standings(data, scores),
    }
    for name, network in networks.items():
        for part, array in network._asdict().items():
            packed[f"{name}_{part}"] = array.astype(np.float16)
    return packed


def _standings(data: ShelfData, scores: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    """Quantiles of the held-out scores of scanned covers, and points of the plot, by genre."""
    steps, rng = np.linspace(0, 1, 21), np.random.default_rng(0)
    place = lightness_and_warmth(data.lab, data.weight)
    own, others, covers, counts = [], [], [], []
    points = np.zeros((len(data.genres), _POINTS, 2), np.uint8)
    for row in range(len(data.genres)):
        mine = data.measured & data.member[:, row]
        own.append(np.quantile(scores[mine, row], steps))
        others.append(np.quantile(scores[data.measured & ~mine, row], steps))
        covers.append(int(mine.sum()))
        chosen = rng.permutation(np.flatnonzero(mine))[:_POINTS]
        counts.append(len(chosen))
        points[row, : len(chosen)] = (place[chosen] + [0, 100]).round().clip(0, 255)
    return {
        "own": np.array(own, np.float32),
        "others": np.array(others, np.float32),
        "covers": np.array(covers),
        "points": points,
        "point_counts": np.array(counts),
    }
