"""When a run stops by itself: the server is in trouble, or the site's markup has changed."""

from collections import Counter, deque

from scraper.errors import PageError, StopRunError, TroubleError
from scraper.outcomes import MARKUP_CHANGED, SHUT_OUT

WINDOW = 20
"""Pages: the recent ones whose parsing is watched."""
FEWEST = 10
"""Pages: before this many were parsed nothing is concluded."""

SHARE = 0.5
"""When more than this share of the recent pages fail alike, the markup has probably changed."""


class Streak:
    """Counts failures of the server in a row.

    Args:
        most: how many end the run.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._reasons: list[str] = []

    def note(self, error: PageError | None) -> None:
        """Note what became of a page: None when its content came.

        Raises:
            StopRunError: it was one failure too many.
        """
        if not isinstance(error, TroubleError) and (error is None or error.reason not in SHUT_OUT):
            self._reasons.clear()
            return
        self._reasons.append(error.reason)
        if len(self._reasons) >= self._most:
            raise StopRunError(
                f"stopped after {self._most} failures in a row ({count_words(self._reasons)}): "
                "the site is in trouble or has shut us out. Nothing is lost; look at the site, "
                "then `retry --reason ...` and run the same command again"
            )


class MarkupWatch:
    """Watches the outcomes of parsing."""

    def __init__(self) -> None:
        self._recent: deque[str] = deque(maxlen=WINDOW)

    def note(self, outcome: str) -> None:
        """Note what became of one parsed page.

        Raises:
            StopRunError: too many recent pages failed alike.
        """
        self._recent.append(outcome)
        failed = Counter(name for name in self._recent if name in MARKUP_CHANGED)
        if len(self._recent) < FEWEST or not failed:
            return
        name, count = failed.most_common(1)[0]
        if count > SHARE * len(self._recent):
            raise StopRunError(
                f"stopped: {count} of the last {len(self._recent)} pages failed alike ({name}), so "
                "the site's markup has probably changed. Their HTML is kept: once the parser knows "
                "the new markup, `parse` reads it again without a request"
            )


def count_words(reasons: list[str]) -> str:
    """Return reasons with their counts, e.g. `http-503 4, timeout 1`."""
    return ", ".join(f"{name} {count}" for name, count in Counter(reasons).most_common())
