"""One visit to the site: who asks, how politely, and what is recorded when a page fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from requests import codes

from scraper import __version__
from scraper.errors import MovedError, PageError, StopRunError, TroubleError
from scraper.fetch import Fetcher
from scraper.ledger import Ledger
from scraper.outcomes import Outcome
from scraper.pace import Pacer
from scraper.page_states import fail, store, validators
from scraper.robots import PRODUCT
from scraper.schema import BOOK, Page
from scraper.site import Addresses, Site
from scraper.stop_rules import MarkupWatch, Streak

_WALLS = {
    Outcome.LOGIN_WALL: ("login", "signin", "sign-in", "auth", "account", "register", "signup"),
    Outcome.CONSENT_WALL: (
        "consent", "cookie-consent", "cookies", "gdpr", "privacy-consent", "privacy-gate",
        "age-gate", "captcha", "challenge", "verify", "blocked", "sorry",
    ),
}  # fmt: skip
"""Steps of a path that a site sends a visitor to before it shows anything."""


@dataclass(frozen=True)
class Manners:
    """How a visit behaves.

    Attributes:
        base: where the site is served.
        delay: seconds between two requests to one host, at least.
        contact: an address or a page by which the site's owner can reach whoever runs this.
        adult: whether to ask for adult books as well.
        timeout: seconds for one request.
        attempts: tries for a page while the server is in trouble.
        most_failures: failures in a row that end the run.
    """

    base: str
    delay: float
    contact: str
    adult: bool = False
    timeout: float = 30.0
    attempts: int = 4
    most_failures: int = 10


@dataclass
class Visit:
    """An open visit to one site: the fetcher, and the rules that may stop it."""

    site: Site
    ledger: Ledger
    manners: Manners
    addresses: Addresses
    fetcher: Fetcher
    streak: Streak
    books: MarkupWatch = field(default_factory=MarkupWatch)
    listings: MarkupWatch = field(default_factory=MarkupWatch)

    def fetch(self, page: Page) -> None:
        """Fetch a page and commit it: only if it changed, where the ledger has it already.

        Raises:
            PageError: it cannot be had; the reason is recorded.
            MovedError: it is another book's page; nothing is recorded.
            StopRunError: the run must end; the page keeps its state.
        """
        try:
            answer = self.fetcher.get(
                self.addresses.url(page.key),
                known=validators(page),
                on_redirect=self._redirect_check(page),
            )
            if answer.status != codes.not_modified and not answer.body.strip():
                raise PageError(Outcome.EMPTY, f"the server said {answer.status} and nothing more")
        except MovedError:
            raise
        except PageError as error:
            fail(self.ledger, page.id, error)
            raise
        store(self.ledger, page.id, answer)
        page.content_type = answer.content_type or page.content_type

    def _redirect_check(self, page: Page) -> Callable[[str], None]:
        def check(url: str) -> None:
            key = self.addresses.key(url)
            if key is None:
                raise PageError(Outcome.REDIRECT_OFFSITE, f"redirected to {url}")
            path = key.partition("?")[0].strip("/").lower()
            if not path or path in ("index.html", "index.php", "home"):
                raise PageError(Outcome.SOFT_404, "redirected to the front page")
            steps = path.split("/")
            for outcome, walls in _WALLS.items():
                if not {step.partition(".")[0] for step in steps}.isdisjoint(walls):
                    raise PageError(outcome, f"redirected to {path}")
            book = self.addresses.book_key(url)
            if page.kind == BOOK and book and book not in self.addresses.shapes(page.key):
                raise MovedError(book, f"redirected to {book}")

        return check


@contextmanager
def open_visit(site: Site, ledger: Ledger, manners: Manners) -> Iterator[Visit]:
    """Start a visit: read robots.txt first.

    Raises:
        StopRunError: robots.txt cannot be had.
    """
    fetcher = Fetcher(
        Pacer(ledger, manners.delay),
        f"{PRODUCT}/{__version__} (book genre research; contact: {manners.contact})",
        timeout=manners.timeout,
        attempts=manners.attempts,
        cookies=site.cookies(adult=manners.adult),
    )
    addresses = site.addresses(manners.base)
    try:
        fetcher.robots.allows(f"{manners.base}/")
    except TroubleError as error:
        raise StopRunError(f"{error.note}; try again later") from error
    yield Visit(site, ledger, manners, addresses, fetcher, Streak(manners.most_failures))
