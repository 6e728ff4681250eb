"""The Chromium and the driver that the tests of the pages use.

`python -m tests.browser.obtain` gets them where it may: what is installed, else Debian's packages
(as root), else what Selenium Manager downloads. It never fails: the tests say what they lacked.
"""

import os
import shutil
import subprocess
import sys
from typing import NamedTuple

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.selenium_manager import SeleniumManager

ADVICE = (
    "no Chromium with its driver was found or could be had, so the pages were not tried in a "
    "browser; on Debian or Ubuntu: apt-get install chromium chromium-driver"
)
PACKAGES = ("chromium", "chromium-driver")


class Browser(NamedTuple):
    """Where the two programs are."""

    binary: str
    driver: str


def find() -> Browser | None:
    """Return the installed browser, or the one that Selenium Manager fetched before."""
    return _installed() or _managed("--offline")


def _installed() -> Browser | None:
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    return Browser(binary, driver) if binary and driver else None


def _managed(*options: str) -> Browser | None:
    try:
        found = SeleniumManager().binary_paths(["--browser", "chrome", *options])
    except WebDriverException:
        return None
    binary, driver = found.get("browser_path"), found.get("driver_path")
    return Browser(binary, driver) if binary and driver else None


def _from_packages() -> Browser | None:
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    for command in (["apt-get", "update", "-qq"], install):
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
            return None
    return _installed()


def main() -> int:
    """Get a browser where none is there; always 0."""
    if not (find() or _from_packages() or _managed()):
        sys.stderr.write(f"browser: {ADVICE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
