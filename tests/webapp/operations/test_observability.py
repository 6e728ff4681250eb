"""One JSON line a request without a word of anybody's text, and the counters."""

import io
import json
import logging

import pytest

from webapp.operations.observability import LOGGING, ContentFreeFormatter

TEXT = "A lighthouse keeper's daughter inherits a map drawn in vanishing ink"
WORDS = ("lighthouse", "inherits", "vanishing")


@pytest.fixture
def log():
    """Everything any logger writes, as the deployed site formats it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ContentFreeFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_with_what_an_operator_needs(make_app, log):
    answer = make_app().test_client().get("/")
    (line,) = [line for line in lines(log) if line["message"] == "request"]
    assert line["method"] == "GET"
    assert line["route"] == "/"
    assert line["status"] == 200
    assert 0 <= line["duration_ms"] < 10_000
    assert line["level"] == "INFO"
    assert line["time"]
    assert line["request_id"] == answer.headers["X-Request-ID"]


def test_the_id_a_proxy_gave_is_kept_and_a_strange_one_is_not(make_app):
    client = make_app().test_client()
    kept = client.get("/", headers={"X-Request-ID": "req-0123456789"}).headers["X-Request-ID"]
    assert kept == "req-0123456789"
    made = client.get("/", headers={"X-Request-ID": "{evil} text of mine"}).headers["X-Request-ID"]
    assert made.isalnum()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("post", "/send", 200),
        ("post", "/broken", 500),
        ("post", "/lighthouse", 404),
        ("get", "/?description=lighthouse", 200),
    ],
)
def test_no_text_reaches_the_log(make_app, log, method, path, status):
    send = getattr(make_app(TESTING=False).test_client(), method)
    assert send(path, data={"description": TEXT}).status_code == status
    assert lines(log)[-1]["status"] == status
    for word in WORDS:
        assert word not in log.getvalue()


def test_a_fault_is_logged_by_type_file_and_line(make_app, log):
    make_app().test_client().post("/broken", data={"description": TEXT})
    (fault,) = [line for line in lines(log) if line["level"] == "ERROR"]
    assert fault["message"] == "unhandled exception"
    assert fault["exc_info"][0] == "ValueError"
    assert any(frame.endswith(" broken") for frame in fault["exc_info"])
    assert fault["request_id"]


def test_a_chain_of_faults_is_logged_without_any_message(log):
    try:
        try:
            raise KeyError(TEXT)
        except KeyError as error:
            raise RuntimeError(TEXT) from error
    except RuntimeError:
        logging.getLogger("job").exception("job failed")
    (fault,) = lines(log)
    assert [line for line in fault["exc_info"] if not line.startswith(" ")] == [
        "RuntimeError",
        "KeyError",
    ]
    assert "lighthouse" not in log.getvalue()


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Error handling request %s %s", ("POST", f"/?q={TEXT}")),
        (f"Invalid request from ip=1.2.3.4: Invalid Request Line '{TEXT}'", ()),
    ],
)
def test_what_the_server_quotes_of_a_bad_request_is_left_out(log, message, arguments):
    logging.getLogger("gunicorn.error").warning(message, *arguments)
    assert lines(log)[0]["message"].startswith("request ")
    assert "lighthouse" not in log.getvalue()


def test_the_server_writes_json_and_no_access_log_of_its_own():
    assert LOGGING["handlers"]["stderr"]["formatter"] == "json"
    access = LOGGING["loggers"]["gunicorn.access"]
    assert access["handlers"] == []
    assert access["propagate"] is False


def test_no_metrics_unless_enabled(make_app):
    assert make_app().test_client().get("/metrics").status_code == 404


def test_metrics_count_requests_by_route_and_never_by_path(make_app):
    client = make_app(METRICS_ENABLED=True).test_client()
    for path in ("/", "/", "/lighthouse", "/inherits"):
        client.get(path)
    client.open("/", method="LIGHTHOUSE")
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain")
    page = answer.text
    assert 'genre_hues_http_requests_total{method="GET",route="/",status="200"} 2.0' in page
    assert 'route="unmatched",status="404"} 2.0' in page
    assert 'method="OTHER"' in page
    assert 'genre_hues_http_request_duration_seconds_count{route="/"}' in page
    assert "lighthouse" not in page.lower()
