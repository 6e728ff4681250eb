"""Count what a file is made of before it is decoded: decoders walk through all of it, one by one.

A few hundred kilobytes can hold so many scans, comments or chunks that they take half a minute.
"""

MAX_PARTS = 10_000
"""Chunks of a PNG or segments and stray bytes before a JPEG's samples; a large cover has 1,300."""
MAX_SCANS = 40
"""Walks over all blocks of a progressive JPEG; encoders make up to 14."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_SCAN, _END = 0xDA, 0xD9
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""


def is_laborious(data: bytes) -> bool:
    """Tell whether a file has more parts than any cover needs."""
    if data.startswith(_PNG):
        return _chunks(data) > MAX_PARTS
    if data.startswith(_JPEG):
        return data.count(bytes((0xFF, _SCAN))) > MAX_SCANS or _segments(data) > MAX_PARTS
    return False


def _chunks(data: bytes) -> int:
    """Count a PNG's chunks, up to just over `MAX_PARTS`."""
    place, count = len(_PNG), 0
    while place < len(data) and count <= MAX_PARTS:
        place += 12 + int.from_bytes(data[place : place + 4])
        count += 1
    return count


def _segments(data: bytes) -> int:
    """Count a JPEG's segments and the stray bytes between them, up to just over `MAX_PARTS`."""
    place, count = len(_JPEG), 0
    while count <= MAX_PARTS:
        found = data.find(0xFF, place, place + MAX_PARTS)
        if found < 0:
            return count + len(data[place : place + MAX_PARTS])
        count += found - place + 1
        marker = data[found + 1] if found + 1 < len(data) else _END
        if marker in (_SCAN, _END):
            return count
        if marker in (0x00, 0xFF):
            place = found + 1
        elif marker in _BARE:
            place = found + 2
        else:
            place = found + 2 + int.from_bytes(data[found + 2 : found + 4])
    return count
