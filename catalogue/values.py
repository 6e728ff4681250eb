"""Texts out of cells: what counts as text, and what is an error of its row, never its `str()`."""

import datetime
import math
from typing import Any

_TEXT_KEYS = ("value", "text", "plain", "html", "$t", "#text")


def text_of(value: Any, *, numbers: bool = False) -> str:
    """Return a cell as text: a string, `{"type", "value"}`, or a list of paragraphs.

    Args:
        value: the cell.
        numbers: whether a number is text too, as in the title 1984 or an identifier; a whole one
            is written without the ".0" that spreadsheets keep it with.

    Raises:
        ValueError: the value is something else; the message says what.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n\n".join(filter(None, (text_of(part) for part in value)))
    if isinstance(value, dict):
        for key in _TEXT_KEYS:
            if isinstance(value.get(key), str):
                return str(value[key])
    if numbers and isinstance(value, (int, float)) and not isinstance(value, bool):
        return number_text(value)
    raise ValueError(f"found {kind_of(value)}")


def number_text(value: float) -> str:
    """Write a number as a person would: 9780000000001.0 is 9780000000001."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return repr(value)


def kind_of(value: Any) -> str:
    """Name what a value is, for a message."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return "a date or time"
    if isinstance(value, dict):
        keys = ", ".join(sorted(key for key in value if isinstance(key, str))[:4])
        return f"an object ({keys})" if keys else "an object"
    if isinstance(value, bytes):
        return "bytes"
    return "a list" if isinstance(value, (list, tuple)) else "something else"
