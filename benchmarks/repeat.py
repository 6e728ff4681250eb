"""How alike two trainings with the same seed are: on as many threads, and on one.

    python -m benchmarks.repeat runs/model/data/books.jsonl.gz     # writes results/repeat.json

Trains three short runs (about ten minutes on two cores) and compares their logits and decisions
on books of the dev split.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.dataset import BlurbDataset, load_books, targets
from ml.decide import best_global_threshold
from ml.export import deep_logits, load_deep

RESULTS = Path(__file__).parent / "results" / "repeat.json"
BOOKS = 500  # of dev


def main() -> None:
    """Train, compare, write the figures and print them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `python -m ml preprocess`")
    parser.add_argument("--limit", type=int, default=1600, help="books to train on")
    args = parser.parse_args()
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as scratch:
        logits = [
            trained(args.data, args.limit, threads, Path(scratch) / str(number))
            for number, threads in enumerate((cores, cores, 1))
        ]
        _, labels, _ = load_deep(Path(scratch) / "0")
    truth = targets(load_books(args.data, "dev")[:BOOKS], labels).astype(bool)
    cut = best_global_threshold(truth, 1 / (1 + np.exp(-logits[0])))
    at = float(np.log(cut / (1 - cut)))
    result = {
        "trained_on": args.limit,
        "compared_on": len(truth),
        "threads": cores,
        "decided": int((logits[0] >= at).sum()),
    }
    for name, other in (("same_threads", logits[1]), ("one_thread", logits[2])):
        result[name] = {
            "largest_difference_of_a_logit": float(np.abs(logits[0] - other).max()),
            "decisions_that_differ": int(((logits[0] >= at) != (other >= at)).sum()),
        }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def trained(data: Path, limit: int, threads: int, out: Path) -> NDArray[np.float32]:
    """Return the dev logits [books, labels] of a run of its own process."""
    command = [sys.executable, "-W", "ignore", "-m", "ml", "train", str(data), "--out", str(out)]
    options = ["--epochs", "1", "--limit", str(limit), "--device", "cpu"]
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
    subprocess.run([*command, *options], env=environment, check=True, stdout=subprocess.DEVNULL)
    deep, _, tokenizer = load_deep(out)
    return deep_logits(deep, BlurbDataset(load_books(data, "dev")[:BOOKS], tokenizer, 160, 1))


if __name__ == "__main__":
    main()
