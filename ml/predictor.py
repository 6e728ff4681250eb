"""The only door from text to prediction: the shipped model folder, loaded and run.

Imports numpy, onnxruntime, tokenizers and the standard library, and nothing heavier.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from ml.errors import InputError
from ml.hues import HueTable, Palette
from ml.serving import nearest_label
from ml.serving.contributions import Contribution, by_word
from ml.serving.memory import give_back_heap
from ml.serving.model_folder import DEFAULT_MODEL, ModelError, verify
from ml.serving.short_texts import Brevity
from ml.serving.text import clean_description, clean_title, compose
from ml.serving.tokenizing import cut_points, ends

SHELF = "shelf"
GOLDEN_TOLERANCE = 0.03
"""In probability: room for what rounding differs between processors, not for saturated products."""


class Label(NamedTuple):
    """A label, its facet, and the least probability at which a book gets it."""

    name: str
    facet: str
    threshold: float


class Genre(NamedTuple):
    """A label's calibrated probability for one book."""

    name: str
    probability: float
    facet: str


@dataclass(frozen=True)
class Prediction:
    """The genres of one book."""

    genres: tuple[Genre, ...]
    """Those decided on (at or above the label's threshold), best first, of every facet."""
    ranked: tuple[Genre, ...]
    """All labels, best first."""
    tokens: int
    """How many tokens the model read."""
    truncated: bool
    """Whether the text was longer than the model reads, so that its middle was left out."""

    @property
    def weights(self) -> dict[str, float]:
        """What its palette rests on: genres decided on, or else the best guesses; no shelves."""
        decided = [genre for genre in self.genres if genre.facet != SHELF]
        return {genre.name: genre.probability for genre in decided or self.guesses()}

    def guesses(self, n: int = 3) -> tuple[Genre, ...]:
        """Return the best `n` labels that were not decided on, shelf labels left out."""
        decided = set(self.genres)
        rest = (g for g in self.ranked if g not in decided and g.facet != SHELF)
        return tuple(g for g, _ in zip(rest, range(n), strict=False))


class Predictor:
    """A loaded model folder. Safe to use from several threads."""

    def __init__(self, folder: Path, threads: int) -> None:
        spec = _read_spec(folder)
        self.labels = tuple(Label(e["name"], e["facet"], e["threshold"]) for e in spec["labels"])
        self.version: str = spec["version"]
        self.max_tokens: int = spec["max_tokens"]
        self.wide_share: float = spec["wide_share"]
        self.brevity = Brevity(**spec["brevity"])
        self.hues = HueTable.load(folder / "hues.json")
        self._folder = folder
        self._golden: list[dict[str, Any]] = spec.get("golden", [])
        self._thresholds = np.array([label.threshold for label in self.labels])
        self._scale = np.array([entry["scale"] for entry in spec["labels"]])
        self._shift = np.array([entry["shift"] for entry in spec["labels"]])
        self.by_name = {label.name: label for label in self.labels}
        self._column = {label.name: column for column, label in enumerate(self.labels)}
        self._tellable = [
            column
            for column, label in enumerate(self.labels)
            if label.facet != SHELF and label.name not in nearest_label.BROAD
        ]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._ends = ends(self._tokenizer)
        self._session = _session(folder / "model.onnx", threads)

    @classmethod
    def load(cls, folder: Path = DEFAULT_MODEL, threads: int = 1) -> "Predictor":
        """Load a model folder after checking its SHA-256 sums.

        Args:
            folder: the model folder.
            threads: of one prediction; on small hosts scale by processes instead.

        Raises:
            ModelError: the folder is missing, incomplete or altered.
        """
        verify(folder)
        try:
            predictor = cls(folder, threads)
        except (InputError, KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{folder}: not a model of this version ({error})") from error
        give_back_heap()
        return predictor

    def predict(self, description: str, title: str = "") -> Prediction:
        """Return the genres of a blurb, with or without its title."""
        encoding, kept = self._encode(description, title)
        (logits,) = self._run(encoding, kept, "logits")
        tokens = len(kept) + 2
        return self.decide(self.calibrate(logits, tokens), tokens, whole=len(encoding))

    def check(self) -> None:
        """Answer the golden texts and compare: INT8 arithmetic differs between processors.

        Raises:
            ModelError: a probability is off by more than `GOLDEN_TOLERANCE`.
        """
        for known in self._golden:
            found = {g.name: g.probability for g in self.predict(known["description"]).ranked}
            for name, expected in known["probabilities"].items():
                if abs(found[name] - expected) > GOLDEN_TOLERANCE:
                    raise ModelError(
                        f"this processor's answer for {name} is {found[name]:.3f} instead of "
                        f"{expected:.3f}; it seems to saturate INT8 products"
                    )

    def logits(self, description: str, title: str = "") -> NDArray[np.float32]:
        """Return the model's uncalibrated scores [labels]."""
        (logits,) = self._run(*self._encode(description, title), "logits")
        return logits

    def length(self, description: str, title: str = "") -> int:
        """Return how many tokens of a text are read."""
        return len(self._encode(description, title)[1]) + 2

    def calibrate(
        self, logits: NDArray[np.floating], tokens: NDArray[np.int64] | int | None = None
    ) -> NDArray[np.float64]:
        """Turn scores [..., labels] into probabilities of the same shape.

        Args:
            logits: the scores.
            tokens: [...] how many of each text were read; None takes all as long ones.
        """
        scaled = self._scale * logits + self._shift
        if tokens is not None:
            scaled = scaled * self.brevity.certainty(tokens)[..., None]
        probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(scaled, -60, 60)))
        return probabilities

    def decide(self, probabilities: NDArray[np.float64], tokens: int, whole: int) -> Prediction:
        """Apply the thresholds to probabilities [labels] of a text of `whole` tokens."""
        order = np.argsort(-probabilities, kind="stable")
        labels = [self.labels[place] for place in order.tolist()]
        ranked = tuple(
            Genre(label.name, probability, label.facet)
            for label, probability in zip(labels, probabilities[order].tolist(), strict=True)
        )
        passed = (probabilities >= self._thresholds)[order]
        genres = tuple(genre for genre, ok in zip(ranked, passed, strict=True) if ok)
        return Prediction(genres, ranked, tokens, truncated=whole > tokens - 2)

    def explain(self, description: str, title: str = "", *, label: str) -> tuple[Contribution, ...]:
        """Return what each word added to a label's score; with the label's bias they sum to it.

        Words are those of the cleaned text that the model read, in order; values are in units of
        the calibrated logit.

        Raises:
            KeyError: no such label.
        """
        column = self._column[label]
        encoding, kept = self._encode(description, title)
        (contributions,) = self._run(encoding, kept, "contributions")
        certainty = self.brevity.certainty(len(kept) + 2)
        values = contributions[:, column] * self._scale[column] * certainty
        text = compose(clean_title(title), clean_description(description))
        return by_word(text, [encoding.offsets[i] for i in kept], values)

    def embed(self, text: str) -> NDArray[np.float32]:
        """Return the mean of the encoder's last states [width], scaled to unit length."""
        (state,) = self._run(*self._encode(text, ""), "embedding")
        return _unit(state)

    def nearest(self, name: str) -> str | None:
        """Return the label of nearest meaning to a genre's name, or None where none is near."""
        label, near = self.nearness(name)
        return label if near >= nearest_label.LEAST else None

    def nearness(self, name: str) -> tuple[str, float]:
        """Return the label of nearest meaning and how near it is (`ml.serving.nearest_label`)."""
        logits, state = self._run(*self._encode(name, ""), "logits", "embedding")
        near = nearest_label.nearness(self._meanings, _unit(state), self.calibrate(logits))
        best = max(self._tellable, key=lambda column: near[column])
        return self.labels[best].name, float(near[best])

    @cached_property
    def _meanings(self) -> NDArray[np.float32]:
        try:
            return nearest_label.load(self._folder)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{self._folder / nearest_label.FILE}: cannot be read ({error}); "
                "`python -m ml calibrate` writes it"
            ) from error

    def palette(self, prediction: Prediction, known: Sequence[str] = ()) -> Palette:
        """Return what covers of these genres lean to; `known` labels count as certain."""
        return self.hues.palette(prediction.weights | dict.fromkeys(known, 1.0))

    def answer(
        self, prediction: Prediction, *, known: Sequence[str] = (), all_labels: bool = False
    ) -> dict[str, Any]:
        """Return the JSON answer of the command line and the API."""
        answer: dict[str, Any] = {
            "genres": [_rounded(genre) for genre in prediction.genres],
            "hues": [
                {"name": hue.name, "hex": hue.hex, "share": round(hue.share, 4)}
                for hue in self.palette(prediction, known).hues
            ],
        }
        if all_labels:
            answer["probabilities"] = {g.name: round(g.probability, 5) for g in prediction.ranked}
        return answer

    def _encode(self, description: str, title: str) -> tuple[Encoding, list[int]]:
        """Return the whole text's encoding and the positions of the tokens that are read."""
        text = compose(clean_title(title), clean_description(description))
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        length = len(encoding)
        head, tail = cut_points(length, self.max_tokens - 2)
        return encoding, [*range(head), *range(length - tail, length)]

    def _run(
        self, encoding: Encoding, kept: list[int], *outputs: str
    ) -> tuple[NDArray[np.float32], ...]:
        ids = encoding.ids
        row = np.array([[self._ends[0], *(ids[i] for i in kept), self._ends[1]]], dtype=np.int64)
        return tuple(out[0] for out in self._session.run(list(outputs), {"input_ids": row}))


def _read_spec(folder: Path) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    return spec


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Open the model for one text at a time, without threads that spin.

    onnxruntime's arena stays on: it never gives memory back, but one text of `max_tokens` at a
    time bounds what it takes, and without it long texts wait for the kernel to hand out pages.
    Its plan of memory for each length of text is off: every length would add one for good.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        str(path),
        options,
        providers=["CPUExecutionProvider"],
        # Its fused kernel adds numbers one by one; unfused, a prediction takes a tenth less time.
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale to unit length."""
    unit: NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit


def _rounded(genre: Genre) -> dict[str, Any]:
    return {"name": genre.name, "probability": round(genre.probability, 4), "facet": genre.facet}
