"""How often the first Thema code lies where other catalogues and stores put the book.

    python -m benchmarks.store_codes --other other_catalogues.jsonl.gz
        --covers covers.jsonl.gz --books books.jsonl.gz

`benchmarks/category_codes.csv` maps the sources' categories by hand to the beginnings of the Thema
codes that would be right for them; what says nothing of a subject ("Male Lead") is not in it. A
first code is right two letters deep when one of the book's categories allows it, and at the top
letter when it begins as one of them does. A category that is `only` (children's books, comics)
overrules the others. Books come from three catalogues and, with their blurbs from held-out books
of the same title and author, from two stores; they are cut in two: one half to choose on, the
other, 300 books, to report. Catalogues are cut by a checksum, stores by the split of their blurbs.
"""

import argparse
import csv
import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ml.codes import codes_for
from ml.predictor import Predictor

TABLE = Path(__file__).with_name("category_codes.csv")
WANTED = {"iblist": 75, "librivox": 50, "royalroad": 25, "bookdepo": 100, "kindle": 50}
SHORTEST = 150
"""Characters: a shorter blurb says too little to be measured by."""


class Book(NamedTuple):
    """A book with the beginnings of the codes that are right for it."""

    source: str
    report: bool
    title: str
    description: str
    right: frozenset[str]


@cache
def category_codes() -> dict[tuple[str, str], tuple[frozenset[str], bool]]:
    """Return (source, category) -> beginnings of right codes, and whether it overrules others."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["source"], row["category"]): (
                frozenset(row["codes"].split("|")),
                row["only"] == "yes",
            )
            for row in csv.DictReader(file)
        }


def right_codes(source: str, categories: list[str]) -> frozenset[str]:
    """Return what the table allows for a book of these categories."""
    table = category_codes()
    known = [table[source, name] for name in categories if (source, name) in table]
    ruling = [codes for codes, only in known if only] or [codes for codes, _ in known]
    return frozenset().union(*ruling)


def books(other: Path, covers: Path, blurbs: Path) -> Iterator[Book]:
    """Return every book that can be measured, in an order that no result depends on."""
    for row in _rows(other):
        report = zlib.crc32(row["title"].encode()) % 2 == 1
        yield _book(row["origin"], report, row, row["genres"])
    held_out = {
        _key(row): row
        for row in _rows(blurbs)
        if row["split"] in ("dev", "test") and row.get("author")
    }
    for row in _rows(covers):
        fields = held_out.get(_key(row)) if row["set"] in WANTED else None
        if fields:
            yield _book(row["set"], fields["split"] == "test", fields, row["genre"])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _book(source: str, report: bool, fields: dict[str, Any], categories: list[str]) -> Book:
    right = right_codes(source, categories)
    return Book(source, report, fields["title"], fields["description"], right)


def _key(fields: dict[str, Any]) -> tuple[str, str]:
    title = re.sub(r"\(.*?\)", "", fields.get("title") or "").split(":")[0]
    author = (fields.get("author") or "").lower().split()
    return " ".join(re.findall(r"\w+", title.lower())), author[-1] if author else ""


def sample(found: Iterator[Book]) -> list[Book]:
    """Draw each source's share of both halves by a checksum of the titles."""
    shares: defaultdict[tuple[str, bool], list[Book]] = defaultdict(list)
    for book in {(book.source, book.title): book for book in found}.values():
        if book.right and len(book.description) >= SHORTEST:
            shares[book.source, book.report].append(book)
    drawn = []
    for (source, _), of_source in shares.items():
        of_source.sort(key=lambda book: zlib.crc32(f"drawn {book.title}".encode()))
        drawn += of_source[: WANTED[source]]
    return drawn


def measure(predictor: Predictor, chosen: list[Book]) -> tuple[dict[str, Any], list[list[str]]]:
    """Return the precision of the first code, in all and by source, and the wrong ones."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    wrong = []
    for book in chosen:
        prediction = predictor.predict(book.description, book.title)
        found = codes_for(prediction, book.description, book.title).subjects
        code = found[0].code if found else ""
        top = bool(code) and any(code[0] == right[0] for right in book.right)
        deep = code.startswith(tuple(book.right))
        for name in ("all", book.source):
            for place, one in enumerate((1, bool(code), top, deep)):
                counts[name][place] += one
        if not deep:
            wrong.append([book.source, book.title, code, " ".join(sorted(book.right))])
    return {name: _shares(*values) for name, values in counts.items()}, wrong


def _shares(books: int, answered: int, top: int, deep: int) -> dict[str, Any]:
    return {
        "books": books,
        "with a code": answered,
        "top letter": round(top / max(answered, 1), 3),
        "two letters": round(deep / max(answered, 1), 3),
    }


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--other", type=Path, required=True)
    parser.add_argument("--covers", type=Path, required=True)
    parser.add_argument("--books", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("docs/codes.json"))
    parser.add_argument("--wrong", action="store_true", help="print the choosing half's errors")
    args = parser.parse_args()
    predictor = Predictor.load()
    chosen = sample(books(args.other, args.covers, args.books))
    answer: dict[str, Any] = {"model": predictor.version}
    for name, report in (("choosing", False), ("reporting", True)):
        half = [book for book in chosen if book.report == report]
        answer[name], wrong = measure(predictor, half)
        if args.wrong and not report:
            print(*("\t".join(line) for line in wrong), sep="\n")
    args.out.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
