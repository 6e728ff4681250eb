"""The site in a thread, and a headless Chromium with JavaScript off unless a test turns it on."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from werkzeug.serving import make_server

from tests.browser.obtain import ADVICE, Browser, find
from webapp import create_app

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync --hide-scrollbars"
)
BLOCK = 2

Browse = Callable[..., Chrome]


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the running site."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app({"RATE_LIMIT": ""}), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def found() -> Browser | None:
    return find()


@pytest.fixture
def browse(tmp_path: Path, found: Browser | None) -> Iterator[Browse]:
    """Opens a browser of a width, with or without JavaScript, in a colour scheme."""
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ADVICE)
    opened: list[Chrome] = []

    def start(width: int = 1280, *, javascript: bool = False, scheme: str = "light") -> Chrome:
        options = ChromeOptions()
        options.binary_location = found.binary
        for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path / str(len(opened))}"):
            options.add_argument(flag)
        if not javascript:
            options.add_experimental_option(
                "prefs", {"profile.managed_default_content_settings.javascript": BLOCK}
            )
        browser = Chrome(options, Service(found.driver))
        opened.append(browser)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        return browser

    yield start
    for browser in opened:
        browser.quit()
