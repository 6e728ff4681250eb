"""JSON read value by value out of a stream, so that a document of any size fits in memory."""

import io
import json
import re
from typing import Any

_CHUNK = 1 << 18
_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)


class JsonDamageError(Exception):
    """The document breaks off or is no JSON from some line on."""


class Scanner:
    """A place in a JSON text, with what is needed of the text around it."""

    def __init__(self, text: str, stream: io.TextIOBase, longest: int) -> None:
        self._text, self._stream, self._longest = text, stream, longest
        self._place = 0
        self._lines = 1
        self._ended = False

    @property
    def line(self) -> int:
        """The line that the place is on."""
        return self._lines + self._text.count("\n", 0, self._place)

    def peek(self) -> str:
        """Return the next character that is not blank, without passing it; "" at the end."""
        while True:
            self._place = _BLANK.match(self._text, self._place).end()  # type: ignore[union-attr]
            if self._place < len(self._text) or not self._more():
                return self._text[self._place : self._place + 1]

    def passes(self, *characters: str) -> str:
        """Pass the next character, which must be one of these, and return it."""
        found = self.peek()
        if found not in characters or not found:
            wanted = " or ".join(map(repr, characters))
            raise JsonDamageError(
                f"line {self.line}: expected {wanted}, found {found!r}"
                if found
                else f"line {self.line}: the file ends where {wanted} was expected"
            )
        self._place += 1
        return found

    def value(self) -> Any:
        """Read one whole value.

        Raises:
            JsonDamageError: it is no JSON, is cut off, or is larger than a record may be.
        """
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except RecursionError as error:
                raise JsonDamageError(f"line {self.line}: is nested too deep") from error
            except ValueError as error:
                if not self._cut_off(error) or not self._more():
                    raise JsonDamageError(f"line {self.line}: is no JSON ({error})") from error
                continue
            if end < len(self._text) or not self._more():
                self._place = end
                return value

    def _cut_off(self, error: ValueError) -> bool:
        """Tell whether a value may go on beyond what was read so far."""
        if len(self._text) - self._place > self._longest:
            raise JsonDamageError(f"line {self.line}: one value of over {self._longest:,} bytes")
        place = getattr(error, "pos", 0)
        return "Unterminated" in str(error) or place > len(self._text) - 64

    def _more(self) -> bool:
        """Read on; what lies behind the place is forgotten."""
        if self._ended:
            return False
        size = max(_CHUNK, len(self._text) - self._place)
        more = self._stream.read(size)
        self._ended = not more
        self._lines += self._text.count("\n", 0, self._place)
        self._text = self._text[self._place :] + more
        self._place = 0
        return bool(more)
