"""What people are shown of a book's labels: the names that lead, and the rest as small trees.

`display.csv` beside this file is the table to read and to correct: a line says how a label is
spelt, below which labels it stands where they were decided on too, and how far it shows:

- `yes`: it names a book, and beside its parent it takes the parent's place;
- `topic`: the same in nonfiction; in fiction it is what a book is about, not what it is ("War");
- `below`: it names a book only where none of its parents does ("Crime" beside "Mystery");
- `folded`: a synonym, not shown where one of its parents is;
- `last`: it says something of a book, but leads only where nothing else does ("Contemporary");
- `no`: never shown: shelves, umbrella names, adjectives.

A label without a line is shown by its own name below its parents of `genres.csv`.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

from ml.vocabulary.genres import vocabulary

TABLE = Path(__file__).with_name("display.csv")
SHOWS = ("yes", "topic", "below", "folded", "last", "no")

SURE = 0.5
"""From here on a narrower label takes its parent's place, however sure the parent is."""
NEARLY = 2 / 3
"""Of its parent's probability: as near as that, an unsure label takes its place too."""
BESIDE = 0.5
"""Of the first name's probability: less sure names do not stand beside it in a headline."""
GUESS = 0.75
"""Of its threshold: a label less probable than that is not even a guess."""


class Judged(Protocol):
    """A label's calibrated probability for one book, such as `ml.predictor.Genre`."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def probability(self) -> float: ...  # noqa: D102
    @property
    def facet(self) -> str: ...  # noqa: D102


class Display(NamedTuple):
    """How one label is shown."""

    name: str
    show: str
    under: tuple[str, ...]
    """Labels it stands below, the preferred one first."""


class Node(NamedTuple):
    """A label as it is shown, with the narrower ones below it."""

    label: str
    name: str
    facet: str
    probability: float
    children: tuple["Node", ...] = ()
    synonyms: tuple[str, ...] = ()
    """Names of labels that were decided on too and say the same."""


class Group(NamedTuple):
    """The trees whose roots are of one facet, the surest first."""

    facet: str
    nodes: tuple[Node, ...]


@cache
def _table() -> dict[str, Display]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["label"]: Display(row["name"], row["show"], _labels(row["under"]))
            for row in csv.DictReader(file)
        }


def _labels(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))


def display(label: str) -> Display:
    """Return how a label is shown, known to the tables or not."""
    if label in _table():
        return _table()[label]
    entry = vocabulary().get(label)
    if entry is None:
        return Display(label, "yes", ())
    return Display(label, "no" if entry.facet == "shelf" else "yes", entry.parents)


def headline(genres: Iterable[Judged], most: int = 3) -> tuple[Node, ...]:
    """Return the names that lead a book's answer, the main one first.

    Every facet may lead. A label and its parent are one name: the narrower, where it is sure
    enough; the surer of the two says where it stands.

    Args:
        genres: the labels decided on, in any order.
        most: names at most.
    """
    decided = _by_label(genres)
    leading = {label for label in decided if _names_a_book(label, decided)}
    leading = leading or {label for label in decided if display(label).show == "topic"}
    leading = leading or {label for label in decided if display(label).show == "last"}
    rank: dict[str, float] = {}
    replaced: set[str] = set()
    for label in leading:
        parents = [parent for parent in _above(label, decided) if parent in leading]
        if all(_sure_beside(decided[label], decided[parent]) for parent in parents):
            replaced.update(parents)
            rank[label] = max(decided[name].probability for name in (label, *parents))
    kept = sorted(
        (label for label in rank if label not in replaced),
        key=lambda label: (-rank[label], -decided[label].probability, label),
    )
    return tuple(
        _node(decided[label]) for label in kept[:most] if rank[label] >= BESIDE * rank[kept[0]]
    )


def groups(genres: Iterable[Judged]) -> tuple[Group, ...]:
    """Return all that is shown of a book's labels, as trees by the facet of their roots."""
    decided = _by_label(genres)
    shown = {label: g for label, g in decided.items() if not _redundant(label, decided)}
    below: dict[str | None, list[str]] = {}
    for label in shown:
        below.setdefault(_parent(label, shown), []).append(label)
    folded: dict[str | None, list[str]] = {}
    for label in decided.keys() - shown.keys():
        folded.setdefault(_parent(label, shown), []).append(label)

    def trees(parent: str | None) -> tuple[Node, ...]:
        nodes = [
            _node(decided[label])._replace(
                children=trees(label),
                synonyms=tuple(sorted(display(other).name for other in folded.get(label, ()))),
            )
            for label in below.get(parent, ())
        ]
        return tuple(sorted(nodes, key=lambda node: -_best(node)))

    facets: dict[str, list[Node]] = {}
    for node in trees(None):
        facets.setdefault(node.facet, []).append(node)
    return tuple(Group(facet, tuple(nodes)) for facet, nodes in facets.items())


def guesses(
    ranked: Iterable[Judged], thresholds: Mapping[str, float], most: int = 3
) -> tuple[Node, ...]:
    """Return the best labels that were not decided on and yet are near enough to be worth a word.

    Args:
        ranked: all labels, decided on or not.
        thresholds: label -> the least probability at which a book gets it.
        most: guesses at most.
    """
    labels = _by_label(ranked)
    decided = {label: g for label, g in labels.items() if g.probability >= thresholds[label]}
    near = [
        genre
        for label, genre in labels.items()
        if label not in decided
        and genre.probability >= GUESS * thresholds[label]
        and display(label).show in ("yes", "topic", "below")
        and not (display(label).show == "below" and _above(label, decided))
    ]
    near.sort(key=lambda genre: -genre.probability)
    return tuple(_node(genre) for genre in near[:most])


def _by_label(genres: Iterable[Judged]) -> dict[str, Judged]:
    """Leave out what is never shown; the surest first."""
    ranked = sorted(genres, key=lambda genre: -genre.probability)
    return {genre.name: genre for genre in ranked if display(genre.name).show != "no"}


def _node(genre: Judged) -> Node:
    return Node(genre.name, display(genre.name).name, genre.facet, genre.probability)


def _best(node: Node) -> float:
    """Return the greatest probability of a tree."""
    return max(node.probability, *map(_best, node.children), 0.0)


def _above(label: str, decided: Mapping[str, Judged]) -> tuple[str, ...]:
    """Return those decided on among a label's parents and theirs, the nearest first."""
    found: dict[str, None] = {}
    waiting = list(display(label).under)
    seen = {label}
    while waiting:
        parent = waiting.pop(0)
        if parent not in seen:
            seen.add(parent)
            waiting += display(parent).under
            if parent in decided:
                found[parent] = None
    return tuple(found)


def _names_a_book(label: str, decided: Mapping[str, Judged]) -> bool:
    show = display(label).show
    if show in ("below", "folded"):
        return not any(_names_a_book(parent, decided) for parent in _above(label, decided))
    return show == "yes" or (show == "topic" and not _is_fiction(decided))


def _is_fiction(decided: Mapping[str, Judged]) -> bool:
    """Whether Fiction was decided on, and more surely than Nonfiction."""
    fiction, nonfiction = decided.get("Fiction"), decided.get("Nonfiction")
    if fiction is None or nonfiction is None:
        return fiction is not None
    return fiction.probability >= nonfiction.probability


def _redundant(label: str, decided: Mapping[str, Judged]) -> bool:
    """Whether a synonym is said already."""
    return display(label).show == "folded" and bool(_above(label, decided))


def _parent(label: str, shown: Mapping[str, Judged]) -> str | None:
    """Return the preferred parent of those shown, or else the nearest further up."""
    return next(iter(_above(label, shown)), None)


def _sure_beside(child: Judged, parent: Judged) -> bool:
    """Whether a narrower label is sure enough to name the book in a wider one's place."""
    return child.probability >= min(SURE, NEARLY * parent.probability)
