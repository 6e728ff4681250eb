"""What changed in an answer since the text before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ml.serving.percent import percent
from ml.vocabulary.display import display
from webapp.pages.address import Answer

MINUS = "−"


class Gone(NamedTuple):
    """A genre that is no answer any more."""

    name: str
    before: str
    now: str


@dataclass(frozen=True)
class Changes:
    """Since the answer before: at each bar, and what has no bar any more."""

    at: Mapping[str, str] = field(default_factory=dict)
    """Label -> "+8", "−3" or "new"; labels without a change are left out."""
    gone: tuple[Gone, ...] = ()


def changes(before: Answer, now: Answer) -> Changes:
    """Compare two answers as a person reads them: in whole percent."""
    old, new = before.probabilities, now.probabilities
    at = {}
    for label, probability in new.items():
        if label in now.decided and label not in before.decided:
            at[label] = "new"
        elif label in old and (step := points(probability) - points(old[label])):
            at[label] = f"{'+' if step > 0 else MINUS}{abs(step)}"
    gone = [
        Gone(display(label).name, percent(old[label]), percent(new.get(label, 0.0)))
        for label in sorted(before.decided - now.decided, key=lambda label: -old[label])
        if display(label).show != "no"
    ]
    return Changes(at, tuple(gone))


def points(probability: float) -> int:
    """Return a probability in whole hundredths, as it is shown."""
    return round(100 * probability)
