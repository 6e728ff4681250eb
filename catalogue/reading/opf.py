"""OPF package files, as EPUBs hold them and Calibre lays them beside its books."""

from collections.abc import Iterator
from typing import Any

from catalogue.reading.xml_elements import inner_text, local
from catalogue.rows import Record, Table


def knows(root: Any) -> bool:
    """Tell a package."""
    return local(root) == "package"


def is_record(element: Any) -> bool:
    """Tell the package, which is one book."""
    return local(element) == "package"


def table(root: Any, records: Iterator[Record], frame: dict[str, Any]) -> Table:
    """Name the format."""
    return Table("an OPF package file", "opf", "record", records, frame=frame)


def cells(package: Any) -> dict[str, Any]:
    """Return a package's Dublin Core values; those it does not have are left out."""
    values: dict[str, list[str]] = {}
    for metadata in package.iter():
        if local(metadata) in ("metadata", "dc-metadata"):
            for element in metadata:
                if text := inner_text(element):
                    values.setdefault(local(element).lower(), []).append(text)
    found = {
        "identifier": next(iter(values.get("identifier", ())), ""),
        "title": next(iter(values.get("title", ())), ""),
        "author": "; ".join(values.get("creator", ())),
        "description": "\n\n".join(values.get("description", ())),
        "subjects": values.get("subject", []),
        "language": next(iter(values.get("language", ())), ""),
    }
    return {name: value for name, value in found.items() if value}
