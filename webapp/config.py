"""The site's settings, read from the environment."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ml.serving.model_folder import DEFAULT_MODEL
from webapp.protection.security import ConfigurationError

_CLONE, _INSTALLED = Path(__file__).parents[1], Path(__file__).parent
ROOT = _INSTALLED if (_INSTALLED / "templates").is_dir() else _CLONE
"""The folder of `templates/` and `static/`; a wheel holds them in this one, see pyproject.toml."""

DEFAULTS: dict[str, Any] = {
    "MODEL_FOLDER": DEFAULT_MODEL,
    "MAX_CONTENT_LENGTH": 512 * 1024,
    "MAX_CHARACTERS": 20_000,
    "MAX_BATCH": 64,
    "RESULT_CACHE": 0,
}
"""Sizes are in bytes and characters; `protection` and `operations` have the defaults of what they
read themselves."""


def _switch(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("1 or 0 is meant")


READERS: dict[str, Callable[[str], Any]] = {
    "MODEL_FOLDER": Path,
    "MAX_CONTENT_LENGTH": int,
    "MAX_CHARACTERS": int,
    "MAX_BATCH": int,
    "RESULT_CACHE": int,
    "CONCURRENCY": int,
    "PROXY_HOPS": int,
    "RATE_LIMIT": str,
    "REDIS_URL": str,
    "TRUSTED_HOSTS": str,
    "SECRET_KEY": str,
    "PRODUCTION": _switch,
    "METRICS_ENABLED": _switch,
}


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the defaults, overlaid with every setting that the environment has under its name.

    Raises:
        ConfigurationError: a value cannot be read; says which and what is meant.
    """
    settings = dict(DEFAULTS)
    for name, read in READERS.items():
        if name in environment:
            try:
                settings[name] = read(environment[name])
            except ValueError as error:
                raise ConfigurationError(f"{name} is {environment[name]!r}: {error}") from error
    return settings
