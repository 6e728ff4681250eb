"""The hue table: what covers of each genre lean to, and a book's palette from its genres.

This is the serving part: numpy and the standard library only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.errors import InputError
from ml.hues.colour import lab_to_rgb, rgb_to_lab
from ml.hues.names import BACKDROPS, COLOURS, HUES, INDEX
from ml.hues.naming import designer_names
from ml.hues.palette import Backdrop, Backing, Evidence, Hue, Palette, Reason, Reference
from ml.hues.telling import most_telling
from ml.serving.model_folder import DEFAULT_MODEL

DEFAULT_TABLE = DEFAULT_MODEL / "hues.json"
FORMAT = 2
LIFT_WEIGHT = 4.0
"""Ten hues are chosen by the root of their share times lift^4; with less weight on the lift every
genre shows the same khaki and silver, with more the ten are so rare that few covers wear them."""
AGREEMENT = 0.2
"""How much genres that lean the same way strengthen each other: with n genres of equal weight, a
mean log lift counts n^0.2 times. Measured by `python -m benchmarks.hue_text`, see docs/hues.md."""
LEAN = 1.1
"""How many times as common as on all covers a colour must be to be given as a lean."""

ALL = ""
"""The name under which `worn` holds what all covers wear."""

_LEAST_LIFT = 1e-3


@dataclass(frozen=True)
class HueTable:
    """Colour shares of all covers, and for each label how many times as common each colour is."""

    base: NDArray[np.float64]
    """[61] shares of area over all measured covers, in the order of `COLOURS`; sums to 1."""
    seen: NDArray[np.float64]
    """[58] how much of a cover's notable hues each hue is, on average; sums to 1."""
    lifts: Mapping[str, NDArray[np.float64]]
    """Label -> [61] lift over `base`, shrunk; `base * lift` sums to 1."""
    evidence: Mapping[str, Evidence]
    reference: Mapping[str, Reference]
    """Of the labels with enough measured covers, for `ml.hues.typicality`."""
    worn: Mapping[str, NDArray[np.uint8]]
    """Label -> [58, 3] sRGB of the mean measured colour of each hue on its covers."""

    @classmethod
    def load(cls, path: Path = DEFAULT_TABLE) -> "HueTable":
        """Read a table that `python -m ml hues build` wrote.

        Raises:
            InputError: the file is missing, or is not such a table.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["format"] != FORMAT or tuple(data["colours"]) != COLOURS:
                raise InputError(f"{path}: another format or other colours than this code knows")
            table = cls(
                np.array(data["base"], dtype=float),
                np.array(data["seen"], dtype=float),
                {name: np.array(row["lift"], dtype=float) for name, row in data["labels"].items()},
                {name: _evidence(row["evidence"]) for name, row in data["labels"].items()},
                {
                    name: Reference(row["reference"]["covers"], tuple(row["reference"]["scores"]))
                    for name, row in data["labels"].items()
                    if "reference" in row
                },
                {ALL: _read_hexes(data["worn"])}
                | {name: _read_hexes(row["worn"]) for name, row in data["labels"].items()},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path}: not a hue table ({error}); build one with `python -m ml hues build`"
            ) from error
        table.check(path)
        return table

    def check(self, path: Path) -> None:
        """Check shapes and values; InputError names the file and the label."""
        for name, colours in self.worn.items():
            if colours.shape != (len(HUES), 3):
                raise InputError(f"{path}: 'worn' of '{name}' must be {len(HUES)} colours")
        for name, row in (("base", self.base), ("seen", self.seen), *self.lifts.items()):
            length = len(HUES) if name == "seen" else len(COLOURS)
            if row.shape != (length,) or not np.isfinite(row).all() or (row < 0).any():
                raise InputError(f"{path}: '{name}' must be {length} numbers from 0 up")

    def save(self, path: Path) -> None:
        """Write the table as JSON, rounded so that a rebuilt table differs only where it must."""
        data: dict[str, Any] = {
            "format": FORMAT,
            "colours": COLOURS,
            "base": [round(float(share), 6) for share in self.base],
            "seen": [round(float(share), 6) for share in self.seen],
            "worn": self.worn[ALL].tobytes().hex(),
            "labels": {name: self._row(name) for name in self.lifts},
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_compact(data), encoding="utf-8")

    def _row(self, name: str) -> dict[str, Any]:
        row: dict[str, Any] = {"evidence": self.evidence[name]._asdict()}
        if name in self.reference:
            row["reference"] = self.reference[name]._asdict()
        row["lift"] = [round(float(value), 3) for value in self.lifts[name]]
        row["worn"] = self.worn[name].tobytes().hex()
        return row

    def distribution(self, weights: Mapping[str, float]) -> NDArray[np.float64]:
        """Mix the genres' colours: [61] shares of a cover's area, summing to 1.

        Args:
            weights: label -> weight from 0 up (a probability); labels that the table lacks are
                left out, and without any left this is the distribution of all covers.
        """
        known = {name: weight for name, weight in weights.items() if name in self.lifts}
        total = sum(known.values())
        if total <= 0:
            return self.base
        weight = np.array(list(known.values()))
        log_lifts = np.log(np.maximum([self.lifts[name] for name in known], _LEAST_LIFT))
        genres = total**2 / (weight**2).sum()  # effective number: n for n equal weights
        mixed = self.base * np.exp(genres**AGREEMENT * (weight @ log_lifts) / total)
        shares: NDArray[np.float64] = mixed / mixed.sum()
        return shares

    def frequency(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return [..., 58] how likely each hue is to be notable, from shares [..., 61]."""
        return self.seen * self._lift(shares)

    def character(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return [..., 58] how characteristic each hue is: common, and above all leaned to."""
        return np.sqrt(shares[..., : len(HUES)]) * self._lift(shares) ** LIFT_WEIGHT

    def _lift(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        return (shares / self.base)[..., : len(HUES)]

    def palette(self, weights: Mapping[str, float], n: int = 10) -> Palette:
        """Return the `n` hues that tell these genres' covers best, widest first, and their ground.

        Args:
            weights: label -> probability (or any weight from 0 up).
            n: how many hues, 1 to 58.

        Raises:
            ValueError: `n` or a weight is out of range.
        """
        if not 1 <= n <= len(HUES):
            raise ValueError(f"n must be 1 to {len(HUES)}, not {n}")
        if any(not weight >= 0 for weight in weights.values()):
            raise ValueError("weights must be numbers from 0 up")
        known = sorted(
            (name for name, weight in weights.items() if weight > 0 and name in self.lifts),
            key=lambda name: -weights[name],
        )
        shares = self.distribution({name: weights[name] for name in known})
        lift = shares / self.base
        worn = self._worn(known, weights)
        telling = most_telling(self.character(shares), rgb_to_lab(worn), n)
        chosen = telling[np.argsort(-shares[telling], kind="stable")]
        total = shares[chosen].sum()
        hues = tuple(
            Hue(
                COLOURS[column],
                HUES[COLOURS[column]],
                float(shares[column] / total),
                float(lift[column]),
                self._reasons(known, column),
                f"#{worn[column].tobytes().hex()}",
                designer_names()[COLOURS[column]],
            )
            for column in chosen
        )
        return Palette(
            hues, self._backdrop(shares), self._evidence(known, weights), self._backing(known)
        )

    def _worn(self, genres: list[str], weights: Mapping[str, float]) -> NDArray[np.uint8]:
        """Mix what covers of the genres wear under each name, [58, 3] in sRGB."""
        if not genres:
            return self.worn[ALL]
        weight = np.array([weights[genre] for genre in genres])
        lab = rgb_to_lab(np.stack([self.worn[genre] for genre in genres]))
        return lab_to_rgb(np.einsum("g,ghc->hc", weight / weight.sum(), lab))

    def _backing(self, genres: list[str]) -> tuple[Backing, ...]:
        known = [(genre, self.evidence[genre]) for genre in genres]
        return tuple(Backing(genre, own.strength, own.covers, own.sources) for genre, own in known)

    def _reasons(self, genres: list[str], column: int) -> tuple[Reason, ...]:
        found = [Reason(genre, float(self.lifts[genre][column])) for genre in genres]
        leaning = [reason for reason in found if reason.lift >= LEAN]
        return tuple(sorted(leaning, key=lambda reason: -reason.lift)[:3])

    def _backdrop(self, shares: NDArray[np.float64]) -> Backdrop:
        black, white, grey = (float(shares[INDEX[name]]) for name in BACKDROPS)
        dark = black / float(self.base[INDEX["black"]])
        light = white / float(self.base[INDEX["white"]])
        lean = "neutral"
        if max(dark, light) >= LEAN:
            lean = "dark" if dark > light else "light"
        return Backdrop(lean, black, white, grey, dark, light)

    def _evidence(self, genres: list[str], weights: Mapping[str, float]) -> Evidence:
        if not genres:
            return Evidence("weak", 0, 0, None, None, None)
        order = ("weak", "fair", "strong")
        total = sum(weights[genre] for genre in genres)
        level = (
            sum(weights[genre] * order.index(self.evidence[genre].strength) for genre in genres)
            / total
        )
        first = self.evidence[genres[0]]
        return first._replace(strength=order[round(level)])


def _evidence(row: Mapping[str, Any]) -> Evidence:
    interval = row["interval"]
    return Evidence(**{**row, "interval": interval and (interval[0], interval[1])})


def _read_hexes(code: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(code), np.uint8).reshape(-1, 3)


def _compact(data: dict[str, Any]) -> str:
    """JSON with one label a line, so that a change of the table can be read as a diff."""
    labels = ",\n".join(
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}"
        for name, row in data["labels"].items()
    )
    head = ",\n".join(
        f" {json.dumps(key)}: {json.dumps(data[key])}" for key in data if key != "labels"
    )
    return f'{{\n{head},\n "labels": {{\n{labels}\n }}\n}}\n'
