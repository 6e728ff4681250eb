"""What the model found in a text, from the request that ran it to the page it redirects to.

Numbers only: the text itself is not kept. The key is a hash with a secret made anew for each
process, so that what waits here cannot be tried against guessed texts. An entry is taken once;
where none is (another process, a reload), the model runs again.
"""

import secrets
from hashlib import blake2b
from threading import Lock

from cachetools import TTLCache

from ml.serving.contributions import WordContributions

ROOM = 12
"""Entries; the largest holds 0.5 MB, a usual one 0.15."""
SECONDS = 30


class Handover:
    """Holds the latest runs until they are taken or pushed out."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._waiting: TTLCache[bytes, WordContributions] = TTLCache(ROOM, SECONDS)
        self._lock = Lock()

    def leave(self, found: WordContributions, description: str, title: str) -> None:
        """Keep a run for the page to come."""
        with self._lock:
            self._waiting[self._key(description, title)] = found._replace(text="")

    def take(self, description: str, title: str) -> WordContributions | None:
        """Return the run of a text, without the text, and forget it; None where none waits."""
        with self._lock:
            return self._waiting.pop(self._key(description, title), None)

    def _key(self, description: str, title: str) -> bytes:
        text = "\0".join((str(len(title)), title, description))
        return blake2b(text.encode("utf-8", "surrogatepass"), key=self._secret).digest()
