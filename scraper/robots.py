"""What a host's robots.txt allows (RFC 9309), read by protego."""

from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from scraper.errors import PageError, TroubleError
from scraper.pace import Pacer, sane_seconds

PRODUCT = "genre-hues"
"""The product token that rules name, and the first word of the User-Agent."""


class Robots:
    """The rules of every host met in a run, each read once.

    Args:
        read: fetches a URL's text, following redirects; raises `PageError` where it cannot.
        pacer: is told of each host's Crawl-delay and Request-rate.
    """

    def __init__(self, read: Callable[[str], str], pacer: Pacer) -> None:
        self._read = read
        self._pacer = pacer
        self._rules: dict[str, Protego] = {}

    def allows(self, url: str) -> bool:
        """Return whether this URL may be fetched.

        Raises:
            TroubleError: the rules cannot be had, which means that nothing may be fetched.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = self._load(origin, parts.hostname or "")
        return bool(self._rules[origin].can_fetch(url, PRODUCT))

    def _load(self, origin: str, host: str) -> Protego:
        try:
            rules = Protego.parse(self._read(f"{origin}/robots.txt"))
        except TroubleError as error:
            # RFC 9309, 2.3.1.4: as long as the rules are unreachable, everything is disallowed.
            raise TroubleError(
                "robots-unreachable",
                f"{origin}/robots.txt cannot be read ({error}), so nothing there may be fetched",
            ) from error
        except PageError:
            # RFC 9309, 2.3.1.3: any other 4xx means that there are no rules.
            rules = Protego.parse("")
        rate = rules.request_rate(PRODUCT)
        seconds = rate.seconds / rate.requests if rate and rate.requests else 0.0
        asked = max(sane_seconds(rules.crawl_delay(PRODUCT)), sane_seconds(seconds))
        self._pacer.ask_delay(host, asked)
        return rules
