"""The defaults of every stage, read from `settings.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("settings.toml")


@cache
def settings(stage: str) -> dict[str, Any]:
    """Return one stage's table of the settings file."""
    table: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))[stage]
    return table
