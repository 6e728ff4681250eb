"""A test shop, and the scraper's commands as processes against it."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from scraper.cli import main
from tests.scraper.shop_server import Shop

ROOT = Path(__file__).parents[2]


class Scraper:
    """Runs commands on one ledger."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop = shop
        self.folder = folder
        self.ledger = folder / "ledger.sqlite3"
        self.processes = False
        """Whether commands run as processes of their own, as a person's would."""
        self.environment = dict(os.environ)

    def command(self, name: str, *args: str) -> list[str]:
        return [sys.executable, "-m", "scraper", "--ledger", str(self.ledger), name, *args]

    def run(self, name: str, *args: str, code: int = 0) -> str:
        """Run a command to its end; return what it said, on either stream."""
        if not self.processes:
            said = io.StringIO()
            with redirect_stdout(said), redirect_stderr(said):
                result = main(["--ledger", str(self.ledger), name, *args])
            assert result == code, said.getvalue()
            return said.getvalue()
        done = subprocess.run(
            self.command(name, *args),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def start(self, name: str, *args: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(name, *args),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def urls(self, categories: str = "1000-1005", *more: str, code: int = 0) -> str:
        site = ("--base-url", self.shop.base, "--delay", "0")
        return self.run("urls", "--categories", categories, *site, *more, code=code)

    def details(self, *more: str, code: int = 0) -> str:
        return self.run("details", "--base-url", self.shop.base, "--delay", "0", *more, code=code)

    def rows(self) -> dict[int, dict[str, Any]]:
        """Export, and return the rows by the number of the book."""
        out = self.folder / "rows.jsonl"
        self.run("export", str(out))
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        by_number = {int(row["url"].rsplit("/", 1)[1]): row for row in rows}
        assert len(by_number) == len(rows)
        return by_number

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--json"))
        return found


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as opened:
        yield opened


@pytest.fixture
def scraper(shop: Shop, tmp_path: Path) -> Scraper:
    return Scraper(shop, tmp_path)


@pytest.fixture
def processes(scraper: Scraper) -> Scraper:
    scraper.processes = True
    return scraper
