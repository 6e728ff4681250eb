"""Text out of bytes: the encoding is found from all of them where they can be read twice."""

import codecs
import io
import re
from typing import NamedTuple

from catalogue.errors import CatalogueError
from catalogue.reading.sources import Source

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = ("cp1252", "latin_1", "iso8859_15", "cp1250", "cp1254", "cp1257", "iso8859_2", "cp1258")
_SAID = {
    "utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32",
    "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252", "mac_roman": "MacRoman",
}  # fmt: skip

UNREADABLE = re.compile("[\udc80-\udcff]")
"""What stands for a byte that the encoding has no character for."""


class Encoding(NamedTuple):
    """The encoding to decode with, and what to say where it was not certain."""

    codec: str
    note: str | None = None

    @property
    def said(self) -> str:
        """Its name for people."""
        return _SAID.get(self.codec, self.codec)


def text_stream(source: Source) -> tuple[io.TextIOWrapper, Encoding]:
    """Open a source as text with its line ends as they stand.

    A byte that cannot be read comes as a lone surrogate (`UNREADABLE`), to be told of with its row.
    """
    encoding = detect(source)
    errors = "replace" if encoding.codec.startswith(("utf-16", "utf-32")) else "surrogateescape"
    stream = io.TextIOWrapper(source.stream, encoding.codec, errors=errors, newline="")
    return stream, encoding


def detect(source: Source) -> Encoding:
    """Find the encoding: by its mark, by its zero bytes, as UTF-8, or else by its letters."""
    head = source.head
    for mark, codec in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return Encoding(codec)
    if wide := _without_mark(head):
        return Encoding(wide)
    again = source.again()
    scan = _Scan()
    if again is None:
        scan.add(head, last=len(head) < _SAMPLE)
    else:
        while chunk := again.stream.read(_CHUNK):
            scan.add(chunk)
        scan.add(b"", last=True)
        again.close()
    if not scan.wrong:
        return Encoding("utf-8")
    if scan.right > scan.wrong:
        return Encoding("utf-8", f"{scan.wrong} bytes in it are not UTF-8; their rows say so")
    codec = _legacy(bytes(scan.sample))
    return Encoding(codec, f"is not UTF-8; read as {_SAID.get(codec, codec)}, by its letters")


def _without_mark(head: bytes) -> str | None:
    """Tell UTF-16 without a mark by the zero bytes that every second place of Latin text has."""
    sample = head[:2000]
    if len(sample) < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.1 * half else None


class _Scan:
    """Counts what in a stream of bytes is UTF-8 beyond ASCII, and what is not."""

    def __init__(self) -> None:
        self.right = self.wrong = 0
        self.sample = bytearray()
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def add(self, chunk: bytes, *, last: bool = False) -> None:
        """Take the next bytes."""
        if chunk.isascii() and not self._decoder.getstate()[0]:
            return
        text = self._decoder.decode(chunk, last)
        beyond = sum(map(len, re.findall("[^\x00-\x7f]+", text)))
        wrong = len(UNREADABLE.findall(text))
        self.wrong += wrong
        self.right += beyond - wrong
        if wrong and len(self.sample) < _SAMPLE:
            lines = chunk.splitlines(keepends=True)
            self.sample += b"".join(line for line in lines if not line.isascii())[:_SAMPLE]


def _legacy(sample: bytes) -> str:
    """Return the likeliest old encoding of some lines; of look-alikes, the one of Windows."""
    if _typical_windows(sample):
        return "cp1252"
    try:
        from charset_normalizer import from_bytes
    except ImportError as error:
        raise CatalogueError(
            "text that is not UTF-8 needs charset-normalizer: pip install -r requirements.txt"
        ) from error
    best = from_bytes(sample).best()
    codec = best.encoding if best else "cp1252"
    return "cp1252" if codec in _WESTERN or codec.startswith("utf") else codec


def _typical_windows(sample: bytes) -> bool:
    """Tell Windows-1252 by its marks: quotes and dashes at 0x91 to 0x97 beside ASCII letters."""
    high = [byte for byte in sample if byte >= 0x80]
    marks = sum(0x91 <= byte <= 0x97 or byte in (0x85, 0xA0, 0xE9) for byte in high)
    return marks > 0.6 * len(high)
