"""What makes the answer to a text doubtful, in words: the one place of it for every door.

The form refuses such a text until its author says that it is meant; the API, the command line and
catalogues answer it and say the doubt.
"""

import re
import unicodedata
from collections import Counter
from itertools import islice

from catalogue.placeholders import is_placeholder
from ml.serving.language import WORD, detect
from ml.serving.markup import plain_text

MIN_WORDS = 5
MOST_QUOTED = 0.6
"""Of a text: the share in quotation marks from which it is hardly more than praise."""

_NO_DESCRIPTION = r"(?:description|summary|synopsis|blurb|overview)"
_EMPTY = (
    (re.compile(r"\blorem ipsum\b", re.IGNORECASE), "filler text"),
    (
        re.compile(
            rf"^\W*(?:no|there is no|sorry, no) {_NO_DESCRIPTION}\b[^.]{{0,80}}\W*$"
            rf"|^\W*{_NO_DESCRIPTION} (?:is |was )?(?:coming soon|to follow|pending"
            rf"|(?:not |un)(?:yet )?(?:available|provided))[^.]{{0,80}}\W*$",
            re.IGNORECASE,
        ),
        "a note that there is no description",
    ),
    (
        re.compile(
            r"\b(?:this is a reproduction|this work|scarce antiquarian book|scholars believe)\b"
            r".{0,400}\b(?:historical artifact|culturally important|public domain|blurred pages"
            r"|facsimile|missing pages|knowledge base of civilization)",
            re.IGNORECASE | re.DOTALL,
        ),
        "a reprint's notice",
    ),
)
_QUOTED = re.compile(r"[\"“][^\"“”]{12,400}[\"”]")
_PRAISE = re.compile(
    r"[\"”]\s*[-–—]+\s*\w|\bbest-?selling author\b|\b(?:starred )?review\b"
    r"|\b(?:Kirkus|Booklist|Publishers Weekly|New York Times|Guardian|Library Journal)\b",
)

# A wide net: numbers and marks are part of many blurbs, but most of a text is letters.
MIN_LETTERS = 0.5


def unreadable(text: str) -> str | None:
    """Say why `text` cannot well be classified, or return None where it can.

    Languages are another matter, see `ml.serving.language`.
    """
    categories = Counter[str]()
    for char, count in Counter(text).items():
        if not char.isspace():
            categories[unicodedata.category(char)] += count
    if not categories:
        return "Paste a description first: the text on the back of the book, or on its store page."
    if categories["Cc"] or categories["Cs"] or categories["Co"]:
        return (
            "This holds control characters, as a file does that is not text. "
            "Paste the description as plain text."
        )
    # Marks join letters into one; Devanagari or zalgo would count as half a text without them.
    letters = sum(count for name, count in categories.items() if name[0] in "LM")
    if letters < MIN_LETTERS * categories.total():
        return (
            f"Only {letters / categories.total():.0%} of this is letters, so it does not read as a "
            "description. Paste the words that tell what the book is about."
        )
    return None


def too_short(text: str) -> str | None:
    """Say so where `text` has fewer words than a guess can rest on."""
    count = sum(1 for _ in islice(WORD.finditer(text), MIN_WORDS))
    if count == MIN_WORDS:
        return None
    return (
        f"{count} word{'s' * (count != 1)} is too little to tell; at least {MIN_WORDS} are needed, "
        "and a whole blurb of 50 to 200 works best."
    )


def says_nothing(text: str) -> str | None:
    """Say so where `text` stands in the place of a description, or return None."""
    found = next((what for pattern, what in _EMPTY if pattern.search(text)), None)
    if found is None and is_placeholder(text):
        found = "a placeholder"
    return f"This is {found}, not a description." if found else None


def mostly_praise(text: str) -> str | None:
    """Say so where most of `text` is what others said of the book, or return None."""
    quoted = sum(len(match[0]) for match in _QUOTED.finditer(text))
    praise = len(_PRAISE.findall(text))
    if praise < 2 or quoted < MOST_QUOTED * len(text):
        return None
    return "Most of this is praise, which says little of what the book is about."


def doubts(description: str) -> list[str]:
    """Say why the answer to a description is a guess at best; an empty list where nothing is."""
    found = [says_nothing(description)]
    if found[0] is None:
        found = [unreadable(description), too_short(description), mostly_praise(description)]
        found.append(foreign(description))
    return [message for message in found if message]


def foreign(description: str) -> str | None:
    """Say so where a text is not, or may not be, in the model's language."""
    verdict = detect(plain_text(description))
    if verdict.english == "no":
        return f"This looks like {verdict.other}; the model has learnt from English only."
    if verdict.english == "unsure":
        return "This may not be English; the model has learnt from English only."
    return None
