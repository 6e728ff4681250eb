"""Whatever anybody sends, the site answers it, and never with a fault of its own."""

import json
import re
from io import BytesIO
from urllib.parse import quote, urlencode

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp import create_app

ZALGO = "h" + "".join(chr(code) for code in range(0x300, 0x370)) + "ero " * 5
NASTY = {
    "empty": "",
    "nul": "a\x00b\x00 story of nul \x00 bytes",
    "lone surrogate": "a \ud800 lonely half \udfff of a pair",
    "right to left": "\u202ereversed story\u202c of a \u200fhidden\u200e turn",
    "emoji": "\U0001f409" * 100_000,
    "zalgo": ZALGO * 20,
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)> she said in the story",
    "template": "{{ config }} {% include 'x' %} ${7*7} #{7*7} <%= 7*7 %> and five more words",
    "format": "%s %n %x {0} {} {0.__class__} %(secret)s and then five more words",
    "one word": "a" * 20_000,
    "unassigned": "".join(chr(code) for code in range(0xE000, 0xE200)) + " five more words of it",
    "line ends": "\r\n\u2028\u2029\x0b\x0c\x85 five words after many lines",
    "byte order": "\ufeff\ufffe\uffff the marks of the order of bytes",
    "combining": "e\u0301" * 9_000,
    "ten megabytes": "A dragon. " * 1_000_000,
}
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=600)


@pytest.fixture(scope="module")
def app():
    return create_app({"RATE_LIMIT": "", "SECRET_KEY": "k" * 40})


@pytest.fixture
def client(app):
    with app.test_client() as visiting:
        yield visiting


def send_form(client, **fields):
    """Sends the form as a browser would, with its token."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/").text)[1]
    raw = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()} | {
        "csrf_token": token.encode()
    }
    kind = "application/x-www-form-urlencoded"
    return client.post("/", data=urlencode(raw), content_type=kind, follow_redirects=True)


@pytest.mark.parametrize("name", NASTY)
def test_the_form_bears_nasty_text(client, name):
    answer = send_form(client, title=NASTY[name][:300], description=NASTY[name])
    assert answer.status_code in {200, 413, 422}
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text


@pytest.mark.parametrize("name", NASTY)
def test_the_api_bears_nasty_text(client, name):
    answer = client.post("/api/v1/predict", json={"description": NASTY[name]})
    assert answer.status_code in {200, 413, 422}
    json.loads(answer.text)


@pytest.mark.parametrize("path", ["/", "/cover"])
@pytest.mark.parametrize("name", ["description", "title", "genres", "csrf_token", "why"])
def test_a_file_in_a_field_of_text_is_not_read(client, path, name):
    answer = client.post(path, data={name: (BytesIO(b"A dragon, in a file."), "dragon.txt")})
    assert answer.status_code == 422
    assert "A dragon" not in answer.text


def test_text_in_the_field_of_a_file_is_no_file(client):
    answer = client.post("/cover", data={"cover": "GIF89a", "genres": "Horror"})
    assert answer.status_code == 422


@pytest.mark.parametrize("body", [{"description": 5}, {"description": ["a"] * 9}, ["a"], 5, None])
def test_the_form_reads_no_json(client, body):
    assert client.post("/", json=body).status_code == 422


ONCE_FOR_ALL = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,  # a change is judged by its own faults, not by luck
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@ONCE_FOR_ALL
@given(title=ANY_TEXT, description=ANY_TEXT, genres=ANY_TEXT)
def test_the_form_bears_any_text(client, title, description, genres):
    answer = send_form(client, title=title, description=description, genres=genres)
    assert answer.status_code in {200, 422}


@ONCE_FOR_ALL
@given(title=ANY_TEXT, description=ANY_TEXT, before=ANY_TEXT, aim=ANY_TEXT)
def test_the_form_bears_any_text_anyway(client, title, description, before, aim):
    fields = {"title": title, "description": description, "before": before, "aim": aim}
    answer = send_form(client, anyway="yes", **fields)
    assert answer.status_code in {200, 422}


@ONCE_FOR_ALL
@given(title=ANY_TEXT, description=ANY_TEXT)
def test_the_api_answers_any_text_as_it_promises(client, title, description):
    answer = client.post("/api/v1/predict", json={"title": title, "description": description})
    body = json.loads(answer.text)
    if answer.status_code == 200:
        assert all(0 <= genre["probability"] <= 1 for genre in body["genres"])
        assert sum(hue["share"] for hue in body["hues"]) == pytest.approx(1, abs=0.01)
    else:
        assert answer.status_code == 422
        assert answer.content_type == "application/problem+json"
        assert body["detail"]


@ONCE_FOR_ALL
@given(body=st.binary(max_size=400), kind=st.sampled_from(["application/json", "text/plain", "x"]))
def test_the_api_bears_any_bytes(client, body, kind):
    answer = client.post("/api/v1/predict", data=body, content_type=kind)
    assert 400 <= answer.status_code < 500 or json.loads(body)["description"]


@ONCE_FOR_ALL
@given(body=st.binary(max_size=400), kind=st.sampled_from(["", "multipart/form-data; boundary=x"]))
def test_the_form_bears_any_bytes(client, body, kind):
    answer = client.post("/", data=body, content_type=kind or "application/x-www-form-urlencoded")
    assert 400 <= answer.status_code < 500


@ONCE_FOR_ALL
@given(path=st.text(st.characters(exclude_categories=["Cs"]), max_size=60), query=ANY_TEXT)
def test_any_address_is_answered(client, path, query):
    address = f"/{quote(path)}?{quote(query, errors='surrogatepass')}"
    assert client.get(address).status_code < 500


def test_the_api_does_as_its_document_says(app):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    assert {operation.path for operation in operations} >= {"/predict", "/batch", "/labels"}
    for operation in operations:

        @settings(ONCE_FOR_ALL, max_examples=30, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def conforms(case):
            case.call_and_validate()

        conforms()


@pytest.mark.parametrize("field", [{"id": 257.0}, {"description": "\x1d"}])
def test_the_api_takes_what_its_document_allows(client, field):
    body = {"description": "A map, a storm and a very small ship."} | field
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    allowed = jsonschema_rs.validator_for(schemas["Request"]).is_valid(body)
    taken = client.post("/api/v1/predict", json=body).status_code == 200
    assert allowed == taken
