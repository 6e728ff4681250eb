"""EPUB e-books: the description in their package file, as one row."""

import zipfile
from collections.abc import Iterator
from typing import IO, Any

from catalogue.errors import CatalogueError
from catalogue.reading import opf
from catalogue.reading.xml_elements import local
from catalogue.rows import Record, Table

_CONTAINER = "META-INF/container.xml"
_LARGEST = 16 << 20


def read(file: IO[bytes], most: int) -> Table:
    """Read the package file of an EPUB.

    Raises:
        CatalogueError: it is damaged, or lxml is not installed.
    """
    try:
        from lxml import etree
    except ImportError as error:
        raise CatalogueError("EPUB needs lxml: pip install -r requirements.txt") from error
    largest = min(most, _LARGEST)
    try:
        with zipfile.ZipFile(file) as book:
            container = _parse(book, _CONTAINER, largest)
            paths = [e.get("full-path") for e in container.iter() if local(e) == "rootfile"]
            package = _parse(book, next(path for path in paths if path), largest)
    except (
        zipfile.BadZipFile,
        KeyError,
        StopIteration,
        RuntimeError,
        etree.XMLSyntaxError,
    ) as error:
        raise CatalogueError(f"is an EPUB but its package file cannot be read ({error})") from error
    return Table("an EPUB e-book", "epub", "record", _record(opf.cells(package)))


def _record(cells: dict[str, Any]) -> Iterator[Record]:
    yield Record(1, "record 1", cells)


def _parse(book: zipfile.ZipFile, name: str, largest: int) -> Any:
    from lxml import etree

    with book.open(name) as part:
        data = part.read(largest + 1)
    if len(data) > largest:
        raise CatalogueError(f"is an EPUB whose {name} has over {largest / 1e6:,.0f} MB")
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, safe)
