"""Covers as arrays for the shelf model: palettes, genres, and what each collection says of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.errors import InputError
from ml.hue_fitting.covers import Cover, label_table
from ml.hue_fitting.fitting import LONE, PEERS
from ml.hue_fitting.folds import folds
from ml.hues.shelves import stacked

MIN_COVERS = 80
"""Scanned covers that a genre needs; below, its shelf is not measured."""
_LEAST = 5
"""Covers of a genre below which a collection says nothing of it."""


class ShelfData(NamedTuple):
    """n covers with measured genres, and g genres."""

    genres: tuple[str, ...]
    lab: NDArray[np.float64]
    weight: NDArray[np.float64]
    """[n, 5, 3] and [n, 5] the palettes."""
    member: NDArray[np.bool_]
    """[n, g] which genres each cover has."""
    source: NDArray[np.str_]
    measured: NDArray[np.bool_]
    fold: NDArray[np.int64]


class Prior(NamedTuple):
    """What a collection's own mix of genres makes of each cover before its colours are seen."""

    logit: NDArray[np.float64]
    """[n, g]."""
    counted: NDArray[np.bool_]
    """[n, g] whether the collection says anything of the genre."""


def shelf_data(covers: Sequence[Cover]) -> ShelfData:
    """Stack the covers that have a measured genre.

    Raises:
        InputError: no genre has enough scanned covers.
    """
    kinds = dict.fromkeys(name for labels in label_table().values() for name in labels)
    scanned = dict.fromkeys(kinds, 0)
    for cover in covers:
        for label in cover.labels if cover.measured else ():
            scanned[label] = scanned.get(label, 0) + 1
    genres = tuple(sorted(name for name in kinds if scanned[name] >= MIN_COVERS))
    if not genres:
        raise InputError(f"no genre has {MIN_COVERS} covers with measured areas")
    kept = [cover for cover in covers if set(cover.labels) & set(genres)]
    lab, weight = stacked([(cover.lab, cover.weight) for cover in kept])
    return ShelfData(
        genres,
        lab,
        weight,
        np.array([[name in cover.labels for name in genres] for cover in kept]),
        np.array([cover.source for cover in kept]),
        np.array([cover.measured for cover in kept]),
        folds(kept),
    )


def prior(data: ShelfData, rows: NDArray[np.bool_]) -> Prior:
    """Return each cover's prior, from the covers of its collection among `rows` [n].

    A collection of one genre has the other scans' prior, and says nothing of other genres.
    """
    shape = data.member.shape
    logit, counted = np.zeros(shape), np.zeros(shape, dtype=bool)
    for name in np.unique(data.source):
        own = data.source == name
        base = rows & (np.isin(data.source, PEERS) if name == LONE else own)
        if not base.any():
            continue
        count, total = data.member[base].sum(axis=0), base.sum()
        share = (count + 0.5) / (total + 1)
        logit[own] = np.log(share / (1 - share))
        lone = data.member[own].all(axis=0) if name == LONE else np.ones(shape[1], bool)
        counted[own] = (count >= _LEAST) & (count <= total - _LEAST) & lone
    return Prior(logit, counted)
