"""Workbooks: xlsx, xlsb, xls and ods, by python-calamine; every sheet with the same columns."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from catalogue.errors import CatalogueError
from catalogue.reading.headers import Header, column_names, find_header
from catalogue.rows import Record, Table

_CHUNK = 1 << 20
_SAID = {
    "xlsx": "an Excel workbook",
    "xls": "an old Excel workbook",
    "ods": "an OpenDocument sheet",
}


def read(file: IO[bytes], kind: str, most: int) -> Table:
    """Read a workbook's visible sheets that describe books, one after the other.

    Args:
        file: the workbook, seekable.
        kind: "xlsx", "xls" or "ods".
        most: bytes of its unpacked parts at most, as it has to be held whole.

    Raises:
        CatalogueError: it is damaged, protected, too large or empty.
    """
    try:
        from python_calamine import CalamineError, PasswordError, load_workbook
    except ImportError as error:
        raise CatalogueError(
            "workbooks need python-calamine: pip install -r requirements.txt"
        ) from error
    if kind != "xls":
        _check_size(file, most)
    try:
        book = load_workbook(file)
        sheets = [book.get_sheet_by_name(s.name) for s in book.sheets_metadata if _visible(s)]
        tables = [(sheet, *_header(sheet)) for sheet in sheets if sheet.height]
    except PasswordError as error:
        raise CatalogueError("is a workbook that a password protects; save it without") from error
    except (CalamineError, OSError, ValueError, KeyError, IndexError) as error:
        raise CatalogueError(f"looks like {_SAID[kind]} but cannot be read ({error})") from error
    if not tables:
        raise CatalogueError(f"is {_SAID[kind]} without a filled sheet")
    chosen = [t for t in tables if t[1].describes] or [max(tables, key=lambda t: t[1].roles)]
    names = tuple(dict.fromkeys(name for _, _, names in chosen for name in names))
    left = [sheet.name for sheet in sheets if sheet.name not in {t[0].name for t in chosen}]
    return Table(
        format=f"{_SAID[kind]}, sheet {', '.join(t[0].name for t in chosen)}",
        kind="excel",
        unit="row",
        records=_records(chosen),
        names=names,
        notes=[f"sheets that are not read: {', '.join(left)}"] if left else [],
    )


def _visible(sheet: Any) -> bool:
    return str(sheet.visible).endswith("Visible") and str(sheet.typ).endswith("WorkSheet")


def _header(sheet: Any) -> tuple[Header, tuple[str, ...]]:
    """Return where the header stands and the names in it."""
    rows = []
    for row in sheet.iter_rows():
        rows.append(row)
        if len(rows) == 30:
            break
    header = find_header(rows)
    return header, column_names(rows[header.place])


def _records(tables: list[tuple[Any, Header, tuple[str, ...]]]) -> Iterator[Record]:
    number = 0
    for sheet, header, names in tables:
        top = (sheet.start or (0, 0))[0]
        for place, cells in enumerate(sheet.iter_rows()):
            if place <= header.place or all(cell in ("", None) for cell in cells):
                continue
            row = top + place + 1
            number = row if len(tables) == 1 else number + 1
            fields = dict(
                zip(names, (None if cell == "" else cell for cell in cells), strict=False)
            )
            yield Record(number, f"sheet {sheet.name}, row {row}", fields)


def _check_size(file: IO[bytes], most: int) -> None:
    """Unpack every part without keeping it: sizes that an archive declares may be lies."""
    total = 0
    try:
        with zipfile.ZipFile(file) as archive:
            for part in archive.infolist():
                with archive.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        total += len(chunk)
                        if total > most:
                            raise CatalogueError(
                                f"is a workbook of more than {most / 1e6:,.0f} MB unpacked, the "
                                "most that is read here; save it as CSV"
                            )
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise CatalogueError(f"is a workbook but damaged ({error})") from error
    file.seek(0)
