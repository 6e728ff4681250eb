"""What can go wrong, by who can mend it: the person, the run, one page, or one page's parsing."""


class InputError(Exception):
    """An option or an input file is not what was expected (exit code 2)."""


class StopRunError(Exception):
    """The run must end here; everything committed so far is kept (exit code 1)."""


class PageError(Exception):
    """One page ended without its content.

    Attributes:
        reason: a short name that `status` counts and `retry --reason` takes, e.g. `not-found`.
        note: one sentence for a person.
    """

    def __init__(self, reason: str, note: str = "") -> None:
        super().__init__(f"{reason}: {note}" if note else reason)
        self.reason = reason
        self.note = note


class TroubleError(PageError):
    """The server, not the page, is the likely cause: tried again, then counted as a failure."""


class MovedError(PageError):
    """The address belongs to another book, which has its own row.

    Attributes:
        key: the other book's key.
    """

    def __init__(self, key: str, note: str) -> None:
        super().__init__("moved", note)
        self.key = key
