"""Seven phrases for a store's keyword boxes, from the blurb and from readers' words for such books.

`keywords.csv` holds what readers call their shelves (`python -m ml keywords` builds it): a phrase,
how many books have it, and the labels that most of them have. It counts only where the text or
the genres say all of its words: readers of romances like billionaires, and this one may have none.
`keywords_by_label.csv` is ours: what follows from a label and needs no more.
"""

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ml.codes.wording import Wording
from ml.serving.percent import percent
from ml.vocabulary.display import display

TABLE = Path(__file__).with_name("keywords.csv")
BY_LABEL = Path(__file__).with_name("keywords_by_label.csv")
MOST = 7
FROM_READERS, FROM_BLURB = 4, 4
"""How many of each come before what follows from the genres alone."""
SURE = 0.5
"""Least probability of a label that speaks for a phrase."""

_WORDS = tomllib.loads(Path(__file__).with_name("keyword_words.toml").read_text(encoding="utf-8"))
_DETERMINERS, _PREPOSITIONS, _CLOSED, _EMPTY, _VERBS = (
    frozenset(_WORDS[name].split())
    for name in ("determiners", "prepositions", "closed", "empty", "verbs")
)
_CHUNK = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[.,;:!?()\"“”—–\n]")


class Keyword(NamedTuple):
    """A phrase and where it comes from."""

    phrase: str
    why: str


class Shelf(NamedTuple):
    """One line of the table."""

    phrase: str
    books: int
    labels: tuple[str, ...]


@cache
def shelves() -> tuple[Shelf, ...]:
    """Read the table, the most used phrase first."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Shelf(row["phrase"], int(row["books"]), tuple(row["labels"].split("|")))
            for row in csv.DictReader(file)
        )


@cache
def by_label() -> dict[str, tuple[str, ...]]:
    """Read the reviewed table of phrases that follow from a label alone."""
    with BY_LABEL.open(encoding="utf-8", newline="") as file:
        return {row["label"]: tuple(row["phrases"].split("|")) for row in csv.DictReader(file)}


def find(
    decided: Mapping[str, float], wording: Wording, categories: tuple[str, ...]
) -> tuple[Keyword, ...]:
    """Return up to `MOST` phrases of two to four words.

    Fewer where blurb and readers give no more: nothing is made up.

    Args:
        decided: label -> probability, of the labels decided on.
        wording: the book's words.
        categories: what it is filed under already, in words; this and the title are not repeated.
    """
    said = set(_stems(wording.title)), *(set(_stems(name)) for name in categories)
    chosen: list[Keyword] = []
    for keyword in _candidates(decided, wording):
        words = set(_stems(keyword.phrase))
        others = [set(_stems(other.phrase)) for other in chosen]
        if any(words <= given for given in said) or any(words & other for other in others):
            continue
        chosen.append(keyword)
        if len(chosen) == MOST:
            break
    return tuple(chosen)


def _candidates(decided: Mapping[str, float], wording: Wording) -> Iterator[Keyword]:
    text = {*_stems(wording.description), *_stems(wording.title)}
    labels = {stem for label in decided for stem in _stems(display(label).name)}
    near = []
    for shelf in shelves():
        words = set(_stems(shelf.phrase))
        own = [label for label in shelf.labels if decided.get(label, 0.0) >= SURE]
        told = bool(wording.count(shelf.phrase))
        if own and (told or (words <= text | labels and words & text and words & labels)):
            name, books = display(own[0]).name, f"{shelf.books:,} books"
            near.append(Keyword(shelf.phrase, f"said here, and by readers of {name} of {books}"))
    blurb = list(_noun_phrases(wording.description))
    follows = list(_of_labels(decided))
    yield from near[:FROM_READERS]
    yield from blurb[:FROM_BLURB]
    yield from follows
    yield from blurb[FROM_BLURB:]


def _of_labels(decided: Mapping[str, float]) -> Iterator[Keyword]:
    """Yield what follows from the genres, the surest first: one phrase of each, then the rest."""
    sure = [label for label, p in sorted(decided.items(), key=lambda kv: -kv[1]) if p >= SURE]
    for turn in range(2):
        for label in sure:
            for phrase in by_label().get(label, ())[turn : turn + 1]:
                yield Keyword(phrase, f"{percent(decided[label])} {display(label).name}")


def _noun_phrases(text: str) -> Iterator[Keyword]:
    """Yield what stands between such as "the" and a boundary: "the [village baker] before"."""
    found = _CHUNK.findall(text)
    for start, word in enumerate(found):
        if word.lower() not in _DETERMINERS | _PREPOSITIONS:
            continue
        inside: list[str] = []
        for other in found[start + 1 :]:
            if other.lower() in _DETERMINERS:
                del inside[-1:]  # "the killer leaves a card": a verb stands before it
            if not other[0].isalpha() or other.lower() in _CLOSED | _DETERMINERS:
                break
            inside.append(other)
        while inside and (inside[-1].lower() in _VERBS or inside[-1].lower()[:-1] in _VERBS):
            inside.pop()
        if 2 <= len(inside) <= 3 and _is_phrase(inside):
            phrase = " ".join(inside).replace("’", "'")
            yield Keyword(phrase, "the blurb says so")


def _is_phrase(words: list[str]) -> bool:
    """Whether words may be a noun phrase: no names, no possessives, no verb forms at the end."""
    return (
        all(word.islower() and len(word) > 2 and not word.endswith(("'s", "’s")) for word in words)
        and not words[-1].endswith(("ly", "ed", "ing"))
        and not words[0].endswith("ly")
        and words[-1] not in _EMPTY
    )


def _stems(text: str) -> list[str]:
    """Return the words of a text without plural endings and words that say nothing."""
    words = re.findall(r"[^\W_]+", text.lower().replace("’", "'").replace("'s", ""))
    return [word.removesuffix("s") for word in words if word not in _CLOSED | _DETERMINERS]
