"""The main way: a blurb is sent, and its genres and hues come back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ml.hues.names import HUES
from ml.hues.naming import designer_names
from webapp.analysis import read
from webapp.pages.examples import EXAMPLES
from webapp.pages.results import percent, results

HORROR = EXAMPLES[2]


def shown_genres(page):
    return [name.text for name in page.select(".bars .bar-name")]


def test_a_sent_blurb_shows_the_genres_the_model_decided_on(app: Flask, send, soup):
    page = soup(send(description=HORROR.description, title=HORROR.title))
    with app.app_context():
        prediction = read(HORROR.description, HORROR.title).prediction
    decided = [genre for genre in prediction.genres if genre.facet != "shelf"]
    above = [
        name.text
        for name in page.select(".bars .bar-name")
        if not name.find_parent(class_="guesses")
    ]
    assert sorted(above) == sorted(genre.name for genre in decided)
    assert "Horror" in page.h1.text
    for genre in decided:
        row = next(
            li for li in page.select(".bars li") if li.select_one(".bar-name").text == genre.name
        )
        assert row.select_one(".bar-percent").text == percent(genre.probability)
        assert float(row.select_one(".bar-fill")["width"].rstrip("%")) == pytest.approx(
            100 * genre.probability, abs=0.1
        )


def test_guesses_are_set_apart_and_called_so(app: Flask, send, soup):
    page = soup(send(description=HORROR.description))
    with app.app_context():
        guesses = read(HORROR.description).prediction.guesses()
    section = page.select_one(".guesses")
    assert "Not sure, but perhaps" in section.text
    assert [name.text for name in section.select(".bar-name")] == [guess.name for guess in guesses]


def test_shelf_labels_are_never_shown_as_genres(app: Flask, client: FlaskClient, soup):
    with app.app_context():
        shelves = {
            label.name for label in app.extensions["predictor"].labels if label.facet == "shelf"
        }
    assert "Audiobook" in shelves
    for example in EXAMPLES:
        assert not shelves & set(shown_genres(soup(client.get(f"/?example={example.slug}"))))


def test_nothing_decided_on_still_gives_the_best_guess(app: Flask, monkeypatch, send, soup):
    predictor = app.extensions["predictor"]
    found = predictor.predict(HORROR.description)
    unsure = type(found)((), found.ranked, found.tokens, found.truncated)
    monkeypatch.setattr(predictor, "predict", lambda *_: unsure)
    page = soup(send(description=HORROR.description))
    assert page.h1.text == f"Not sure, but perhaps {unsure.guesses()[0].name}"
    assert len(page.select(".guesses .bars li")) == 3
    assert len(page.select(".hues li")) == 10


def test_the_barcode_is_as_wide_as_the_shares_and_told_in_text(client: FlaskClient, soup):
    page = soup(client.get("/?example=salt-road"))
    bars = page.select("svg.barcode rect")
    widths = [float(bar["width"].rstrip("%")) for bar in bars]
    assert len(bars) == 10
    assert sum(widths) == pytest.approx(100, abs=0.1)
    starts = [float(bar["x"].rstrip("%")) for bar in bars]
    assert starts == pytest.approx([sum(widths[:place]) for place in range(10)], abs=0.1)
    told, told_names = {}, {}
    for hue in page.select(".hues li"):
        name, code = hue.select_one(".hue-name").text, hue.select_one(".hue-hex").text
        told_names[code] = name
        assert hue.select_one(".hue-more code").text in HUES.values()
        told[code] = float(hue.select_one(".hue-share").text.rstrip("%"))
    for bar, width in zip(bars, widths, strict=True):
        assert told[bar["fill"]] == pytest.approx(width, abs=0.51)
        assert re.search(
            rf"\b{re.escape(told_names[bar['fill']])} \d",
            page.select_one("svg.barcode")["aria-label"],
        )


def test_the_page_and_the_api_give_the_same_hues(client: FlaskClient, soup):
    example = EXAMPLES[0]
    page = soup(client.get(f"/?example={example.slug}"))
    answer = client.post(
        "/api/v1/predict", json={"title": example.title, "description": example.description}
    ).json
    assert [designer_names()[hue["name"]] for hue in answer["hues"]] == [
        name.text for name in page.select(".hue-name")
    ]


def test_the_text_stays_in_the_form_to_be_edited(send, soup):
    text = HORROR.description.replace("\n", "\r\n") + ' <b>&amp; "more"</b>'
    page = soup(send(description=text, title="A <i>title</i>", genres="sci fi"))
    form = page.select_one("form.blurb-form")
    assert form.textarea.text.strip("\n").split() == text.split()
    assert form.select_one("#title")["value"] == "A <i>title</i>"
    assert form.select_one("#genres")["value"] == "sci fi"
    assert not page.select("main b, main i")


def test_known_genres_are_resolved_said_and_blended_in(send, soup):
    plain = soup(send(description=HORROR.description))
    page = soup(send(description=HORROR.description, genres="cook books; xyzzy plugh"))
    assert "“cook books” is read as Cookbooks" in " ".join(page.text.split())
    assert "Not understood: “xyzzy plugh”" in " ".join(page.text.split())
    hues = [[name.text for name in one.select(".hue-name")] for one in (plain, page)]
    assert hues[0] != hues[1]
    assert shown_genres(plain) == shown_genres(page)


def test_why_shows_the_words_without_javascript(send, soup):
    page = soup(send(description=HORROR.description, title=HORROR.title, why="Horror"))
    section = page.select_one("#why")
    assert section.h2.text == "What spoke for Horror"
    assert "nightmare" in section.select_one(".note").text
    assert "nightmare" in [word.text for word in section.select(".for-3, .for-2, .for-1")]
    # Nothing of the text is lost between the marked words.
    assert "".join(HORROR.description.split()) in "".join(
        section.select_one(".explained").text.split()
    )


def test_the_button_for_why_sends_what_the_page_was_made_of(client: FlaskClient, soup):
    page = soup(client.get("/?example=quiet-below"))
    button = page.select_one("button[name=why]")
    form = page.select_one(f"form#{button['form']}")
    fields = {field["name"]: field.get("value") or field.text for field in form.select("[name]")}
    answer = soup(
        client.post(form["action"].split("#")[0], data={**fields, "why": button["value"]})
    )
    assert answer.select_one("#why h2").text == f"What spoke for {button['value']}"
    assert answer.h1.text == page.h1.text


def test_an_unknown_why_is_refused_with_what_would_be_right(send):
    response = send(description=HORROR.description, why="Horrors<b>")
    assert response.status_code == 400
    assert "did you mean" in response.text
    assert "Horrors<b>" not in response.text


def test_examples_are_one_click_each(client: FlaskClient, soup):
    front = soup(client.get("/"))
    links = [link["href"] for link in front.select(".examples a")]
    assert len(links) == 3
    for link, example in zip(links, EXAMPLES, strict=True):
        page = soup(client.get(link))
        assert example.title in page.select_one(".kicker").text
        assert page.select_one("#description").text.strip() == example.description
    assert client.get("/?example=nothing").status_code == 404


def test_a_long_text_is_answered_with_a_caution(app: Flask, send, soup):
    text = "She had never seen the sea before, and now it was all there was. " * 200
    page = soup(send(description=text))
    assert "longer than the model reads" in page.select_one(".caution").text


@pytest.mark.parametrize(
    ("probability", "text"), [(0.004, "under 1%"), (0.5, "50%"), (0.999, "over 99%"), (0.99, "99%")]
)
def test_percentages_claim_no_certainty(probability: float, text: str):
    assert percent(probability) == text


def test_groups_are_facets_in_reading_order(app: Flask):
    with app.test_request_context():
        reading = read(EXAMPLES[0].description, EXAMPLES[0].title)
        headings = [group.heading for group in results(reading).groups]
    order = ["Genres", "Readers", "Form", "Setting"]
    assert headings == [heading for heading in order if heading in headings]
    assert headings[0] == "Genres"
