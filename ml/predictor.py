"""The only door from text to prediction: the shipped model folder, loaded and run.

Imports numpy, onnxruntime, tokenizers and the standard library, and nothing heavier.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from ml.errors import InputError, UnknownLabelError
from ml.hues import HueTable, Palette
from ml.serving.contributions import ExplainedText, WordContributions, by_word, sum_by_word
from ml.serving.golden import GoldenText
from ml.serving.memory import give_back_heap
from ml.serving.model_folder import DEFAULT_MODEL, ModelError, verify
from ml.serving.prediction import Genre, Label, Prediction
from ml.serving.short_texts import Brevity
from ml.serving.sigmoid import sigmoid
from ml.serving.text import clean_description, clean_title, compose
from ml.serving.tokenizing import cut_points, ends


class Predictor:
    """A loaded model folder. Safe to use from several threads."""

    def __init__(self, folder: Path, threads: int) -> None:
        spec = _read_spec(folder)
        self.folder = folder
        self.labels = tuple(Label(e["name"], e["facet"], e["threshold"]) for e in spec["labels"])
        self.version: str = spec["version"]
        self.max_tokens: int = spec["max_tokens"]
        self.wide_share: float = spec["wide_share"]
        self.brevity = Brevity(**spec["brevity"])
        self.hues = HueTable.load(folder / "hues.json")
        self.folder = folder
        self.golden = tuple(GoldenText(**known) for known in spec.get("golden", []))
        self.by_name = {label.name: label for label in self.labels}
        self._thresholds = np.array([label.threshold for label in self.labels])
        self._scale = np.array([entry["scale"] for entry in spec["labels"]])
        self._shift = np.array([entry["shift"] for entry in spec["labels"]])
        self._column = {label.name: column for column, label in enumerate(self.labels)}
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._ends = ends(self._tokenizer)
        self._session = _session(folder / "model.onnx", threads)

    @classmethod
    def load(cls, folder: Path = DEFAULT_MODEL, threads: int = 1) -> Self:
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
        encoding, kept = self._encode(self._compose(description, title))
        (logits,) = self._run(encoding, kept, "logits")
        tokens = len(kept) + 2
        return self.decide(self.calibrate(logits, tokens), tokens, whole=len(encoding))

    def logits(self, description: str, title: str = "") -> NDArray[np.float32]:
        """Return the model's uncalibrated scores [labels]."""
        (logits,) = self._run(*self._encode(self._compose(description, title)), "logits")
        return logits

    def length(self, description: str, title: str = "") -> int:
        """Return how many tokens of a text are read."""
        return len(self._encode(self._compose(description, title))[1]) + 2

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
        return sigmoid(scaled)

    def decide(self, probabilities: NDArray[np.float64], tokens: int, whole: int) -> Prediction:
        """Apply the thresholds to probabilities [labels] of a text of `whole` tokens."""
        order = np.argsort(-probabilities, kind="stable")
        labels = [self.labels[place] for place in order.tolist()]
        ranked = tuple(
            Genre(label.name, probability, label.facet, label.threshold)
            for label, probability in zip(labels, probabilities[order].tolist(), strict=True)
        )
        passed = (probabilities >= self._thresholds)[order]
        genres = tuple(genre for genre, ok in zip(ranked, passed, strict=True) if ok)
        return Prediction(genres, ranked, tokens, truncated=whole > tokens - 2)

    def explain(self, description: str, title: str = "", *, label: str) -> ExplainedText:
        """Return what each word of a text said for or against a label.

        Raises:
            UnknownLabelError: the model has no such label.
        """
        if label not in self._column:
            raise UnknownLabelError(label, self._column)
        column = self._column[label]
        text = self._compose(description, title)
        encoding, kept = self._encode(text)
        (contributions,) = self._run(encoding, kept, "contributions")
        certainty = self.brevity.certainty(len(kept) + 2)
        values = contributions[:, column] * self._scale[column] * certainty
        return ExplainedText(text, by_word(text, [encoding.offsets[i] for i in kept], values))

    def predict_by_word(
        self, description: str, title: str = ""
    ) -> tuple[Prediction, WordContributions]:
        """Return a blurb's genres and, from the same run, what each word added to every label.

        Values are in units of the calibrated logit; their columns are in the order of `labels`.
        """
        text = self._compose(description, title)
        encoding, kept = self._encode(text)
        logits, contributions = self._run(encoding, kept, "logits", "contributions")
        tokens = len(kept) + 2
        prediction = self.decide(self.calibrate(logits, tokens), tokens, whole=len(encoding))
        values = contributions * (self._scale * self.brevity.certainty(tokens))
        offsets = [encoding.offsets[i] for i in kept]
        return prediction, sum_by_word(text, offsets, values.astype(np.float32))

    def embed(self, text: str) -> NDArray[np.float32]:
        """Return the mean of the encoder's last states [width], scaled to unit length."""
        (state,) = self._run(*self._encode(self._compose(text)), "embedding")
        return _unit(state)

    def score_and_embed(self, text: str) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return a name's probabilities [labels], as if it were long, and its unit vector [width].

        One run of the model; `ml.serving.nearest_label` compares both with the labels.
        """
        logits, state = self._run(*self._encode(self._compose(text)), "logits", "embedding")
        return self.calibrate(logits), _unit(state)

    def palette(self, prediction: Prediction, known: Sequence[str] = ()) -> Palette:
        """Return what covers of these genres lean to; `known` labels count as certain."""
        return self.hues.palette(prediction.weights | dict.fromkeys(known, 1.0))

    @staticmethod
    def _compose(description: str, title: str = "") -> str:
        return compose(clean_title(title), clean_description(description))

    def _encode(self, text: str) -> tuple[Encoding, list[int]]:
        """Return the whole text's encoding and the positions of the tokens that are read."""
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
