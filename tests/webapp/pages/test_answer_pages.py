"""An answer's address: carries the answer, never the text, and the author's browser the rest."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.pages.address import BadAddressError, seal, unseal
from webapp.pages.answer_pages import visit_of
from webapp.pages.examples import EXAMPLES
from webapp.pages.pocket import Text
from webapp.pages.results import results

ROMANCE, HORROR = EXAMPLES[1:]


def address_of(send, example=HORROR, **fields) -> str:
    response = send(description=example.description, title=example.title, follow=False, **fields)
    assert response.status_code == 303
    return response.location


def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


def test_an_answer_is_redirected_to_and_reloads(send, client: FlaskClient, soup):
    address = address_of(send)
    first, again = soup(client.get(address)), soup(client.get(address))
    assert first.h1.text == again.h1.text
    assert first.select_one("#description").text.strip() == HORROR.description
    assert again.select_one("#description").text.strip() == HORROR.description
    assert [p.text for p in first.select(".why p")] == [p.text for p in again.select(".why p")]


def test_a_stranger_sees_the_answer_and_never_the_text(app: Flask, send, client, soup):
    address = address_of(send)
    mine, theirs = soup(client.get(address)), soup(stranger(app).get(address))
    for part in (".main-answer", ".figures", ".hues"):
        assert mine.select_one(part).text == theirs.select_one(part).text
    assert [bar["width"] for bar in mine.select(".bar-fill")] == [
        bar["width"] for bar in theirs.select(".bar-fill")
    ]
    shown = str(theirs).lower()
    for word in ("harrow", "coyle", "nightmare", HORROR.title.lower()):
        assert word in str(mine).lower()
        assert word not in shown
    assert not theirs.select(".why, .sentences, .aim")
    assert theirs.select_one("#description").text.strip() == ""


def test_the_address_is_short_and_holds_no_text(send):
    address = address_of(send)
    assert len(address) < 400
    assert re.fullmatch(r"/r/[\w.-]+", address)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-2], lambda t: f"{t[:9]}{chr(ord(t[9]) ^ 1)}{t[10:]}", lambda t: "x.y"]
)
def test_a_changed_address_is_no_answer(send, client: FlaskClient, change):
    token = address_of(send).removeprefix("/r/")
    for path in ("", "/answer.json", "/answer.csv", "/barcode.png"):
        assert client.get(f"/r/{change(token)}{path}").status_code == 404


def test_an_address_carries_the_whole_answer(app: Flask):
    with app.test_request_context():
        answer = visit_of(Text(HORROR.description, HORROR.title)).answer
        carried = unseal(seal(answer))
        assert carried.decided == answer.decided
        assert carried.probabilities == pytest.approx(answer.probabilities, abs=1e-5)
        assert [hue.name for hue in carried.hues] == [hue.name for hue in answer.hues]
        assert results(carried).headline == results(answer).headline


def test_another_site_cannot_make_addresses(app: Flask):
    with app.test_request_context():
        token = seal(visit_of(Text(HORROR.description)).answer)
        key, app.secret_key = app.secret_key, "another key of another site, long enough"
        try:
            with pytest.raises(BadAddressError):
                unseal(token)
        finally:
            app.secret_key = key


def test_what_changed_stands_at_the_bars(send, client: FlaskClient, soup):
    page = soup(client.get(address_of(send)))
    before = page.select_one("form.blurb-form")["action"]
    changed = HORROR.description.replace("nightmare", "romance").replace("dead daughter", "lover")
    response = send(before, description=changed, follow=False)
    assert parse_qs(urlsplit(response.location).query)["since"] == [before.removeprefix("/r/")]
    page = soup(client.get(response.location))
    marks = [mark.text for mark in page.select(".genre-bar .change")]
    assert marks
    for mark in marks:
        assert re.fullmatch(r"since the last text: (\+\d+|−\d+|new)", mark)


def test_what_is_gone_is_told(send, client: FlaskClient, soup):
    page = soup(client.get(address_of(send)))
    before = page.select_one("form.blurb-form")["action"]
    page = soup(send(before, description=ROMANCE.description))
    assert re.search(
        r"Horror \(\d+%, now (under )?\d+%\)", " ".join(page.select_one(".gone").text.split())
    )


def test_a_genre_is_taken_away_and_another_added(send, client: FlaskClient, soup):
    page = soup(client.get(address_of(send)))
    form = page.select_one(".correct form")
    keep = [box["value"] for box in form.select("input[name=keep]") if box["value"] != "Horror"]
    token = form.select_one("input[name=csrf_token]")["value"]
    data = {"csrf_token": token, "keep": keep, "add": "cosy mystery"}
    response = client.post(form["action"], data=data)
    assert response.status_code == 303
    after = soup(client.get(response.location))
    assert after.select_one(".main-answer").text == "Cosy Mystery"
    assert "Horror" not in after.h1.text
    assert [name.text for name in page.select(".hue-name")] != [
        name.text for name in after.select(".hue-name")
    ]
    assert after.select_one("#description").text.strip() == HORROR.description
    boxes = {box["value"]: box.has_attr("checked") for box in after.select("input[name=keep]")}
    assert boxes["Cozy Mystery"]
    assert not boxes["Horror"]


def test_aim_says_how_far_what_helps_and_what_is_missing(send, client: FlaskClient, soup):
    address = address_of(send)
    page = soup(client.get(f"{address}?aim=cosy+mystery"))
    aim = page.select_one("#aim")
    assert aim.h2.text == "Aiming at Cosy Mystery"
    assert re.search(r"reads as Cosy Mystery at (under )?\d+%; from \d+% on .* \d+ to go", aim.text)
    assert aim.select_one(".reason-kind")
    assert page.select_one("form.blurb-form input[name=aim]")["value"] == "cosy mystery"
    assert "is no genre" in soup(client.get(f"{address}?aim=xyzzy+plugh")).select_one("#aim").text


def test_an_aim_is_kept_through_the_next_look(send, client: FlaskClient, soup):
    response = send(description=HORROR.description, aim="Ghosts", follow=False)
    assert parse_qs(urlsplit(response.location).query)["aim"] == ["Ghosts"]
    assert soup(client.get(response.location)).select_one("#aim h2").text == "Aiming at Ghosts"


def test_the_model_runs_once_an_answer(app: Flask, send, client: FlaskClient, monkeypatch):
    runs: list[str] = []
    predictor = app.extensions["predictor"]
    run = predictor._run

    def counted(*given):
        runs.append(given[2])
        return run(*given)

    monkeypatch.setattr(predictor, "_run", counted)
    client.get(address_of(send))
    assert len(runs) == 1


def test_a_text_too_long_for_a_cookie_is_answered_at_once(send, soup):
    words = " ".join(f"{7919**n % 10**18:x}" for n in range(600))
    long_text = f"{HORROR.description} {words}"
    response = send(description=long_text, anyway="yes", follow=False)
    assert response.status_code == 200
    page = soup(response)
    assert page.select_one("#description").text.strip() == long_text
    assert page.select_one("main [data-address]")["data-address"].startswith("/r/")


def test_the_browser_keeps_the_texts_that_were_changed_one_into_another(send, client, soup):
    first = address_of(send)
    second = send(first, description=ROMANCE.description, follow=False).location
    for address, example in ((first, HORROR), (second, ROMANCE)):
        page = soup(client.get(address))
        assert page.select_one("#description").text.strip() == example.description


def test_the_cookie_of_texts_is_read_by_no_script_and_sent_to_answers_only(send):
    response = send(description=HORROR.description, follow=False)
    cookie = next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("pocket="))
    assert {"HttpOnly", "Path=/r", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Expires" not in cookie
    assert len(cookie) < 4096
