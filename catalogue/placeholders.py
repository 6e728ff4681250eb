"""Cells that stand for "nothing here"."""

import re

_NOTHING = re.compile(
    r"""\s*(?:
      nan | none | null | nil | undefined | n\s*[/.\\]?\s*a\.? | not\ (?:available|applicable)
      | unknown | missing | empty | blank | tb[dac] | to\ be\ (?:announced|confirmed|determined)
      | \#(?:NAME\?|VALUE!|REF!|N/A|NULL!|NUM!|DIV/0!|SPILL!|CALC!|FIELD!|\#+) | \#+
      | <na> | \\N | [-–—._?!*/0\s]+ | true | false | test(?:\ test)* | x{2,}
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)


def is_placeholder(text: str) -> bool:
    """Tell whether a cell only says that it holds nothing: "nan", "N/A", "#NAME?", "-", "0"."""
    return len(text) <= 60 and _NOTHING.fullmatch(text) is not None
