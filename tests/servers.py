"""Real servers from Debian's packages, started on free ports and gone when their block ends."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.site import free_port

PATIENCE_S = 30
NOBODY = "nobody"


def need(name: str, package: str, *folders: str) -> str:
    """Return the path of a program; without it CI fails, and other places skip and say why."""
    path = os.pathsep.join((*folders, os.environ.get("PATH", os.defpath)))
    found = shutil.which(name, path=path)
    if not found:
        advice = f"{name} is not installed (Debian: apt-get install {package})"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(advice)
    return str(found)


@contextmanager
def postgresql() -> Iterator[str]:
    """Run PostgreSQL and give the URL of an empty database.

    It refuses to run as root, who lends it an account that owns nothing; a test's own folder is
    closed to that one, so its files lie beside those.
    """
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    initdb = need("initdb", "postgresql", *map(str, binaries))
    postgres = need("postgres", "postgresql", *map(str, binaries))
    user: dict[str, Any] = {"user": NOBODY} if os.geteuid() == 0 else {}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    with tempfile.TemporaryDirectory() as data:
        if user:
            shutil.chown(data, NOBODY)
        setup = [initdb, "-D", data, "-U", "hues", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(setup, check=True, **quiet, **user)
        port = free_port()
        options = f"-p {port} -h 127.0.0.1 -c fsync=off -c unix_socket_directories=".split()
        process = subprocess.Popen([postgres, "-D", data, *options], **quiet, **user)
        url = f"postgresql://hues@127.0.0.1:{port}/postgres"
        try:
            _wait(process, lambda: _asks_postgresql(url))
            yield url
        finally:
            process.send_signal(signal.SIGINT)  # "fast": without waiting for clients
            process.wait()


def _asks_postgresql(url: str) -> bool:
    import psycopg

    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Run Redis with its files in `folder` and give its URL."""
    import redis

    server, port = need("redis-server", "redis-server"), free_port()
    command = [
        server,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen([*command, str(folder)], stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"

    def answers() -> bool:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False

    try:
        with redis.Redis.from_url(url) as client:
            _wait(process, answers)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not ready():
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        assert time.monotonic() < deadline, f"{process.args!r} does not answer"
        time.sleep(0.05)
