"""An answer as an address: genres, probabilities and hues, signed and compact, and no text.

What is packed, before itsdangerous signs it in URL-safe Base64:

    format (1 byte), model (3), flags (1), text (6),
    labels (1), and for each: name (3), probability (2), flags (1),
    hues (1), and for each: number (1), share (2), colour (3)

Names of labels and models are hashes, so that an address outlives labels that come and go; `text`
is a hash that only this site's key can make, by which a browser's own text is known again.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

from flask import current_app
from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from ml.hues.names import HUES
from ml.hues.naming import designer_names
from ml.serving.prediction import Genre, Prediction
from webapp.analysis import judged, predictor

FORMAT = 1
DECIDED, ADDED, REMOVED = 1, 2, 4
TRUNCATED, DOUBTFUL = 1, 2
MOST_LABELS = 40
TEXT_BYTES = 6
_HEAD = struct.Struct(">B3sB6sB")
_LABEL = struct.Struct(">3sHB")
_HUE = struct.Struct(">BH3s")
_HUES = tuple(HUES)


class HueShare(NamedTuple):
    """One bar of the barcode, as it was when the address was made."""

    name: str
    share: float
    worn: str
    """The hex that covers wear."""

    @property
    def hex(self) -> str:
        """The canonical hex of its name."""
        return HUES[self.name]

    @property
    def says(self) -> str:
        """What a designer calls it."""
        return designer_names()[self.name]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is there is not carried along."""
        return ("as found by an earlier table",)


@dataclass(frozen=True)
class Answer:
    """What one address says of one book."""

    judged: tuple[Genre, ...]
    """Labels with the model's probabilities, best first: those decided on and some others."""
    decided: frozenset[str]
    """Those that the model decided on."""
    added: frozenset[str]
    """Those that a person gave."""
    removed: frozenset[str]
    """Those that a person took away."""
    hues: tuple[HueShare, ...]
    truncated: bool
    doubtful: bool
    text: bytes
    """Keyed hash of the text, see `text_key`."""
    current: bool = True
    """Whether the model that found it is the one that runs."""

    @property
    def prediction(self) -> Prediction:
        """The answer as a person left it: what was given is certain, what was taken away is out."""
        ranked = [
            genre._replace(probability=1.0) if genre.name in self.added else genre
            for genre in self.judged
            if genre.name not in self.removed
        ]
        ranked.sort(key=lambda genre: -genre.probability)
        kept = self.decided | self.added
        genres = tuple(genre for genre in ranked if genre.name in kept)
        return Prediction(genres, tuple(ranked), tokens=0, truncated=self.truncated)

    @property
    def probabilities(self) -> dict[str, float]:
        """Label -> what the model said."""
        return {genre.name: genre.probability for genre in self.judged}


class BadAddressError(ValueError):
    """An address that this site did not make, or cannot read any more."""


def seal(answer: Answer) -> str:
    """Return the address's last part."""
    flags = TRUNCATED * answer.truncated | DOUBTFUL * answer.doubtful
    judged = answer.judged[:MOST_LABELS]
    packed = _HEAD.pack(FORMAT, _short(predictor().version), flags, answer.text, len(judged))
    for genre in judged:
        marks = (
            DECIDED * (genre.name in answer.decided)
            | ADDED * (genre.name in answer.added)
            | REMOVED * (genre.name in answer.removed)
        )
        packed += _LABEL.pack(_short(genre.name), round(65535 * genre.probability), marks)
    packed += bytes([len(answer.hues)])
    for hue in answer.hues:
        colour = bytes.fromhex(hue.worn[1:])
        packed += _HUE.pack(_HUES.index(hue.name), round(10_000 * hue.share), colour)
    return _signer().sign(base64_encode(packed)).decode()


def unseal(token: str) -> Answer:
    """Read an address's last part.

    Raises:
        BadAddressError: it was not made here, or of another format.
    """
    try:
        packed = base64_decode(_signer().unsign(token))
        form, model, flags, text, count = _HEAD.unpack_from(packed)
        if form != FORMAT:
            raise BadAddressError(f"format {form}")
        body = packed[_HEAD.size : _HEAD.size + count * _LABEL.size]
        rows = list(_LABEL.iter_unpack(body))
        hues = packed[_HEAD.size + len(body) + 1 :]
        shares = [
            HueShare(_HUES[number], share / 10_000, f"#{colour.hex()}")
            for number, share, colour in _HUE.iter_unpack(hues)
        ]
    except (BadData, struct.error, IndexError) as error:
        raise BadAddressError("not an address of this site") from error
    labels = _labels_by_short_name()
    known = [(labels[name], p / 65535, marks) for name, p, marks in rows if name in labels]
    return Answer(
        tuple(judged(label, p) for label, p, _ in known),
        _marked(known, DECIDED),
        _marked(known, ADDED),
        _marked(known, REMOVED),
        tuple(shares),
        bool(flags & TRUNCATED),
        bool(flags & DOUBTFUL),
        text,
        model == _short(predictor().version),
    )


def text_key(*parts: str) -> bytes:
    """Return the hash by which a text is known again; only this site's key can make it."""
    key = current_app.secret_key
    secret = blake2b(key.encode() if isinstance(key, str) else bytes(key or b"")).digest()
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return blake2b(joined, key=secret, digest_size=TEXT_BYTES).digest()


def _marked(known: Iterable[tuple[str, float, int]], mark: int) -> frozenset[str]:
    return frozenset(label for label, _, marks in known if marks & mark)


def _signer() -> Signer:
    key = current_app.secret_key
    assert key
    return Signer(key, salt="answer")


@cache
def _short(name: str) -> bytes:
    return blake2b(name.encode(), digest_size=3).digest()


def _labels_by_short_name() -> dict[bytes, str]:
    return {_short(label.name): label.name for label in predictor().labels}
