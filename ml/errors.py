"""The errors a person can cause and mend; the command line turns them into one clear line."""

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(Exception):
    """An input file, row or option is not what was expected (exit code 2)."""


class CheckFailedError(Exception):
    """A stage ran but its result did not pass the stated bound (exit code 1)."""


class UnknownLabelError(InputError):
    """No label of the model has this name."""

    def __init__(self, name: str, labels: Iterable[str]) -> None:
        near = get_close_matches(name, list(labels), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; `Predictor.labels` lists them"
        super().__init__(f"the model has no label {name!r}{hint}")
