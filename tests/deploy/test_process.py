"""The site as Render runs it: its own start command, a fresh environment of serving packages."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from benchmarks.client import Visitor
from benchmarks.site import ROOT, running_site, start_command
from benchmarks.texts import descriptions

BLURB = (
    "Quillon the lamplighter finds a sleeping giantess beneath the harbour, and three kingdoms "
    "send their finest swords to wake her before winter does."
)
WORDS = ("Quillon", "lamplighter", "giantess", "harbour")


@pytest.fixture(scope="module")
def log_file(tmp_path_factory):
    return tmp_path_factory.mktemp("site") / "log"


@pytest.fixture(scope="module")
def site(serving_python, log_file):
    with running_site(python=serving_python, log=log_file) as running:
        yield running


@pytest.fixture
def visitor(site):
    with Visitor(site) as visiting:
        yield visiting


def log_lines(path):
    """Every line of a log; each has to be JSON."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_environment_holds_serving_packages_only(serving_python):
    listed = subprocess.run(
        [serving_python, "-m", "pip", "list", "--format=json"], capture_output=True, check=True
    )
    names = {package["name"].lower() for package in json.loads(listed.stdout)}
    assert {"flask", "gunicorn", "onnxruntime"} <= names
    assert not names & {"torch", "transformers", "pandas", "scikit-learn", "pytest"}


def test_a_person_gets_a_page_and_a_program_an_answer(visitor):
    assert visitor.open_form().status == 200
    page = visitor.send_form(BLURB)
    assert page.status == 200
    assert BLURB.split(",")[0] in page.body
    answer = json.loads(visitor.call(BLURB).body)
    assert answer["genres"]
    assert sum(hue["share"] for hue in answer["hues"]) == pytest.approx(1, abs=0.01)
    for genre in answer["genres"]:
        if genre["facet"] == "genre":
            assert genre["name"] in page.body


def test_health_and_readiness(site):
    assert site.status("/healthz") == 200
    assert site.status("/readyz") == 200


def test_form_without_its_token_is_refused(visitor):
    refused = visitor.send_form(BLURB)
    assert 400 <= refused.status < 500


def raw(site, request):
    """What the server answers to bytes."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(65536)


def test_a_foreign_host_is_refused(site):
    assert raw(site, b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("path", ["/", "/cover", "/api/v1/predict"])
@pytest.mark.parametrize(
    "chunks",
    [
        b"ffffffffffffffff0\r\nx",
        b"-1\r\nx\r\n0\r\n\r\n",
        b'5;name="\r\nhello\r\n0\r\n\r\n',
        b"5\r\nhelloXX0\r\n\r\n",
        b"0\r\nnot a trailer: x\r\n\r\n",
        b"5\r\nhel",
    ],
)
def test_a_broken_body_is_the_senders_fault(site, path, chunks):
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    head += "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert re.match(rb"HTTP/1\.1 4\d\d", raw(site, head.encode() + chunks))


def test_no_text_of_a_person_is_in_the_log(site, visitor, log_file):
    visitor.open_form()
    visitor.send_form(BLURB)
    visitor.call(BLURB)
    visitor.call_batch([BLURB, BLURB])
    body = BLURB.encode()
    head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    # Its end is read as the line of a next request, which a server likes to quote.
    raw(site, head + b"Content-Length: 5\r\n\r\n" + body + b"\r\n\r\n")
    raw(site, head + b"Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n" + body[:10])
    raw(site, b"GET /?description=" + body.replace(b" ", b"+") + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    raw(site, b"GET /" + body.replace(b" ", b"-") + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    raw(site, body + b"\r\n\r\n")
    raw(site, head + b"X-Quillon the lamplighter: giantess\r\n\r\n")
    written = log_file.read_text()
    assert len(log_lines(log_file)) > 8
    for word in WORDS:
        assert word.lower() not in written.lower()


def test_a_killed_worker_is_replaced_at_once(site):
    (worker,) = site.workers()
    os.kill(worker.pid, signal.SIGKILL)
    started = time.monotonic()
    with Visitor(site) as visitor:
        assert visitor.call(BLURB).status == 200
    assert time.monotonic() - started < 10
    assert [process.pid for process in site.workers()] != [worker.pid]


def test_it_stops_gracefully_and_says_nothing_but_json(serving_python, tmp_path):
    log = tmp_path / "log"
    with running_site(python=serving_python, log=log, CONCURRENCY="1") as site:
        longest = descriptions(1, shortest=1500, longest=1500)[0]

        accepted = threading.Barrier(5)

        def call(_):
            with Visitor(site) as visitor:
                visitor.get("/healthz")
                accepted.wait(30)
                return visitor.call(longest).status

        with ThreadPoolExecutor(4) as pool:
            replies = pool.map(call, range(4))
            accepted.wait(30)
            time.sleep(0.1)
            site.process.terminate()
            statuses = list(replies)  # a reset connection would raise here
            assert 200 in statuses
            assert set(statuses) <= {200, 503}
        assert site.process.wait(timeout=25) == 0
    messages = [line["message"] for line in log_lines(log)]
    assert "Shutting down: Master" in messages
    assert not any("SIGABRT" in message for message in messages)


def test_past_its_capacity_it_says_so_quickly_and_recovers(serving_python):
    with running_site(python=serving_python, CONCURRENCY="1") as site:
        texts = descriptions(64, shortest=300, longest=400)

        def call(text):
            with Visitor(site) as visitor:
                return visitor.call(text)

        with ThreadPoolExecutor(32) as pool:
            replies = list(pool.map(call, texts))
        statuses = [reply.status for reply in replies]
        assert set(statuses) == {200, 503}
        assert json.loads(next(r.body for r in replies if r.status == 503))["status"] == 503
        assert call(texts[0]).status == 200


def test_more_workers_only_with_a_store_they_share(serving_python, tmp_path):
    log = tmp_path / "log"
    with running_site(python=serving_python, log=log, WEB_CONCURRENCY="3") as site:
        assert len(site.workers()) == 1
    assert any("REDIS_URL" in line["message"] for line in log_lines(log))


def test_metrics_are_summed_over_workers(serving_python):
    with running_site(
        python=serving_python,
        WEB_CONCURRENCY="2",
        REDIS_URL="redis://127.0.0.1:1",
        METRICS_ENABLED="1",
    ) as site:
        assert len(site.workers()) == 2
        for _ in range(30):
            assert site.status("/healthz") == 200
        with Visitor(site) as visitor:
            text = visitor.get("/metrics").body
    counted = re.search(r'requests_total\{method="GET",route="/healthz",status="200"\} (\S+)', text)
    assert counted
    assert float(counted[1]) == 30


@pytest.mark.parametrize(
    ("setting", "value"),
    [("SECRET_KEY", ""), ("SECRET_KEY", "dev"), ("TRUSTED_HOSTS", ""), ("RATE_LIMIT", "often")],
)
def test_it_does_not_start_with_a_setting_that_is_not_safe(
    serving_python, tmp_path, setting, value
):
    log = tmp_path / "log"
    with (
        pytest.raises(RuntimeError, match="the site ended"),
        running_site(python=serving_python, log=log, **{setting: value}),
    ):
        pass
    assert setting in log.read_text()


def test_nothing_is_reported_to_anybody(site):
    """onnxruntime's reporting would hold threads and a folder of its own in every process."""
    arbiter = psutil.Process(site.process.pid)
    assert arbiter.num_threads() == 1
    assert start_command().startswith("gunicorn ")
    assert (ROOT / "gunicorn.conf.py").is_file()
