"""How many covers a second `ml.hues.extract` measures, beside decoding them alone.

    python -m benchmarks.extract [--covers 100] [--processes 2]

Draws photo-like covers of 400 x 600 pixels as JPEG files in memory, then measures them in as many
processes as given, and on one, and times Pillow's decoding of the same files, which any measurement
has to pay. Writes benchmarks/results/extract.json.
"""

import argparse
import io
import json
import time
from collections.abc import Callable, Sequence
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image

from ml.hues.extract import extract_palette

RESULTS = Path(__file__).parent / "results" / "extract.json"


def draw(seed: int) -> bytes:
    """Return a JPEG of soft shapes over a gradient, with grain."""
    rng = np.random.default_rng(seed)
    rough = Image.fromarray(rng.integers(0, 256, (6, 4, 3), dtype=np.uint8))
    smooth = np.asarray(rough.resize((400, 600), Image.Resampling.BICUBIC)).astype(float)
    grain = smooth + rng.normal(0, 10, smooth.shape)
    buffer = io.BytesIO()
    Image.fromarray(grain.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def decode(data: bytes) -> None:
    """Decode a cover at full size."""
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGB").load()


def rate(action: Callable[[bytes], object], covers: Sequence[bytes]) -> float:
    """Return covers per second of processor time, which other load does not change."""
    start = time.process_time()
    for cover in covers:
        action(cover)
    return len(covers) / (time.process_time() - start)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--covers", type=int, default=100)
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    covers = [draw(seed) for seed in range(args.covers)]
    with Pool(args.processes) as pool:
        pool.map(extract_palette, covers[: args.processes])
        start = time.perf_counter()
        pool.map(extract_palette, covers, chunksize=5)
        together = len(covers) / (time.perf_counter() - start)
    found = {
        "covers": args.covers,
        "processes": args.processes,
        "covers_per_second": round(together),
        "covers_per_cpu_second_of_one_process": round(rate(extract_palette, covers)),
        "decoding_alone_per_cpu_second": round(rate(decode, covers)),
    }
    text = json.dumps(found, indent=1) + "\n"
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
