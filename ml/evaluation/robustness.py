"""How the shipped model bears text unlike a blurb, and whether its explanations can be trusted.

Three measurements, written to `docs/unusual.json` and `docs/unusual.md`:

- the test split's blurbs changed in ways that happen (cut, shouted, stripped, padded), each beside
  the unchanged ones;
- books of other catalogues, with other styles and other genre names;
- removing the words that an explanation calls strongest, beside removing as many at random.

And what it answers to texts of many kinds, written for this (`robustness_texts.toml`).
"""

import argparse
import re
import tomllib
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from ml import metrics
from ml.data.dataset import load_books, targets
from ml.data.rows import read_rows
from ml.evaluation.evaluate import summary
from ml.evaluation.robustness_page import markdown
from ml.packaging.scoring import book_probabilities
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL, write_json
from ml.serving.prediction import SHELF
from ml.serving.text import clean_description
from ml.vocabulary.genres import canonical_all, vocabulary

DOCUMENT = Path(__file__).parents[2] / "docs" / "unusual.md"
TEXTS = Path(__file__).with_name("robustness_texts.toml")
STRONGEST = 5  # words that are removed
LEAST_BOOKS = 25  # of another catalogue, for a label to be measured there

Book = dict[str, Any]
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `preprocess`")
    parser.add_argument(
        "--catalogues", help="rows of other catalogues: description, genres as a list, origin"
    )
    parser.add_argument("--books", type=int, default=1000, help="of each kind (default 1000)")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")
    parser.add_argument("--out", type=Path, default=DOCUMENT, help="Markdown; .json beside it")


def run(args: argparse.Namespace) -> int:
    """Write the measurements and print them."""
    predictor = Predictor.load(args.model)
    books = _sample(load_books(args.data, "test"), args.books)
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    result = {
        "version": predictor.version,
        "books": len(books),
        "changed": changed(predictor, books, texts["padding"]),
        "catalogues": catalogues(predictor, _rows(args.catalogues), args.books),
        "explanations": explanations(predictor, books),
        "answers": [answer(predictor, text) for text in texts["text"]],
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(args.out.with_suffix(".json"), result)
    args.out.write_text(markdown(result), encoding="utf-8")
    print(markdown(result))
    return 0


def changes(padding: str) -> dict[str, Callable[[str], str]]:
    """Return the ways in which a blurb is changed, by name."""

    def words(n: int) -> Callable[[str], str]:
        return lambda text: " ".join(text.split()[:n])

    def keywords(text: str) -> str:
        """Return the blurb's 25 longest words in alphabetical order: no sentence is left."""
        found = sorted(set(_WORD.findall(text.lower())), key=lambda word: (-len(word), word))
        return ", ".join(sorted(found[:25]))

    def typing_errors(text: str) -> str:
        letters = list(text)
        swapped = np.random.default_rng(len(text)).random(len(text)) < 0.03
        for place in np.flatnonzero(swapped[1:]):
            pair = letters[place : place + 2]
            if all(map(str.isalpha, pair)):
                letters[place : place + 2] = reversed(pair)
        return "".join(letters)

    def padded(text: str) -> str:
        missing = max(0, 3000 - len(text.split()))
        return text + "\n\n" + " ".join(islice(cycle(padding.split()), missing))

    return {
        "as they are": lambda text: text,
        "all capitals": str.upper,
        "neither capitals nor marks": lambda text: " ".join(_WORD.findall(text.lower())),
        "3 % of the letters swapped": typing_errors,
        "first 50 words": words(50),
        "first 25 words": words(25),
        "first 10 words": words(10),
        "25 keywords": keywords,
        "followed by a shop's boilerplate, 3,000 words": padded,
    }


def changed(predictor: Predictor, books: Sequence[Book], padding: str) -> dict[str, Any]:
    """Return the measures of blurbs without titles, changed in each way."""
    names = [label.name for label in predictor.labels]
    truth = targets(books, names).astype(bool)
    cuts = np.array([label.threshold for label in predictor.labels])
    original = np.array([vocabulary()[name].original for name in names])
    result = {}
    for name, change in changes(padding).items():
        altered = [book | {"description": change(book["description"])} for book in books]
        p = book_probabilities(predictor, altered, with_title=False)
        figures = summary(truth[:, original], p[:, original], cuts[original])
        result[name] = figures | {"surest": float(p[:, original].max(1).mean())}
    return result


def catalogues(
    predictor: Predictor, rows: Sequence[Book], books: int
) -> dict[str, dict[str, float]]:
    """Return the measures on each other catalogue, over the labels that its own names mean.

    The names mean other things there ("Fantasy" of a web-novel site), so no gain over Goodreads
    books is to be read from them; the mAP of scores at random stands beside for scale.
    """
    names = [label.name for label in predictor.labels]
    result = {}
    for origin in sorted({str(row["origin"]) for row in rows}):
        inside = [
            row | {"genres": canonical_all(row["genres"])}
            for row in rows
            if row["origin"] == origin and clean_description(row["description"])
        ]
        chosen = _sample([row for row in inside if row["genres"]], books)
        truth = targets(chosen, names).astype(bool)
        used = truth.sum(0) >= LEAST_BOOKS
        if not used.any():
            continue
        p = book_probabilities(predictor, chosen, with_title=False)[:, used]
        marks = truth[:, used]
        result[origin] = {
            "books": len(chosen),
            "labels": int(used.sum()),
            "map": metrics.mean_average_precision(marks, p),
            "map_of_shares": float(marks.mean(0).mean()),
            "p_at_1": metrics.precision_at(marks, p, 1),
            "p_at_1_of_shares": float(marks.mean(0).max()),
            "mean_probability": float(p.mean()),
            "share_true": float(marks.mean()),
        }
    return result


def explanations(predictor: Predictor, books: Sequence[Book]) -> dict[str, float]:
    """Remove the words that speak most for each book's first genre, or as many others at random.

    Returns:
        The mean probability before, after either, and how often the explained words cost more.
    """
    before, without, at_random = [], [], []
    for place, book in enumerate(books):
        text = clean_description(book["description"])
        decided = [g for g in predictor.predict(text).genres if g.facet != SHELF]
        if not decided or len(text.split()) < 4 * STRONGEST:
            continue
        label = decided[0].name
        column = [entry.name for entry in predictor.labels].index(label)
        explained = predictor.explain(text, label=label)
        words = [word for word in explained.contributions if word.word]
        best = sorted(words, key=lambda word: -word.value)[:STRONGEST]
        drawn = np.random.default_rng(place).permutation(len(words))[:STRONGEST]
        others = [words[index] for index in drawn]
        p = [
            float(predictor.calibrate(predictor.logits(variant), predictor.length(variant))[column])
            for variant in (text, _remove(text, best), _remove(text, others))
        ]
        before.append(p[0])
        without.append(p[1])
        at_random.append(p[2])
    return {
        "books": len(before),
        "words": STRONGEST,
        "probability": float(np.mean(before)),
        "without_strongest": float(np.mean(without)),
        "without_random": float(np.mean(at_random)),
        "strongest_cost_more": float(np.mean(np.array(without) < np.array(at_random))),
    }


def answer(predictor: Predictor, text: dict[str, str]) -> dict[str, Any]:
    """Return what the model decides for one text, guesses where it decides nothing."""
    prediction = predictor.predict(text["description"], text.get("title", ""))
    shown = [g for g in prediction.genres if g.facet != SHELF] or prediction.guesses()
    return {
        "kind": text["kind"],
        "begins": " ".join(text["description"].split()[:8]),
        "decided": bool(prediction.genres),
        "genres": [[g.name, round(g.probability, 3)] for g in shown[:6]],
    }


def _remove(text: str, words: Sequence[Any]) -> str:
    for word in sorted(words, key=lambda word: -word.start):
        text = text[: word.start] + text[word.end :]
    return text


def _rows(path: str | None) -> list[Book]:
    return [row.fields for row in read_rows(path) if row.error is None] if path else []


def _sample(books: list[Book], size: int) -> list[Book]:
    return [books[place] for place in np.random.default_rng(0).permutation(len(books))[:size]]
