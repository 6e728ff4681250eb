"""What serving costs, each figure beside its reference in the same run.

    python -m benchmarks.serving                     # all: results/serving.json, performance.md
    python -m benchmarks.serving --parts start page  # these anew, the others as they were

Wants a quiet machine, wrk (`apt-get install wrk`) and the training requirements (torch and
transformers, for the original's path). Takes about 4 minutes.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import linear_regression, median, quantiles
from typing import Any, Self

import psutil

from benchmarks import encoder, report
from benchmarks.client import Visitor
from benchmarks.site import ROOT, Site, running_site
from benchmarks.texts import descriptions
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL

RESULTS = Path(__file__).parent / "results" / "serving.json"
ORIGINAL = ROOT / "runs" / "original"
ONE_NODE = ROOT / "runs" / "one_node.onnx"
CORES = os.cpu_count() or 1
STARTS = 5
PAGES = 150
MIXED_REQUESTS = 200
MANY_REQUESTS = 5_000
CLIENTS = (1, 8, 64, 256)
LOAD_S = 10
MIB = 1024 * 1024

Figures = dict[str, Any]


class Answerer:
    """A process that answers one text after the other: the original's path, or our predictor."""

    def __init__(self, command: list[str]) -> None:
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", *command],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, text: str) -> Figures:
        """Return the answer to a text."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        answer: Figures = json.loads(self.process.stdout.readline())
        return answer

    def first_answer(self, text: str) -> float:
        """Seconds from the start of the process to its answer."""
        self.ask(text)
        return time.perf_counter() - self.started

    def rss(self) -> int:
        """Resident bytes."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def original() -> Answerer:
    """Run the original's path."""
    if not (ORIGINAL / "model.onnx").exists():
        command = [sys.executable, "-m", "benchmarks.original", "build", str(ORIGINAL)]
        subprocess.run(command, cwd=ROOT, check=True)
    return Answerer(["benchmarks.original", "serve", str(ORIGINAL)])


def floor() -> Answerer:
    """Start a process with the libraries and the tokenizer that ours needs, and hardly a model."""
    ONE_NODE.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.library_floor", "build", str(ONE_NODE)]
    subprocess.run(command, cwd=ROOT, check=True)
    return Answerer(["benchmarks.library_floor", "serve", str(ONE_NODE)])


def bare() -> Answerer:
    """Our predictor, running without a web server as the original's path does."""
    return Answerer(["benchmarks.predictor_only"])


def milliseconds(seconds: list[float]) -> Figures:
    """Median, 95th and 99th percentile."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {
        "p50_ms": round(1000 * median(seconds), 2),
        "p95_ms": round(1000 * cuts[94], 2),
        "p99_ms": round(1000 * cuts[98], 2),
    }


def start() -> Figures:
    """From starting the process to the first good page, and to first answers."""
    text = descriptions(1)[0]
    pages, answers, bares, references = [], [], [], []
    with original() as path:  # once unmeasured: files are read from the disk and compiled
        path.ask(text)
    for _ in range(STARTS):
        with running_site() as site:
            pages.append(time.perf_counter() - site.started)
            with Visitor(site) as visitor:
                visitor.open_form()
                assert visitor.send_form(text).status == 200
            answers.append(time.perf_counter() - site.started)
        with bare() as path:
            bares.append(path.first_answer(text))
        with original() as path:
            references.append(path.first_answer(text))
    return {
        "first_page_s": round(median(pages), 3),
        "first_answer_s": round(median(answers), 3),
        "bare_first_answer_s": round(median(bares), 3),
        "original_first_answer_s": round(median(references), 3),
        "ratio": round(median(references) / median(bares), 1),
        "runs": STARTS,
    }


def memory() -> Figures:
    """Resident memory after mixed requests, its slope over many, and its peak under the worst."""
    with running_site() as site:
        fresh = site.rss()
        _mixed(site, MIXED_REQUESTS)
        after, all_processes = site.rss(), site.pss()
        slope = _slope(site)
        flat = site.rss()
        _worst(site)
        peak = max(_peak(worker.pid) for worker in site.workers())
        worst_all = site.pss()
    sizes = []
    for path in (bare(), original(), floor()):
        with path:
            for text in descriptions(40, seed=3):
                path.ask(text)
            sizes.append(path.rss())
    return {
        "fresh_mib": round(fresh / MIB),
        "after_mixed_mib": round(after / MIB),
        "all_processes_mib": round(all_processes / MIB),
        "after_many_mib": round(flat / MIB),
        "slope_kib_per_1000": round(slope, 1),
        "worst_peak_mib": round(peak / MIB),
        "worst_all_processes_mib": round(worst_all / MIB),
        "bare_mib": round(sizes[0] / MIB),
        "original_mib": round(sizes[1] / MIB),
        "floor_mib": round(sizes[2] / MIB),
        "model_mib": round((DEFAULT_MODEL / "model.onnx").stat().st_size / MIB),
        "ratio": round(sizes[1] / sizes[0], 1),
        "mixed_requests": MIXED_REQUESTS,
        "many_requests": MANY_REQUESTS,
    }


def _mixed(site: Site, count: int) -> None:
    """Pages, forms and API calls in turn, with texts of every length."""
    with Visitor(site) as visitor:
        for place, text in enumerate(descriptions(count, seed=1)):
            if place % 4 == 0:
                reply = visitor.open_form()
            elif place % 4 == 1:
                reply = visitor.send_form(text)
            else:
                reply = visitor.call(text)
            assert reply.status == 200, reply


def _slope(site: Site) -> float:
    """KiB of resident memory gained per 1,000 API calls, by least squares over the later half."""
    texts = descriptions(MANY_REQUESTS, shortest=6, longest=500, seed=2)
    block = MANY_REQUESTS // 20
    sizes = []

    def call(share: list[str]) -> None:
        with Visitor(site) as visitor:
            assert all(visitor.call(text).status == 200 for text in share)

    with ThreadPoolExecutor(CORES) as pool:
        for begin in range(0, MANY_REQUESTS, block):
            jobs = texts[begin : begin + block]
            list(pool.map(call, [jobs[place::CORES] for place in range(CORES)]))
            sizes.append(site.rss() / 1024)
    later = sizes[len(sizes) // 2 :]
    return linear_regression([1.0 * place for place in range(len(later))], later).slope * (
        1000 / block
    )


def _worst(site: Site) -> None:
    """Send the largest allowed texts and batches from many clients at the same time."""
    longest = ("Dragons. " * 2_222)[:20_000]

    def send(_: int) -> None:
        with Visitor(site, timeout=300) as visitor:
            visitor.call(longest)
            visitor.call_batch([longest] * 24)

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(send, range(32)))


def _peak(pid: int) -> int:
    """Return the largest resident memory a process ever had, in bytes (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the kernel does not say how large the process was")


def page() -> Figures:
    """Time a form sent and its page read against the predictor alone, in pairs of one text.

    Beside them, what the smallest answer costs after the same pause: server, network and client.
    """
    predictor = Predictor.load()
    texts = descriptions(PAGES, seed=4)
    bare, pages, smallest = [], [], []
    with running_site() as site, Visitor(site) as visitor:
        visitor.open_form()
        for place, text in enumerate(texts):
            for which in ("bare", "page") if place % 2 else ("page", "bare"):
                if which == "page":
                    reply = visitor.send_form(text)
                    assert reply.status == 200, reply
                    pages.append(reply.seconds)
                else:
                    started = time.perf_counter()
                    predictor.predict(text)
                    bare.append(time.perf_counter() - started)
            time.sleep(bare[-1])
            smallest.append(visitor.get("/healthz").seconds)
    over = [after - before for before, after in zip(bare, pages, strict=True)]
    return {
        "predictor": milliseconds(bare),
        "page": milliseconds(pages),
        "smallest": milliseconds(smallest),
        "over_predictor_p50_ms": round(1000 * median(over), 2),
        "pairs": PAGES,
    }


def speed() -> Figures:
    """Texts a second against the original's path: one at a time, and with the whole machine."""
    predictor = Predictor.load()
    texts = descriptions(120, seed=5)
    ours, theirs, tokens, original_tokens = [], [], [], []
    whole = 0.0
    with original() as path, ThreadPoolExecutor(CORES) as pool:
        path.ask(texts[0])
        for begin in range(0, len(texts), 40):  # so long that waiting for the last ones is little
            block = texts[begin : begin + 40]
            for text in block:
                started = time.perf_counter()
                tokens.append(predictor.predict(text).tokens)
                ours.append(time.perf_counter() - started)
                started = time.perf_counter()
                original_tokens.append(path.ask(text)["tokens"])
                theirs.append(time.perf_counter() - started)
            started = time.perf_counter()
            list(pool.map(predictor.predict, block))
            whole += time.perf_counter() - started
    return {
        "texts_per_s": round(len(texts) / sum(ours), 1),
        "texts_per_s_all_cores": round(len(texts) / whole, 1),
        "original_texts_per_s": round(len(texts) / sum(theirs), 1),
        "ratio": round(sum(theirs) / sum(ours), 1),
        "ratio_all_cores": round(sum(theirs) / whole, 1),
        "latency": milliseconds(ours),
        "original_latency": milliseconds(theirs),
        "mean_tokens": round(sum(tokens) / len(tokens)),
        "original_mean_tokens": round(sum(original_tokens) / len(original_tokens)),
        "texts": len(texts),
    }


def load() -> Figures:
    """Call the API by wrk with several numbers of clients, and a polite visitor beside them."""
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed; on Debian: apt-get install wrk")
    bodies = ROOT / "runs" / "load.jsonl"
    bodies.parent.mkdir(exist_ok=True)
    lines = [json.dumps({"description": text}) for text in descriptions(200, seed=6)]
    bodies.write_text("\n".join(lines) + "\n")
    found: Figures = {}
    with running_site() as site:
        for clients in CLIENTS:
            found[str(clients)] = _under_load(site, clients, bodies)
        rss = site.rss()
    return {"clients": found, "seconds_each": LOAD_S, "rss_after_mib": round(rss / MIB)}


def _under_load(site: Site, clients: int, bodies: Path) -> Figures:
    command = ["wrk", "--threads", str(min(clients, 2)), "--connections", str(clients),
               "--duration", f"{LOAD_S}s", "--timeout", "30s",
               "--script", str(Path(__file__).parent / "load.lua"),
               f"{site.url}/api/v1/predict", "--", str(bodies)]  # fmt: skip
    over = threading.Event()
    served: list[float] = []
    refused: list[float] = []

    def visit() -> None:
        text = descriptions(1)[0]
        with Visitor(site) as visitor:
            while not over.wait(0.1):
                reply = visitor.call(text)
                (served if reply.status == 200 else refused).append(reply.seconds)

    probe = threading.Thread(target=visit)
    probe.start()
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    stopped = time.perf_counter()
    over.set()
    probe.join()
    with Visitor(site) as visitor:
        while visitor.call("A quiet village hides a loud and ancient secret.").status != 200:
            time.sleep(0.01)
    figures: Figures = json.loads(output.splitlines()[-1])
    figures["answered_per_s"] = round(figures["answered"] / figures["seconds"], 1)
    figures["recovered_s"] = round(time.perf_counter() - stopped, 3)
    if len(served) > 1:
        figures["visitor_served"] = milliseconds(served) | {"count": len(served)}
    if len(refused) > 1:
        figures["visitor_refused"] = milliseconds(refused) | {"count": len(refused)}
    return figures


PARTS: dict[str, Callable[[], Figures]] = {
    "start": start,
    "memory": memory,
    "page": page,
    "speed": speed,
    "encoder": encoder.figures,
    "load": load,
}


def machine() -> Figures:
    """Say what was measured on."""
    model = next(
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    return {
        "cpu": model,
        "cores": CORES,
        "python": platform.python_version(),
        "load_before": [round(value, 2) for value in os.getloadavg()],
    }


def main() -> None:
    """Read the command line, measure, and write or print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, help="measure only these anew")
    parts = parser.parse_args().parts
    figures: Figures = json.loads(RESULTS.read_text()) if parts and RESULTS.exists() else {}
    figures["machine"] = machine()
    for name in parts or PARTS:
        figures[name] = PARTS[name]()
        print(name, json.dumps(figures[name]), file=sys.stderr, flush=True)
    if figures.keys() >= PARTS.keys():
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
        report.write_page()


if __name__ == "__main__":
    main()
