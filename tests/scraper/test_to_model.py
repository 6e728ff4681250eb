"""From the test shop's pages to a trained model, in the one line that docs/scraper.md gives."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_one_line_goes_from_pages_to_a_model(shop, tmp_path):
    ml = f"'{sys.executable}' -W ignore -m ml"
    scrape = f"{ml} scrape --ledger '{tmp_path}/ledger.sqlite3'"
    site = f"--base-url {shop.base} --delay 0"
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
    assert (tmp_path / "run" / "model.safetensors").exists()
