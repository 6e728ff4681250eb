"""Aim at a genre: how far a blurb is from it, what helps, what hinders, what is missing."""

from dataclasses import dataclass

from ml.serving import typical_words
from ml.serving.percent import percent
from ml.vocabulary.display import display
from webapp.analysis import known_genres, predictor
from webapp.explanation import Evidence, Explanation
from webapp.pages.address import Answer

MOST_ABSENT = 12


@dataclass(frozen=True)
class Aim:
    """One genre that an author wants a blurb to read as."""

    typed: str
    label: str
    name: str
    probability: float
    threshold: float
    change: str
    why: Explanation
    absent: tuple[str, ...]
    """Words that speak for the genre in other blurbs and are not in this one."""

    @property
    def percent(self) -> str:
        """How surely it reads so already."""
        return percent(self.probability)

    @property
    def missing(self) -> int:
        """How many points of a hundred it lacks; 0 where it is an answer."""
        return max(0, round(100 * self.threshold) - round(100 * self.probability))

    @property
    def reached(self) -> bool:
        """Whether it is an answer."""
        return self.probability >= self.threshold


def aimed_label(typed: str) -> str | None:
    """Return the label that a person means, or None where nothing is understood."""
    if not typed.strip():
        return None
    if typed.strip() in predictor().by_name:
        return typed.strip()
    return next(iter(known_genres(typed).labels), None)


def aim_at(typed: str, label: str, answer: Answer, evidence: Evidence, change: str) -> Aim:
    """Say where a blurb stands on the way to a label; its answer carries the probability."""
    listed = typical_words.load(predictor().folder).get(label, ())
    return Aim(
        typed,
        label,
        display(label).name,
        answer.probabilities.get(label, 0.0),
        predictor().by_name[label].threshold,
        change,
        evidence.explanation(label),
        typical_words.absent(listed, evidence.text)[:MOST_ABSENT],
    )
