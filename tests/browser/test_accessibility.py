"""axe-core's rules over every page: WCAG 2.2 A and AA, and its advice of good practice."""

import io
import shutil
import subprocess
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from tests.browser.browsing import one, press

AXE = "axe-core@4.14.1"
SCRIPT = "package/axe.min.js"
SCRIPT_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
PAGES = ("/", "/?example=quiet-below", "/cover", "/compare", "/about", "/api", "/nowhere")
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(
  found => done(found.violations.map(rule => `${rule.id}: ${rule.help} (`
    + rule.nodes.map(node => node.target.join(' ')).join('; ') + ')')),
  error => done([`axe failed: ${error}`]));
"""


@pytest.fixture(scope="session")
def axe(request: pytest.FixtureRequest) -> str:
    """axe-core's script, from npm's registry the first time and then from pytest's cache."""
    folder = Path(request.config.cache.mkdir("axe"))
    file = folder / f"{AXE}.js"
    if not file.exists():
        if not shutil.which("npm"):
            pytest.skip("axe-core comes from npm, which is not installed (Debian: npm)")
        pack = ["npm", "pack", AXE, "--silent", "--pack-destination", str(folder)]
        if subprocess.run(pack, check=False, timeout=120).returncode:
            pytest.skip("axe-core comes from npm's registry, which cannot be reached")
        archive = folder / f"{AXE.replace('@', '-')}.tgz"
        with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as packed:
            script = packed.extractfile(SCRIPT)
            assert script
            file.write_bytes(script.read())
    assert sha256(file.read_bytes()).hexdigest() == SCRIPT_SHA256
    return file.read_text()


def violations(browser, axe: str) -> list[str]:
    browser.execute_script(axe)
    return browser.execute_async_script(RUN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(site: str, browse, axe: str, width: int, scheme: str):
    browser = browse(width, javascript=True, scheme=scheme)
    for path in PAGES:
        browser.get(site + path)
        assert violations(browser, axe) == [], path


def test_axe_finds_nothing_where_a_form_was_refused_or_words_are_explained(
    site: str, browse, axe: str
):
    browser = browse(javascript=True)
    browser.get(site)
    browser.find_element(By.CSS_SELECTOR, "#description").send_keys("too short")
    press(browser, ".primary")
    assert "2 words" in browser.find_element(By.CSS_SELECTOR, "#description-error").text
    assert violations(browser, axe) == []
    browser.get(f"{site}/?example=quiet-below")
    for summary in browser.find_elements(By.CSS_SELECTOR, "summary"):
        summary.click()
    assert "For it" in one(browser, ".why[open]").text
    browser.get(f"{browser.current_url}?aim=Cozy+Mystery")
    assert one(browser, ".aim-distance")
    assert violations(browser, axe) == []


def test_axe_is_awake(site: str, browse, axe: str):
    browser = browse(javascript=True)
    browser.get(site)
    browser.execute_script("document.querySelector('label[for=description]').remove()")
    assert any(found.startswith("label:") for found in violations(browser, axe))
