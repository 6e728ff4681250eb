"""A predictor that remembers its latest answers, without the texts; for RESULT_CACHE."""

import secrets
from collections import OrderedDict
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from ml.predictor import Prediction, Predictor


class RememberingPredictor(Predictor):
    """Answers a text it has answered before without running the model again.

    Kept are predictions by a keyed hash of the text, whose key is made anew for each process and
    never leaves it, so that what is kept cannot be tried against guessed texts. The model's version
    is a part of the hash.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        super().__init__(folder, threads)
        self.room = 0
        self._key = secrets.token_bytes(32)
        self._kept: OrderedDict[bytes, Prediction] = OrderedDict()
        self._lock = Lock()

    def predict(self, description: str, title: str = "") -> Prediction:
        """Return the genres of a blurb, remembered or found."""
        digest = self._digest(description, title)
        with self._lock:
            if digest in self._kept:
                self._kept.move_to_end(digest)
                return self._kept[digest]
        found = super().predict(description, title)
        with self._lock:
            self._kept[digest] = found
            while len(self._kept) > self.room:
                self._kept.popitem(last=False)
        return found

    def _digest(self, description: str, title: str) -> bytes:
        text = "\0".join((self.version, str(len(title)), title, description))
        return blake2b(text.encode("utf-8", "surrogatepass"), key=self._key).digest()
