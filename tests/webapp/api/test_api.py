"""The JSON API: the predictor's answer over HTTP, and clear problems for what breaks the rules."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ml import answers
from webapp.pages.examples import EXAMPLES

BOOK = {"title": EXAMPLES[0].title, "description": EXAMPLES[0].description}


def problem(response: TestResponse, status: int) -> dict:
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.json["status"] == status
    assert response.json["detail"]
    return response.json


def pointers(response: TestResponse) -> list[str]:
    return [fault["pointer"] for fault in problem(response, 422)["errors"]]


def test_predict_answers_what_the_predictor_answers(app: Flask, client: FlaskClient):
    predictor = app.extensions["predictor"]
    prediction = predictor.predict(BOOK["description"], BOOK["title"])
    answer = client.post("/api/v1/predict", json=BOOK)
    assert answer.status_code == 200
    assert answer.json == json.loads(
        json.dumps(answers.answer(prediction, predictor.palette(prediction)))
    )
    everything = client.post("/api/v1/predict", json={**BOOK, "all": True}).json
    assert set(everything["probabilities"]) == {label.name for label in predictor.labels}


def test_known_genres_are_blended_and_reported(client: FlaskClient):
    answer = client.post("/api/v1/predict", json={**BOOK, "genres": ["cook books", "xyzzy"]}).json
    assert answer["known_genres"] == {
        "understood": [{"name": "cook books", "labels": ["Cookbooks"], "how": "spelling"}],
        "not_understood": ["xyzzy"],
    }
    assert answer["hues"] != client.post("/api/v1/predict", json=BOOK).json["hues"]


def test_a_batch_answers_in_order_and_like_single_requests(client: FlaskClient):
    items = [
        {"id": place, "description": example.description} for place, example in enumerate(EXAMPLES)
    ]
    results = client.post("/api/v1/batch", json={"items": items}).json["results"]
    assert [result["id"] for result in results] == [0, 1, 2]
    assert results == [client.post("/api/v1/predict", json=item).json for item in items]


@pytest.mark.parametrize(
    ("description", "warning"),
    [
        ("Dragons!", "1 word is too little"),
        ("1234 5678 9012 3456 7890 1", "letters"),
        ("Il était une fois, dans la forêt, une petite fille que son père n'aimait pas.", "French"),
        ("She ran. " * 1500, "longer than the model reads"),
    ],
)
def test_doubtful_texts_are_answered_with_a_warning(
    client: FlaskClient, description: str, warning: str
):
    answer = client.post("/api/v1/predict", json={"description": description})
    assert answer.status_code == 200
    assert any(warning in one for one in answer.json["warnings"])


def test_a_plain_blurb_has_no_warnings(client: FlaskClient):
    assert "warnings" not in client.post("/api/v1/predict", json=BOOK).json


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ["/description"]),
        ([], [""]),
        ({"description": " \n"}, ["/description"]),
        ({"description": "\x1d \x00"}, ["/description"]),
        ({"description": 5}, ["/description"]),
        ({"description": "x" * 20_001}, ["/description"]),
        ({"description": "\ud800 alone"}, ["/description"]),
        ({"description": "x", "title": "y" * 301}, ["/title"]),
        ({"description": "x", "title": None}, ["/title"]),
        ({"description": "x", "genres": "Horror"}, ["/genres"]),
        ({"description": "x", "genres": ["a", 1]}, ["/genres"]),
        ({"description": "x", "genres": ["a"] * 51}, ["/genres"]),
        ({"description": "x", "genres": ["a", "b" * 201]}, ["/genres/1"]),
        ({"description": "x", "id": True}, ["/id"]),
        ({"description": "x", "id": 1.5}, ["/id"]),
        ({"description": "x", "all": "yes"}, ["/all"]),
        ({"descripton": "x", "a/b~": 1}, ["/descripton", "/a~1b~0", "/description"]),
    ],
)
def test_a_body_that_breaks_the_rules_is_told_where(client: FlaskClient, body, expected):
    assert pointers(client.post("/api/v1/predict", json=body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ["/items"]),
        ({"items": []}, ["/items"]),
        ({"items": [{"description": "x"}] * 65}, ["/items"]),
        (
            {"items": [{"description": "x"}, {"description": ""}, {"title": 1}]},
            ["/items/1/description", "/items/2/description", "/items/2/title"],
        ),
        ({"items": ["x"]}, ["/items/0"]),
    ],
)
def test_a_batch_is_told_every_wrong_row_at_once(client: FlaskClient, body, expected):
    assert pointers(client.post("/api/v1/batch", json=body)) == expected


def test_what_is_not_json_is_a_problem(client: FlaskClient):
    def post(data: bytes | str, kind: str = "application/json") -> TestResponse:
        return client.post("/api/v1/predict", data=data, content_type=kind)

    problem(post("{"), 400)
    problem(post(b"\xff\xfe"), 400)
    problem(post("[" * 100_000), 400)
    problem(post("{}", "text/plain"), 415)
    problem(post("x" * 600_000), 413)
    assert problem(client.get("/api/v1/predict"), 405)
    assert client.get("/api/v1/predict").headers["Allow"]
    problem(client.get("/api/v1/nothing"), 404)


def test_a_whole_number_is_an_integer_however_it_is_written(client: FlaskClient):
    body = '{"description": "A map, a storm and a very small ship.", "id": 257.0}'
    answer = client.post("/api/v1/predict", data=body, content_type="application/json")
    assert answer.json["id"] == 257


def test_labels_lists_what_the_model_knows(app: Flask, client: FlaskClient):
    labels = client.get("/api/v1/labels").json["labels"]
    assert [label["name"] for label in labels] == [
        label.name for label in app.extensions["predictor"].labels
    ]
    assert set(labels[0]) == {"name", "facet", "threshold"}


def test_the_openapi_document_describes_what_is_served(app: Flask, client: FlaskClient):
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    served = {
        (rule.rule.removeprefix("/api/v1"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.document"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method) for path, methods in document["paths"].items() for method in methods
    }
    assert described == served
    fields = document["components"]["schemas"]
    assert (
        fields["Request"]["properties"]["description"]["maxLength"] == app.config["MAX_CHARACTERS"]
    )
    answer = client.post("/api/v1/predict", json={**BOOK, "id": "a", "all": True, "genres": ["x"]})
    assert set(answer.json) <= set(fields["Answer"]["properties"])


def test_the_guide_shows_a_real_answer(client: FlaskClient, soup):
    page = soup(client.get("/api"))
    assert page.select_one("a[href='/api/v1/openapi.json']")
    assert "20,000 characters" in page.text
    answer = next(block.text for block in page.select("pre") if '"hues"' in block.text)
    assert json.loads(answer) == client.post("/api/v1/predict", json=BOOK).json


def test_codes_come_where_they_are_asked_for(client: FlaskClient):
    text = EXAMPLES[2].description
    plain = client.post("/api/v1/predict", json={"description": text}).get_json()
    coded = client.post("/api/v1/predict", json={"description": text, "codes": True}).get_json()
    assert "codes" not in plain
    thema = coded["codes"]["thema"]
    assert "FK" in {code["code"] for code in thema["subjects"]}
    assert "Horror" in " ".join(coded["codes"]["shelves"])
    assert coded["genres"] == plain["genres"]
    wrong = client.post("/api/v1/predict", json={"description": text, "codes": "yes"})
    assert wrong.status_code == 422
    assert wrong.get_json()["errors"][0]["pointer"] == "/codes"
