"""The pages in a real browser: without JavaScript, by keyboard, narrow and wide, light and dark."""

from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver.common.keys import Keys

from ml.hues.colour import hex_to_rgb
from tests.browser.browsing import all_of, one, press
from webapp.pages.examples import EXAMPLES

HORROR = EXAMPLES[2]
PAGES = ["/", "/?example=table-for-one", "/about", "/api", "/cover", "/nowhere"]


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
    for row in all_of(browser, ".bars li"):
        track, fill = one(row, ".bar-track"), one(row, ".bar-fill")
        text = one(row, ".bar-percent").text
        if text.endswith("%") and text[0].isdigit():
            assert 100 * fill.rect["width"] / track.rect["width"] == pytest.approx(
                float(text.rstrip("%")), abs=1
            )
    assert one(browser, "#description").get_attribute("value") == HORROR.description
    press(browser, "button[name=why]")
    assert one(browser, "#why h2").text.startswith("What spoke for")
    assert browser.current_url.endswith("#why")


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
    assert not all_of(browser, "#why")


def test_an_error_is_shown_at_the_field_and_in_the_summary(site: str, browse):
    browser = browse(390)
    browser.get(site)
    one(browser, "#description").send_keys("too short")
    press(browser, ".primary")
    assert "2 words" in one(browser, "#description-error").text
    assert one(browser, "#description").get_attribute("value") == "too short"
    one(browser, "[role=alert] a").click()
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
    Image.new("RGB", (120, 180), "#800000").save(tmp_path / "cover.png")
    browser = browse(390)
    browser.get(f"{site}/cover?genres=Horror")
    one(browser, "#cover").send_keys(str(tmp_path / "cover.png"))
    press(browser, ".primary")
    assert one(browser, "h1").text == "Maroon"
    assert "in 100 such covers" in one(browser, ".place").text
