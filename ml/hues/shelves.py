"""Which shelves wear a cover's colours: for each measured genre a log lift, and what pulled it.

A log lift of 0 is the average cover; 0.69 says that a cover of such colours is on this shelf twice
as often as the average one. The differences between the collections of covers are taken out when it
is fitted (`ml.hue_fitting.shelf_fitting`), so that it says what genres differ in.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.errors import InputError
from ml.hues.cover_features import READ, Grid, features
from ml.serving.model_folder import DEFAULT_MODEL

SHELVES = "shelves.npz"
FEW = 2
"""Palettes of up to so many colours are read by networks of their own: they are summaries."""
CHANCE = 0.56
"""Below this chance that a shelf's own cover scores above another (held out), colours cannot tell
it and no verdict is given."""

Array = NDArray[np.float64]


class Network(NamedTuple):
    """An ensemble of small networks: features, clipped, to log odds beside a shelf's own."""

    mean: Array
    scale: Array
    """[f] of the features; what is read is within 3 of the mean, so that odd images stay tame."""
    hidden: Array
    hidden_bias: Array
    """[k, f, h] and [k, h]."""
    out: Array
    out_bias: Array
    """[k, h, g] and [k, g]."""

    def __call__(self, values: Array) -> Array:
        """Return [n, g] from features [n, f]."""
        read = np.clip((values - self.mean) / self.scale, -3, 3)
        inner = _gelu(np.einsum("nf,kfh->knh", read, self.hidden) + self.hidden_bias[:, None])
        found: Array = np.einsum("knh,khg->kng", inner, self.out) + self.out_bias[:, None]
        mean: Array = found.mean(axis=0)
        return mean


class Standing(NamedTuple):
    """Of a genre: how its own covers and the others scored when held out."""

    auc: float
    """Chance that one of its covers scores above one of another shelf; 0.5 says nothing."""
    covers: int
    own: Array
    others: Array
    """[21] quantiles of the scores at even steps, of its covers and of the rest."""
    points: NDArray[np.uint8]
    """[p, 2] lightness and warmth + 100 of some of its covers."""

    @property
    def tells(self) -> bool:
        """Whether colours tell this shelf from others at all."""
        return self.auc >= CHANCE


class ShelfModel:
    """The fitted model, `shelves.npz` of a model folder."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self.genres = tuple(str(name) for name in arrays["genres"])
        self.grids = tuple(
            Grid(arrays[f"grid{place}"].astype(float), float(arrays["widths"][place]))
            for place in range(len(arrays["widths"]))
        )
        self._many, self._few = (_network(arrays, name) for name in ("many", "few"))
        self._arrays = arrays

    @classmethod
    def load(cls, path: Path = DEFAULT_MODEL / SHELVES) -> "ShelfModel":
        """Read a model that `python -m ml hues fit-shelves` wrote.

        Raises:
            InputError: the file is missing, or is not such a model.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls({name: file[name] for name in file.files})
        except (OSError, ValueError, KeyError) as error:
            raise InputError(
                f"{path}: not a shelf model ({error}); make one with "
                "`python -m ml hues fit-shelves`"
            ) from error

    @cached_property
    def standing(self) -> Mapping[str, Standing]:
        """How each genre's covers stand."""
        points = self._arrays["points"].astype(np.uint8)
        auc, covers, own, others = (
            self._arrays[name] for name in ("auc", "covers", "own", "others")
        )
        return {
            genre: Standing(
                float(auc[row]),
                int(covers[row]),
                own[row].astype(float),
                others[row].astype(float),
                points[row, : int(self._arrays["point_counts"][row])],
            )
            for row, genre in enumerate(self.genres)
        }

    def lifts(self, lab: Array, weight: Array) -> Array:
        """Return [n, g] log lifts of n palettes.

        Args:
            lab: [n, 5, 3] CIELAB.
            weight: [n, 5] shares of the area, 0 for a colour that is not there.
        """
        read = features(lab, weight, self.grids)
        few = (weight > 0).sum(axis=1) <= FEW
        found = np.empty((len(lab), len(self.genres)))
        for network, rows in ((self._many, ~few), (self._few, few)):
            if rows.any():
                found[rows] = network(read[rows])
        return found

    def rank(self, lab: Array, weight: Array) -> list[tuple[str, float]]:
        """Return every genre with its log lift for one palette ([k, 3] and [k]), best first."""
        scores = self.lifts(*stacked([(lab, weight)]))[0]
        order = np.argsort(-scores, kind="stable")
        return [(self.genres[row], float(scores[row])) for row in order]

    def pulls(self, lab: Array, weight: Array, genre: str) -> Array:
        """Return [k] how much each colour of a palette pulls it to a genre.

        That is its log lift less that of the same palette without the colour.
        """
        rest = weight * (1 - np.eye(len(weight)))
        kept = [part if part.sum() > 0 else weight for part in rest]
        column = self.genres.index(genre)
        scores = self.lifts(*stacked([(lab, weight), *((lab, part) for part in kept)]))[:, column]
        pulled: Array = scores[0] - scores[1:]
        return pulled


def stacked(palettes: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Stack palettes of different lengths: ([n, 5, 3], [n, 5]), weights scaled to sum 1."""
    lab, weight = np.zeros((len(palettes), READ, 3)), np.zeros((len(palettes), READ))
    for row, (colours, shares) in enumerate(palettes):
        order = np.argsort(-shares, kind="stable")[:READ]
        order = order[shares[order] > 0]
        lab[row, : len(order)], weight[row, : len(order)] = colours[order], shares[order]
    return lab, weight / weight.sum(axis=1, keepdims=True)


def _network(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Network:
    return Network(*(arrays[f"{name}_{part}"].astype(float) for part in Network._fields))


def _gelu(value: Array) -> Array:
    """Gaussian error linear unit, by its tanh form (Hendrycks and Gimpel, 2016)."""
    found: Array = 0.5 * value * (1 + np.tanh(0.7978845608 * (value + 0.044715 * value**3)))
    return found
