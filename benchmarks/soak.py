"""The site at its capacity for a long while, with its workers killed meanwhile.

    python -m benchmarks.soak                # 20 minutes: results/soak.json, docs/performance.md
    python -m benchmarks.soak --minutes 2    # a shorter one, printed only

Ends with code 1 when an answer was wrong, a request hung, the site did not come back, or a
worker's memory grew.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psutil

from benchmarks import report
from benchmarks.client import Visitor
from benchmarks.site import Site, running_site
from benchmarks.texts import descriptions

RESULTS = Path(__file__).parent / "results" / "soak.json"
MINUTES = 20.0
CLIENTS = 16
KILL_EVERY_S = 20.0
SAMPLE_EVERY_S = 1.0
HANG_S = 30.0
# A new worker's memory arena fills in its first seconds; that nothing leaks over thousands of
# requests is shown by the slope that benchmarks.serving measures.
MAX_GROWTH_MIB = 30.0
MIB = 1024 * 1024

Figures = dict[str, Any]


@dataclass
class Tally:
    """What the clients met; shared by their threads."""

    counts: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, seconds: float = 0.0) -> None:
        """Count one request."""
        with self.lock:
            self.counts[what] += 1
            self.slowest_s = max(self.slowest_s, seconds)


def visit(site: Site, right: dict[str, str], over: threading.Event, tally: Tally) -> None:
    """Call the API over and over, compare each answer, and reconnect when a worker dies."""
    while not over.is_set():
        try:
            with Visitor(site) as visitor:
                for text, expected in right.items():
                    if over.is_set():
                        return
                    reply = visitor.call(text)
                    tally.add(_judge(reply.status, reply.body, expected), reply.seconds)
                    if reply.status == 503:
                        over.wait(0.2)
        except TimeoutError:
            tally.add("hung", HANG_S)
        except (OSError, HTTPException):
            tally.add("lost with a killed worker")
            over.wait(0.05)


def _judge(status: int, body: str, expected: str) -> str:
    if status == 200:
        return "right" if body == expected else "wrong"
    return "refused" if status == 503 else f"status {status}"


def soak(minutes: float) -> Figures:
    """Run it and return the figures."""
    texts = descriptions(40, shortest=6, longest=400, seed=7)
    tally, over = Tally(), threading.Event()
    growths: list[float] = []
    with running_site() as site:
        with Visitor(site) as visitor:
            right = {text: visitor.call(text).body for text in texts}
        clients = [
            threading.Thread(target=visit, args=(site, right, over, tally)) for _ in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        ends = time.monotonic() + 60 * minutes
        kills = 0
        while time.monotonic() < ends:
            growths.append(_live(site, min(KILL_EVERY_S, ends - time.monotonic())))
            if time.monotonic() < ends:
                os.kill(site.workers()[0].pid, signal.SIGKILL)
                kills += 1
                _until_back(site)
        over.set()
        for client in clients:
            client.join(HANG_S + 5)
        ready = site.status("/readyz")
        processes = 1 + len(site.workers())
        files = psutil.Process(site.process.pid).num_fds()
    return {
        "minutes": minutes,
        "clients": CLIENTS,
        "niceness": os.nice(0),
        "kills": kills,
        "requests": dict(tally.counts),
        "slowest_s": round(tally.slowest_s, 2),
        "largest_growth_of_a_worker_mib": round(max(growths), 1),
        "ready_afterwards": ready == 200,
        "processes_afterwards": processes,
        "open_files_of_the_arbiter": files,
        "stuck_clients": sum(client.is_alive() for client in clients),
    }


def _live(site: Site, seconds: float) -> float:
    """Wait, and return by how many MiB the worker grew after a third of the time."""
    sizes = []
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        time.sleep(min(SAMPLE_EVERY_S, max(ends - time.monotonic(), 0)))
        sizes.append(site.rss() / MIB)
    warm = sizes[len(sizes) // 3 :]
    return max(warm) - warm[0]


def _until_back(site: Site) -> None:
    """Wait until the arbiter has put a new worker in the place of the killed one."""
    deadline = time.monotonic() + HANG_S
    while site.status("/healthz") != 200 or not site.workers():
        if time.monotonic() > deadline:
            raise RuntimeError("the site did not come back after its worker was killed")
        time.sleep(0.05)


def good(figures: Figures) -> bool:
    """Whether nothing went wrong that should not."""
    allowed = {"right", "refused", "lost with a killed worker"}
    return (
        set(figures["requests"]) <= allowed
        and figures["requests"]["right"] > 0
        and figures["ready_afterwards"]
        and figures["processes_afterwards"] == 2
        and figures["stuck_clients"] == 0
        and figures["largest_growth_of_a_worker_mib"] <= MAX_GROWTH_MIB
    )


def main() -> int:
    """Read the command line, run, and write or print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, help=f"shorter than {MINUTES:.0f}; printed only")
    minutes = parser.parse_args().minutes
    figures = soak(minutes or MINUTES)
    print(json.dumps(figures, indent=1))
    if not minutes:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
        report.write_page()
    return 0 if good(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
