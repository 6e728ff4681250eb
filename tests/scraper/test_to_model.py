"""From both sites' pages to a trained model, in the one line that docs/scraper.md gives."""

import gzip
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.scraper.standard_ebooks.feed_server import serve

ROOT = Path(__file__).parents[2]


def test_one_line_goes_from_pages_to_a_model(shop, tmp_path):
    ml = f"'{sys.executable}' -W ignore -m ml"
    scrape = f"{ml} scrape --ledger '{tmp_path}/ledger.sqlite3'"
    site = f"--base-url {shop.base} --delay 0"
    with serve(40) as (feed, _):
        other = f"--site standard-ebooks --base-url {feed} --delay 0"
        done = subprocess.run(
            ["bash", "-c", f"{scrape} urls --categories all {other}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-2000:]
    line = (
        f"{scrape} urls --categories 1000-1005 {site} && {scrape} details {site}"
        f" && {scrape} export '{tmp_path}/books.jsonl'"
        f" && {ml} preprocess '{tmp_path}/books.jsonl' --out '{tmp_path}/data'"
        f" && {ml} train '{tmp_path}/data/books.jsonl.gz' --out '{tmp_path}/run'"
        " --limit 16 --epochs 1 --min-token-count 1 --max-tokens 32 --device cpu"
    )
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads((tmp_path / "data" / "report.json").read_text())
    assert report["books_kept"] > 200
    assert "Romance" in report["genres"]
    with gzip.open(tmp_path / "data" / "books.jsonl.gz", "rt", encoding="utf-8") as file:
        origins = Counter(json.loads(line)["origin"] for line in file)
    assert origins["standard-ebooks"] >= 30
    assert origins["smashwords"] > 200
    assert (tmp_path / "run" / "model.safetensors").exists()
