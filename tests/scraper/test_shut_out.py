"""Sites that no longer answer: the run stops, and `status` says what to do next."""

import pytest

SHUT = {
    "empty": (202, {}),
    "consent-wall": (302, {"Location": "/consent?continue=x"}),
    "redirect-offsite": (302, {"Location": "https://consent.example/ask?continue=x"}),
    "redirect-loop": "loop",
}


def shut(shop, path: str, mood: object) -> None:
    if mood == "loop":
        mood = (302, {"Location": f"{path}?again=1"})
        shop.faults[f"{path}?again=1"] = (302, {"Location": path})
    shop.faults[path] = mood
    if mood == (202, {}):
        shop.empty.add(path)


@pytest.mark.parametrize("reason", SHUT)
def test_a_run_of_walls_stops_as_a_run_of_refusals_does(shop, scraper, reason):
    scraper.urls("1000-1001")
    for book in shop.books:
        shut(shop, f"/{book.key}", SHUT[reason])
    said = scraper.details(code=1)
    assert f"stopped after 10 failures in a row ({reason} 10)" in said
    assert scraper.status()["reasons"]["book"][reason] == 10
    assert f"next: look at the site: it has shut us out ({reason})" in scraper.run("status")


@pytest.mark.parametrize("reason", ["empty", "consent-wall"])
def test_walls_in_place_of_listings_stop_the_walk(shop, scraper, reason):
    for category in range(1000, 1020):
        shut(shop, f"/books/category/{category}/newest/0/any/any/", SHUT[reason])
        for offset in range(20, 200, 20):
            shut(shop, f"/books/category/{category}/newest/{offset}/any/any/", SHUT[reason])
    assert "failures in a row" in scraper.urls("1000-1019", code=1)


def test_a_walk_that_understands_no_listing_is_no_success(shop, scraper):
    page = b"<div class='library-book'><a class=library-title href='/title/one'>One</a></div>"
    shop.faults["/books/category/1003/newest/0/any/any/"] = (page, "text/html")
    for offset in (20, 40, 60):
        shop.faults[f"/books/category/1003/newest/{offset}/any/any/"] = (page, "text/html")
    said = scraper.urls("1003", code=1)
    assert "no listing page could be understood" in said
    assert scraper.status()["reasons"]["listing"] == {"not-understood": 3}


def test_the_next_step_follows_the_ledger(shop, scraper):
    scraper.urls("1003", "--max-pages", "1")
    assert "next: `urls` goes on with 1 listing page" in scraper.run("status")
    scraper.urls("1003")
    assert "next: `details` fetches" in scraper.run("status")
    shop.faults[f"/{shop.books[3].key}"] = 503
    scraper.details("--attempts", "1")
    assert "next: `retry --reason http-503`" in scraper.run("status")
    shop.faults.clear()
    scraper.run("retry", "--reason", "all")
    scraper.details()
    assert "next: `export` writes" in scraper.run("status")
