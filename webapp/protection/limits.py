"""How much a client may ask, how much the site takes on at once, how large a request may be."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Event, Lock

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_limiter import Limiter
from limits import parse_many
from werkzeug.exceptions import ServiceUnavailable

from webapp.config import ConfigurationError

FORM_PARTS = 50
WAITING_PER_SLOT = 4
PATIENCE_S = 2.0
RETRY_AFTER_S = 2
REDIS_TIMEOUT_S = 1


class Admission:
    """Lets few predictions run at once, a few more wait a moment, and turns the rest away.

    A queue without an end would answer everybody late; this one answers most in time and tells
    the rest at once when to come back. Turns are taken in the order of coming. A request that needs
    several turns, such as a batch, goes to the end of the queue for each, so that nobody waits for
    all of it; once it had one, it is no longer turned away.
    """

    def __init__(self, running: int, waiting: int, patience: float) -> None:
        """Take how many may run and wait, and for how many seconds one waits at most."""
        self._free = running
        self._waiting = waiting
        self._patience = patience
        self._queue: deque[Event] = deque()
        self._lock = Lock()

    def full(self) -> bool:
        """Whether a new request would be turned away."""
        return not self._free and len(self._queue) >= self._waiting

    @contextmanager
    def admit(self, *, begun: bool = False) -> Iterator[None]:
        """Hold a slot for as long as the block runs.

        Args:
            begun: whether the request had a turn before, and so waits as long as it takes.

        Raises:
            ServiceUnavailable: 503 with Retry-After: too many wait, or no slot was free in time.
        """
        self._take(None if begun else self._patience)
        try:
            yield
        finally:
            self._give()

    def _take(self, patience: float | None) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if patience is not None and len(self._queue) >= self._waiting:
                raise _busy()
            turn = Event()
            self._queue.append(turn)
        if turn.wait(patience):
            return
        with self._lock:
            if turn.is_set():  # in the last moment
                return
            self._queue.remove(turn)
        raise _busy()

    def _give(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._free += 1


@contextmanager
def admitted(admission: Admission | None = None) -> Iterator[None]:
    """Hold one of the site's slots for heavy work: a run of the model, the decoding of a cover.

    Args:
        admission: the site's, where no application context says so.

    Raises:
        ServiceUnavailable: 503 with Retry-After when the site is at its capacity.
    """
    slots: Admission = admission or current_app.extensions["admission"]
    with slots.admit(begun=has_request_context() and "begun" in g):
        if has_request_context():
            g.begun = True
        yield


def client() -> str:
    """Whom a request is counted for: the address, or for IPv6 the /64 network one client owns."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False))
    return str(address)


def init_app(app: Flask) -> None:
    """Give `app` its limits.

    Reads from `app.config`:
        MAX_CONTENT_LENGTH: bytes of a request's body; more is answered 413 (Flask's own setting).
        RATE_LIMIT: what one client may send, such as "60 per minute; 1000 per hour"; all
            requests that are not reads count together; empty for no limit.
        REDIS_URL: where workers share the counts; without it each process counts for itself,
            which is exact for the one worker that gunicorn.conf.py then starts.
        CONCURRENCY: predictions that run at the same time in a process.

    Raises:
        ConfigurationError: RATE_LIMIT cannot be read.
    """
    # A form's fields are kept in memory; without these two, Flask allows 1,000 parts of 500 kB.
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_FORM_PARTS"] = FORM_PARTS
    running: int = app.config["CONCURRENCY"]
    app.extensions["admission"] = Admission(running, running * WAITING_PER_SLOT, PATIENCE_S)
    if app.config["RATE_LIMIT"]:
        _limit_rate(app, app.config["RATE_LIMIT"], app.config["REDIS_URL"])
    app.after_request(_say_when_to_retry)


def _limit_rate(app: Flask, rate: str, redis_url: str | None) -> None:
    try:
        parse_many(rate)
    except ValueError as error:
        raise ConfigurationError(
            f"RATE_LIMIT is {rate!r}; something like '60 per minute; 1000 per hour' is meant"
        ) from error
    limiter = Limiter(
        client,
        application_limits=[rate],
        strategy="moving-window",
        headers_enabled=True,
        storage_uri=redis_url or "memory://",
        storage_options=(
            {"socket_connect_timeout": REDIS_TIMEOUT_S, "socket_timeout": REDIS_TIMEOUT_S}
            if redis_url
            else {}
        ),
        in_memory_fallback_enabled=bool(redis_url),
    )
    limiter.request_filter(lambda: request.method in {"GET", "HEAD", "OPTIONS"})
    limiter.init_app(app)


def _busy() -> ServiceUnavailable:
    return ServiceUnavailable(
        "The site is at its capacity. Nothing was lost: please send it again in a moment.",
        retry_after=RETRY_AFTER_S,
    )


def _say_when_to_retry(response: Response) -> Response:
    """Keep the promise where an error handler built a response of its own."""
    if response.status_code == ServiceUnavailable.code:
        response.headers.setdefault("Retry-After", str(RETRY_AFTER_S))
    return response
