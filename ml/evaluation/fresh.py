"""What the shipped model says of blurbs as stores list them, judged as a bookseller would.

`fresh_blurbs.toml` beside this file holds texts of many kinds, written for this project and for
nothing else: one half for choosing, the other for reporting. A text is judged by its decided
labels, shelves aside; labels that a model does not know count neither way.
"""

import argparse
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL, write_json
from ml.serving.prediction import SHELF, Genre
from ml.vocabulary.consistency import excluding, implied
from ml.vocabulary.display import display

TEXTS = Path(__file__).with_name("fresh_blurbs.toml")
DOCUMENT = Path(__file__).parents[2] / "docs" / "fresh.md"
SURE = 0.8
HALVES = ("choosing", "reporting")
ABOUT = """\
Written by `python -m ml fresh`. Texts of many kinds, written for this project
(`ml/evaluation/fresh_blurbs.toml`), read with their titles; most are shorter than a store's. Half
are for choosing, half for reporting only. *Demanded decided*: every genre that a bookseller would
demand is among those decided on. *Embarrassing*: one that would be laughed at is. *Contradictions*:
Fiction with Nonfiction, a narrower genre without its wider one, audiences that clash. *First
right*: the first label that says what the book is, is right. *Sure labels* are said at 80 % or
more."""

_FOR_CHILDREN = frozenset(
    {"Childrens", "Picture Books", "Middle Grade", "Juvenile", "Chapter Books", "Early Readers"}
)
_STORIES = frozenset(
    {"Fiction", "Mystery", "Thriller", "Science Fiction", "Fantasy", "Romance", "Horror", "Erotica",
     "Historical Fiction", "Literary Fiction", "Young Adult", "Teen"}
)  # fmt: skip
_FACTS = frozenset({"Nonfiction", "Biography", "Memoir", "Self Help", "Reference"})
_HONOURS = frozenset({"Classics", "Classic Literature", "Nobel Prize"})
_OF_GROWN_UPS = frozenset({"Erotica", "Adult Fiction", "True Crime", "BDSM", "New Adult"})
_NOVEL = frozenset({"Fiction", "Novels", "Adult", "Adult Fiction", "Literature", "Contemporary"})

BASES = {
    "an": ({"Nonfiction", "Adult"}, _FOR_CHILDREN | _STORIES | _HONOURS),
    "af": (_NOVEL, _FOR_CHILDREN | _FACTS | _HONOURS),
    "ay": (_NOVEL - {"Adult", "Adult Fiction"}, _FACTS | _HONOURS | _OF_GROWN_UPS),
    "ac": ({"Fiction", "Contemporary"}, _FACTS | _HONOURS | _OF_GROWN_UPS),
    "cn": ({"Nonfiction"}, _STORIES | _HONOURS | _OF_GROWN_UPS),
}
"""Of adults' nonfiction and fiction, young adults' fiction, children's fiction and nonfiction:
what is acceptable and what embarrassing, where a kind does not say otherwise."""


class Verdict(NamedTuple):
    """How one text was answered."""

    demanded: bool
    """Whether every genre that a bookseller would demand was decided."""
    embarrassing: tuple[str, ...]
    contradictions: tuple[str, ...]
    first_right: bool | None
    """Whether the first label that says what the book is, is right; None where there is none."""
    sure: tuple[int, int]
    """Labels said at 80 % or more, and how many of them are acceptable."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options."""
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder")
    parser.add_argument("--out", type=Path, default=DOCUMENT, help="Markdown; .json beside it")


def run(args: argparse.Namespace) -> int:
    """Write the figures by half and by kind, and print them."""
    predictor = Predictor.load(args.model)
    result = {"version": predictor.version, **measure(predictor, load())}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(args.out.with_suffix(".json"), result)
    args.out.write_text(markdown(result), encoding="utf-8")
    print(markdown(result))
    return 0


def load() -> list[dict[str, Any]]:
    """Return the kinds; each text carries its half."""
    kinds: list[dict[str, Any]] = tomllib.loads(TEXTS.read_text(encoding="utf-8"))["kind"]
    for number, kind in enumerate(kinds):
        for place, text in enumerate(kind["text"]):
            text["half"] = HALVES[(number + place) % 2]
    return kinds


def measure(predictor: Predictor, kinds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Judge every text; return the figures by half and, of the reporting half, by kind."""
    verdicts: dict[str, dict[str, list[Verdict]]] = {half: {} for half in HALVES}
    faults = []
    for kind in kinds:
        for text in kind["text"]:
            genres = predictor.predict(text["description"], text["title"]).genres
            verdict = judge(genres, kind, predictor.by_name)
            verdicts[text["half"]].setdefault(kind["name"], []).append(verdict)
            if text["half"] == HALVES[0] and fault(verdict):
                said = [f"{g.name} {g.probability:.0%}" for g in genres if g.facet != SHELF]
                faults.append(
                    {
                        "kind": kind["name"],
                        "title": text["title"],
                        "said": said,
                        "why": fault(verdict),
                    }
                )
    reported = verdicts[HALVES[1]]
    return {
        **{half: figures(v for part in verdicts[half].values() for v in part) for half in HALVES},
        "kinds": {name: figures(part) for name, part in reported.items()},
        "faults": faults,
    }


def judge(genres: Sequence[Genre], kind: dict[str, Any], known: Iterable[str]) -> Verdict:
    """Judge what was decided for one text.

    Args:
        genres: decided labels, best first.
        kind: with `base`, `demanded`, `acceptable` and `embarrassing`.
        known: the labels that the model has.
    """
    known = set(known)
    decided = [genre for genre in genres if genre.facet != SHELF]
    names = {genre.name for genre in decided}
    fine, wrong = BASES[kind["base"]]
    groups = [set(group) & known for group in kind["demanded"]]
    fine = {*fine, *kind["acceptable"], *(name for group in groups for name in group)}
    embarrassing = (wrong - fine) | set(kind["embarrassing"])
    specific = [genre.name for genre in decided if display(genre.name).show in {"yes", "topic"}]
    sure = [genre.name for genre in decided if genre.probability >= SURE]
    return Verdict(
        all(names & group for group in groups if group),
        tuple(sorted(names & embarrassing)),
        contradictions(names, known),
        specific[0] in fine if specific else None,
        (len(sure), sum(name in fine for name in sure)),
    )


def contradictions(names: set[str], known: set[str]) -> tuple[str, ...]:
    """Return what decided labels say against each other."""
    clashes = [f"{a} with {b}" for a, b in excluding() if a in names and b in names]
    orphans = [
        f"{child} without {parent}"
        for child, parent in implied()
        if child in names and parent in known and parent not in names
    ]
    return (*clashes, *orphans)


def fault(verdict: Verdict) -> str:
    """Say what is wrong with an answer, or nothing."""
    found = [] if verdict.demanded else ["lacks what is demanded"]
    found += [f"{name} is embarrassing" for name in verdict.embarrassing]
    found += verdict.contradictions
    return "; ".join(found)


def figures(verdicts: Iterable[Verdict]) -> dict[str, float]:
    """Return the shares of texts that are right or wrong in each way."""
    every = list(verdicts)
    sure, right = (sum(v.sure[place] for v in every) for place in (0, 1))
    return {
        "texts": len(every),
        "demanded": sum(v.demanded for v in every) / len(every),
        "embarrassing": sum(bool(v.embarrassing) for v in every) / len(every),
        "contradictions": sum(bool(v.contradictions) for v in every) / len(every),
        "first_right": sum(v.first_right is True for v in every) / len(every),
        "sure": sure,
        "sure_acceptable": right / sure if sure else 1.0,
    }


def markdown(result: dict[str, Any]) -> str:
    """Return the figures as a page."""
    head = (
        "| | texts | demanded decided | embarrassing | contradictions | first right | sure labels "
        "| acceptable |"
    )
    rule = "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    lines = [head, rule, *(_line(f"**{half}**", result[half]) for half in HALVES)]
    by_kind = [head, rule, *(_line(name, row) for name, row in result["kinds"].items())]
    faults = [
        f"- {f['kind']}, “{f['title']}”: {f['why']} ({', '.join(f['said'])})"
        for f in result["faults"]
    ]
    return (
        "\n\n".join(
            [
                f"# Blurbs as stores list them, model {result['version']}",
                ABOUT,
                "\n".join(lines),
                "## By kind, the reporting half",
                "\n".join(by_kind),
                "## Faults of the choosing half",
                "\n".join(faults) or "None.",
            ]
        )
        + "\n"
    )


def _line(name: str, row: dict[str, float]) -> str:
    shares = " | ".join(
        f"{row[key]:.1%}" for key in ("demanded", "embarrassing", "contradictions", "first_right")
    )
    return f"| {name} | {row['texts']} | {shares} | {row['sure']} | {row['sure_acceptable']:.1%} |"
