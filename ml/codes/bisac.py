"""BISAC subjects from a list that the person brings: the list is BISG's and is not shipped.

`bisac_sections.csv` says in this project's own words in which section of such a list a Thema
subject lies; below it the heading of nearest meaning is taken.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.errors import InputError

SECTIONS = Path(__file__).with_name("bisac_sections.csv")
MOST = 3
LEAST = 0.55
"""Nearness from which a narrower heading is taken rather than the general one."""
SAID = 0.5
"""What a heading gains when the book's evidence holds all of its words; part of it for a part."""
GENERAL = "general"

Embed = Callable[[str], NDArray[np.float32]]
"""A text -> its unit vector, such as `Predictor.embed`."""

_SPELLINGS = (("cosy", "cozy"), ("humour", "humor"), ("colour", "color"))
_CODE = re.compile(r"[A-Z]{3}\d{6}")


class Heading(NamedTuple):
    """One line of the person's list."""

    code: str
    heading: str

    @property
    def path(self) -> tuple[str, ...]:
        """Its parts, in small letters: ("fiction", "romance", "general")."""
        return tuple(" ".join(_words(part)) for part in self.heading.split(" / "))

    @property
    def is_general(self) -> bool:
        """Whether it stands for what has no narrower heading."""
        return self.path[-1] == GENERAL


class Wanted(NamedTuple):
    """A subject to find a heading for: its Thema code, and words that say it."""

    code: str
    words: str
    teenagers: bool = False


class Bisac:
    """A list of headings, with the vectors of those that were asked for."""

    def __init__(self, headings: Sequence[Heading], embed: Embed) -> None:
        self.headings = tuple(headings)
        self._embed = cache(embed)

    @classmethod
    def load(cls, path: Path, embed: Embed) -> "Bisac":
        """Read a CSV file with the columns code and heading.

        Raises:
            InputError: it cannot be read, or is no such list; the message says what would be.
        """
        return cls(list(_read(path)), embed)

    def propose(self, wanted: Sequence[Wanted]) -> tuple[Heading, ...]:
        """Return up to `MOST` headings, never a general one beside its own child."""
        found = dict.fromkeys(filter(None, map(self._nearest, wanted)))
        kept = [
            heading
            for heading in found
            if not (heading.is_general and any(_inside(other, heading) for other in found))
        ]
        return tuple(kept[:MOST])

    def _nearest(self, wanted: Wanted) -> Heading | None:
        section = _section(wanted)
        inside = [heading for heading in self.headings if _lies_in(heading, section)]
        if not inside:
            inside = [heading for heading in self.headings if _lies_in(heading, section[:1])]
        near = [(self._nearness(h, wanted.words, len(section)), h) for h in inside]
        best = max(near, key=lambda pair: pair[0], default=None)
        shortest = min(inside, key=lambda h: (not h.is_general, len(h.path)), default=None)
        return best[1] if best and best[0] >= LEAST else shortest

    def _nearness(self, heading: Heading, words: str, depth: int) -> float:
        """Return how near the part of a heading below its section is to a subject's words."""
        parts = [part for part in heading.path[depth:] if part != GENERAL]
        part = " ".join(parts or heading.path[-1:])
        if part == GENERAL:
            return 0.0
        words = " ".join(_words(words))
        told, said = set(_words(part)), {_stem(word) for word in _words(words)}
        share = sum(_stem(word) in said for word in told) / len(told) if told else 0.0
        return (1 - SAID) * float(self._embed(part) @ self._embed(words)) + SAID * share


def _read(path: Path) -> Iterator[Heading]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _headings(path, csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as CSV in UTF-8 ({error})") from error


def _headings(path: Path, rows: "csv.DictReader[str]") -> Iterator[Heading]:
    names = {" ".join(_words(name or "")): name for name in rows.fieldnames or ()}
    if "code" not in names or "heading" not in names:
        found = ", ".join(filter(None, rows.fieldnames or ())) or "none"
        raise InputError(f"{path}: expected the columns code and heading, found {found}")
    seen: set[str] = set()
    for row in rows:
        code = (row[names["code"]] or "").strip()
        heading = " ".join((row[names["heading"]] or "").split())
        if not _CODE.fullmatch(code) or not heading:
            raise InputError(
                f"{path}, line {rows.line_num}: expected three letters and six digits, and a "
                f"heading; found {code[:20]!r} and {heading[:40]!r}"
            )
        if code in seen:
            raise InputError(f"{path}, line {rows.line_num}: {code} stands there twice")
        seen.add(code)
        yield Heading(code, heading)
    if not seen:
        raise InputError(f"{path}: holds no headings")


@cache
def sections() -> dict[str, tuple[str, ...]]:
    """Read the table: beginning of a Thema code -> path of words."""
    with SECTIONS.open(encoding="utf-8", newline="") as file:
        return {row["code"]: tuple(row["section"].split(" / ")) for row in csv.DictReader(file)}


def _section(wanted: Wanted) -> tuple[str, ...]:
    known = [code for code in sections() if wanted.code.startswith(code)]
    path = sections()[max(known, key=len)] if known else ()
    if wanted.teenagers and path and path[0].startswith("juvenile"):
        return (path[0].replace("juvenile", "young adult"), *path[1:])
    return path


def _lies_in(heading: Heading, section: tuple[str, ...]) -> bool:
    """Whether a heading's first parts hold the section's words: "mystery detective", "mystery"."""
    if not section or len(heading.path) < len(section):
        return False
    if set(section[0].split()) != set(heading.path[0].split()) - {"and", "the"}:
        return False
    return all(
        {_stem(w) for w in want.split()} <= {_stem(w) for w in part.split()}
        for want, part in zip(section[1:], heading.path[1:], strict=False)
    )


def _inside(other: Heading, general: Heading) -> bool:
    return other != general and other.path[: len(general.path) - 1] == general.path[:-1]


def _words(text: str) -> list[str]:
    """Return the words in small letters, spelt as in America."""
    for here, there in (("’", ""), ("'", ""), *_SPELLINGS):
        text = text.lower().replace(here, there)
    return re.findall(r"[^\W_]+", text)


def _stem(word: str) -> str:
    """Fold the endings of plurals."""
    for ending, other in (("ies", "y"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + other
    return word
