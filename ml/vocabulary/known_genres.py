"""Turn genre names as people type them into labels: "sci fi", "Fiction » Romance » Paranormal".

Each name is looked up as a label or one of its synonyms (`genres.csv`), then in the table of what
people call things (`known_genres.csv`), then without a filler word ("horror novels"), then as a
misspelling, then as several names in a row ("horror thriller"), and last by nearest meaning, where
an encoder is given. What is not understood is returned as such and never guessed at.
"""

import csv
import difflib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ml.vocabulary.genres import canonical, key, vocabulary

TABLE = Path(__file__).with_name("known_genres.csv")
MAX_NAMES = 50
MAX_LENGTH = 200
MAX_ASKED = 8
"""Names of one list whose meaning is asked for: each costs a run of the model."""

HOW = ("name", "synonym", "spelling", "meaning")
"""How a name was understood, the surest first."""

Nearest = Callable[[str], str | None]
"""A name without filler words -> the label of nearest meaning, or None where none is near."""

_LISTS = re.compile(r"[,;|\n\r\t•·]+")
_PATHS = re.compile(r"\s*(?:»|›|>|→|::|\s/\s|\s--\s|\s–\s|\s—\s|\s-\s)\s*")
_JOINED = re.compile(r"\s*(?:/|&|\+|\band\b)\s*", re.IGNORECASE)
# fmt: off
_FILLERS = frozenset({
    "a", "the", "of", "with", "book", "books", "novel", "novels", "fiction", "stories", "story",
    "tales", "genre", "literature", "lit", "ebook", "ebooks", "titles", "general", "studies",
})
_EMPTY = frozenset({
    "", "general", "other", "misc", "miscellaneous", "all", "none", "na", "n a", "unknown",
    "topical", "books", "ebooks", "kindle ebooks", "kindle store", "genre fiction", "genres",
    "subjects",
})
# fmt: on
_SPELLING = 0.85
"""difflib ratio from which a name counts as a misspelling; see the tests for what it lets by."""


class Match(NamedTuple):
    """One name as it was typed, and the labels it was taken for."""

    typed: str
    labels: tuple[str, ...]
    how: str
    """One of `HOW`."""


class _Found(NamedTuple):
    labels: tuple[str, ...]
    how: str


class KnownGenres(NamedTuple):
    """What was understood of a list of genres, and what was not."""

    matches: tuple[Match, ...]
    unknown: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, in the order typed, without repeats."""
        return tuple(dict.fromkeys(label for match in self.matches for label in match.labels))


def resolve(text: str, nearest: Nearest | None = None) -> KnownGenres:
    """Read genre names separated by commas, semicolons or lines; each may be a path of categories.

    Args:
        text: what the person typed. Beyond `MAX_NAMES` names, and for a name of more than
            `MAX_LENGTH` characters, nothing is looked up: they are returned as not understood.
        nearest: the last resort for up to `MAX_ASKED` names, such as a
            `ml.serving.nearest_label.NearestLabel`.
    """
    names = [name for name in map(_tidy, _LISTS.split(text)) if name]
    matches, unknown, asked = [], [], 0
    for place, name in enumerate(dict.fromkeys(names)):
        if key(name) in _EMPTY:
            continue
        known = place < MAX_NAMES and len(name) <= MAX_LENGTH
        found = _as_written(name) if known else None
        if known and not found and nearest and asked < MAX_ASKED:
            asked += 1
            found = _by_meaning(name, nearest)
        if found:
            matches.append(Match(name, *found))
        else:
            unknown.append(name[:MAX_LENGTH])
    return KnownGenres(tuple(matches), tuple(unknown))


def _tidy(name: str) -> str:
    """Drop what a list literal or a hashtag leaves around a name."""
    name = name.strip(" \t\u00a0'\"“”‘’#.*-[]{}")
    return name.strip("()") if name.count("(") != name.count(")") else name


def _as_written(name: str) -> _Found | None:
    """Read a name, a path of names, or names joined by "&", "and", "+" or "/"."""
    steps = _parts(_PATHS, name)
    if len(steps) > 1:
        return _path(steps)
    name = "".join(steps)
    if whole := _one(name):
        return whole
    parts = _parts(_JOINED, name)
    found = [match for match in map(_one, parts) if match]
    return _union(found) if len(found) == len(parts) > 1 else _in_a_row(name)


def _parts(separator: re.Pattern[str], name: str) -> list[str]:
    return [part for part in separator.split(name) if key(part) not in _EMPTY]


def _path(steps: list[str]) -> _Found | None:
    """Read "Romance » Historical" as Historical Romance where there is such a label.

    A step that no label is for is passed over: what its parents say still holds.
    """
    found = []
    for parent, step in zip(["", *steps], steps, strict=False):
        together = parent and (_look_up(f"{step} {parent}") or _look_up(f"{parent} {step}"))
        if match := together or _as_written(step):
            found.append(match)
    return _union(found) if found else None


def _union(found: list[_Found]) -> _Found:
    labels = dict.fromkeys(label for match in found for label in match.labels)
    return _Found(tuple(labels), max((match.how for match in found), key=HOW.index))


def _one(name: str) -> _Found | None:
    """Look one name up: as it is, without filler words, as a misspelling."""
    if found := _look_up(name):
        return found
    folded, plain = key(name), _plain(name)
    if plain and (found := _look_up(plain)):
        return _Found(found.labels, "synonym")
    near = difflib.get_close_matches(folded, _spellings(), 1, _SPELLING)
    if near and (found := _look_up(near[0])):
        return _Found(found.labels, "spelling")
    return None


def _in_a_row(name: str) -> _Found | None:
    """Read "fantasy sci fi": known names all through, the longest first, filler words between."""
    words, found = key(name).split(), []
    while words:
        ends = range(len(words), 0, -1)
        known = next((end for end in ends if _look_up(" ".join(words[:end]))), 0)
        if known:
            found.append(" ".join(words[:known]))
        elif words[0] not in _FILLERS:
            return None
        words = words[known or 1 :]
    return _path(found) if len(found) > 1 else None


def _look_up(name: str) -> _Found | None:
    """Look a name up as it is, in the singular and in the plural."""
    folded = key(name)
    for form in (name, folded.removesuffix("s"), f"{folded}s"):
        if labels := canonical(form):
            return _Found(labels, "name")
        if labels := table().get(key(form), ()):
            return _Found(labels, "synonym")
    return None


def _plain(name: str) -> str:
    """Fold a name and leave its filler words out."""
    return " ".join(word for word in key(name).split() if word not in _FILLERS)


def _by_meaning(name: str, nearest: Nearest) -> _Found | None:
    plain = _plain(name)
    label = nearest(plain) if plain else None
    return _Found((label,), "meaning") if label else None


@cache
def table() -> dict[str, tuple[str, ...]]:
    """Read the synonym table: folded name -> labels."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {key(row["name"]): tuple(row["labels"].split("|")) for row in csv.DictReader(file)}


@cache
def _spellings() -> tuple[str, ...]:
    """Every known name of five letters or more: a shorter one is too near to others."""
    names = [*vocabulary(), *table()]
    names += [synonym for entry in vocabulary().values() for synonym in entry.synonyms]
    return tuple(name for name in dict.fromkeys(map(key, names)) if len(name) >= 5)
