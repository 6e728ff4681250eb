"""Genre names out of one cell, however they are written there."""

import ast
import json
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from catalogue.placeholders import is_placeholder

MAX_LITERAL = 100_000
"""Characters of a written list that are parsed; a longer one is no list of genres."""

_SEPARATORS = (";", "|", "\n", ",")
_STEP = "»"
_NAME_KEYS = ("name", "genre", "label", "title", "value")


class Genres(NamedTuple):
    """The names of one cell, and what in it could not be read."""

    names: list[str]
    problem: str | None = None


def genre_names(value: Any) -> list[str]:
    """Return the names in a list, a list's Python or JSON writing, or a separated text.

    Lists stay lists: `["Fiction, Historical"]` is one name. Of a text, the first of `; | newline ,`
    that occurs in it separates; a path of categories ("Fiction » Romance") gives each step.

    Raises:
        ValueError: the value is none of these; the message says what it is.
    """
    found = read_genres(value)
    if found.problem and not found.names:
        raise ValueError(found.problem)
    return found.names


def read_genres(value: Any) -> Genres:
    """Return the names that can be read in a cell and, where something else is in it, what."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return Genres([], None if value is None else "NaN, as pandas writes an empty cell")
    if isinstance(value, str):
        return _from_text(value.strip())
    if not isinstance(value, Sequence):
        return Genres([], f"{_kind(value)} instead of a list of names or a separated text")
    names = [_name(entry) for entry in value]
    strange = [entry for entry, name in zip(value, names, strict=True) if name is None]
    problem = f"a list with {_kind(strange[0])} among its names" if strange else None
    return Genres([step for name in names if name for step in _steps(name)], problem)


def _from_text(text: str) -> Genres:
    if not text:
        return Genres([])
    if is_placeholder(text) or text == "set()":
        return Genres([], f"{text[:40]!r}, which is no genre")
    if text[0] in "[({" and text[-1] in "])}":
        try:
            return read_genres(_literal(text))
        except ValueError as error:
            return Genres([], str(error))
    separator = next((mark for mark in _SEPARATORS if mark in text), ",")
    return Genres([step for part in text.split(separator) for step in _steps(part)])


def _literal(text: str) -> Any:
    """Read a list as Python or JSON writes it; one that overruns the parser is no list either."""
    if len(text) <= MAX_LITERAL:
        for read in (json.loads, ast.literal_eval):
            try:
                return read(text)
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                continue
    raise ValueError(f"what looks like a list but cannot be read ({text[:40]!r})")


def _name(entry: Any) -> str | None:
    """Return the name in one entry of a list: a text, or an object with a name."""
    if isinstance(entry, dict):
        entry = next((entry[key] for key in _NAME_KEYS if isinstance(entry.get(key), str)), None)
    return entry if isinstance(entry, str) else None


def _steps(name: str) -> list[str]:
    return [step.strip() for step in name.split(_STEP) if step.strip()]


def _kind(value: Any) -> str:
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, (dict, set)):
        return "an object"
    return f"a {type(value).__name__}"
