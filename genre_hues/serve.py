"""`genre-hues serve`: the site, by gunicorn where it runs and by waitress on Windows."""

import argparse
import os
import sys
from pathlib import Path

APP = "webapp:create_app()"
_CLONE = Path(__file__).parents[1]
# A wheel holds the file beside this one, see pyproject.toml.
_FOLDER = Path(__file__).parent if (Path(__file__).parent / "gunicorn.conf.py").exists() else _CLONE
GUNICORN_SETTINGS = _FOLDER / "gunicorn.conf.py"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT") or 8000), help="1 to 65535"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until stopped; settings come from the environment (docs/deploy.md)."""
    serve = _waitress if sys.platform == "win32" else _gunicorn
    serve(args.host, args.port)
    return 0


def _gunicorn(host: str, port: int) -> None:
    settings = ["--config", str(GUNICORN_SETTINGS), "--bind", f"{host}:{port}"]
    # In place of this process, so that signals reach gunicorn.
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *settings, APP])  # noqa: S606


def _waitress(host: str, port: int) -> None:
    import waitress

    from webapp import create_app

    app = create_app()
    waitress.serve(app, host=host, port=port, threads=2 * (os.cpu_count() or 1) + 6)
