"""Covers as arrays, and the fit of colours to genres on any part of them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.hue_fitting.covers import Cover, label_table
from ml.hues.names import HUES
from ml.vocabulary.genres import vocabulary

NOTABLE = 0.08
"""A hue counts as one of a cover's own when it covers this much of it."""
LONE = "romance"
PEERS = ("bookdepo", "nyt")
"""A collection of one genre has no average of its own; it is compared with the other scans."""
_FLOOR = 1e-5


class Sample(NamedTuple):
    """Covers as arrays of n rows, and L labels in the order of `hue_labels`."""

    area: NDArray[np.float64]
    """[n, 61] shares of each cover's area."""
    source: NDArray[np.str_]
    measured: NDArray[np.bool_]
    member: NDArray[np.bool_]
    """[n, L] which labels each cover has."""

    def part(self, rows: NDArray[np.bool_]) -> "Sample":
        """Return the rows where the mask is true."""
        return Sample(self.area[rows], self.source[rows], self.measured[rows], self.member[rows])

    @property
    def notable(self) -> NDArray[np.bool_]:
        """[n, 58] whether each hue is one of the cover's own."""
        return self.area[:, : len(HUES)] >= NOTABLE


class Sums(NamedTuple):
    """What a fit needs of a sample, whatever the shrinkage."""

    base: NDArray[np.float64]
    """[61] mean shares of area of the measured covers."""
    seen: NDArray[np.float64]
    """[58] how much of a cover's notable hues each is, on average."""
    observed: NDArray[np.float64]
    """[L, 61] area on the label's covers, in covers."""
    expected: NDArray[np.float64]
    """[L, 61] area on as many covers of the same collections, in covers."""


def sample(covers: Sequence[Cover]) -> Sample:
    """Stack covers into arrays."""
    column = {label: place for place, label in enumerate(hue_labels())}
    member = np.zeros((len(covers), len(column)), dtype=bool)
    for row, cover in enumerate(covers):
        member[row, [column[label] for label in cover.labels]] = True
    return Sample(
        np.stack([cover.area for cover in covers]),
        np.array([cover.source for cover in covers]),
        np.array([cover.measured for cover in covers]),
        member,
    )


@cache
def hue_labels() -> Mapping[str, tuple[str, ...]]:
    """Return every label of the table -> its wider ones, wider ones first.

    These are the classifier's labels and the few cover genres that it has no label for.
    """
    order: dict[str, tuple[str, ...]] = {}

    def visit(label: str) -> None:
        if label not in order:
            entry = vocabulary().get(label)
            parents = entry.parents if entry else ()
            for parent in parents:
                visit(parent)
            order[label] = parents

    for label in (*vocabulary(), *(name for labels in label_table().values() for name in labels)):
        visit(label)
    return order


def expected(data: Sample) -> NDArray[np.float64]:
    """Return [n, 61]: the mean shares of the collection that each cover is from."""
    result = np.empty_like(data.area)
    for name in np.unique(data.source):
        own = data.source == name
        peers = np.isin(data.source, PEERS) if name == LONE else own
        result[own] = data.area[peers if peers.any() else own].mean(axis=0)
    return result


def add_up(data: Sample) -> Sums:
    """Add up what each label's covers hold and what was to be expected of them."""
    measured = data.measured if data.measured.any() else np.ones_like(data.measured)
    notable = data.notable[measured]
    parts = notable / np.maximum(notable.sum(axis=1, keepdims=True), 1)
    member = data.member.T.astype(np.float64)
    return Sums(
        _normal(data.area[measured].mean(axis=0)),
        _normal(parts.mean(axis=0)),
        member @ data.area,
        member @ expected(data),
    )


def fit(sums: Sums, pseudo_covers: float) -> dict[str, NDArray[np.float64]]:
    """Return label -> [61] lift, observed over expected area, shrunk towards its wider genres.

    `pseudo_covers` covers, on which every colour has the same expected area and the mean lift of
    the wider genres (1 where there is none), are added to both: the posterior mean of a Poisson
    rate under a gamma prior. Equal areas make a rare colour need as much evidence as a common one.
    """
    lifts: dict[str, NDArray[np.float64]] = {}
    for row, (label, parents) in enumerate(hue_labels().items()):
        prior = np.mean([lifts[parent] for parent in parents] or [np.ones(len(sums.base))], axis=0)
        lift = shrink(sums.observed[row], sums.expected[row], pseudo_covers, prior)
        lifts[label] = lift / (sums.base * lift).sum()
    return lifts


def shrink(
    observed: NDArray[np.float64],
    expected: NDArray[np.float64],
    pseudo_covers: float,
    prior: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return [61] observed over expected area with `pseudo_covers` of lift `prior` [61] added."""
    each = pseudo_covers / len(prior)
    lift: NDArray[np.float64] = (observed + each * prior) / (expected + each)
    return lift


def _normal(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale to sum 1, keeping a colour never seen possible."""
    kept = np.maximum(shares, _FLOOR)
    result: NDArray[np.float64] = kept / kept.sum()
    return result
