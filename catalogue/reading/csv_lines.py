"""Physical lines of a table, numbered, of bounded length, and given back where a record breaks."""

import io
from collections import deque
from collections.abc import Iterator

MAX_LINES = 2000
"""Lines that one record may span; a quote that stays open longer was never meant to span them."""


class OverlongError(Exception):
    """A record goes on for longer than any record does."""


class Lines(Iterator[str]):
    """Iterates over lines; keeps those of the record being read, so that they can be reread."""

    def __init__(self, stream: io.TextIOBase, longest: int) -> None:
        self.taken: list[str] = []
        """The lines of the record being read."""
        self.number = 0
        """Of the last line that was taken; from 1."""
        self._stream, self._longest = stream, longest
        self._characters = 0
        self._back: deque[str] = deque()

    def __next__(self) -> str:
        if len(self.taken) >= MAX_LINES or self._characters > self._longest:
            raise OverlongError
        line = self._back.popleft() if self._back else self._stream.readline(self._longest)
        if not line:
            raise StopIteration
        overlong = len(line) >= self._longest and not line.endswith(("\n", "\r"))
        if overlong:
            line = self._skip_rest(line)
        self.number += 1
        self.taken.append(line)
        self._characters += len(line)
        if overlong:
            raise OverlongError
        return line

    def begin(self) -> None:
        """Begin the next record."""
        self.taken.clear()
        self._characters = 0

    def ahead(self, count: int) -> list[str]:
        """Return the lines taken for this record and what follows, `count` at most; take none."""
        wanted, size = count - len(self._back), sum(map(len, self._back))
        while (
            wanted > 0 and size < self._longest and (line := self._stream.readline(self._longest))
        ):
            self._back.append(line)
            wanted, size = wanted - 1, size + len(line)
        self._back, rest = deque(self.taken + list(self._back)), len(self.taken)
        self.number -= rest
        self.begin()
        return [line for _, line in zip(range(count), self._back, strict=False)]

    def skip(self, count: int) -> None:
        """Take lines without reading them."""
        for _ in range(count):
            self._back.popleft()
        self.number += count

    def rest(self) -> list[str]:
        """Return the lines that were read ahead, for a reader that goes on without lines."""
        found = [*self.taken, *self._back]
        self._back.clear()
        self.begin()
        return found

    def _skip_rest(self, line: str) -> str:
        while (more := self._stream.readline(self._longest)) and not more.endswith(("\n", "\r")):
            pass
        return line[:100]
