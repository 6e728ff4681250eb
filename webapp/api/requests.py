"""Reading the JSON bodies of the API: everything wrong with one is said at once, by pointer."""

import re
from typing import Any, NamedTuple

from flask import current_app, request
from werkzeug.exceptions import BadRequest

from ml.vocabulary.known_genres import MAX_LENGTH, MAX_NAMES
from webapp.blurb_checks import MAX_TITLE, too_long
from webapp.protection.errors import Fault, UnprocessableError

MAX_ID = 200
VISIBLE = r"[^\u0000-\u0020]"
"""A pattern that Python's and JSON Schema's regular expressions read alike, as \\S is not."""

_VISIBLE = re.compile(VISIBLE)

_ITEM = ("description", "title", "genres", "id")


class Item(NamedTuple):
    """One book of a request."""

    id: str | int | None
    description: str
    title: str
    genres: tuple[str, ...]


class Wanted(NamedTuple):
    """What an answer holds beside genres and hues."""

    all: bool
    """Every label's probability."""
    codes: bool
    """Store codes."""


class _Faults:
    """Collects what is wrong, and hands back a harmless value so that reading can go on."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, pointer: str, detail: str) -> None:
        self.found.append(Fault(pointer, detail))

    def stop(self) -> None:
        """Raise UnprocessableError where anything was wrong."""
        if self.found:
            raise UnprocessableError(self.found)


def read_one() -> tuple[Item, Wanted]:
    """Return the book of a /predict request, and what is asked for.

    Raises:
        UnprocessableError: the body breaks the schema.
    """
    faults = _Faults()
    body = _object(_json(), "", (*_ITEM, *Wanted._fields), faults)
    item, wanted = _item(body, "", faults), _wanted(body, faults)
    faults.stop()
    return item, wanted


def read_batch() -> tuple[list[Item], Wanted]:
    """Return the books of a /batch request, and what is asked for.

    Raises:
        UnprocessableError: the body breaks the schema.
    """
    faults = _Faults()
    limit = current_app.config["MAX_BATCH"]
    body = _object(_json(), "", ("items", *Wanted._fields), faults)
    rows = body.get("items")
    if not isinstance(rows, list) or not 1 <= len(rows) <= limit:
        faults.add("/items", f"A list of 1 to {limit} objects is expected.")
        rows = []
    items = [
        _item(_object(row, f"/items/{place}", _ITEM, faults), f"/items/{place}", faults)
        for place, row in enumerate(rows)
    ]
    wanted = _wanted(body, faults)
    faults.stop()
    return items, wanted


def _json() -> Any:
    try:
        return request.get_json()
    except RecursionError as error:
        raise BadRequest("The JSON is nested too deeply.") from error


def _object(value: Any, pointer: str, known: tuple[str, ...], faults: _Faults) -> dict[str, Any]:
    if not isinstance(value, dict):
        faults.add(pointer, "A JSON object is expected.")
        faults.stop()
    for name in value:
        if name not in known:
            escaped = name.replace("~", "~0").replace("/", "~1")
            faults.add(f"{pointer}/{escaped}", f"Unknown field; known are: {', '.join(known)}.")
    fields: dict[str, Any] = value
    return fields


def _item(row: dict[str, Any], pointer: str, faults: _Faults) -> Item:
    description = _text(row, "description", pointer, faults)
    if not _VISIBLE.search(description):
        faults.add(f"{pointer}/description", "A description is required; it may not be blank.")
    elif problem := too_long(description, current_app.config["MAX_CHARACTERS"]):
        faults.add(f"{pointer}/description", problem)
    title = _text(row, "title", pointer, faults, MAX_TITLE)
    return Item(_id(row, pointer, faults), description, title, _genres(row, pointer, faults))


def _text(
    row: dict[str, Any], name: str, pointer: str, faults: _Faults, limit: int | None = None
) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        faults.add(f"{pointer}/{name}", "A string is expected.")
        return "?"
    return _sound(value, f"{pointer}/{name}", faults, limit)


def _sound(value: str, pointer: str, faults: _Faults, limit: int | None) -> str:
    if limit is not None and len(value) > limit:
        faults.add(pointer, f"Up to {limit} characters are read; this has {len(value):,}.")
    try:
        value.encode()
    except UnicodeEncodeError:
        faults.add(pointer, "Half of a surrogate pair stands alone; send whole characters.")
    return value


def _id(row: dict[str, Any], pointer: str, faults: _Faults) -> str | int | None:
    value = row.get("id")
    if isinstance(value, str):
        return _sound(value, f"{pointer}/id", faults, MAX_ID)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 7.0 is an integer to JSON Schema
    faults.add(f"{pointer}/id", "A string, an integer or null is expected.")
    return None


def _genres(row: dict[str, Any], pointer: str, faults: _Faults) -> tuple[str, ...]:
    names = row.get("genres", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        faults.add(f"{pointer}/genres", "A list of strings is expected.")
        return ()
    if len(names) > MAX_NAMES:
        faults.add(f"{pointer}/genres", f"Up to {MAX_NAMES} genres are read.")
    return tuple(
        _sound(name, f"{pointer}/genres/{place}", faults, MAX_LENGTH)
        for place, name in enumerate(names)
    )


def _wanted(body: dict[str, Any], faults: _Faults) -> Wanted:
    switches = {name: body.get(name, False) for name in Wanted._fields}
    for name, value in switches.items():
        if not isinstance(value, bool):
            faults.add(f"/{name}", "true or false is expected.")
    return Wanted(**{name: value is True for name, value in switches.items()})
