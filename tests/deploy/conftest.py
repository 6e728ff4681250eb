"""Environments to start a deployed site in."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from benchmarks.site import ROOT


@pytest.fixture(scope="session")
def environment() -> Callable[[Path, Path], Path]:
    """Makes a virtual environment in a folder with what a file requires; gives its interpreter."""

    def make(folder: Path, requirements: Path) -> Path:
        python = folder / "bin" / "python"
        done = folder / "complete"
        if not done.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
            install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(requirements)]
            subprocess.run(install, check=True)
            done.touch()
        return python

    return make


@pytest.fixture(scope="session")
def serving_python(
    request: pytest.FixtureRequest, environment: Callable[[Path, Path], Path]
) -> Path:
    """The interpreter of a fresh environment that holds requirements.txt and nothing else.

    It is kept between runs for as long as that file stays the same.
    """
    digest = sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()[:12]
    folder = request.config.cache.mkdir(f"serving-{digest}")
    return environment(folder, ROOT / "requirements.txt")


@pytest.fixture(scope="session")
def copy_context() -> Callable[[Path], None]:
    """Copies what a container build gets to see: .dockerignore names what is let in."""

    def copy(target: Path) -> None:
        lines = (ROOT / ".dockerignore").read_text().splitlines()
        for name in (line[1:].rstrip("/") for line in lines if line.startswith("!")):
            source = ROOT / name
            if source.is_dir():
                ignore = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, target / name, ignore=ignore)
            else:
                shutil.copy(source, target / name)

    return copy
