"""What narrows a book's subjects: its place, its period, its readers' age, whom it speaks of."""

import re
from collections.abc import Iterator, Mapping

from ml.codes.subjects import Found, speaks_for
from ml.codes.tables import Rule, qualifiers
from ml.codes.wording import Wording

MOST = {"1": 2, "3": 1, "5A": 1, "5": 2}
"""How many of each kind: place, period, age, interest."""
SURE = 0.5
YEAR, AGE = 0.7, 0.95
"""How surely a year tells the period, and a stated age the readers' age."""

_WHERE = re.compile(
    r"\b(?:in|from|to|across|through|near|of|around|throughout|outside|into|for|leaves|and|"
    r"between|over|under|rural|occupied|modern|colonial|medieval|contemporary|century)\s+"
    r"(?:the\s+|downtown\s+|central\s+|northern\s+|southern\s+|eastern\s+|western\s+)?$",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"(?:,\s+[A-Z]\w+)?,?\s+(?:in\s+)?(?:[A-Z]\w+\s+)?1\d{3}\b")
_YEAR = re.compile(r"(?<![\d$£€.,])(1[0-9]{3})(?:s\b)?(?!\d|,\d|\s*(?:pages|words|copies|men))")
_NOT_THEN = re.compile(r"(?:publish|print|award|prize|winner|edition|copyright|isbn|©|since)", re.I)
_AGES = re.compile(
    r"\b(?:ages?|aged|for ages|readers)\s+(\d{1,2})\s*(?:-|–|—|to|and|\+|or|through|years)"
    r"|\b(\d{1,2})\s*(?:-|–|—|to)\s*(\d{1,2})[\s-]*year[\s-]*olds?\b",
    re.IGNORECASE,
)
_PAST = ("Historical Fiction", "Historical", "History", "Historical Romance", "Historical Mystery",
         "Historical Fantasy", "War", "Military History", "World War II", "Westerns", "Biography",
         "American History", "European History")  # fmt: skip


def find(decided: Mapping[str, float], wording: Wording, kind: str) -> tuple[Found, ...]:
    """Return the qualifiers that the labels or the text support, by kind.

    Args:
        decided: label -> probability, of the labels decided on.
        wording: the book's words.
        kind: of the book; see `ml.codes.kind`.
    """
    found: dict[str, list[Found]] = {name: [] for name in MOST}
    for match in _matches(decided, wording, kind):
        found[next(name for name in ("5A", "1", "3", "5") if match.code.startswith(name))].append(
            match
        )
    return tuple(match for name, most in MOST.items() for match in _best(found[name])[:most])


def _matches(decided: Mapping[str, float], wording: Wording, kind: str) -> Iterator[Found]:
    years = _years(wording) if any(label in decided for label in _PAST) else []
    age = _age(wording)
    for rule in qualifiers():
        if not rule.fits(kind):
            continue
        if rule.code.startswith("5A"):
            match = _aged(rule, age, decided, wording)
        elif rule.code.startswith("5"):
            match = speaks_for(rule, decided, wording)
        else:
            match = _set_in(rule, years, decided, wording)
        if match and match.probability >= SURE:
            yield match


def _best(found: list[Found]) -> list[Found]:
    """Drop a code beside a narrower one; the surest first, then the narrowest."""
    kept = [
        match
        for match in found
        if not any(
            other.code != match.code and other.code.startswith(match.code) for other in found
        )
    ]
    unique = {match.code: match for match in sorted(kept, key=lambda m: m.probability)}
    return sorted(unique.values(), key=lambda match: (-match.probability, -len(match.code)))


def _set_in(
    rule: Rule, years: list[int], decided: Mapping[str, float], wording: Wording
) -> Found | None:
    """Return a place or a period for which a label speaks, or the text."""
    labels = [label for (label,) in rule.labels if decided.get(label, 0.0) >= SURE]
    place = rule.code.startswith("1")
    words = tuple(word for word in rule.words if not place or _is_there(word, wording))
    phrase, told = wording.strongest(words)
    if not told and rule.first is not None and rule.last is not None:
        inside = [year for year in years if rule.first <= year <= rule.last]
        phrase, told = (str(inside[0]), YEAR) if inside else ("", 0.0)
    best = max([told, *(decided[label] for label in labels)])
    return Found(rule, best, tuple(labels), phrase) if best else None


def _is_there(phrase: str, wording: Wording) -> bool:
    """Whether a name stands for a place: in the title, said twice, after "in", before a year."""
    said = wording.count(phrase)
    if " " in phrase or said != 1 or wording.in_title(phrase):
        return said > 0
    text = wording.description
    return any(
        _WHERE.search(text[: match.start()][-40:]) or _DATELINE.match(text[match.end() :])
        for match in re.finditer(rf"\b{re.escape(phrase)}\b", text)
    )


def _years(wording: Wording) -> list[int]:
    """Return the years of the text that are no year of a printing or a prize."""
    text = f"{wording.title}\n{wording.description}"
    return [
        int(match[1])
        for match in _YEAR.finditer(text)
        if not _NOT_THEN.search(text[max(0, match.start() - 30) : match.end() + 15])
    ]


def _age(wording: Wording) -> int | None:
    """Return from which age the text says that it is."""
    match = _AGES.search(f"{wording.title}\n{wording.description}")
    return min(int(match[1] or match[2]), 17) if match else None


def _aged(
    rule: Rule, age: int | None, decided: Mapping[str, float], wording: Wording
) -> Found | None:
    if age is not None:
        return Found(rule, AGE, (), f"age {age}") if rule.first == age else None
    return speaks_for(rule, decided, wording)
