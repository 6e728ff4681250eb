"""Stage 1: raw rows -> books with a cleaned text and canonical genres, and a report of both."""

import argparse
import json
import zlib
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ml.data.rows import Row, genre_names, open_output, read_rows, write_row
from ml.errors import InputError
from ml.serving.text import clean_description, clean_title
from ml.settings import settings
from ml.vocabulary.genres import canonical, key, vocabulary

MIN_WORDS = 5
SPLITS = ("train",) * 8 + ("dev", "test")
_CARRIED = ("id", "author", "url", "origin", "seed_list", "group", "split")


@dataclass
class Report:
    """What came in, what was dropped and why, and what was kept."""

    rows: int = 0
    rows_unreadable: int = 0
    rows_without_description: int = 0
    books_read: int = 0
    raw_genres: int = 0
    canonical_genres: int = 0
    rare_genres: int = 0
    genres_kept: int = 0
    rare_rule: str = ""
    books_without_known_genre: int = 0
    books_left_without_genre: int = 0
    books_kept: int = 0
    genres: dict[str, int] = field(default_factory=dict)
    rare: dict[str, int] = field(default_factory=dict)
    unknown_names: dict[str, int] = field(default_factory=dict)

    def summary(self) -> str:
        """Say it in the original project's terms, in one paragraph."""
        return (
            f"{self.books_read} books with text of {self.rows} rows "
            f"({self.rows_unreadable} unreadable, {self.rows_without_description} without text).\n"
            f"{self.raw_genres} raw genres, {self.canonical_genres} after merging; "
            f"{self.rare_genres} rare ({self.rare_rule}), {self.genres_kept} kept.\n"
            f"{self.books_without_known_genre} books without a known genre and "
            f"{self.books_left_without_genre} left without one were dropped; "
            f"{self.books_kept} books kept."
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    defaults = settings("preprocess")
    parser.add_argument("input", nargs="+", help="JSON Lines or CSV of books, plain or gzipped")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for books.jsonl.gz and report.json"
    )
    parser.add_argument(
        "--min-books",
        type=int,
        default=defaults["min_books"],
        metavar="N",
        help="a genre in fewer books is rare",
    )
    parser.add_argument(
        "--min-share",
        type=float,
        default=defaults["min_share"],
        metavar="S",
        help="a genre in a smaller share of the books is rare (the original: 0.01)",
    )
    parser.add_argument(
        "--names",
        choices=("vocabulary", "raw"),
        default="vocabulary",
        help="map names to ml/vocabulary/genres.csv, or keep every raw name as a genre",
    )


def run(args: argparse.Namespace) -> int:
    """Write `books.jsonl.gz` and `report.json` into the output folder."""
    if not 0 <= args.min_share < 1:
        raise InputError(f"--min-share: expected a share from 0 to below 1, found {args.min_share}")
    report = Report()
    books = []
    for path in args.input:
        books.extend(_read_books(path, report, raw=args.names == "raw"))
    if not any("split" in book for book in books):
        assign_splits(books)
    kept = drop_rare(books, report, args.min_books, args.min_share)
    if not kept:
        raise InputError(f"{', '.join(args.input)}: no book is left; {report.summary()}")
    args.out.mkdir(parents=True, exist_ok=True)
    with open_output(str(args.out / "books.jsonl.gz")) as file:
        for book in kept:
            write_row(file, book)
    text = json.dumps(asdict(report), indent=1, ensure_ascii=False)
    (args.out / "report.json").write_text(text + "\n", encoding="utf-8")
    print(report.summary())
    return 0


def assign_splits(books: list[dict[str, Any]]) -> None:
    """Give rows that come without them a `group` and a `split`: train, dev and test as 8 : 1 : 1.

    A group is an author's books, or, without an author, those of one title; none crosses a split.
    """
    for book in books:
        group = key(str(book.get("author") or "")) or key(book["title"]) or book["description"]
        book["group"] = f"{zlib.crc32(group.encode()):08x}"
        book["split"] = SPLITS[int(book["group"], 16) % len(SPLITS)]


def drop_rare(
    books: list[dict[str, Any]], report: Report, min_books: int, min_share: float
) -> list[dict[str, Any]]:
    """Drop rare genres, then the books left without one, and count both in the report."""
    counts = Counter(genre for book in books for genre in book["genres"])
    least = max(min_books, min_share * len(books))
    report.rare_rule = f"in fewer than {min_books} books or {min_share:.2%} of them"
    report.canonical_genres = len(counts)
    report.rare = {name: n for name, n in counts.most_common() if n < least}
    report.genres = {name: n for name, n in counts.most_common() if n >= least}
    report.rare_genres, report.genres_kept = len(report.rare), len(report.genres)
    kept = []
    for book in books:
        genres = [genre for genre in book["genres"] if genre in report.genres]
        if genres:
            kept.append({**book, "genres": genres})
    report.books_left_without_genre = len(books) - len(kept)
    report.books_kept = len(kept)
    return kept


def _read_books(path: str, report: Report, raw: bool) -> list[dict[str, Any]]:
    books = []
    names: Counter[str] = Counter(report.unknown_names)
    seen: set[str] = set()
    for row in tqdm(read_rows(path), desc=f"reading {Path(path).name}", unit=" rows", disable=None):
        report.rows += 1
        book = _book(row, report, raw)
        if book is None:
            continue
        raw_names = book.pop("raw_names")
        seen.update(raw_names)
        if not book["genres"]:
            report.books_without_known_genre += 1
        else:
            books.append(book)
        names.update(name for name in set(raw_names) if not raw and not canonical(name))
    report.raw_genres += len(seen)
    report.unknown_names = dict(names.most_common())
    return books


def _book(row: Row, report: Report, raw: bool) -> dict[str, Any] | None:
    """Return the cleaned book of a row, or None when it has no text or cannot be read."""
    fields = row.fields
    try:
        if row.error:
            raise ValueError(row.error)
        raw_names = genre_names(fields.get("genres"))
    except ValueError:
        report.rows_unreadable += 1
        return None
    description = clean_description(str(fields.get("description") or ""))
    if len(description.split()) < MIN_WORDS:
        report.rows_without_description += 1
        return None
    report.books_read += 1
    labels = raw_names if raw else [label for name in raw_names for label in canonical(name)]
    order = {label: rank for rank, label in enumerate(vocabulary())}
    unique = sorted(set(labels), key=lambda label: (order.get(label, len(order)), label))
    return {
        **{name: fields[name] for name in _CARRIED if fields.get(name) is not None},
        "title": clean_title(str(fields.get("title") or "")),
        "description": description,
        "genres": unique,
        "raw_names": raw_names,
    }
