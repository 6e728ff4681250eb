"""Take the README's screenshots of the results page, light and dark.

    python -m benchmarks.screenshot [--out docs/img]

Needs Debian's chromium and chromium-driver; the site is started and stopped by the command.
"""

import argparse
import base64
import io
import tempfile
from pathlib import Path
from threading import Thread

from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from werkzeug.serving import make_server

from webapp import create_app

PAGE = "/?example=salt-road"
WIDTH, HEIGHT = 1280, 1120
FLAGS = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars"


def main() -> None:
    """Start the site, take both pictures, stop it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("docs/img"))
    args = parser.parse_args()
    server = make_server("127.0.0.1", 0, create_app({"RATE_LIMIT": ""}), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile:
        browser = _browser(profile)
        try:
            for scheme in ("light", "dark"):
                file = args.out / f"screenshot-{scheme}.png"
                _take(browser, f"http://127.0.0.1:{server.port}{PAGE}", scheme, file)
                print(f"{file}: {file.stat().st_size / 1000:.0f} kB")
        finally:
            browser.quit()
            server.shutdown()


def _browser(profile: str) -> Chrome:
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (*FLAGS.split(), f"--user-data-dir={profile}"):
        options.add_argument(flag)
    return Chrome(options, Service("/usr/bin/chromedriver"))


def _take(browser: Chrome, url: str, scheme: str, file: Path) -> None:
    size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(url)
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {})["data"]
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(base64.b64decode(shot))).convert("RGB")
    picture.save(file, optimize=True)


if __name__ == "__main__":
    main()
