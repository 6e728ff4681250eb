"""200 hostile files sent to the running site's cover page: does it stay up, quick and small?

    python -m benchmarks.hostile_images     # writes benchmarks/results/hostile_images.json

Ends with code 1 when an answer was neither a report on the cover (200) nor a refusal at the field
(422) or of the whole body (413), when one took a second or more, or when the site's memory passed
300 MB.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import requests
from bs4 import BeautifulSoup
from tqdm import tqdm

from benchmarks.hostile_files import KINDS
from benchmarks.site import Site, running_site

RESULTS = Path(__file__).parent / "results" / "hostile_images.json"
MOST_SECONDS = 1.0
MOST_MB = 300.0
MB = 1e6
VISITORS = 4


class Reply(NamedTuple):
    """What one file was answered with."""

    kind: str
    name: str
    size: int
    status: int
    """0 where the connection broke."""
    seconds: float
    message: str
    """At the field, where the file was refused there."""

    @property
    def clear(self) -> bool:
        """Whether it was measured, or refused with what is wrong with it."""
        return self.status in (200, 413) or (self.status == 422 and bool(self.message))


def send(site: Site, files: Iterable[tuple[str, str, bytes]]) -> Iterator[Reply]:
    """Send each (kind, name, bytes) as the form would, with the cookie and token of the page."""
    with requests.Session() as browser:
        page = browser.get(f"{site.url}/cover", timeout=30)
        token = BeautifulSoup(page.text, "html.parser").find("input", {"name": "csrf_token"})
        assert token, "the page has no form"
        # The cookie is for https alone, which a session keeps to, and this site is asked by http.
        browser.headers["Cookie"] = page.headers["Set-Cookie"].split(";")[0]
        fields = {"csrf_token": token["value"], "genres": "horror"}
        for kind, name, data in files:
            started = time.perf_counter()
            try:
                answer = browser.post(
                    f"{site.url}/cover", fields, files={"cover": ("cover.jpg", data)}, timeout=60
                )
            except requests.RequestException as error:
                seconds = time.perf_counter() - started
                yield Reply(kind, name, len(data), 0, seconds, type(error).__name__)
                continue
            seconds = time.perf_counter() - started
            refusal = BeautifulSoup(answer.text, "html.parser").find(id="cover-error")
            message = refusal.get_text(" ", strip=True) if refusal else ""
            yield Reply(kind, name, len(data), answer.status_code, seconds, message)


def peak_mb(site: Site) -> float:
    """Return the most memory that any of its processes has held since its start, in MB (Linux)."""
    pids = [site.process.pid, *(worker.pid for worker in site.workers())]
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().split("\n")]
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return max(peaks) * 1024 / MB


def send_together(site: Site) -> Counter[str]:
    """Send the heaviest files from several visitors at once; count the answers."""
    heavy = [("heavy", name, data) for name, data in KINDS["heavy"]()]
    with ThreadPoolExecutor(VISITORS) as pool:
        replies = pool.map(lambda _: list(send(site, heavy)), range(VISITORS))
        return Counter(str(reply.status) for each in replies for reply in each)


def measure() -> dict[str, Any]:
    """Send all files to a site of its own and sum up."""
    files = ((kind, name, data) for kind, make in KINDS.items() for name, data in make())
    with running_site() as site:
        worker = site.workers()[0].pid
        before = site.rss() / MB
        replies = list(tqdm(send(site, files), total=200, unit="file", disable=None))
        ready = site.status("/readyz") == 200
        survived = psutil.pid_exists(worker) and site.workers()[0].pid == worker
        after, peak = site.rss() / MB, peak_mb(site)
        together = send_together(site)
        peak_together = peak_mb(site)
    slowest = sorted(replies, key=lambda reply: -reply.seconds)
    seconds = [reply.seconds for reply in slowest]
    return {
        "files": len(replies),
        "answers": dict(sorted(Counter(str(reply.status) for reply in replies).items())),
        "unclear": [reply.name for reply in replies if not reply.clear],
        "seconds": {
            "median": round(seconds[len(seconds) // 2], 3),
            "p95": round(seconds[len(seconds) // 20], 3),
            "slowest": round(seconds[0], 3),
        },
        "slowest": [
            {"name": r.name, "bytes": r.size, "seconds": round(r.seconds, 3)} for r in slowest[:8]
        ],
        "resident_mb": {"before": round(before), "after": round(after), "peak": round(peak)},
        "together": {
            "visitors": VISITORS,
            "answers": dict(sorted(together.items())),
            "peak_mb": round(peak_together),
        },
        "worker_survived": survived,
        "ready_afterwards": ready,
    }


def main() -> None:
    """Measure, print, write, and end with code 1 where something is not as it should be."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    found = measure()
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    good = found["worker_survived"] and found["ready_afterwards"] and not found["unclear"]
    quick = found["seconds"]["slowest"] < MOST_SECONDS
    sys.exit(0 if good and quick and found["resident_mb"]["peak"] < MOST_MB else 1)


if __name__ == "__main__":
    main()
