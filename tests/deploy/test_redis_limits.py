"""Rate limits that several processes share through a Redis server, where one is installed."""

import shutil
import subprocess
import time

import pytest
import redis

from benchmarks.client import Visitor
from benchmarks.site import free_port, running_site

SERVER = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(
    SERVER is None, reason="redis-server is not installed (Debian: apt-get install redis-server)"
)
BLURB = "A cartographer inherits a lighthouse, a debt and a map of somewhere that never was."


@pytest.fixture
def store(tmp_path):
    """A Redis server and its address."""
    port = free_port()
    process = subprocess.Popen(
        [SERVER, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}/0"
    with redis.Redis.from_url(url) as client:
        deadline = time.monotonic() + 20
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                assert time.monotonic() < deadline, "redis-server did not start"
                time.sleep(0.05)
    yield url, process
    process.kill()
    process.wait()


def statuses(client, count):
    return [client.post("/send").status_code for _ in range(count)]


def test_two_processes_count_a_client_together(make_app, store):
    url, _ = store
    first, second = (
        make_app(RATE_LIMIT="6 per minute", REDIS_URL=url).test_client() for _ in range(2)
    )
    assert statuses(first, 4) == [200] * 4
    assert statuses(second, 4) == [200, 200, 429, 429]
    assert statuses(first, 1) == [429]


def test_several_workers_are_exact(store, serving_python):
    url, _ = store
    with running_site(
        python=serving_python, REDIS_URL=url, WEB_CONCURRENCY="2", RATE_LIMIT="10 per minute"
    ) as site:
        deadline = time.monotonic() + 20
        while len(site.workers()) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)  # the first one answers before the second is there
        assert len(site.workers()) == 2
        found = []
        for _ in range(16):  # a new connection each time, so that both workers take some
            with Visitor(site) as visitor:
                found.append(visitor.call(BLURB).status)
    assert found.count(200) == 10
    assert found.count(429) == 6


def test_the_site_goes_on_when_the_store_dies(make_app, store):
    url, process = store
    client = make_app(RATE_LIMIT="5 per minute", REDIS_URL=url).test_client()
    assert statuses(client, 2) == [200] * 2
    process.kill()
    process.wait()
    assert statuses(client, 7) == [200] * 5 + [429] * 2
