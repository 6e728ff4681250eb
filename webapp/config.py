"""The site's settings: one table, read from the environment, from which docs/deploy.md has its own.

python -m webapp.config    # prints the table of docs/deploy.md
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.serving.model_folder import DEFAULT_MODEL

_CLONE, _INSTALLED = Path(__file__).parents[1], Path(__file__).parent
ROOT = _INSTALLED if (_INSTALLED / "templates").is_dir() else _CLONE
"""The folder of `templates/` and `static/`; a wheel holds them in this one, see pyproject.toml."""


class ConfigurationError(RuntimeError):
    """A setting the site cannot start with; the message says what would be right."""


@dataclass(frozen=True)
class Setting:
    """One variable of the environment."""

    name: str
    read: Callable[[str], Any]
    """Its value from the text; raises ValueError where it cannot be one."""
    default: Any
    help: str
    least: int | None = None
    most: int | None = None
    shown: str = ""
    """The default as the documentation says it, where it is not the value itself."""

    @property
    def bounds(self) -> str:
        """What a number may be, in words; "" for other settings."""
        if self.least is None:
            return ""
        return f"{self.least:,} to {self.most:,}" if self.most else f"{self.least:,} or more"

    def parse(self, text: str) -> Any:
        """Return the value of a text.

        Raises:
            ConfigurationError: the text cannot be read, or is out of bounds.
        """
        try:
            value = self.read(text)
        except ValueError as error:
            raise ConfigurationError(f"{self.name} is {text!r}: {error}") from error
        self.check(value)
        return value

    def check(self, value: Any) -> None:
        """Raise ConfigurationError where a number is out of bounds."""
        if self.least is not None and not (
            self.least <= value and (self.most is None or value <= self.most)
        ):
            raise ConfigurationError(f"{self.name} is {value}; {self.bounds} is meant")


def switch(text: str) -> bool:
    """Read on or off.

    Raises:
        ValueError: it is neither.
    """
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("1 or 0 is meant")


SETTINGS = (
    Setting(
        "PRODUCTION", switch, False, "on: secret and hosts are required, cookies are for TLS only"
    ),
    Setting(
        "SECRET_KEY",
        str,
        None,
        "signs the session and CSRF tokens; in production at least 32 random characters",
        shown="random for each start",
    ),
    Setting(
        "TRUSTED_HOSTS",
        str,
        None,
        "host names to answer to, with commas between; `.example.org` means all below it",
        shown="every host; on Render its own",
    ),
    Setting(
        "PROXY_HOPS",
        int,
        0,
        "proxies in front, each of which adds an entry to `X-Forwarded-For`",
        least=0,
        most=16,
    ),
    Setting(
        "RATE_LIMIT",
        str,
        "60 per minute",
        "what one client may send, and ask of the model (pages are free); several with "
        "semicolons; empty for none",
    ),
    Setting(
        "CONCURRENCY",
        int,
        2,
        "runs of the model at once; four times as many requests wait up to 2 s, more get a 503",
        least=1,
        most=64,
    ),
    Setting(
        "REDIS_URL",
        str,
        None,
        "where workers share rate limits; without it there is one worker",
        shown="none",
    ),
    Setting("WEB_CONCURRENCY", int, 1, "gunicorn workers, with `REDIS_URL`", least=1, most=64),
    Setting(
        "METRICS_ENABLED",
        switch,
        False,
        "counters for Prometheus at `/metrics`; keep that path inside your network",
    ),
    Setting(
        "MAX_CHARACTERS", int, 20_000, "characters of one description", least=500, most=1_000_000
    ),
    Setting(
        "MAX_CONTENT_LENGTH",
        int,
        512 * 1024,
        "bytes of a request's body; a cover has a limit of its own",
        least=1_000,
        most=64 * 1024 * 1024,
    ),
    Setting("MAX_BATCH", int, 64, "books of one API request", least=1, most=1_000),
    Setting(
        "RESULT_CACHE",
        int,
        0,
        "answers that each process remembers, by a keyed hash of the text and never the text; one "
        "known already costs no run of the model, and about 21 KB of memory. Of use where the same "
        "texts come again, such as a catalogue sent twice",
        least=0,
        most=1_000_000,
    ),
    Setting("MODEL_FOLDER", Path, DEFAULT_MODEL, "the model folder", shown="`models/genre-hues`"),
    Setting(
        "BISAC_FILE",
        Path,
        None,
        "your list of BISAC headings, CSV with the columns code and heading; docs/codes.md says "
        "where to get it",
        shown="none",
    ),
    Setting("PORT", int, 8000, "where gunicorn listens", least=1, most=65_535, shown="8000"),
)


def from_environment(
    environment: Mapping[str, str] = os.environ, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return every setting: the default, or what the environment has under its name.

    Args:
        environment: texts by name; other names are left alone.
        overrides: values that count instead, and others that Flask knows.

    Raises:
        ConfigurationError: a value cannot be read; says which and what is meant.
    """
    given = dict(overrides or {})
    settings = {}
    for setting in SETTINGS:
        if setting.name in given:
            setting.check(given[setting.name])
        elif setting.name in environment:
            settings[setting.name] = setting.parse(environment[setting.name])
        else:
            settings[setting.name] = setting.default
    return settings | given


def table() -> str:
    """Return the settings as the Markdown table of docs/deploy.md."""
    lines = ["| variable | default | bounds | meaning |", "| --- | --- | --- | --- |"]
    for setting in SETTINGS:
        default = setting.shown or _shown(setting.default)
        lines.append(f"| `{setting.name}` | {default} | {setting.bounds} | {setting.help} |")
    return "\n".join(lines) + "\n"


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"{default:,}" if isinstance(default, int) else f"`{default}`"


if __name__ == "__main__":
    sys.stdout.write(table())
