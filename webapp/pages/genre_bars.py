"""Bars of genres, narrower ones below wider ones, with all that a page says at each."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ml.serving.percent import percent
from ml.vocabulary.display import Node
from webapp.explanation import Explanation


class Row(NamedTuple):
    """One genre's bar: `width` and `threshold` are percentages of the full length."""

    label: str
    name: str
    percent: str
    width: float
    threshold: float
    given: bool
    """Whether a person gave it, so that no figure stands beside it."""
    change: str
    why: Explanation | None
    synonyms: tuple[str, ...]
    rows: tuple["Row", ...]
    """The narrower ones below it."""


class RowMaker(NamedTuple):
    """What rows are made with."""

    thresholds: dict[str, float]
    given: frozenset[str]
    changes: dict[str, str]
    why: Callable[[str], Explanation | None]

    def rows(self, nodes: Iterable[Node]) -> tuple[Row, ...]:
        """Return a bar for each node, with the bars below it."""
        return tuple(
            Row(
                node.label,
                node.name,
                percent(node.probability),
                round(100 * node.probability, 1),
                round(100 * self.thresholds[node.label], 1),
                node.label in self.given,
                self.changes.get(node.label, ""),
                self.why(node.label),
                node.synonyms,
                self.rows(node.children),
            )
            for node in nodes
        )
