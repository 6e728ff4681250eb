"""Finding things on a page, and going on to the next."""

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait


def all_of(browser, selector: str):
    return browser.find_elements(By.CSS_SELECTOR, selector)


def one(browser, selector: str):
    """Return an element, once it is there."""
    wait = WebDriverWait(browser, 20)
    return wait.until(lambda page: page.find_element(By.CSS_SELECTOR, selector), selector)


def press(browser, selector: str, key: str = "") -> None:
    """Click, or send a key to, what leads to another page, and wait until that page is there."""
    here, element = one(browser, "html"), one(browser, selector)
    if key:
        element.send_keys(key)
    else:
        element.click()
    # Asked in the midst of the change, the driver may answer with an error of its own.
    wait = WebDriverWait(browser, 20, ignored_exceptions=(WebDriverException,))
    wait.until(staleness_of(here))
