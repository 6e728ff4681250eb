"""How gunicorn runs the site: `gunicorn wsgi:app` reads this file by itself.

Each setting says why. What they give is measured in docs/performance.md, whose sections are named
here in quotes.
"""

import logging
import os
import tempfile
from pathlib import Path

# onnxruntime reports its use to its maker unless told not to before it is imported. Its reporting
# thread would also be lost in the fork below, and a worker would crash when it ends.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from gunicorn.arbiter import Arbiter
from gunicorn.http.message import Request
from gunicorn.workers.base import Worker

from webapp.config import from_environment
from webapp.operations.observability import LOGGING
from webapp.protection.limits import WAITING_PER_SLOT

# Only this machine; render.yaml and the Dockerfile open it to the outside by --bind.
_settings = from_environment()
bind = f"127.0.0.1:{_settings['PORT']}"

# One process: onnxruntime lets go of Python's lock while it computes, so the threads of one process
# use every core ("Speed of the model": all cores against one); weights and interpreter are paid for
# once ("Memory"), and rate limits are exact without a store of their own. More workers only share
# their counts through Redis.
_wanted: int = _settings["WEB_CONCURRENCY"]
workers = _wanted if _settings["REDIS_URL"] else 1
worker_class = "gthread"

# A thread for each prediction that runs or waits, and some that stay free: to answer health checks,
# static files and "come back later" while all others are taken ("Under load": the visitor's 503).
_SPARE_THREADS = 6
threads = _settings["CONCURRENCY"] * (1 + WAITING_PER_SLOT) + _SPARE_THREADS

# The model is loaded before the fork: a worker that died is back in milliseconds instead of
# a whole start ("Endurance"), and several workers share the weights' memory ("Memory": both
# processes, shared pages counted once). MALLOC_ARENA_MAX=2 was measured and left out: under 64
# batches of the largest texts from 32 clients the worker peaked at 171 to 175 MiB with it and at
# 190 to 200 without, both far below the 512 of the smallest host.
preload_app = True

# For a thread pool this watches the worker's main loop, not a request: admission bounds those.
timeout = 30
# Render kills 30 seconds after SIGTERM; the longest batch takes a few ("Under load": p99 of one
# text), so all requests finish.
graceful_timeout = 20
# Longer than a proxy in front keeps its own side open, or it would now and then send a request into
# a connection that is just closing (a 502 for a reader). An idle connection takes no thread.
keepalive = 120
worker_connections = 1000
# This only guards against a leak nobody has seen yet ("Memory": the slope over 5,000 requests), so
# seldom that forgetting a minute's counts hardly matters.
max_requests = 20_000
max_requests_jitter = 2_000

# The heartbeat is a file whose clock is set every second: in memory, so a slow disk cannot make
# a healthy worker look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# The control socket would need a writable home, which a read-only container lacks.
control_socket_disable = True

# The longest honest request line and headers are far below gunicorn's defaults.
limit_request_line = 2048
limit_request_fields = 60
limit_request_field_size = 8190
# Nobody's X-Forwarded-* counts here: ProxyFix reads them, by the exact PROXY_HOPS.
forwarded_allow_ips = ""

logconfig_dict = LOGGING

# Seconds in which a client must send more of its body before it gives the thread back.
_BODY_TIMEOUT_S = 10

if _settings["METRICS_ENABLED"] and workers > 1:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="metrics-"))


def on_starting(server: Arbiter) -> None:
    """Says it when fewer workers start than were asked for."""
    if workers != _wanted:
        logging.getLogger("gunicorn.error").warning(
            "WEB_CONCURRENCY asks for %d workers; 1 starts, because without REDIS_URL each worker "
            "would count rate limits for itself",
            _wanted,
        )


def pre_request(worker: Worker, req: Request) -> None:
    """Put an end to waiting for a body that does not come."""
    req.unreader.sock.settimeout(_BODY_TIMEOUT_S)


def child_exit(server: Arbiter, worker: Worker) -> None:
    """Close the metrics files of a worker that ended."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
