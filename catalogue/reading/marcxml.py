"""MARCXML: records of the MARC 21 slim namespace or of none, also within OAI-PMH or SRU."""

from collections.abc import Iterator
from typing import Any

from catalogue.errors import CatalogueError
from catalogue.reading import marc_fields
from catalogue.reading.xml_elements import local
from catalogue.rows import Record, Table

_ROOTS = ("record", "collection", "OAI-PMH", "searchRetrieveResponse", "zs:searchRetrieveResponse")


def knows(root: Any) -> bool:
    """Tell a collection, one record, or an answer of a library's server."""
    return local(root) in _ROOTS


def is_record(element: Any) -> bool:
    """Tell a record by its data fields: OAI-PMH and SRU name their envelopes the same."""
    return local(element) == "record" and any(
        local(child) in ("datafield", "leader", "controlfield") for child in element
    )


def table(root: Any, records: Iterator[Record], frame: dict[str, Any]) -> Table:
    """Name the format.

    Raises:
        CatalogueError: pymarc is not installed.
    """
    try:
        import pymarc  # noqa: F401
    except ImportError as error:
        raise CatalogueError("MARC needs pymarc: pip install -r requirements.txt") from error
    return Table("MARCXML", "marcxml", "record", records, frame=frame)


def cells(element: Any) -> dict[str, Any]:
    """Return a record's values."""
    return marc_fields.cells(marc_record(element))


def marc_record(element: Any) -> Any:
    """Return a record element as `pymarc.Record`."""
    from pymarc import Field, Indicators, Subfield
    from pymarc import Record as MarcRecord

    record = MarcRecord(force_utf8=True)
    for child in element:
        name, text = local(child), "".join(child.itertext())
        if name == "leader":
            record.leader = f"{text:<24}"[:24]  # type: ignore[assignment]
        elif name == "controlfield":
            record.add_field(Field(tag=child.get("tag", ""), data=text))  # type: ignore[no-untyped-call]
        elif name == "datafield":
            subfields = [
                Subfield(sub.get("code", "a"), "".join(sub.itertext()))
                for sub in child
                if local(sub) == "subfield"
            ]
            marks = Indicators(child.get("ind1") or " ", child.get("ind2") or " ")
            record.add_field(Field(tag=child.get("tag", ""), indicators=marks, subfields=subfields))  # type: ignore[no-untyped-call]
    return record
