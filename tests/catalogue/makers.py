"""Two invented books in every kind of file that people hold."""

import bz2
import csv
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable
from typing import Any

FIRST = "A lighthouse keeper hears a second bell, “under the sea”; it rings for her.\nShe rows out."
SECOND = "The café on the corner closes at nine. At ten, somebody still orders soup."
BOOKS: tuple[dict[str, Any], ...] = (
    {"id": "b1", "title": "The Second Bell", "description": FIRST, "genres": ["Horror", "Sea"]},
    {"id": "b2", "title": "Café Ten", "description": SECOND, "genres": ["Mystery"]},
)


def table(separator: str = ",", head: tuple[str, ...] = ("id", "title", "description", "genres")):
    """Return CSV text of the books."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(head)
    for book in BOOKS:
        cells = [book["id"], book["title"], book["description"], "; ".join(book["genres"])]
        writer.writerow(cells)
    return out.getvalue()


def zipped(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/books.csv", text)
    return out.getvalue()


def excel(**options: object) -> bytes:
    """A workbook whose header is not its first row, with a number for a title's neighbour."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Export of the branch library"])
    sheet.append([])
    sheet.append(["ID", "Title", "Synopsis", "Genres", "Price"])
    for entry in BOOKS:
        genres = ", ".join(entry["genres"])
        sheet.append([entry["id"], entry["title"], entry["description"], genres, 7.5])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    import pyarrow
    from pyarrow import parquet as files

    out = io.BytesIO()
    files.write_table(pyarrow.Table.from_pylist(list(BOOKS)), out)
    return out.getvalue()


def onix(short: bool = False) -> bytes:
    """ONIX 3.0 with a prefix, a short and a long text, and subjects."""
    names = {
        "ONIXMessage": "ONIXmessage", "Product": "product", "RecordReference": "a001",
        "DescriptiveDetail": "descriptivedetail", "TitleDetail": "titledetail",
        "TitleType": "b202", "TitleElement": "titleelement", "TitleElementLevel": "x409",
        "TitlePrefix": "b030", "TitleWithoutPrefix": "b031", "CollateralDetail":
        "collateraldetail", "TextContent": "textcontent", "TextType": "x426",
        "ContentAudience": "x427", "Text": "d104", "Subject": "subject",
        "SubjectSchemeIdentifier": "b067", "SubjectHeadingText": "b070",
    }  # fmt: skip

    def tag(name: str, inside: str) -> str:
        name = names[name] if short else name
        return f"<{name}>{inside}</{name}>"

    def product(entry: dict) -> str:
        from html import escape

        title = tag("TitleWithoutPrefix", escape(entry["title"].removeprefix("The ")))
        if entry["title"].startswith("The "):
            title = tag("TitlePrefix", "The") + title
        element = tag("TitleElement", tag("TitleElementLevel", "01") + title)
        detail = tag("TitleDetail", tag("TitleType", "01") + element)
        subjects = "".join(
            tag("Subject", tag("SubjectSchemeIdentifier", "10") + tag("SubjectHeadingText", name))
            for name in entry["genres"]
        )
        texts = "".join(
            tag("TextContent", tag("TextType", kind) + tag("Text", text))
            for kind, text in (("02", "Short."), ("03", escape(entry["description"])))
        )
        reference = tag("RecordReference", entry["id"])
        described = tag("DescriptiveDetail", detail + subjects)
        return tag("Product", reference + described + tag("CollateralDetail", texts))

    space = "http://ns.editeur.org/onix/3.0/" + ("short" if short else "reference")
    name = names["ONIXMessage"] if short else "ONIXMessage"
    body = "".join(map(product, BOOKS))
    return f'<?xml version="1.0"?><{name} release="3.0" xmlns="{space}">{body}</{name}>'.encode()


def marc() -> bytes:
    from pymarc import Field, Indicators, Record, Subfield

    out = b""
    for entry in BOOKS:
        record = Record(force_utf8=True)
        record.add_field(Field(tag="001", data=entry["id"]))
        title = [Subfield("a", f"{entry['title']} /")]
        record.add_field(Field(tag="245", indicators=Indicators("0", "0"), subfields=title))
        text = [Subfield("a", entry["description"])]
        record.add_field(Field(tag="520", indicators=Indicators(" ", " "), subfields=text))
        for name in entry["genres"]:
            subject = [Subfield("a", name)]
            record.add_field(Field(tag="650", indicators=Indicators(" ", "4"), subfields=subject))
        out += record.as_marc()
    return out


def epub() -> bytes:
    from html import escape

    entry = BOOKS[0]
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:identifier>{entry['id']}</dc:identifier><dc:title>{entry['title']}</dc:title>"
        f"<dc:description>{escape(entry['description'])}</dc:description>"
        "<dc:subject>Horror</dc:subject></metadata></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/content.opf"/></rootfiles></container>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/content.opf", opf)
    return out.getvalue()


def lines() -> str:
    return "".join(json.dumps(book) + "\n" for book in BOOKS)


WEST = table().replace("“", '""').replace("”", '""')

MAKERS: dict[str, Callable[[], bytes]] = {
    "csv": lambda: table().encode(),
    "semicolons with a mark": lambda: b"\xef\xbb\xbf" + table(";").encode(),
    "tabs in UTF-16": lambda: table("\t").encode("utf-16"),
    "pipes": lambda: table("|").encode(),
    "a sep line": lambda: ("sep=;\r\n" + table(";")).encode(),
    "Windows-1252": lambda: table().encode("cp1252"),
    "other names": lambda: table(head=("Book Id", "Book Title", "BLURB", "Categories")).encode(),
    "camel and snake names": lambda: table(
        head=("isbn_13", "book-name", "Product_Description", "TAGS")
    ).encode(),
    "gzip by another name": lambda: gzip.compress(table().encode()),
    "bz2": lambda: bz2.compress(table().encode()),
    "xz": lambda: lzma.compress(table().encode()),
    "zip": lambda: zipped(table()),
    "json lines": lambda: lines().encode(),
    "json array": lambda: json.dumps(BOOKS, indent=2).encode(),
    "wrapped json": lambda: json.dumps({"total": 2, "docs": BOOKS}).encode(),
    "volumes": lambda: json.dumps(
        {"items": [{"id": b["id"], "volumeInfo": b} for b in BOOKS]}
    ).encode(),
    "open library dump": lambda: "".join(
        "\t".join(
            ["/type/work", f"/works/{b['id']}", "1", "2020-01-01T00:00:00", json.dumps(
                {"key": f"/works/{b['id']}", "title": b["title"], "subjects": b["genres"],
                 "description": {"type": "/type/text", "value": b["description"]}})]
        ) + "\n" for b in BOOKS
    ).encode(),
    "excel": excel,
    "parquet": parquet,
    "onix, reference names": onix,
    "onix, short names": lambda: onix(short=True),
    "marc": marc,
    "epub": epub,
}  # fmt: skip
