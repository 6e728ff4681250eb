"""Cleaning a blurb and its title, the same way for training and for serving."""

import re

from ml.serving.markup import plain_text

# "Alternate cover edition of ISBN 0451188462 here": the phrase, then any run of the words such
# notes are made of. A closed list, because in many rows the blurb follows without a space.
_ALTERNATE_COVER = re.compile(
    r"[\[(*]{0,5}(?:librarian['’]?s?['’]? note\s*[:-]?\s*)?"
    r"(?:(?:there is|there['’]s|this is|please see|see|for)\s+)?(?:an?\s+|the\s+|other\s+)?"
    r"alternat(?:e|ive)\s+(?:kindle\s+)?covers?(?:\s+editions?)?"
    r"(?:[\s:;,()\[\]#*-]+|(?:ISBN(?:-?1[03])?|ASIN|of|for|to|with|this|the|same|edition|version|can|be|"
    r"found|is|available|on|goodreads|kindle|book|at|and|or|here)(?-i:(?![a-z]))"
    r"|B0[0-9A-Z]{8}|\d[\d-]{8,15}[\dXx])*[.\])*]*",
    re.IGNORECASE,
)
_LIBRARIAN_NOTE = re.compile(
    r"[\[(*]{0,5}librarian['’]?s?['’]? note\s*[:-][^.\n]{0,250}(?:\.(?=\s|[A-Z]|$)|[\])]|$)[\])*]*",
    re.IGNORECASE,
)
_SITE_TAIL = re.compile(
    r"\s*(?:(?:\.\.\.|…)\s*\(?(?:more|less)\)?|\(?\bshow (?:more|less)\)?|\(less\))\s*$",
    re.IGNORECASE,
)
# One source joined italics and paragraphs with ". ": "of. Title. in", "word.. Next", "what?. So".
_ITALICS_BEFORE = re.compile(r"\b(a|an|and|at|by|for|from|in|of|on|or|that|the|to|with)\. (?=\w)")
_ITALICS_AFTER = re.compile(
    r"(?<=[a-z]{3})\. (?=(?:a|and|as|for|from|has|in|is|of|on|or|that|to|was|with|who)\b)"
)
_PARAGRAPH = re.compile(r"(?<=[\w\"”’)])\.\.(?=\s+[\"“‘(]?[A-Z0-9])")
_PARAGRAPH_AFTER_MARK = re.compile(r"([?!][\"”’)]?)\.(?=\s|$)")
_LOST_SPACE = re.compile(r"(?<=[a-z0-9]{2})([.!?…][\"”’)]?|,)(?=[A-Z][a-z])")
_SERIES = re.compile(
    r"\s*\((?:[^()]*[\s,])?(?:#|(?:book|volume|vol\.?|part)\s)\s*\d[^()]*\)\s*$", re.IGNORECASE
)
_SITE_TAIL_ENDS = ("more", "more)", "less", "less)")
_PREVIEW = 60  # characters that must recur for the text before them to be a cut preview


def clean_description(text: str) -> str:
    """Return the blurb as running text: no markup, site notes, site tails or joining artefacts."""
    text = " ".join(plain_text(text).split())
    if "alternat" in text.lower():  # rare, and the search for the rest of it costs the most
        text = _ALTERNATE_COVER.sub(" ", text)
    text = _LIBRARIAN_NOTE.sub(" ", text)
    if text.rstrip()[-5:].casefold().endswith(_SITE_TAIL_ENDS):  # rare, and slow to search for
        text = _SITE_TAIL.sub("", text)
    text = _ITALICS_BEFORE.sub(r"\1 ", text)
    text = _ITALICS_AFTER.sub(" ", text)
    text = _PARAGRAPH.sub(".", text)
    text = _PARAGRAPH_AFTER_MARK.sub(r"\1", text)
    text = _LOST_SPACE.sub(r"\1 ", text)
    return _without_preview(" ".join(text.split()))


def clean_title(title: str) -> str:
    """Return the title without the series that stands in parentheses after it."""
    title = " ".join(plain_text(title).split())
    return _SERIES.sub("", title) or title


def compose(title: str, description: str) -> str:
    """Join a cleaned title and a cleaned blurb into the one text that the model reads."""
    return f"{title}: {description}" if title else description


def _without_preview(text: str) -> str:
    """Drop a cut preview that stands before the whole text it was cut from."""
    again = text.find(text[:_PREVIEW], _PREVIEW) if len(text) > 2 * _PREVIEW else -1
    return text[again:] if again > 0 and len(text) - again >= again * 0.8 else text
