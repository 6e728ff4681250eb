"""The codes of one book: the one function that the page, the command line and the API ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from ml.codes import keywords, qualifiers, subjects
from ml.codes.bisac import Bisac, Heading, Wanted
from ml.codes.keywords import Keyword
from ml.codes.kind import (
    CHILDREN,
    COMICS,
    TEENAGERS,
    YOUNG,
    YOUNG_NONFICTION,
    for_teenagers,
    kind_of,
)
from ml.codes.subjects import Found
from ml.codes.wording import Wording
from ml.serving.text import clean_description
from ml.vocabulary.display import Judged, display

SCHEME = "Thema 1.6 (EDItEUR)"
ANY_YOUNG = "Young Readers"
"""Stands in the crosswalk's shelf paths for "Children's" or "Young Adult"."""


class Answered(Protocol):
    """A prediction, such as `ml.predictor.Prediction`."""

    @property
    def genres(self) -> tuple[Judged, ...]: ...  # noqa: D102
    @property
    def ranked(self) -> tuple[Judged, ...]: ...  # noqa: D102


class Code(NamedTuple):
    """A code with what speaks for it."""

    code: str
    heading: str
    probability: float
    """Of its surest evidence: how sure the model is, not how often such codes are right."""
    evidence: str
    """The labels and words found in this book, to be read by people."""
    why: str
    """Why the crosswalk takes this code for them."""

    def as_json(self) -> dict[str, Any]:
        """Return it as the API and the command line write it."""
        return {**self._asdict(), "probability": round(self.probability, 4)}


@dataclass(frozen=True)
class Codes:
    """What a store or a library files a book under."""

    kind: str
    """Which kind of book the codes are for; see `ml.codes.kind`."""
    subjects: tuple[Code, ...]
    """One to three, the main one first; none where nothing is known of a nonfiction book."""
    qualifiers: tuple[Code, ...]
    """Place, period, readers' age and interest, where labels or text support them."""
    shelves: tuple[str, ...]
    """The subjects as paths of plain words, for stores without a public list of codes."""
    keywords: tuple[Keyword, ...] = ()
    """Up to seven phrases for a store's keyword boxes, each with why."""
    bisac: tuple[Heading, ...] | None = None
    """Up to three headings of the list that was brought, or None where none was."""

    def as_json(self) -> dict[str, Any]:
        """Return them as the API and the command line write them."""
        brought = None if self.bisac is None else [heading._asdict() for heading in self.bisac]
        return {
            "thema": {
                "scheme": SCHEME,
                "subjects": [code.as_json() for code in self.subjects],
                "qualifiers": [code.as_json() for code in self.qualifiers],
            },
            "shelves": list(self.shelves),
            "keywords": [keyword._asdict() for keyword in self.keywords],
            **({} if brought is None else {"bisac": brought}),
        }


def codes_for(
    prediction: Answered, description: str, title: str = "", bisac: Bisac | None = None
) -> Codes:
    """Return the codes of a book from what the model says of it and from its own words.

    Args:
        prediction: its labels; those decided on count, in any order.
        description: its blurb.
        title: its title, where there is one.
        bisac: the list of BISAC headings that the person holds.
    """
    wording = Wording(clean_description(description), title)
    decided = {genre.name: genre.probability for genre in prediction.genres}
    probabilities = {genre.name: genre.probability for genre in prediction.ranked} | decided
    kind = kind_of(probabilities, wording)
    found = subjects.find(decided, wording, kind)
    shelves = _shelves(found, kind, probabilities)
    return Codes(
        kind=kind,
        subjects=tuple(map(_code, found)),
        qualifiers=tuple(map(_code, qualifiers.find(decided, wording, kind))),
        shelves=shelves,
        keywords=keywords.find(_of_readers(decided, kind), wording, shelves),
        bisac=bisac.propose([_wanted(match, probabilities) for match in found]) if bisac else None,
    )


def _of_readers(decided: Mapping[str, float], kind: str) -> dict[str, float]:
    """Leave out readers' ages that the kind of the book gainsays."""
    young = kind in (YOUNG, YOUNG_NONFICTION, COMICS)
    return {name: p for name, p in decided.items() if young or name not in CHILDREN + TEENAGERS}


def _wanted(found: Found, probabilities: Mapping[str, float]) -> Wanted:
    """Say a subject in the words of its shelf, its labels and the text."""
    shelf = found.rule.shelf.replace(ANY_YOUNG, "")
    words = " ".join((shelf, *(display(label).name for label in found.labels), found.words))
    return Wanted(found.code, words, for_teenagers(probabilities))


def _code(found: Found) -> Code:
    rule = found.rule
    return Code(rule.code, rule.heading, found.probability, _evidence(found), rule.why)


def _evidence(found: Found) -> str:
    """Write "Romance and Sports; the text says “hockey”"."""
    labels = " and ".join(display(label).name for label in found.labels)
    words = f"the text says “{found.words}”" if found.words else ""
    return "; ".join(filter(None, (labels, words))) or "no narrower evidence"


def _shelves(
    found: tuple[Found, ...], kind: str, probabilities: Mapping[str, float]
) -> tuple[str, ...]:
    paths = [match.rule.shelf for match in found]
    if kind in (YOUNG, YOUNG_NONFICTION):
        readers = "Young Adult" if for_teenagers(probabilities) else "Children's"
        paths = [path.replace(ANY_YOUNG, readers) for path in paths]
    return tuple(dict.fromkeys(paths))
