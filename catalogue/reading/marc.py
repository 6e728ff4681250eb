"""MARC 21 records in their binary form (ISO 2709), in UTF-8 or MARC-8."""

import io
from collections.abc import Iterator
from typing import Any

from catalogue.errors import CatalogueError
from catalogue.reading import marc_fields
from catalogue.rows import Record, Table

_END = b"\x1d"
_CHUNK = 1 << 16
_UNICODE = 9  # place in the leader
_LONGEST = 16 << 20


def read(stream: io.BufferedReader) -> Table:
    """Read binary records; a broken one costs itself.

    Raises:
        CatalogueError: pymarc is not installed.
    """
    try:
        import pymarc  # noqa: F401
    except ImportError as error:
        raise CatalogueError("MARC needs pymarc: pip install -r requirements.txt") from error
    return Table("MARC 21", "marc", "record", _records(stream))


def parse(data: bytes) -> Any:
    """Return one record as `pymarc.Record`; what its leader says of its letters may be wrong.

    Raises:
        PymarcException, ValueError, IndexError, UnicodeError: it is no record.
    """
    from pymarc import Record as MarcRecord

    return MarcRecord(
        data=data, to_unicode=True, force_utf8=_is_utf8(data), utf8_handling="replace"
    )


def _is_utf8(data: bytes) -> bool:
    if data.isascii() or data[_UNICODE : _UNICODE + 1] == b"a":
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _records(stream: io.BufferedReader) -> Iterator[Record]:
    from pymarc.exceptions import PymarcException

    for number, data in enumerate(_chunks(stream), start=1):
        where = f"record {number}"
        try:
            record = parse(data)
        except (PymarcException, ValueError, IndexError, KeyError, AttributeError) as error:
            reason = str(error) or type(error).__name__
            yield Record(number, where, {}, f"is no MARC record that can be read ({reason})")
            continue
        yield Record(number, where, marc_fields.cells(record), None, (), data)


def _chunks(stream: io.BufferedReader) -> Iterator[bytes]:
    """Yield record after record, parted by what ends them: declared lengths are often wrong."""
    buffer = b""
    while more := stream.read(_CHUNK):
        *whole, buffer = (buffer + more).split(_END)
        for data in whole:
            if data.strip():
                yield data.lstrip(b" \r\n\x00\x1a") + _END
        if len(buffer) > _LONGEST:
            raise CatalogueError("is MARC with a record of over 16 MB, which is not read")
    if buffer.strip(b" \r\n\x00\x1a"):
        yield buffer
