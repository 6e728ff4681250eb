"""From a source to the reader of its format, imported only then."""

from catalogue.errors import CatalogueError
from catalogue.reading.encodings import text_stream
from catalogue.reading.kinds import kind_of
from catalogue.reading.sources import Source
from catalogue.rows import Table

_BEFORE_XML = b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n"


def read_table(source: Source) -> Table:
    """Open a source with the reader of its format.

    Raises:
        CatalogueError: it is of no known format, or damaged from its start.
    """
    kind = kind_of(source)
    if kind == "text":
        return _read_text(source)
    if kind == "parquet":
        from catalogue.reading import parquet

        return parquet.read(source.file())
    if kind in ("xlsx", "xls", "ods"):
        from catalogue.reading import excel

        return excel.read(source.file(), kind, source.limits.document)
    if kind == "marc":
        from catalogue.reading import marc

        return marc.read(source.stream)  # type: ignore[arg-type]
    from catalogue.reading import epub

    return epub.read(source.file(), source.limits.document)


def _read_text(source: Source) -> Table:
    """Choose among the formats that are text by how the text begins."""
    if source.head.lstrip(_BEFORE_XML).startswith(b"<"):
        from catalogue.reading import xml_records

        return xml_records.read(source)
    stream, encoding = text_stream(source)
    head = source.head.decode(encoding.codec, "ignore").lstrip("\ufeff \t\r\n\x00")
    longest = source.limits.record
    if head.startswith(("{", "[")):
        from catalogue.reading import json_lines

        return json_lines.read(stream, encoding, longest)
    if head.startswith("/type/"):
        from catalogue.reading import json_lines

        return json_lines.read_dump(stream, encoding, longest)
    if "\x00" in head[:64] and "\n" not in head:
        raise CatalogueError("is of no kind that is known here; expected a table of books")
    from catalogue.reading import csv_tables

    return csv_tables.read(stream, encoding, longest)
