"""How much one catalogue may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of reading, in bytes; a site sets lower ones than the command line."""

    unpacked: int = 64 << 30
    """After unpacking: a small file that unpacks to more is refused where it passes this."""
    record: int = 16 << 20
    """Of one line or record; a longer one costs its row."""
    document: int = 512 << 20
    """Of a format that must be held whole: a workbook, a JSON table of columns, an EPUB's text."""
