"""ONIX for Books 2.1, 3.0 and 3.1, by reference names or short tags.

Codes are those of EDItEUR's lists: 27 (subject schemes), 33 and 153 (kinds of text), 5
(identifiers), 15 (titles).
"""

from collections.abc import Iterator
from typing import Any

from catalogue.reading.xml_elements import inner_text, local
from catalogue.rows import Record, Table

# fmt: off
_SHORT = {
    "product": "Product", "a001": "RecordReference", "productidentifier": "ProductIdentifier",
    "b221": "ProductIDType", "b244": "IDValue", "b004": "ISBN", "b005": "EAN13",
    "descriptivedetail": "DescriptiveDetail", "collateraldetail": "CollateralDetail",
    "titledetail": "TitleDetail", "title": "Title", "b202": "TitleType",
    "titleelement": "TitleElement", "x409": "TitleElementLevel", "b203": "TitleText",
    "b030": "TitlePrefix", "b031": "TitleWithoutPrefix", "b029": "Subtitle",
    "b028": "DistinctiveTitle", "textcontent": "TextContent", "x426": "TextType",
    "othertext": "OtherText", "d102": "TextTypeCode", "d104": "Text", "contributor": "Contributor",
    "b036": "PersonName", "b037": "PersonNameInverted", "b047": "CorporateName",
    "subject": "Subject", "mainsubject": "MainSubject", "b067": "SubjectSchemeIdentifier",
    "b191": "MainSubjectSchemeIdentifier", "b069": "SubjectCode", "b070": "SubjectHeadingText",
    "language": "Language", "b253": "LanguageRole", "b252": "LanguageCode",
}
# fmt: on
_BLURBS_3 = ("03", "05", "17", "01", "02", "10")
"""Kinds of text in ONIX 3 (list 153) that tell of the book, the fullest first."""
_BLURBS_2 = ("03", "01", "18", "17", "25", "02", "09")
"""The same in ONIX 2.1 (list 33)."""
_KEYWORDS = "20"


_PEOPLE = ("PersonName", "PersonNameInverted", "CorporateName")


def knows(root: Any) -> bool:
    """Tell an ONIX message, or one product of it."""
    return local(root) in ("ONIXMessage", "ONIXmessage", "Product", "product")


def is_record(element: Any) -> bool:
    """Tell a product; `<product>` also names other things deeper down in no version."""
    return local(element) in ("Product", "product")


def table(root: Any, records: Iterator[Record], frame: dict[str, Any]) -> Table:
    """Name the version and the tags."""
    short = local(root) in ("ONIXmessage", "product")
    release = root.get("release") or ("2.1" if not str(root.tag).count("/3.") else "3.0")
    frame |= {
        "short": short,
        "release": release,
        "namespace": root.tag.partition("}")[0].lstrip("{") if "}" in root.tag else "",
    }
    tags = "short tags" if short else "reference names"
    return Table(f"ONIX {release}, {tags}", "onix", "record", records, frame=frame)


def cells(product: Any) -> dict[str, Any]:
    """Return a product's values; those it does not have are left out."""
    title, subtitle = _title(product)
    found = {
        "record_reference": _first(product, "RecordReference"),
        "isbn": _isbn(product),
        "title": title,
        "subtitle": subtitle,
        "author": _authors(product),
        "description": _description(product),
        "subjects": _subjects(product),
        "language": _language(product),
    }
    return {name: value for name, value in found.items() if value}


def reference(element: Any) -> str:
    """Return an element's reference name, whichever kind of tag it has."""
    name = local(element)
    return _SHORT.get(name, name)


def _within(element: Any, *path: str) -> Iterator[Any]:
    """Yield the elements at a path of reference names below an element."""
    if not path:
        yield element
        return
    for child in element:
        if reference(child) == path[0]:
            yield from _within(child, *path[1:])


def _first(element: Any, *path: str) -> str:
    return next((text for found in _within(element, *path) if (text := inner_text(found))), "")


def _isbn(product: Any) -> str:
    numbers = {
        _first(found, "ProductIDType"): _first(found, "IDValue")
        for found in _within(product, "ProductIdentifier")
    }
    listed = next((numbers[kind] for kind in ("15", "03", "02") if numbers.get(kind)), "")
    return listed or _first(product, "EAN13") or _first(product, "ISBN")


def _title(product: Any) -> tuple[str, str]:
    """Return the book's own title with its prefix, and its subtitle."""
    details = [
        *_within(product, "DescriptiveDetail", "TitleDetail"),
        *_within(product, "TitleDetail"),
        *_within(product, "Title"),
    ]
    details.sort(key=lambda detail: _first(detail, "TitleType") not in ("01", ""))
    elements = [element for d in details for element in [*_within(d, "TitleElement"), d]]
    elements.sort(key=lambda element: _first(element, "TitleElementLevel") not in ("01", ""))
    for element in [*elements, product]:
        whole = _first(element, "TitleText") or _first(element, "DistinctiveTitle")
        bare = _first(element, "TitleWithoutPrefix")
        if bare:
            whole = f"{_first(element, 'TitlePrefix')} {bare}".strip()
        if whole:
            return whole, _first(element, "Subtitle")
    return "", ""


def _authors(product: Any) -> str:
    people = [
        *_within(product, "DescriptiveDetail", "Contributor"),
        *_within(product, "Contributor"),
    ]
    names = (
        next(filter(None, (_first(person, name) for name in _PEOPLE)), "") for person in people
    )
    return "; ".join(filter(None, names))


def _description(product: Any) -> str:
    """Return the fullest text that tells of the book; of several languages, the English one."""
    new = [*_within(product, "CollateralDetail", "TextContent"), *_within(product, "TextContent")]
    old = list(_within(product, "OtherText"))
    for contents, kind, order in ((new, "TextType", _BLURBS_3), (old, "TextTypeCode", _BLURBS_2)):
        by_kind: dict[str, list[Any]] = {}
        for content in contents:
            by_kind.setdefault(_first(content, kind), []).extend(_within(content, "Text"))
        for code in order:
            texts = sorted(by_kind.get(code, ()), key=_foreign)
            if text := next((t for found in texts if (t := inner_text(found))), ""):
                return text
    return ""


def _foreign(text: Any) -> bool:
    return text.get("language", "eng") not in ("eng", "en")


def _subjects(product: Any) -> list[str]:
    subjects = [
        *_within(product, "DescriptiveDetail", "Subject"),
        *_within(product, "MainSubject"),
        *_within(product, "Subject"),
    ]
    names = [
        _first(subject, "SubjectHeadingText")
        for subject in subjects
        if _first(subject, "SubjectSchemeIdentifier") != _KEYWORDS
    ]
    return list(dict.fromkeys(filter(None, names)))


def _language(product: Any) -> str:
    languages = [*_within(product, "DescriptiveDetail", "Language"), *_within(product, "Language")]
    return next(
        (
            _first(found, "LanguageCode")
            for found in languages
            if _first(found, "LanguageRole") == "01"
        ),
        "",
    )
