"""The rate limit of a client, the limit of what runs at once, and the size of a request."""

import threading
import time

import pytest
from werkzeug.exceptions import ServiceUnavailable

from webapp.config import ConfigurationError
from webapp.protection.limits import Admission, client


def statuses(test_client, count, **options):
    return [test_client.post("/send", **options).status_code for _ in range(count)]


def test_a_client_is_stopped_exactly_at_its_limit_and_told_when_to_return(make_app):
    test_client = make_app(RATE_LIMIT="5 per minute").test_client()
    assert statuses(test_client, 7) == [200] * 5 + [429] * 2
    refused = test_client.post("/send")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_all_that_is_sent_counts_together_and_reading_is_free(make_app):
    test_client = make_app(RATE_LIMIT="3 per minute").test_client()
    assert [test_client.get("/").status_code for _ in range(10)] == [200] * 10
    assert test_client.post("/predict").status_code == 200
    assert statuses(test_client, 3) == [200, 200, 429]
    assert test_client.post("/predict").status_code == 429
    assert test_client.get("/").status_code == 200


def test_clients_are_counted_apart(make_app):
    test_client = make_app(RATE_LIMIT="2 per minute", PROXY_HOPS=1).test_client()
    for address in ("203.0.113.1", "203.0.113.2"):
        found = statuses(test_client, 3, headers={"X-Forwarded-For": address})
        assert found == [200, 200, 429]


def test_the_limit_is_exact_when_threads_race(make_app):
    app = make_app(RATE_LIMIT="20 per minute")
    found = []

    def send():
        found.extend(statuses(app.test_client(), 10))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(200) == 20
    assert found.count(429) == 60


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("not an address", "not an address"),
        ("", "unknown"),
    ],
)
def test_whom_a_request_is_counted_for(make_app, address, counted_as):
    with make_app().test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert client() == counted_as


def test_no_limit_when_none_is_set(make_app):
    assert statuses(make_app(RATE_LIMIT="").test_client(), 100) == [200] * 100


@pytest.mark.parametrize("rate", ["many", "5 per fortnight", "-1 per minute"])
def test_a_limit_that_cannot_be_read_is_refused(make_app, rate):
    with pytest.raises(ConfigurationError, match="RATE_LIMIT"):
        make_app(RATE_LIMIT=rate)


def test_an_unreachable_redis_leaves_the_site_working_and_limited(make_app):
    app = make_app(RATE_LIMIT="5 per minute", REDIS_URL="redis://127.0.0.1:1")
    assert statuses(app.test_client(), 7) == [200] * 5 + [429] * 2


def test_seats_are_bounded_and_come_back():
    admission = Admission(running=1, waiting=1, patience=5)
    entered, leave = threading.Event(), threading.Event()
    order = []

    def hold():
        with admission.admit():
            entered.set()
            leave.wait(5)
            order.append("first")

    def wait():
        with admission.admit():
            order.append("second")

    first = threading.Thread(target=hold)
    first.start()
    assert entered.wait(5)
    second = threading.Thread(target=wait)
    second.start()
    while not admission._queue:  # until the second waits, for which there is no more room then
        time.sleep(0.001)
    with pytest.raises(ServiceUnavailable), admission.admit():
        order.append("third")
    leave.set()
    first.join(5)
    second.join(5)
    with admission.admit():
        order.append("fourth")
    assert order == ["first", "second", "fourth"]


def test_one_text_is_not_kept_waiting_by_a_whole_batch():
    admission = Admission(running=1, waiting=2, patience=5)
    order = []

    def batch(name):
        for number in range(3):
            with admission.admit(begun=number > 0):
                order.append(f"{name}{number}")
                while len(admission._queue) < expected:  # until the others have come
                    time.sleep(0.001)

    def one():
        with admission.admit():
            order.append("one")

    expected = 2
    others = [threading.Thread(target=batch, args=("b",)), threading.Thread(target=one)]
    first = threading.Thread(target=batch, args=("a",))
    first.start()
    while not order:
        time.sleep(0.001)
    for place, other in enumerate(others):
        other.start()
        while len(admission._queue) <= place:
            time.sleep(0.001)
    expected = 0
    for thread in (first, *others):
        thread.join(5)
    assert order == ["a0", "b0", "one", "a1", "b1", "a2", "b2"]
    with admission.admit():
        order.append("last")
    assert order[-1] == "last"


def test_a_batch_takes_part_as_one_while_many_come():
    admission = Admission(running=2, waiting=4, patience=5)
    running, most, done = 0, 0, []
    lock = threading.Lock()

    def batch(number):
        nonlocal running, most
        try:
            for turn in range(20):
                with admission.admit(begun=turn > 0):
                    with lock:
                        running += 1
                        most = max(most, running)
                    time.sleep(0.0005)
                    with lock:
                        running -= 1
            done.append(number)
        except ServiceUnavailable:
            pass

    threads = [threading.Thread(target=batch, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 2
    assert len(done) >= 6
    assert admission._free == 2
    assert not admission._queue


def test_one_that_waited_too_long_is_sent_away_and_its_seat_freed():
    admission = Admission(running=1, waiting=1, patience=0.01)
    with admission.admit():
        for _ in range(3):
            with pytest.raises(ServiceUnavailable), admission.admit():
                pytest.fail("only one runs at a time")
    with admission.admit():
        pass


def test_a_failing_prediction_frees_its_slot():
    admission = Admission(running=1, waiting=0, patience=0.01)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), admission.admit():
            _ = 1 / 0


def test_a_site_at_its_capacity_says_so_and_when_to_return(make_app):
    app = make_app(CONCURRENCY=1)
    admission = app.extensions["admission"] = Admission(running=1, waiting=0, patience=0)
    with admission.admit():
        refused = app.test_client().post("/predict")
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) >= 1
    assert app.test_client().post("/predict").status_code == 200


def test_an_error_page_of_its_own_keeps_the_promise_of_when_to_return(make_app):
    app = make_app()
    app.register_error_handler(503, lambda _: ("busy", 503))
    app.extensions["admission"] = Admission(running=1, waiting=0, patience=0)
    with app.extensions["admission"].admit():
        assert "Retry-After" in app.test_client().post("/predict").headers


def test_no_prediction_at_all_is_refused(make_app):
    with pytest.raises(ConfigurationError, match="CONCURRENCY"):
        make_app(CONCURRENCY=0)


@pytest.mark.parametrize(("size", "status"), [(900, 200), (2_000, 413), (10_000_000, 413)])
def test_a_body_that_is_too_large_is_refused(make_app, size, status):
    test_client = make_app(MAX_CONTENT_LENGTH=1_000).test_client()
    assert test_client.post("/send", data={"description": "x" * size}).status_code == status


def test_a_form_of_too_many_fields_is_refused(make_app):
    fields = {f"field{number}": "x" for number in range(60)}
    answer = make_app().test_client().post("/send", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413
