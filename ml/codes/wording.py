"""Phrases in a book's own words: whether they stand there, and how plainly."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

LONGEST = 5
"""Words of the longest phrase that the tables may hold."""

_WORD = re.compile(r"\w+(?:'\w+)*")
_PAPERS = re.compile(
    r"\b(?:[A-Z][\w.]*\s+)+(?:Times|Post|Globe|Tribune|Chronicle|Review|Herald|Journal|Today|"
    r"Magazine|News|Press|Observer|Telegraph|Inquirer|Standard|Independent|Guardian)\b"
)
_AUTHORS = re.compile(
    r"[^.!?\n]*\b(?:(?:best-?selling|award-winning|debut)\s+(?:author|novelist)|is the author|"
    r"lives (?:in|near|on|with)\b[^.!?\n]*\bwith (?:his|her|their))\b[^.!?\n]*[.!?]?",
    re.IGNORECASE,
)
_ONCE, _TWICE, _TITLE = 0.6, 0.8, 0.95
_SEVERAL = 0.15
"""How surely a word tells the subject: said once, said again, said in the title; and how much
more several words together do."""


def tidy(phrase: str) -> str:
    """Write a phrase as it is looked up: straight apostrophes, hyphens as spaces."""
    return " ".join(_WORD.findall(phrase.replace("’", "'")))


class Wording:
    """A title and a blurb, to look phrases up in.

    A phrase without capitals is found however it is written; one with capitals ("Bath", "DCI")
    only as it is. What praises the book and tells of its author is left out.
    """

    def __init__(self, description: str, title: str = "") -> None:
        self.description = _AUTHORS.sub(" ", _PAPERS.sub(" ", description))
        self.title = title

    @cached_property
    def _in_blurb(self) -> Counter[str]:
        return _phrases(self.description)

    @cached_property
    def _in_title(self) -> Counter[str]:
        return _phrases(self.title)

    def count(self, phrase: str) -> int:
        """Return how often title and blurb say a phrase."""
        wanted = tidy(phrase)
        return self._in_blurb[wanted] + self._in_title[wanted]

    def strength(self, phrase: str) -> float:
        """Return how surely a phrase tells the subject: 0 where it is not said, below 1 else."""
        said = self.count(phrase)
        if not said or self.in_title(phrase):
            return _TITLE if said else 0.0
        once = _ONCE if said == 1 else _TWICE
        return min(once + _SEVERAL * (len(tidy(phrase).split()) > 1), _TITLE)

    def in_title(self, phrase: str) -> bool:
        """Whether the title says a phrase."""
        return bool(self._in_title[tidy(phrase)])

    def strongest(self, phrases: tuple[str, ...]) -> tuple[str, float]:
        """Return the phrase that tells most, and how surely; "" and 0 where none is said."""
        return max(
            ((p, self.strength(p)) for p in phrases), key=lambda told: told[1], default=_NONE
        )


_NONE = ("", 0.0)


def _phrases(text: str) -> Counter[str]:
    """Count every run of up to `LONGEST` words in small letters, and those that have capitals."""
    words = _WORD.findall(text.replace("’", "'"))
    counts = Counter(_runs([word.lower() for word in words]))
    counts.update(run for run in _runs(words) if run != run.lower())
    return counts


def _runs(words: list[str]) -> Iterator[str]:
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
            yield " ".join(words[start:end])
