"""docs/performance.md from the measured figures: `python -m benchmarks.report`."""

import json
from pathlib import Path
from typing import Any

from benchmarks.site import ROOT

PAGE = ROOT / "docs" / "performance.md"
RESULTS = Path(__file__).parent / "results"

Figures = dict[str, Any]


def write_page() -> None:
    """Write the page from what was measured last."""
    figures = json.loads((RESULTS / "serving.json").read_text())
    pieces = [part(figures) for part in (_head, _start, _memory, _page, _speed, _encoder, _load)]
    for name, part in (("quantise", _quantise), ("soak", _soak)):
        file = RESULTS / f"{name}.json"
        if file.exists():
            pieces.append(part(json.loads(file.read_text())))
    PAGE.write_text("\n".join(pieces))


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines) + "\n"


def _head(figures: Figures) -> str:
    machine = figures["machine"]
    return f"""# What serving costs

Written by `python -m benchmarks.serving`, which measures all of it again in about 4 minutes; the
raw figures are in [`benchmarks/results/serving.json`](../benchmarks/results/serving.json).
Measured on {machine["cores"]} cores of an {machine["cpu"]}
with Python {machine["python"]}; the load average before was
{machine["load_before"][0]}. The site is started by the command in `render.yaml`, with
`gunicorn.conf.py`, on the shipped model.

"The original" is the serving path of the project this one follows, rebuilt from public parts with
random weights of the same shape (`benchmarks/original.py`): distilroberta-base in ONNX with
unsigned 8-bit weights, `AutoTokenizer`, torch's sigmoid, 512 tokens. It is measured in the same
run, in turns with ours, on the same texts of 20 to 400 words.
"""


def _start(figures: Figures) -> str:
    found = figures["start"]
    return "## Start\n\n" + _table(
        ("from starting the process to", "seconds", "aim"),
        [
            ("the first good page", found["first_page_s"], "at most 1.0"),
            ("the first answer in a page", found["first_answer_s"], ""),
            ("the predictor's first answer, without a web server",
             found["bare_first_answer_s"], ""),
            ("the original's first answer, without a web server",
             found["original_first_answer_s"], ""),
            ("the original over the predictor", f"{found['ratio']} x", "at least 5 x"),
        ],
    )  # fmt: skip


def _memory(figures: Figures) -> str:
    found = figures["memory"]
    mixed, many = found["mixed_requests"], f"{found['many_requests']:,}"
    return "## Memory\n\n" + _table(
        ("resident memory of the worker", "MiB", "aim"),
        [
            ("fresh", found["fresh_mib"], ""),
            (f"after {mixed} mixed requests", found["after_mixed_mib"], "at most 200"),
            ("the same, both processes, shared pages counted once",
             found["all_processes_mib"], ""),
            (f"after {many} more, of 6 to 500 words", found["after_many_mib"], ""),
            ("slope over the later half of those",
             f"{found['slope_kib_per_1000']} KiB per 1,000", "flat"),
            ("peak: 32 clients send 20,000 characters each, then batches of 24 such texts",
             found["worst_peak_mib"], "the host has 512"),
            ("the predictor without a web server, after 40 texts", found["bare_mib"], ""),
            ("the original without a web server, after the same", found["original_mib"], ""),
            ("the original over the predictor", f"{found['ratio']} x", "at least 5 x"),
            ("the predictor's libraries and tokenizer, with a model of one node instead of ours",
             found["floor_mib"], ""),
        ],
    ) + (
        f"\nA fifth of the original would be {found['original_mib'] / 5:.0f} MiB, of which the "
        f"libraries and the tokenizer take {found['floor_mib']}: too little is left for the "
        f"weights, {found['model_mib']} MiB, the index of word pairs, the colours, our own modules "
        "and a long text on its way through the weights.\n"
    )  # fmt: skip


def _page(figures: Figures) -> str:
    found = figures["page"]
    return "## A page\n\n" + _table(
        ("milliseconds", "p50", "p95", "p99"),
        [
            (name, *(found[key][f"{cut}_ms"] for cut in ("p50", "p95", "p99")))
            for name, key in (("the predictor alone", "predictor"),
                              ("the form sent, its page read", "page"),
                              ("the smallest answer the site gives, /healthz", "smallest"))
        ],
    ) + (
        f"\nIn {found['pairs']} pairs on the same text the page costs "
        f"{found['over_predictor_p50_ms']} ms more than the predictor at the median "
        "(aim: at most 5).\n"
    )  # fmt: skip


def _speed(figures: Figures) -> str:
    found = figures["speed"]
    return "## Speed of the model\n\n" + _table(
        ("", "texts a second", "p50 ms", "p95 ms", "mean tokens read"),
        [
            ("ours, one core", found["texts_per_s"], found["latency"]["p50_ms"],
             found["latency"]["p95_ms"], found["mean_tokens"]),
            ("ours, all cores", found["texts_per_s_all_cores"], "", "", found["mean_tokens"]),
            ("the original, all cores", found["original_texts_per_s"],
             found["original_latency"]["p50_ms"], found["original_latency"]["p95_ms"],
             found["original_mean_tokens"]),
        ],
    ) + (
        f"\nOurs answers {found['ratio_all_cores']} x the original's texts a second with the whole "
        f"machine for each (aim: at least 10 x), {found['ratio']} x with one core against all.\n"
    )  # fmt: skip


def _encoder(figures: Figures) -> str:
    found = figures["encoder"]
    return (
        f"One text of {found['tokens']} tokens, from text to scores on one thread: "
        f"{found['p50_ms']} ms at the median of {found['pairs']}, in turns with plain "
        f"all-MiniLM-L6-v2 in INT8 (`benchmarks/encoder.py`), which takes "
        f"{found['plain_p50_ms']} ms: {found['ratio']} x (aim: at most 1.1 x).\n"
    )


def _load(figures: Figures) -> str:
    found = figures["load"]
    rows: list[tuple[object, ...]] = []
    for clients, load in found["clients"].items():
        served, refused = load.get("visitor_served"), load.get("visitor_refused")
        rows.append(
            (clients, load["answered_per_s"], load["busy"], load["wrong"] + load["socket_errors"],
             load["p50_ms"], load["p95_ms"], load["p99_ms"],
             served["p95_ms"] if served else "",
             refused["p95_ms"] if refused else "",
             load["recovered_s"])
        )  # fmt: skip
    return (
        "## Under load\n\n"
        f"wrk calls the API for {found['seconds_each']} seconds at each number of clients, without "
        "waiting between calls. Past its capacity the site answers 503 with Retry-After. A visitor "
        "who calls ten times a second beside wrk tells how long an answer and a refusal take.\n\n"
        + _table(
            ("clients", "answers a second", "503", "errors", "p50 ms", "p95 ms", "p99 ms",
             "visitor's answer, p95 ms", "visitor's 503, p95 ms", "first answer after, s"),
            rows,
        )
        + f"\nThe worker held {found['rss_after_mib']} MiB afterwards.\n"
    )  # fmt: skip


def _quantise(found: Figures) -> str:
    books = next(iter(found.values()))["books"]
    return (
        "## The same answers on every processor\n\n"
        "`python -m benchmarks.quantise` quantises the same float32 model in three ways and "
        f"compares each with it on {books} books of the dev split, on this processor:\n\n"
        + _table(
            ("INT8 weights", "decisions changed", "mean shift of a probability", "micro-F1"),
            [
                (name, f"{way['flips']:.1%}", f"{way['mean_shift']:.4f}",
                 f"{way['micro_f1_int8']:.4f}")
                for name, way in found.items()
            ],
        )
        + "\nProcessors with VNNI, such as this one, add products of 8 bits in 32. Older ones add "
        "two of them in 16 bits first: with weights of eight bits such a sum reaches "
        "2 x 255 x 127 = 64,770 and is cut at 32,767; with seven bits it ends at "
        "2 x 255 x 64 = 32,640 and is never cut. So the file with seven bits ships. It was not run "
        "on an older processor: instead `/readyz` compares the answers to golden texts, wherever "
        "the site runs, with those that were found where the model was made.\n"
    )  # fmt: skip


def _soak(found: Figures) -> str:
    counts = found["requests"]
    return "## Endurance\n\n" + (
        f"`python -m benchmarks.soak`: {found['clients']} clients without a pause for "
        f"{found['minutes']:.0f} minutes, the worker killed {found['kills']} times (`kill -9`). "
        f"It ran at priority {found['niceness']} (`nice`: 0 is usual, 19 gives way to all "
        "else).\n\n"
    ) + _table(
        ("", ""),
        [
            *((f"answers {name}", f"{count:,}") for name, count in sorted(counts.items())),
            ("slowest answer", f"{found['slowest_s']} s"),
            ("largest growth of a worker between two kills, its arena filling",
             f"{found['largest_growth_of_a_worker_mib']} MiB"),
            ("stuck clients", found["stuck_clients"]),
            ("ready afterwards", "yes" if found["ready_afterwards"] else "no"),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    write_page()
