"""What became of a page: the short names that `status` counts and `retry --reason` takes."""

from enum import StrEnum


class Outcome(StrEnum):
    """A page's end. A status without a name of its own is `http-<status>`, see `of_status`."""

    DONE = "done"
    ADULT = "adult"
    BAD_ADDRESS = "bad-address"
    CONNECTION = "connection"
    CONSENT_WALL = "consent-wall"
    CUT_DESCRIPTION = "cut-description"
    EMPTY = "empty"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    LOGIN_WALL = "login-wall"
    MISSING_DESCRIPTION = "missing-description"
    MISSING_TITLE = "missing-title"
    MOVED = "moved"
    NO_BOOKS = "no-books"
    NOT_FOUND = "not-found"
    NOT_HTML = "not-html"
    NOT_IMAGE = "not-image"
    NOT_UNDERSTOOD = "not-understood"
    PARSER_ERROR = "parser-error"
    RATE_LIMITED = "rate-limited"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_OFFSITE = "redirect-offsite"
    ROBOTS_DISALLOWED = "robots-disallowed"
    SOFT_404 = "soft-404"
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    UNDECODABLE = "undecodable"
    UNREADABLE_IMAGE = "unreadable-image"


_OF_STATUS = {
    401: Outcome.LOGIN_WALL,
    403: Outcome.FORBIDDEN,
    404: Outcome.NOT_FOUND,
    407: Outcome.LOGIN_WALL,
    410: Outcome.GONE,
    429: Outcome.RATE_LIMITED,
}

SHUT_OUT = frozenset(
    {
        Outcome.FORBIDDEN,
        Outcome.LOGIN_WALL,
        Outcome.CONSENT_WALL,
        Outcome.EMPTY,
        Outcome.REDIRECT_LOOP,
        Outcome.REDIRECT_OFFSITE,
    }
)
"""A run of these says that the site no longer answers us."""

MARKUP_CHANGED = frozenset(
    {
        Outcome.CUT_DESCRIPTION,
        Outcome.LOGIN_WALL,
        Outcome.MISSING_DESCRIPTION,
        Outcome.MISSING_TITLE,
        Outcome.NO_BOOKS,
        Outcome.NOT_HTML,
        Outcome.NOT_UNDERSTOOD,
        Outcome.PARSER_ERROR,
        Outcome.SOFT_404,
    }
)
"""Many of one of these among recent pages say that the site's pages look different now."""

UNREAD = frozenset(
    {
        Outcome.ADULT,
        Outcome.EMPTY,
        Outcome.LOGIN_WALL,
        Outcome.MISSING_DESCRIPTION,
        Outcome.MISSING_TITLE,
        Outcome.MOVED,
        Outcome.NOT_HTML,
        Outcome.PARSER_ERROR,
        Outcome.SOFT_404,
    }
)
"""Why a stored page gave no record; `parse` tries it again."""


TRANSIENT = frozenset({Outcome.CONNECTION, Outcome.RATE_LIMITED, Outcome.TIMEOUT})
"""A later try may well succeed."""


def of_status(status: int) -> str:
    """Return what an answer with a status other than success is called."""
    return _OF_STATUS.get(status, f"http-{status}")
