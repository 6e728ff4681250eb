"""Errors are pages in the site's look, and say what to do."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, abort

from webapp import create_app
from webapp.pages.examples import EXAMPLES
from webapp.protection.limits import Admission


def check(response, status: int, words: str) -> None:
    assert response.status_code == status
    assert response.mimetype == "text/html"
    assert words in response.text
    assert 'class="masthead"' in response.text


def test_lost_and_wrong_requests(client: FlaskClient):
    check(client.get("/nowhere"), 404, "There is nothing here")
    check(client.delete("/"), 405, "Not that way")
    assert client.delete("/").headers["Allow"]
    check(client.get("/palette.svg?hues=nothing:1"), 400, "maroon")


def test_a_body_over_the_limit(client: FlaskClient):
    check(client.post("/", data={"description": "word " * 120_000}), 413, "too large")


def test_a_fault_of_ours_says_nothing_of_the_text(
    app: Flask, client: FlaskClient, monkeypatch, send
):
    def broken(*_: str) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(app.extensions["predictor"], "predict_by_word", broken)
    monkeypatch.setitem(app.extensions, "predict", broken)
    response = send(description=EXAMPLES[0].description)
    check(response, 500, "That went wrong on our side")
    assert "secret words" not in response.text
    answer = client.post("/api/v1/predict", json={"description": "x"})
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert "secret words" not in answer.text


def test_a_busy_site_says_when_to_come_back(app: Flask, client: FlaskClient, monkeypatch, send):
    admission = Admission(running=1, waiting=0, patience=0.1)
    monkeypatch.setattr(app.extensions["predictor"], "admission", admission)
    with admission.admit():
        response = send(description=EXAMPLES[0].description)
        answer = client.post("/api/v1/predict", json={"description": "x"})
    check(response, 503, "Busy for a moment")
    assert int(response.headers["Retry-After"]) > 0
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.mimetype == "application/problem+json"


def test_too_many_requests():
    client = create_app({"RATE_LIMIT": "2 per minute"}).test_client()
    for _ in range(2):
        client.post("/")
    check(client.post("/"), 429, "A little slower")
    assert client.post("/api/v1/predict", json={}).mimetype == "application/problem+json"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("code", [400, 404, 405, 408, 413, 414, 415, 429, 500, 503])
def test_every_error_has_a_heading_and_advice(app: Flask, code: int):
    with app.test_request_context("/"), pytest.raises(HTTPException) as raised:
        abort(code)
    with app.test_request_context("/"):
        response = app.make_response(app.handle_user_exception(raised.value))
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    assert response.status_code == code
    assert page.h1.text.strip()
    assert len(page.select_one(".error-page p:not(.kicker)").text) > 20
