"""Build the table of readers' phrases: what the shelves of books are called, and which books.

    python -m ml keywords --books books.jsonl.gz

Of the train split, every shelf and genre name of two to four words that several authors' books
have; what says who owns or has read a book, and who wrote it, is left out. Each phrase carries the
labels that most of its books have. Only names and counts leave the file that is read.
"""

import argparse
import csv
import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from ml.data.rows import read_rows
from ml.vocabulary.display import display
from ml.vocabulary.genres import canonical, canonical_all, vocabulary

TABLE = Path(__file__).parents[1] / "codes" / "keywords.csv"
BOOKS, AUTHORS, ONE_AUTHOR = 8, 6, 0.34
"""Least books and authors of a phrase, and the greatest share of one author in its books."""
SHARE, LIFT, LABELS = 0.4, 2.0, 3
"""A label is a phrase's own when so many of its books have it, and so many times more than most."""

_NOT_OF_BOOKS = frozenset(
    tomllib.loads(Path(__file__).with_name("keyword_phrases.toml").read_text(encoding="utf-8"))[
        "not_of_books"
    ].split()
)


class Phrase(NamedTuple):
    """One line of the table."""

    phrase: str
    books: int
    labels: tuple[str, ...]


def phrases(rows: Iterable[dict[str, Any]]) -> list[Phrase]:
    """Return the phrases of books, the most used first."""
    books: Counter[str] = Counter()
    authors: defaultdict[str, Counter[str]] = defaultdict(Counter)
    together: defaultdict[str, Counter[str]] = defaultdict(Counter)
    labels: Counter[str] = Counter()
    names: set[str] = set()
    size = 0
    for row in rows:
        own = canonical_all(row["genres"])
        labels.update(own)
        size += 1
        author = (row.get("author") or "").lower()
        names.update(re.findall(r"[^\W\d_]{3,}", author))
        for phrase in set(filter(None, map(plain, [*row["genres"], *(row.get("shelves") or ())]))):
            books[phrase] += 1
            authors[phrase][author] += 1
            together[phrase].update(own)
    usual = {label: count / size for label, count in labels.items()}
    found = []
    for phrase, count in books.most_common():
        of_whom = authors[phrase]
        if count < BOOKS or len(of_whom) < AUTHORS:
            continue
        if max(of_whom.values()) > ONE_AUTHOR * count or set(phrase.split()) <= names:
            continue
        own = _own(together[phrase], count, usual)
        if own:
            found.append(Phrase(phrase, count, own))
    return found


def plain(name: str) -> str:
    """Return a name as words, or "" where it is none of two to four that tell of a book.

    "Paranormal (Dark Angels)" is "dark angels"; what labels say, alone or in a row, is none.
    """
    name = re.sub(r".*\((.+)\)", r"\1", name)
    words = re.findall(r"[^\W_]+", name.lower())
    told = not _NOT_OF_BOOKS.intersection(words) and not any(word.isdigit() for word in words)
    parts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words))]
    known = any((not one or canonical(one)) and canonical(other) for one, other in parts)
    return " ".join(words) if told and 2 <= len(words) <= 4 and not known else ""


def _own(together: Counter[str], count: int, usual: dict[str, float]) -> tuple[str, ...]:
    """Return the labels that tell a phrase's books from others."""
    shares = {label: both / count for label, both in together.items()}
    telling = {
        label: share * math.log(share / usual[label])
        for label, share in shares.items()
        if share >= SHARE
        and share >= LIFT * usual[label]
        and display(label).show not in ("no", "last")
        and vocabulary()[label].facet != "setting"
    }
    return tuple(sorted(telling, key=lambda label: -telling[label])[:LABELS])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument("--books", required=True, help="books with genres, shelves and a split")
    parser.add_argument("--out", type=Path, default=TABLE, help="default: %(default)s")


def run(args: argparse.Namespace) -> int:
    """Write the table."""
    rows = (row.fields for row in read_rows(args.books))
    found = phrases(row for row in rows if row["split"] == "train")
    with args.out.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Phrase._fields)
        for phrase in found:
            table.writerow([phrase.phrase, phrase.books, "|".join(phrase.labels)])
    print(f"{len(found)} phrases in {args.out}")
    return 0
