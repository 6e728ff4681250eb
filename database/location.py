"""Where the project keeps things: `DATABASE_URL`, and a folder for everything that is a file."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

FILE = "genre-hues.sqlite3"

_CLONE = Path(__file__).parents[1]


class StateError(RuntimeError):
    """Nothing can be kept where the settings say; the message says what would be right."""


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of `STATE_FOLDER`; by default `instance/` in a clone, else below Python's.

    The folder need not exist, see `prepare`.
    """
    if named := environment.get("STATE_FOLDER"):
        return Path(named).absolute()
    if (_CLONE / "wsgi.py").exists():
        return _CLONE / "instance"
    return Path(sys.prefix) / "var" / "genre-hues"


def prepare(folder: Path) -> Path:
    """Make the folder, for the site's own user alone, and return it.

    Raises:
        StateError: it cannot be made or written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(
            f"STATE_FOLDER {folder} cannot be made ({error.strerror}); name a folder that can be "
            "written"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StateError(f"STATE_FOLDER {folder} cannot be written; name a folder that can be")
    return folder


def database_url(environment: Mapping[str, str] = os.environ) -> str:
    """Return the URL of `DATABASE_URL` for SQLAlchemy; by default a SQLite file in the folder.

    Hosts write `postgres://` and `postgresql://`; both mean psycopg 3 here.
    """
    url = environment.get("DATABASE_URL", "")
    if not url:
        return f"sqlite:///{state_folder(environment) / FILE}"
    scheme, separator, rest = url.partition("://")
    if separator and scheme in {"postgres", "postgresql"}:
        return f"postgresql+psycopg://{rest}"
    return url
