"""What a zip archive is: a workbook or an e-book by itself, or a box around one table."""

import re
import zipfile
from typing import Literal, NamedTuple

from catalogue.columns import ALIASES, fold
from catalogue.errors import CatalogueError

Container = Literal["excel", "ods", "epub", "word", "slides"]

_ENDINGS = (
    ".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".xml", ".onix", ".opf", ".mrc",
    ".marc", ".mrk", ".xlsx", ".xls", ".ods", ".parquet", ".epub", ".ris", ".bib", ".gz", ".bz2",
)  # fmt: skip
_DESCRIPTIONS = frozenset(map(fold, ALIASES["description"]))
_HEAD = 4096


class Chosen(NamedTuple):
    """The member to read, and what to say of the others."""

    name: str
    notes: list[str]


def container_of(archive: zipfile.ZipFile) -> Container | None:
    """Return the format that a zip is by itself, told by the names in it."""
    names = {name.lower() for name in archive.namelist()}
    if any(name.startswith("xl/") for name in names):
        return "excel"
    if any(name.startswith("word/") for name in names) and "[content_types].xml" in names:
        return "word"
    if any(name.startswith("ppt/") for name in names) and "[content_types].xml" in names:
        return "slides"
    if "mimetype" in names:
        kind = archive.read("mimetype")[:100] if "mimetype" in archive.namelist() else b""
        if b"opendocument.spreadsheet" in kind:
            return "ods"
        if b"epub" in kind:
            return "epub"
    return "epub" if "meta-inf/container.xml" in names else None


def choose(archive: zipfile.ZipFile, name: str, member: str | None) -> Chosen:
    """Choose the member that is the catalogue.

    Raises:
        CatalogueError: there is none, or there are several and none is plainly the one.
    """
    members = [
        entry.filename
        for entry in archive.infolist()
        if not entry.is_dir()
        and not entry.filename.startswith("__MACOSX/")
        and not entry.filename.rpartition("/")[2].startswith(".")
    ]
    if member is not None:
        if member not in members:
            raise CatalogueError(f"{name}: has no {member!r} in it; {_listed(members)}")
        return Chosen(member, [])
    if not members:
        raise CatalogueError(f"{name}: is a zip archive with nothing in it")
    tables = [entry for entry in members if entry.lower().endswith(_ENDINGS)] or members
    if len(tables) > 1:
        tables = [entry for entry in tables if _describes(archive, entry)]
    if len(tables) != 1:
        raise CatalogueError(
            f"{name}: is a zip archive of several files; {_listed(members)}. Name the one to read "
            "(--member), or unpack it"
        )
    others = len(members) - 1
    return Chosen(
        tables[0], [f"{others} other files in the archive are not read"] if others else []
    )


def _describes(archive: zipfile.ZipFile, member: str) -> bool:
    """Tell whether a member's first line or first keys name a description."""
    with archive.open(member) as file:
        text = file.read(_HEAD).decode("utf-8", "replace").replace("\x00", "")
    first = text.lstrip("\ufeff \r\n").split("\n", 1)[0]
    names = re.findall(r'"(\w+)"\s*:', text) if first[:1] in "[{" else re.split(r'[,;\t|"]', first)
    return any(fold(found) in _DESCRIPTIONS for found in names)


def _listed(members: list[str]) -> str:
    shown = ", ".join(members[:8])
    return f"it holds {shown}" + (f" and {len(members) - 8} more" if len(members) > 8 else "")
