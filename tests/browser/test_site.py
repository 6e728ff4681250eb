"""The pages in a real browser: without JavaScript, by keyboard, narrow and wide, light and dark."""

import base64
import re
from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver.common.keys import Keys

from ml.hues.colour import hex_to_rgb
from tests.browser.browsing import all_of, one, press
from webapp.pages.examples import EXAMPLES

HORROR = EXAMPLES[2]
PAGES = ["/", "/?example=table-for-one", "/about", "/api", "/cover", "/compare", "/nowhere"]


def inside_the_page(browser) -> dict:
    """What the browser worked out of layout and colours (its own evaluation, also without JS)."""
    return browser.execute_cdp_cmd("Page.getLayoutMetrics", {})


def test_a_blurb_is_answered_without_javascript(site: str, browse):
    browser = browse()
    browser.get(site)
    one(browser, "#title").send_keys(HORROR.title)
    one(browser, "#description").send_keys(HORROR.description)
    press(browser, ".primary")
    assert "Horror" in one(browser, "h1").text
    bars = all_of(browser, ".with-figures rect")
    assert len(bars) == 10
    width = sum(bar.rect["width"] for bar in bars)
    assert width == pytest.approx(1280, abs=15)
    for row in all_of(browser, ".genre-bar"):
        track, fill = one(row, ".bar-track"), one(row, ".bar-fill")
        text = re.search(r"(over )?(\d+)%", one(row, ".genre-percent").text)
        if not text[1]:
            assert 100 * fill.rect["width"] / track.rect["width"] == pytest.approx(
                float(text[2]), abs=1
            )
    assert one(browser, "#description").get_attribute("value") == HORROR.description
    summary = one(browser, ".why summary")
    assert summary.rect["height"] >= 24
    summary.click()
    assert "For it" in one(browser, ".why[open]").text


def test_an_answer_is_reloaded_gone_back_to_and_sent(site: str, browse):
    browser = browse()
    browser.get(site)
    one(browser, "#description").send_keys(HORROR.description)
    press(browser, ".primary")
    address, answer = browser.current_url, one(browser, "h1").text
    assert address.startswith(f"{site}/r/")
    browser.refresh()
    assert one(browser, "h1").text == answer
    browser.get(f"{site}/about")
    browser.back()
    assert one(browser, "h1").text == answer
    assert one(browser, "#description").get_attribute("value") == HORROR.description
    designer = browse()
    designer.get(address)
    assert one(designer, "h1").text == answer
    assert len(all_of(designer, ".with-figures rect")) == 10
    assert "Harrow" not in designer.page_source


def test_two_sentences_are_changed_and_the_bars_say_so_without_javascript(site: str, browse):
    browser = browse(390)
    browser.get(site)
    one(browser, "#description").send_keys(HORROR.description)
    press(browser, ".primary")
    one(browser, "#aim-genre").send_keys("ghosts")
    press(browser, ".aim-form button")
    assert "Ghosts" in one(browser, "#aim h2").text
    one(browser, "#description").send_keys(" The ghosts of the miners haunt every gallery.")
    press(browser, "#again .primary")
    assert all_of(browser, ".genre-bar .change")
    assert "+" in one(browser, ".aim-distance .change").text


def test_a_doubtful_text_is_shown_anyway(site: str, browse):
    browser = browse(390)
    browser.get(site)
    one(browser, "#description").send_keys("three words only")
    press(browser, ".primary")
    press(browser, "button[name=anyway]")
    assert "3 words" in one(browser, ".answer .caution").text


def test_a_designers_brief_is_one_page_with_the_blurb(site: str, browse, tmp_path: Path):
    browser = browse()
    browser.get(f"{site}/?example=quiet-below")
    printed = browser.execute_cdp_cmd(
        "Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": False}
    )
    file = base64.b64decode(printed["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", file)) == 1
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert one(browser, ".printed-blurb").is_displayed()
    assert one(browser, "h1").is_displayed()
    assert not one(browser, "#description").is_displayed()


def test_the_form_is_busy_counts_and_sends_by_control_and_enter(site: str, browse):
    browser = browse(javascript=True)
    browser.get(site)
    field = one(browser, "#description")
    field.send_keys(HORROR.description)
    counted = one(browser, "[data-counts]").text
    assert counted == f"{len(HORROR.description)} of 20,000 characters."
    browser.execute_script(
        "document.querySelector('.blurb-form').addEventListener('submit', e => {"
        "window.words = document.querySelector('.primary').textContent; e.preventDefault()})"
    )
    field.send_keys(Keys.CONTROL, Keys.ENTER)
    assert browser.execute_script("return window.words") == "Reading…"
    assert one(browser, ".blurb-form").get_attribute("aria-busy") == "true"


def test_the_whole_way_by_keyboard(site: str, browse):
    browser = browse()
    browser.get(site)
    reached = []
    for _ in range(12):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        here = browser.switch_to.active_element
        reached.append(here.get_attribute("id") or here.text)
        assert here.value_of_css_property("outline-style") == "solid"
        assert here.value_of_css_property("outline-width") == "3px"
        if here.get_attribute("id") == "title":
            break
    assert reached[0] == "Skip to the content"
    assert reached[-2:] == ["description", "title"]
    one(browser, "#description").send_keys(HORROR.description)
    one(browser, "#title").send_keys(HORROR.title)
    press(browser, "#title", Keys.ENTER)
    assert "Horror" in one(browser, "h1").text
    assert all_of(browser, ".why summary")


def test_an_error_is_shown_at_the_field_and_in_the_summary(site: str, browse):
    browser = browse(390)
    browser.get(site)
    one(browser, "#description").send_keys("too short")
    press(browser, ".primary")
    assert "2 words" in one(browser, "#description-error").text
    assert one(browser, "#description").get_attribute("value") == "too short"
    assert browser.switch_to.active_element.get_attribute("id") == "errors"
    one(browser, ".summary a").click()
    assert browser.switch_to.active_element.get_attribute("id") == "description"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(site: str, browse, width: int, scheme: str):
    browser = browse(width, scheme=scheme)
    for path in PAGES:
        browser.get(site + path)
        assert inside_the_page(browser)["cssContentSize"]["width"] <= width, path
        for field in all_of(browser, ".blurb-form input, .blurb-form textarea, .blurb-form button"):
            if field.is_displayed():
                assert field.rect["height"] >= 44, path


@pytest.mark.parametrize(("scheme", "paper"), [("light", (255, 255, 255)), ("dark", (16, 16, 16))])
def test_both_schemes_show_the_true_hues(site: str, browse, tmp_path: Path, scheme: str, paper):
    browser = browse(scheme=scheme)
    browser.get(f"{site}/?example=quiet-below")
    file = tmp_path / "page.png"
    browser.save_screenshot(file)
    picture = Image.open(file).convert("RGB")
    assert picture.getpixel((5, 5)) == paper
    for bar in all_of(browser, ".with-figures rect"):
        box = bar.rect
        middle = (int(box["x"] + box["width"] / 2), int(box["y"] + box["height"] / 2))
        assert picture.getpixel(middle) == tuple(hex_to_rgb(bar.get_attribute("fill")))


def test_nothing_breaks_the_policy_and_hex_values_are_copied(site: str, browse):
    browser = browse(javascript=True)
    for path in PAGES:
        browser.get(site + path)
        errors = [entry["message"] for entry in browser.get_log("browser")]
        assert [error for error in errors if "404" not in error] == []
    browser.get(f"{site}/?example=quiet-below")
    browser.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": site},
    )
    one(browser, ".copy").click()
    assert one(browser, ".copy").text == "Copied"


def test_a_cover_is_checked_without_javascript(site: str, browse, tmp_path: Path):
    image = Image.new("RGB", (120, 180), "#800000")
    image.paste("#000000", (0, 120, 120, 180))
    image.save(tmp_path / "cover.png")
    browser = browse(390)
    browser.get(f"{site}/cover?genres=Horror")
    one(browser, "#cover").send_keys(str(tmp_path / "cover.png"))
    press(browser, ".primary")
    assert one(browser, "h1").text.startswith("Dark red, black")
    assert "in 100 covers of other shelves" in one(browser, ".place").text
