"""XML of books, record after record: ONIX, MARCXML, OPF; no entity, no network, bounded memory."""

import io
from collections.abc import Iterator
from typing import Any, Protocol

from catalogue.errors import CatalogueError
from catalogue.reading.sources import Source
from catalogue.reading.xml_elements import local
from catalogue.rows import Record, Table


class XmlFormat(Protocol):
    """What a module of one XML format offers."""

    def knows(self, root: Any) -> bool:
        """Tell whether a document with this root element is of the format."""

    def is_record(self, element: Any) -> bool:
        """Tell whether an element is one book."""

    def cells(self, element: Any) -> dict[str, Any]:
        """Return a book's values."""

    def table(self, root: Any, records: Iterator[Record], frame: dict[str, Any]) -> Table:
        """Name the format."""


def read(source: Source) -> Table:
    """Read XML by its root element.

    Raises:
        CatalogueError: lxml is not installed, it is no XML, or its root is no catalogue.
    """
    try:
        from lxml import etree
    except ImportError as error:
        raise CatalogueError("XML needs lxml: pip install -r requirements.txt") from error
    from catalogue.reading import marcxml, onix, opf

    stream = _Bounded(source.stream, source.limits.record)
    events = etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, recover=True, remove_pis=True, remove_comments=True,
    )  # fmt: skip
    try:
        _, root = next(events)
    except (StopIteration, etree.XMLSyntaxError) as error:
        raise CatalogueError(f"begins as XML but is none ({error})") from error
    formats: tuple[XmlFormat, ...] = (onix, marcxml, opf)
    for format_ in formats:
        if format_.knows(root):
            frame: dict[str, Any] = {}
            return format_.table(root, _records(events, root, format_, stream, frame), frame)
    kind = "a web page" if local(root).lower() == "html" else f"XML, root <{local(root)}>,"
    raise CatalogueError(
        f"is {kind} which is no catalogue that is known here; expected ONIX, MARCXML or OPF"
    )


class _Bounded(io.RawIOBase):
    """The stream, which stops where one record takes more than it may."""

    def __init__(self, stream: Any, most: int) -> None:
        super().__init__()
        self._stream, self._most = stream, most
        self.taken = 0
        """Bytes since the last record ended."""

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data: bytes = self._stream.read(min(size, 1 << 15) if size > 0 else 1 << 15)
        self.taken += len(data)
        if self.taken > self._most:
            raise CatalogueError(
                f"is XML with a record of over {self._most / 1e6:,.0f} MB, which is not read"
            )
        return data


def _records(
    events: Any, root: Any, format_: XmlFormat, stream: _Bounded, frame: dict[str, Any]
) -> Iterator[Record]:
    """Yield record after record, each forgotten before the next is read."""
    from lxml import etree

    number = told = 0
    try:
        for event, element in _with_root(events, root):
            if event == "start":
                continue
            if not format_.is_record(element):
                if element.getparent() is root and local(element) in ("Header", "header"):
                    frame["header"] = etree.tostring(element, with_tail=False)
                continue
            number += 1
            stream.taken = 0
            log = events.error_log
            damage = [entry for entry in list(log)[told:] if entry.level_name != "WARNING"]
            told = len(log)
            where = f"record {number}, line {element.sourceline}"
            warnings = tuple(f"line {entry.line}: {entry.message.strip()}" for entry in damage[:3])
            source = etree.tostring(element, with_tail=False)
            yield Record(number, where, format_.cells(element), None, warnings, source)
            _forget(element)
    except etree.XMLSyntaxError as error:
        number += 1
        problem = f"no more of the XML can be read ({error})"
        yield Record(number, f"record {number}", {}, problem)


def _with_root(events: Any, root: Any) -> Iterator[tuple[str, Any]]:
    yield "start", root
    yield from events


def _forget(element: Any) -> None:
    """Free a record and what stands before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
