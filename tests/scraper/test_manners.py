"""Manners, measured where they count: at the server."""

import time
from email.utils import formatdate

import pytest
from protego import Protego

DELAY = 0.25


def polite(scraper, name: str, *args: str, code: int = 0) -> str:
    site = ("--base-url", scraper.shop.base, "--delay", str(DELAY))
    return scraper.run(name, *args, *site, code=code)


def test_no_two_requests_are_closer_than_the_delay(shop, scraper):
    """Robots.txt, redirects, failures with their retries and covers count; so do two runs."""
    polite(scraper, "urls", "--categories", "1003", "--max-pages", "1")
    first, second, third = (f"/{shop.books[index].key}" for index in (3, 12, 21))
    shop.faults[first] = (302, {"Location": f"{first}?moved=1"})
    shop.faults[second], shop.limits[second] = "reset", 1
    shop.faults[third] = (302, {"Location": "/robots.txt"})
    polite(scraper, "details", "--limit", "5", "--cover", "--palette", "builtins:list")
    assert len(shop.seen) > 12
    assert min(shop.gaps()) >= DELAY


def test_a_killed_run_and_the_next_keep_the_pace_together(shop, scraper):
    polite(scraper, "urls", "--categories", "1003", "--max-pages", "1")
    shop.robots = "User-agent: *\nCrawl-delay: 1\n"
    for _ in range(2):
        process = scraper.start("details", "--base-url", shop.base, "--delay", "0")
        before = len(shop.seen)
        while len(shop.seen) < before + 2:
            time.sleep(0.01)
        process.kill()
        process.communicate()
    scraper.details("--limit", "1")
    assert min(shop.gaps()[2:]) >= 1


def test_crawl_delay_and_request_rate_are_obeyed_over_a_shorter_delay(shop, scraper):
    scraper.urls("1003", "--max-pages", "1")
    for rule in ("Crawl-delay: 0.5", "Request-rate: 1/1"):
        shop.robots = f"User-agent: genre-hues\n{rule}\n"
        shop.seen.clear()
        scraper.details("--limit", "2")
        assert len(shop.seen) == 3
        assert min(shop.gaps()) >= 0.5


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_honoured_in_both_forms(shop, scraper, form):
    scraper.urls("1003", "--max-pages", "1")
    path = f"/{shop.books[3].key}"
    wish = "3" if form == "seconds" else formatdate(time.time() + 3 + 8, usegmt=True)
    shop.faults[path], shop.limits[path] = (503, {"Retry_After": wish}), 1
    shop.seen.clear()
    scraper.details("--limit", "1")
    refused, granted = (seen.at for seen in shop.seen if seen.path == path)
    assert granted - refused >= 3


def test_a_long_rest_ends_the_run_and_the_next_one_remembers(shop, scraper):
    scraper.urls("1003", "--max-pages", "1")
    path = f"/{shop.books[3].key}"
    shop.faults[path] = (429, {"Retry_After": "86400"})
    assert "asks to be left alone until" in scraper.details(code=1)
    shop.seen.clear()
    assert "asks to be left alone until" in scraper.details(code=1)
    assert shop.seen == []


def test_what_robots_txt_disallows_is_never_asked_for(shop, scraper):
    shop.robots = (
        "User-agent: genre-hues\nDisallow: /books/category/1001\nDisallow: /*/view/7*7$\n"
        "Disallow: /bookCovers/\nAllow: /\n"
    )
    scraper.urls("1000-1001")
    scraper.details("--cover", "--palette", "builtins:list")
    rules = Protego.parse(shop.robots)
    assert all(rules.can_fetch(shop.base + path, "genre-hues") for path in shop.paths())
    reasons = scraper.status()["reasons"]
    assert reasons["listing"] == {"robots-disallowed": 1}
    assert reasons["book"]["robots-disallowed"] > 0
    assert set(reasons["cover"]) == {"robots-disallowed"}


def test_without_a_readable_robots_txt_nothing_is_fetched(shop, scraper):
    shop.faults["/robots.txt"] = 503
    assert "robots.txt cannot be read" in scraper.urls("1000", "--attempts", "2", code=1)
    assert set(shop.paths()) == {"/robots.txt"}


def test_a_missing_robots_txt_allows_everything(shop, scraper):
    shop.robots = None
    scraper.urls("1003", "--max-pages", "1")
    assert shop.paths("/books/category")


def test_the_user_agent_names_the_project_and_a_contact(shop, scraper):
    scraper.urls("1003", "--max-pages", "1", "--contact", "me@example.org")
    agents = {seen.headers["User-Agent"] for seen in shop.seen}
    assert len(agents) == 1
    agent = agents.pop()
    assert agent.startswith("genre-hues/")
    assert "me@example.org" in agent
    assert not any("Cookie" in seen.headers for seen in shop.seen)


def test_the_real_site_needs_a_contact_and_a_second_between_requests(scraper):
    said = scraper.run("urls", "--categories", "1", code=2)
    assert "--contact" in said
    said = scraper.run("urls", "--categories", "1", "--contact", "me", "--delay", "0.5", code=2)
    assert "at least 1 second" in said
