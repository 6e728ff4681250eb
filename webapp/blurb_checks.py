"""What can be read as a blurb, and what to say of what cannot.

The form refuses such a text, as the person is there to mend it; the API answers and says its
doubts, as a catalogue of thousands should not stop at one odd row.
"""

import re
import unicodedata
from collections import Counter
from itertools import islice

MIN_WORDS = 5
MAX_TITLE = 300
MAX_GENRES = 500

# A wide net: numbers and marks are part of many blurbs, but most of a text is letters.
MIN_LETTERS = 0.5

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def words(text: str) -> list[str]:
    """Return the runs of letters in `text`, with inner apostrophes kept."""
    return _WORD.findall(text)


def doubt(text: str) -> str | None:
    """Say why `text` cannot well be classified, or return None where it can.

    Languages are another matter, see `webapp.language`.
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
    count = sum(1 for _ in islice(_WORD.finditer(text), MIN_WORDS))
    if count == MIN_WORDS:
        return None
    return (
        f"{count} word{'s' * (count != 1)} is too little to tell; at least {MIN_WORDS} are needed, "
        "and a whole blurb of 50 to 200 works best."
    )


def too_long(text: str, limit: int) -> str | None:
    """Say so where `text` has more characters than the site takes."""
    if len(text) <= limit:
        return None
    return (
        f"This has {len(text):,} characters; up to {limit:,} are read. "
        "The blurb alone is enough, without reviews or sample chapters."
    )
