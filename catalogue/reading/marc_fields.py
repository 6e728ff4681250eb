"""What a MARC record says of a book: MARC 21, or UNIMARC where it has no 245."""

from typing import Any

_PUNCTUATION = " /:;,=."
_SUBJECTS = ("600", "610", "611", "630", "648", "650", "651", "653", "655")
_SUBJECTS_UNIMARC = ("600", "601", "602", "606", "607", "608", "610")
_NOT_OF_THE_BOOK = ("1", "4")
"""First indicators of a 520 that is a review or a content warning."""


def cells(record: Any) -> dict[str, Any]:
    """Return the values of a `pymarc.Record`; those it does not have are left out."""
    unimarc = not record.get_fields("245") and bool(record.get_fields("200"))
    found = _unimarc(record) if unimarc else _marc21(record)
    number = record.get("001")
    found["control_number"] = number.data.strip() if number is not None and number.data else ""
    order = ("control_number", "isbn", "title", "subtitle", "author", "description", "subjects")
    return {name: found[name] for name in order if found[name]}


def _marc21(record: Any) -> dict[str, Any]:
    return {
        "isbn": _first(record, "020", "a").split(" ")[0],
        "title": _joined(record, "245", "anp"),
        "subtitle": _joined(record, "245", "b"),
        "author": _first(record, "100", "a")
        or _first(record, "110", "a")
        or _first(record, "700", "a"),
        "description": _summary(record),
        "subjects": _headings(record, _SUBJECTS),
    }


def _unimarc(record: Any) -> dict[str, Any]:
    return {
        "isbn": _first(record, "010", "a"),
        "title": _joined(record, "200", "ahi"),
        "subtitle": _joined(record, "200", "e"),
        "author": _joined(record, "700", "ab"),
        "description": "\n\n".join(_texts(record, "330", "a")),
        "subjects": _headings(record, _SUBJECTS_UNIMARC),
    }


def _summary(record: Any) -> str:
    """Return the summaries of the book; a review only where there is nothing else."""
    fields = record.get_fields("520")
    own = [field for field in fields if field.indicators[0] not in _NOT_OF_THE_BOOK]
    texts = [" ".join(field.get_subfields("a", "b")).strip() for field in own or fields]
    return "\n\n".join(filter(None, texts))


def _headings(record: Any, tags: tuple[str, ...]) -> list[str]:
    """Return subjects and genres with their subdivisions, each once."""
    headings = []
    for field in record.get_fields(*tags):
        parts = [s.value.strip(_PUNCTUATION) for s in field.subfields if s.code in "abcdtvxyz"]
        headings.append(" -- ".join(filter(None, parts)))
    return list(dict.fromkeys(filter(None, headings)))


def _texts(record: Any, tag: str, codes: str) -> list[str]:
    fields = record.get_fields(tag)
    return [value.strip() for field in fields for value in field.get_subfields(*codes)]


def _first(record: Any, tag: str, codes: str) -> str:
    return next((text.rstrip(" ,/:;") for text in _texts(record, tag, codes) if text), "")


def _joined(record: Any, tag: str, codes: str) -> str:
    fields = record.get_fields(tag)[:1]
    values = [value for field in fields for value in field.get_subfields(*codes)]
    return " ".join(value.strip(" ").rstrip(" /:;,=") for value in values).strip()
