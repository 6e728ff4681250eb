"""Answers that a process remembers, without the texts; for RESULT_CACHE."""

import secrets
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock

from cachetools import LRUCache, cached

from ml.serving.prediction import Prediction

Predict = Callable[[str, str], Prediction]


def remembering(predict: Predict, room: int) -> Predict:
    """Return `predict` with a memory: a text that was answered is not read by the model again.

    Kept are predictions by a keyed hash of the text, whose key is made anew for each process and
    never leaves it, so that what is kept cannot be tried against guessed texts.

    Args:
        predict: description and title to prediction.
        room: how many predictions are kept; the longest unused one makes room.
    """
    secret = secrets.token_bytes(32)

    def digest(description: str, title: str) -> bytes:
        text = "\0".join((str(len(title)), title, description))
        return blake2b(text.encode("utf-8", "surrogatepass"), key=secret).digest()

    answers: LRUCache[bytes, Prediction] = LRUCache(room)
    remember: Callable[[Predict], Predict] = cached(answers, key=digest, lock=Lock())
    return remember(predict)
