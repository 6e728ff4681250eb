"""How well names that no table knows are read by their meaning (`ml.serving.nearest_label`).

    python -m benchmarks.known_genres --books books.jsonl.gz

The names are the raw genres and reader shelves of the file that `ml.vocabulary.known_genres`
cannot read as written, each on at least eight books. A label is right for a name when at least
40 % of the books of that name have it, and at least 2.5 times as many as of all books from the
same kind of page. The names are cut in two by a checksum: one half to choose
`ml.serving.nearest_label.LEAST` on, the other to report. Much of what is left over is no genre
("to-read", authors): silence is right there.
"""

import argparse
import json
import zlib
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.data.rows import read_rows
from ml.predictor import Predictor
from ml.serving import nearest_label
from ml.serving.model_folder import DEFAULT_MODEL
from ml.vocabulary.genres import canonical_all, vocabulary
from ml.vocabulary.known_genres import resolve

BOOKS, SHARE, LIFT = 8, 0.4, 2.5
GRID = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)


def right_labels(path: Path) -> dict[str, set[str]]:
    """Return each name that cannot be read as written -> the labels that its books have."""
    kinds: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    size: Counter[bool] = Counter()
    books: Counter[tuple[bool, str]] = Counter()
    together: defaultdict[tuple[bool, str], Counter[str]] = defaultdict(Counter)
    for row in read_rows(str(path)):
        labels = canonical_all(row.fields["genres"])
        shelves = row.fields.get("shelves") or {}
        sources = [(False, row.fields["genres"])] + [(True, list(shelves))] * bool(shelves)
        for kind, names in sources:
            kinds[kind].update(labels)
            size[kind] += 1
            for name in {name.lower().replace("-", " ").replace(",", " ") for name in names}:
                books[kind, name] += 1
                together[kind, name].update(labels)
    right: dict[str, set[str]] = {}
    for (kind, name), count in books.items():
        if count >= BOOKS and name.strip() and not resolve(name).matches:
            right.setdefault(name, set()).update(
                label
                for label, both in together[kind, name].items()
                if both / count >= max(SHARE, LIFT * kinds[kind][label] / size[kind])
            )
    return right


def answers(predictor: Predictor, names: list[str]) -> tuple[list[str], NDArray[np.float64]]:
    """Return the nearest label of each name and how near it is, whatever the threshold."""
    nearest = nearest_label.NearestLabel(predictor)
    labels, near = [], np.zeros(len(names))
    known: list[str] = []

    def ask(name: str) -> None:
        known.append(name)

    for place, name in enumerate(names):
        resolve(name, ask)
        if known:
            label, near[place] = nearest.best(known.pop())
            labels.append(label)
        else:
            labels.append("")
    return labels, near


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--books", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    args = parser.parse_args()
    right = right_labels(args.books)
    names = sorted(right)
    labels, near = answers(Predictor.load(args.model), names)
    hit = np.array([label in right[name] for name, label in zip(names, labels, strict=True)])
    tellable = set(vocabulary()) - nearest_label.BROAD
    can = np.array([bool(right[name] & tellable) for name in names])
    half = np.array([zlib.crc32(name.encode()) % 2 for name in names], dtype=bool)
    result: dict[str, object] = {"names": len(names), "least": nearest_label.LEAST}
    for part, rows in (("to_choose", ~half), ("to_report", half)):
        result[part] = [
            {
                "least": least,
                "answered": round(float((near[rows] >= least).mean()), 3),
                "precision": round(float(hit[rows & (near >= least)].mean()), 3),
                "recall": round(float((hit & (near >= least))[rows].sum() / can[rows].sum()), 3),
            }
            for least in GRID
        ]
    text = json.dumps(result, indent=1) + "\n"
    if args.output:
        args.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
