"""The reviewed crosswalk: which labels and words ask for which Thema code.

`thema.csv` holds the subjects and `thema_qualifiers.csv` what narrows them. Codes and headings are
EDItEUR's (Thema 1.6, English), unmodified, and only those that are used; all other columns are
this project's own:

- `labels`: "Romance+Sports|Sports Romance": all labels of one alternative were decided on;
- `words`: phrases of the blurb, one of which has to stand there too (`ml.codes.wording`);
- `book`: the kinds of book it is for (`ml.codes.kind`), `*` for all;
- `role`: `main`; `first` leads where it is sure; `also` is never the first subject; the words of
  `sure` alone tell the kind of book;
- `yields`: beginnings of the codes beside which it says nothing more;
- `shelf`: the same as a path of plain words; `first` and `last`: years, or an age.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

SUBJECTS = Path(__file__).with_name("thema.csv")
QUALIFIERS = Path(__file__).with_name("thema_qualifiers.csv")
EVERY_BOOK = "*"


class Rule(NamedTuple):
    """One line: what has to be there for a code."""

    code: str
    heading: str
    book: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    """Alternatives, each of labels that go together."""
    words: tuple[str, ...]
    why: str
    role: str = "main"
    yields: tuple[str, ...] = ()
    shelf: str = ""
    first: int | None = None
    last: int | None = None

    def fits(self, kind: str) -> bool:
        """Whether the code is for this kind of book."""
        return self.book == (EVERY_BOOK,) or kind in self.book


@cache
def subjects() -> tuple[Rule, ...]:
    """Read the subjects."""
    return tuple(
        _rule(row)._replace(role=row["role"], yields=_cells(row["yields"]), shelf=row["shelf"])
        for row in _rows(SUBJECTS)
    )


@cache
def qualifiers() -> tuple[Rule, ...]:
    """Read the qualifiers."""
    return tuple(
        _rule(row)._replace(first=_number(row["first"]), last=_number(row["last"]))
        for row in _rows(QUALIFIERS)
    )


def _rows(table: Path) -> Iterator[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _rule(row: dict[str, str]) -> Rule:
    return Rule(
        code=row["code"],
        heading=row["heading"],
        book=_cells(row["book"]),
        labels=tuple(tuple(labels.split("+")) for labels in _cells(row["labels"])),
        words=tuple(filter(None, row["words"].split(";"))),
        why=row["why"],
    )


def _cells(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))


def _number(cell: str) -> int | None:
    return int(cell) if cell else None
