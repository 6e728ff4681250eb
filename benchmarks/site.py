"""The site as a process of its own, started by the blueprint's own command."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil
import yaml

ROOT = Path(__file__).parents[1]
START_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Site:
    """A running site: the arbiter's process and the port it listens on."""

    process: subprocess.Popen[bytes]
    port: int
    started: float
    """When it was started, by time.perf_counter."""

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self, timeout: float) -> HTTPConnection:
        """Open a new connection to it."""
        return HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def status(self, path: str = "/") -> int | None:
        """Return what a GET is answered with; None while nothing listens."""
        connection = self.connect(timeout=5.0)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def workers(self) -> list[psutil.Process]:
        """Return the processes that answer requests."""
        return psutil.Process(self.process.pid).children()

    def rss(self) -> int:
        """Resident bytes of the largest worker."""
        return max(worker.memory_info().rss for worker in self.workers())

    def pss(self) -> int:
        """Bytes of all its processes, shared pages counted once: what a host's limit counts."""
        family = [psutil.Process(self.process.pid), *self.workers()]
        return sum(process.memory_full_info().pss for process in family)


def start_command() -> str:
    """Return the command by which Render starts the site."""
    blueprint = yaml.safe_load((ROOT / "render.yaml").read_text())
    return str(blueprint["services"][0]["startCommand"])


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_site(
    root: Path = ROOT, python: Path = Path(sys.executable), log: Path | None = None, **env: str
) -> Iterator[Site]:
    """Start the site from `root` with the packages of `python`, and stop it gracefully.

    Args:
        root: a checkout of the project.
        python: the interpreter of the virtual environment to serve from.
        log: where its log goes; nowhere by default.
        **env: settings beside the production defaults that are set here.

    Raises:
        RuntimeError: it ended, or did not answer within a minute.
    """
    port = free_port()
    settings = {
        "PATH": f"{python.parent}:{os.environ['PATH']}",
        "PORT": str(port),
        "PRODUCTION": "1",
        "SECRET_KEY": secrets.token_urlsafe(32),
        "TRUSTED_HOSTS": "127.0.0.1",
        "RATE_LIMIT": "",
        **env,
    }
    with (log or Path(os.devnull)).open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            ["sh", "-c", f"exec {start_command()}"],
            cwd=root,
            env=settings,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        site = Site(process, port, started)
        try:
            _wait(site)
            yield site
        finally:
            _stop(process)


def _wait(site: Site) -> None:
    while site.status() != 200:
        if site.process.poll() is not None:
            raise RuntimeError(f"the site ended with code {site.process.returncode}")
        if time.perf_counter() - site.started > START_TIMEOUT_S:
            raise RuntimeError("the site did not answer within a minute")
        time.sleep(0.005)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=25)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
