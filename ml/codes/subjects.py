"""From a book's labels and words to its subjects in Thema, the surest first."""

from collections.abc import Mapping
from typing import NamedTuple

from ml.codes.kind import COMICS, FICTION, STAGE, VERSE, YOUNG, YOUNG_NONFICTION
from ml.codes.tables import Rule, subjects
from ml.codes.wording import Wording

MOST = 3
BESIDE = 0.5
"""Of the first subject's probability: less sure ones do not stand beside it."""
SURE, NEARLY = 0.5, 2 / 3
"""From this probability, or this share of its parent's, a narrower code stands for its parent."""
WITHOUT_LABELS = 0.9
"""At most this sure is what rests on words alone."""

GENERAL = {
    FICTION: "FBA",
    YOUNG: "YFB",
    YOUNG_NONFICTION: "YNG",
    VERSE: "DCC",
    STAGE: "DDC",
    COMICS: "XA",
}
"""The subject of a book of which nothing narrower is known."""


class Found(NamedTuple):
    """A code, and what speaks for it."""

    rule: Rule
    probability: float
    labels: tuple[str, ...]
    words: str
    """The phrase found, or ""."""

    @property
    def code(self) -> str:
        """Its code."""
        return self.rule.code


def find(decided: Mapping[str, float], wording: Wording, kind: str) -> tuple[Found, ...]:
    """Return one to three subjects, or none where nothing is known of a nonfiction book.

    Args:
        decided: label -> probability, of the labels decided on.
        wording: the book's words.
        kind: of the book; see `ml.codes.kind`.
    """
    found: dict[str, Found] = {}
    for rule in subjects():
        match = speaks_for(rule, decided, wording) if rule.fits(kind) else None
        if match and match.probability > (_probability(found.get(rule.code))):
            found[rule.code] = match
    ranked = _ranked(found)
    main = [match for match in ranked if match.rule.role != "also"] or _general(kind, decided)
    main = [m for m in main if m.probability >= BESIDE * main[0].probability][:MOST]
    also = [match for match in ranked if match.rule.role == "also" and match.probability >= SURE]
    return tuple((main + also)[:MOST])


def speaks_for(rule: Rule, decided: Mapping[str, float], wording: Wording) -> Found | None:
    """Return a rule's code with its evidence, or None where some is wanting."""
    phrase, told = wording.strongest(rule.words)
    if rule.words and not phrase:
        return None
    if not rule.labels:
        return Found(rule, min(told, WITHOUT_LABELS), (), phrase) if told else None
    together = [labels for labels in rule.labels if all(label in decided for label in labels)]
    if not together:
        return None
    labels = max(together, key=lambda labels: min(decided[label] for label in labels))
    probability = min(decided[label] for label in labels)
    return Found(rule, min(probability, told) if rule.words else probability, labels, phrase)


def _probability(found: Found | None) -> float:
    return found.probability if found else 0.0


def _ranked(found: Mapping[str, Found]) -> list[Found]:
    """Drop a code beside a narrower one, which then stands where the surer of the two would."""
    replaced: set[str] = set()
    rank: dict[str, float] = {}
    for code, match in found.items():
        wider = [other for other in found.values() if _narrows(code, other)]
        unsure = [other for other in wider if not _sure_beside(match, other)]
        if any(code.startswith(other.code) for other in unsure):
            replaced.add(code)
            continue
        sure = [other for other in wider if other not in unsure]
        replaced.update(other.code for other in sure)
        rank[code] = max(other.probability for other in (match, *sure))
        if match.rule.role == "first" and match.probability >= SURE:
            rank[code] = 1.0
    kept = [match for code, match in found.items() if code not in replaced]
    return sorted(kept, key=lambda m: (-rank[m.code], -m.probability, -len(m.code), m.code))


def _narrows(code: str, other: Found) -> bool:
    """Whether a code says all that another does."""
    return code != other.code and code.startswith((other.code, *other.rule.yields))


def _sure_beside(narrow: Found, wide: Found) -> bool:
    return narrow.probability >= min(SURE, NEARLY * wide.probability)


def _general(kind: str, decided: Mapping[str, float]) -> list[Found]:
    code = GENERAL.get(kind)
    probability = max(decided.values(), default=0.0)
    rules = (rule for rule in subjects() if rule.code == code)
    return [Found(rule, probability, (), "") for rule in rules][:1]
