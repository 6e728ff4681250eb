"""Words that speak for a label wherever its blurbs use them, for those who write such a blurb."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

FILE = "typical_words.json"

_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS = ("'s", "’s", "ies", "es", "s", "ed", "ing", "ly")


@lru_cache(maxsize=2)
def load(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Read label -> its words, the most telling first; nothing where the folder has no such file.

    `python -m ml typical-words` writes it.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    words: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))["labels"]
    return {label: tuple(listed) for label, listed in words.items()}


def absent(typical: Iterable[str], text: str) -> tuple[str, ...]:
    """Return those of `typical` that a text has in no form ("wizard" is in "wizards")."""
    present = {_stem(word) for word in _WORD.findall(text.lower())}
    return tuple(word for word in typical if _stem(word) not in present)


def _stem(word: str) -> str:
    """Cut off one ending: crude, and the same for both sides."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word
