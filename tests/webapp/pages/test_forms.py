"""What the form refuses: at the field, with a reason, and with nothing lost."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

FRENCH = (
    "Dans un petit village au bord de la mer, une jeune femme découvre que son père n'est pas "
    "celui qu'elle croyait, et que la vérité est plus dangereuse que le mensonge."
)
RUSSIAN = "В маленькой деревне у моря молодая женщина узнаёт, что её отец не тот, кем казался."

REFUSED = {
    "empty": ("", "Paste a description first"),
    "blank": (" \n\t ", "Paste a description first"),
    "short": ("A dark and stormy", "4 words is too little"),
    "long": ("word " * 4001, "20,005 characters; up to 20,000"),
    "binary": ("PK\x03\x04\x14\x00 one two three four five", "control characters"),
    "digits": ("12345 67890 " * 20, "letters"),
    "emoji": ("🐉🔥" * 50, "letters"),
    "French": (FRENCH, "looks like French"),
    "Russian": (RUSSIAN, "Cyrillic script"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_description_is_explained_at_its_field(case: str, send, soup):
    text, message = REFUSED[case]
    response = send(description=text, title="Kept title", genres="kept genres")
    page = soup(response)
    assert response.status_code == 422
    field = page.select_one("#description")
    assert field["aria-invalid"] == "true"
    described = [page.select_one(f"#{part}").text for part in field["aria-describedby"].split()]
    assert any(message in part for part in described), described
    assert page.text.count(message) == 1
    summary = page.select_one(".summary[autofocus]")
    assert summary.select_one("a")["href"] == "#description"
    assert page.select_one("#title")["value"] == "Kept title"
    assert page.select_one("#genres")["value"] == "kept genres"
    if "\x00" not in text:
        assert field.text.split() == text.split()


def test_limits_of_the_other_fields(send, soup):
    words = "Nobody has lived at Harrow Deep since the miners stopped screaming."
    page = soup(send(description=words, title="x" * 301))
    assert "up to 300 characters" in page.select_one("#title-error").text
    page = soup(send(description=words, genres="x" * 501))
    assert "500 characters" in page.select_one("#genres-error").text


def test_an_old_token_costs_one_more_click_and_no_text(client: FlaskClient, soup):
    response = client.post("/", data={"description": "My precious text.", "csrf_token": "old"})
    page = soup(response)
    assert response.status_code == 422
    assert "send it once more" in page.select_one(".summary").text
    assert page.select_one("#description").text.strip() == "My precious text."


def test_without_a_token_nothing_is_predicted(app: Flask, client: FlaskClient, monkeypatch):
    client.get("/")
    monkeypatch.setattr(app.extensions["predictor"], "predict_by_word", None)
    text = "Nobody has lived at Harrow Deep since the miners stopped screaming."
    assert client.post("/", data={"description": text}).status_code == 422


def test_a_page_without_errors_has_no_traces_of_them(client: FlaskClient, soup):
    page = soup(client.get("/"))
    assert not page.select(".summary, [aria-invalid], .error")
    for field in page.select("input:not([type=hidden]), textarea"):
        assert page.select_one(f"label[for={field['id']}]")


@pytest.mark.parametrize("case", ["short", "digits", "French", "Russian", "binary"])
def test_a_doubtful_description_is_shown_anyway_with_the_doubt_at_its_head(case: str, send, soup):
    text, message = REFUSED[case]
    offered = soup(send(description=text)).select_one("button[name=anyway]")
    page = soup(send(description=text, anyway=offered["value"]))
    head = page.select_one(".answer")
    assert message in head.select_one(".caution + h1, .caution").text
    assert head.find(class_="caution").find_next("h1")
    assert page.select_one(".hues li")


@pytest.mark.parametrize("case", ["empty", "blank", "long"])
def test_what_cannot_be_answered_is_refused_anyway(case: str, send, soup):
    response = send(description=REFUSED[case][0], anyway="yes")
    assert response.status_code == 422
    assert not soup(response).select("button[name=anyway]")
