"""When the next request may go out: delays, back-off and the server's own wishes, across runs."""

import math
import time

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from scraper.errors import StopRunError
from scraper.ledger import Ledger
from scraper.schema import Host

LONGEST_HOLD = 3600.0
"""Seconds: when a server asks for more patience than this, the run ends instead of sleeping."""

CLOCK_MARGIN = 0.05
"""Seconds: how far the wall clock, the only one two runs share, may be set back between them."""


class Pacer:
    """One request at a time for each host, `delay` seconds from the end of one to the next start.

    Counting from the end of an answer makes the gap that the server sees at least the delay,
    whatever the network does. What a host asked for is written down before each request, so that
    a killed run and the next one together keep the pace as well.

    Args:
        ledger: where the hosts' times are kept.
        delay: seconds between two requests to one host.
    """

    def __init__(self, ledger: Ledger, delay: float) -> None:
        self._ledger = ledger
        self._delay = delay
        self._delays: dict[str, float] = {}
        self._free_at: dict[str, float] = {}  # on the monotonic clock

    def delay(self, host: str) -> float:
        """Return the seconds kept between two requests to this host."""
        return max(self._delay, self._delays.get(host, 0.0))

    def ask_delay(self, host: str, seconds: float) -> None:
        """Keep at least this delay for a host, as its robots.txt asks."""
        self._delays[host] = seconds
        self._free_at[host] = max(self._free_at[host], time.monotonic() + self.delay(host))

    def start(self, host: str) -> None:
        """Sleep until the host may be asked, and write down that a request is on its way.

        Raises:
            StopRunError: the host asked for a longer rest than a run should sleep.
        """
        if host not in self._free_at:
            self._free_at[host] = time.monotonic() + self._rest_of_last_run(host)
        self._refuse_long_rest(host)
        while (rest := self._free_at[host] - time.monotonic()) > 0:
            time.sleep(rest)
        self._write(host, in_flight=True)

    def end(self, host: str) -> None:
        """Note the end of a request: the delay counts from here."""
        self._free_at[host] = max(self._free_at[host], time.monotonic() + self.delay(host))
        self._write(host, in_flight=False)

    def hold(self, host: str, seconds: float) -> None:
        """Leave a host alone for some seconds (Retry-After, back-off)."""
        self._free_at[host] = max(self._free_at[host], time.monotonic() + seconds)
        self._write(host, in_flight=False)

    def _refuse_long_rest(self, host: str) -> None:
        rest = self._free_at[host] - time.monotonic()
        if rest > max(LONGEST_HOLD, self.delay(host)):
            until = time.strftime("%Y-%m-%d %H:%M", time.localtime(time.time() + rest))
            raise StopRunError(
                f"{host} asks to be left alone until {until}; run the same command again then"
            )

    def _rest_of_last_run(self, host: str) -> float:
        with self._ledger.session() as session:
            last = session.scalar(select(Host).where(Host.name == host))
        if last is None:
            return 0.0
        rest = last.not_before - time.time() + CLOCK_MARGIN
        return max(rest, last.delay) if last.in_flight else max(rest, 0.0)

    def _write(self, host: str, *, in_flight: bool) -> None:
        values = {
            "delay": self.delay(host),
            "not_before": time.time() + max(self._free_at[host] - time.monotonic(), 0.0),
            "in_flight": in_flight,
        }
        statement = insert(Host).values(name=host, **values)
        with self._ledger.session() as session:
            session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def sane_seconds(value: float | None) -> float:
    """Return a delay read from robots.txt, 0 where it is missing or makes no sense."""
    return value if value is not None and math.isfinite(value) and value > 0 else 0.0
