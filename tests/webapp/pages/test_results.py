"""The main way: a blurb is sent, and its genres and hues come back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ml.hues.names import HUES
from ml.hues.naming import designer_names
from ml.serving.percent import percent
from ml.vocabulary.display import Node, display, groups, headline
from webapp.analysis import read
from webapp.pages import answering
from webapp.pages import results as results_module
from webapp.pages.answer_pages import visit_of
from webapp.pages.examples import EXAMPLES
from webapp.pages.pocket import Text
from webapp.pages.results import results

HORROR = EXAMPLES[2]


def shown_genres(page):
    return [name.find(string=True).strip() for name in page.select(".genre-bars .genre-name")]


def test_a_sent_blurb_shows_the_genres_the_model_decided_on(app: Flask, send, soup):
    page = soup(send(description=HORROR.description, title=HORROR.title))
    with app.test_request_context():
        prediction = read(HORROR.description, HORROR.title).prediction
    for guesses in page.select(".guesses"):
        guesses.extract()
    expected = {}
    waiting = [node for group in groups(prediction.genres) for node in group.nodes]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        expected[node.name] = node
    assert sorted(shown_genres(page)) == sorted(expected)
    leading = [node.name for node in headline(prediction.genres)]
    assert "Horror" in leading
    assert page.h1.text == ", ".join(leading)
    assert page.select_one("h1 .main-answer").text == leading[0]
    for bar in page.select(".genre-bar"):
        node = expected[bar.select_one(".genre-name").find(string=True).strip()]
        assert bar.select_one(".genre-percent").text.startswith(percent(node.probability))
        threshold = next(label for label in predictor_of(app).labels if label.name == node.label)[2]
        said = f", an answer from {threshold:.0%}"
        assert bar.select_one(".genre-percent .visually-hidden").text == said
        assert float(bar.select_one(".bar-fill")["width"].rstrip("%")) == pytest.approx(
            100 * node.probability, abs=0.1
        )


def predictor_of(app: Flask):
    return app.extensions["predictor"]


def test_guesses_are_set_apart_and_called_so(app: Flask, send, soup, monkeypatch):
    def guess(ranked, thresholds, most=3):
        found = next(genre for genre in ranked if genre.name == "Ghosts")
        return (Node("Ghosts", "Ghosts", "genre", found.probability),)

    monkeypatch.setattr(results_module, "guesses", guess)
    monkeypatch.setattr(answering, "guesses", guess)
    section = soup(send(description=HORROR.description)).select_one(".guesses")
    assert "Not sure, but perhaps" in section.text
    assert shown_genres(section) == ["Ghosts"]


def test_shelf_labels_are_never_shown_as_genres(app: Flask, client: FlaskClient, soup):
    with app.app_context():
        shelves = {
            label.name for label in app.extensions["predictor"].labels if label.facet == "shelf"
        }
    assert "Audiobook" in shelves
    for example in EXAMPLES:
        page = soup(client.get(f"/?example={example.slug}"))
        assert shown_genres(page)
        assert not shelves & set(shown_genres(page))


def test_nothing_decided_on_still_gives_the_best_guess(app: Flask, monkeypatch, send, soup):
    predictor = predictor_of(app)
    found, words = predictor.predict_by_word(HORROR.description)
    unsure = type(found)((), found.ranked, found.tokens, found.truncated)
    monkeypatch.setattr(predictor, "predict_by_word", lambda *_: (unsure, words))
    page = soup(send(description=HORROR.description))
    best = next(genre for genre in found.ranked if display(genre.name).show != "no")
    assert page.h1.text == f"Not sure, but perhaps {display(best.name).name}"
    assert len(page.select(".guesses .genre-bar")) == 3
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


def test_known_genres_are_resolved_said_and_part_of_the_answer(send, soup):
    plain = soup(send(description=HORROR.description))
    page = soup(send(description=HORROR.description, genres="cook books; xyzzy plugh"))
    assert "“cook books” is read as Cookbooks" in " ".join(page.text.split())
    assert "Not understood: “xyzzy plugh”" in " ".join(page.text.split())
    hues = [[name.text for name in one.select(".hue-name")] for one in (plain, page)]
    assert hues[0] != hues[1]
    assert set(shown_genres(page)) - set(shown_genres(plain)) >= {"Cookbooks"}
    bar = next(bar for bar in page.select(".genre-bar") if "Cookbooks" in bar.text)
    assert bar.select_one(".genre-percent").text.strip() == "given by you"
    assert "with what you know of it" in page.select_one(".kicker").text


def test_why_stands_at_its_bar_without_javascript(send, soup):
    page = soup(send(description=HORROR.description, title=HORROR.title))
    for row in page.select(".genre-bars li"):
        assert row.select_one("details.why > summary").text.startswith("why")
    why = page.select_one(".genre-bar:-soup-contains(Horror) + details.why")
    assert "nightmare" in why.select_one("p").text
    assert "nightmare" in [
        mark.find(string=True) for mark in why.select("blockquote mark.pulls-to")
    ]
    for mark in page.select("mark"):
        assert mark.select_one(".visually-hidden").text in {" (for it)", " (against it)"}
    for hidden in page.select("mark .visually-hidden"):
        hidden.extract()
    text = " ".join(HORROR.description.split())
    for quote in page.select(".why blockquote"):
        assert " ".join(quote.text.split()) in text


def test_sentences_say_where_they_pull_and_none_is_lost(send, soup):
    page = soup(send(description=HORROR.description))
    sentences = page.select(".sentence-list li")
    told = "".join(sentence.p.text for sentence in sentences)
    assert "".join(told.split()) == "".join(HORROR.description.split())
    assert "to Horror" in sentences[-1].select_one(".pulls").text


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
    assert "longer than the model reads" in page.select(".caution")[-1].text


@pytest.mark.parametrize(
    ("probability", "text"), [(0.004, "under 1%"), (0.5, "50%"), (0.999, "over 99%"), (0.99, "99%")]
)
def test_percentages_claim_no_certainty(probability: float, text: str):
    assert percent(probability) == text


def test_groups_are_facets_in_reading_order(app: Flask):
    with app.test_request_context():
        answer = visit_of(Text(EXAMPLES[0].description, EXAMPLES[0].title)).answer
        headings = [group.heading for group in results(answer).groups]
    order = ["Genres", "Readers", "Form", "Setting"]
    assert headings == [heading for heading in order if heading in headings]
    assert headings[0] == "Genres"


def test_a_store_code_stands_with_its_evidence(send, soup):
    page = soup(send(description=EXAMPLES[0].description, title=EXAMPLES[0].title))
    rows = page.select(".store-codes tbody tr")
    assert rows[0].select_one("code").text == "YFH"
    assert "Fantasy" in rows[0].text
    assert "EDItEUR" in page.select_one(".store-codes .note").text
