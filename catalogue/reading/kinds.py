"""Which format a file is of, told by its first bytes; its name is never asked."""

from catalogue.errors import CatalogueError
from catalogue.reading.sources import Source

# What a person may bring by mistake, by the first bytes: what it is, and what to do instead.
_REFUSED: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF", 0, "a PDF document; export the list as CSV or Excel"),
    (b"{\\rtf", 0, "a rich text document; export the list as CSV or Excel"),
    (b"\x89PNG", 0, "a PNG image"),
    (b"\xff\xd8\xff", 0, "a JPEG image"),
    (b"GIF8", 0, "a GIF image"),
    (b"RIFF", 0, "an image or a sound"),
    (b"SQLite format 3\x00", 0, "an SQLite database; export its table of books as CSV"),
    (b"BOOKMOBI", 60, "a Kindle e-book; bring EPUB, or the list of books"),
    (b"Rar!", 0, "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", 0, "a 7-Zip archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", 0, "packed by zstandard; unpack it first"),
    (b"ustar", 257, "a tar archive; unpack it first"),
    (b"ARROW1", 0, "an Arrow file; save it as Parquet or CSV"),
    (b"FEA1", 0, "a Feather file; save it as Parquet or CSV"),
    (b"ORC", 0, "an ORC file; save it as Parquet or CSV"),
    (b"Obj\x01", 0, "an Avro file; save it as Parquet or CSV"),
    (b"\x89HDF", 0, "an HDF5 file; save it as Parquet or CSV"),
    (b"\x93NUMPY", 0, "a NumPy array; save it as CSV"),
    (b"\x80\x04\x95", 0, "a Python pickle, which is never read; save it as Parquet or CSV"),
    (b"\x80\x05\x95", 0, "a Python pickle, which is never read; save it as Parquet or CSV"),
    (b"\x00\x01\x00\x00Standard", 0, "an Access database; export its table of books as CSV"),
    (b"MZ", 0, "a program"),
    (b"\x7fELF", 0, "a program"),
)
_CONTAINERS = {
    "word": "a Word document; save its table as CSV or Excel",
    "slides": "a set of slides; save its table as CSV or Excel",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(source: Source) -> str:
    """Return the kind of a source: a binary format's name, or "text".

    Raises:
        CatalogueError: it is empty, or of a kind that is no catalogue; the message names it.
    """
    head = source.head
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise CatalogueError("is empty; expected a table of books, or records of them")
    if source.container in _CONTAINERS:
        raise CatalogueError(f"is {_CONTAINERS[source.container]}")
    if source.container:
        return {"excel": "xlsx"}.get(source.container, source.container)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_OLE):
        return "xls"
    if is_marc(head):
        return "marc"
    for mark, place, name in _REFUSED:
        if head[place:].startswith(mark):
            raise CatalogueError(f"is {name}")
    return "text"


def is_marc(head: bytes) -> bool:
    """Tell a MARC 21 record by its leader: a length, then fixed digits at fixed places."""
    leader = head.lstrip(b" \r\n\x1a")[:24]
    return (
        len(leader) == 24
        and leader[:5].isdigit()
        and leader[10:12] == b"22"
        and (leader[12:17].isdigit() and leader[20:22] == b"45")
    )
