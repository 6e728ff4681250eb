"""Where the sentences of a blurb begin."""

import re

_END = re.compile(
    r"(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bSt)(?<!\bJr)(?<!\bSr)(?<!\bMrs)(?<!\bNo)(?<!\bvs)(?<!\b[A-Z])"
    r"[.!?…]+[\"'”’)\]]*\s+|\n+\s*"
)
"""A mark that ends a sentence, unless after a title or an initial; or the end of a paragraph."""


def sentence_starts(text: str, head: int = 0) -> list[int]:
    """Return the offset at which each sentence begins.

    Args:
        text: the text.
        head: offset at which the blurb begins behind its title; the title counts as a sentence.
    """
    starts = [0, head, *(match.end() for match in _END.finditer(text, head))]
    return [start for start in sorted(set(starts)) if start < len(text)]
