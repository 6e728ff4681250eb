"""What an operator sees: one JSON line a request and counters for Prometheus, no person's text."""

import logging
import os
import re
import time
from copy import copy
from traceback import walk_tb
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flask import Flask, Response, current_app, g, has_request_context, request
from flask.logging import default_handler
from pythonjsonlogger.json import JsonFormatter

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

REQUEST_ID_HEADER = "X-Request-ID"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Seconds; the model's share of a page is some tens of milliseconds.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
# How the messages begin that quote a request, and what is written in their place.
QUOTING = {
    "Exception on ": "unhandled exception",
    "Error handling request": "request was not answered",
    "Invalid request from ": "request could not be read",
}


class ContentFreeFormatter(JsonFormatter):
    """Writes a record as one line of JSON, and an exception without its message.

    The message of an exception often quotes the value that caused it, and here that is what
    somebody pasted. Types, files and lines are what finding the fault needs.
    """

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
        )

    def format(self, record: logging.LogRecord) -> str:
        """Write the record as JSON, without the paths and lines that Flask and gunicorn quote."""
        for start, message in QUOTING.items():
            if str(record.msg).startswith(start):
                record = copy(record)
                record.msg, record.args = message, ()
        return super().format(record)

    def formatException(self, ei: Any) -> list[str]:  # type: ignore[override]  # noqa: N802
        """Write the chain of exceptions, outermost first: a line for each type and each frame."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            lines.append(type(error).__qualname__)
            for frame, line in walk_tb(error.__traceback__):
                lines.append(f"  {frame.f_code.co_filename}:{line} {frame.f_code.co_name}")
            error = error.__cause__ or error.__context__
        return lines

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Add the id of the request that is being answered."""
        if has_request_context() and "request_id" in g:
            log_data["request_id"] = g.request_id
        return log_data


# What gunicorn.conf.py sets up for the whole process; gunicorn's own access log stays off, as it
# prints paths and query strings.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "webapp.operations.observability.ContentFreeFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}


def init_app(app: Flask) -> None:
    """Log every request of `app` and, where METRICS_ENABLED is set, count them at /metrics.

    Called before anything else that answers requests, so that refused ones are logged too.
    """
    default_handler.setFormatter(ContentFreeFormatter())
    app.logger.setLevel(logging.INFO)
    app.before_request(_start)
    app.after_request(_log)
    if app.config["METRICS_ENABLED"]:
        _count(app)


def _start() -> None:
    given = request.headers.get(REQUEST_ID_HEADER, "")
    g.request_id = given if re.fullmatch(r"[A-Za-z0-9._-]{8,64}", given) else uuid4().hex
    g.started = time.perf_counter()


def _log(response: Response) -> Response:
    response.headers[REQUEST_ID_HEADER] = g.request_id
    current_app.logger.info(
        "request",
        extra={
            "method": _method(),
            "route": _route(),
            "status": response.status_code,
            "duration_ms": round(_duration() * 1000, 1),
        },
    )
    return response


def _method() -> str:
    """Return the method, where it is a usual one: gunicorn lets clients make up their own."""
    return request.method if request.method in METHODS else "OTHER"


def _route() -> str:
    """Return the rule that matched, as paths may hold anything."""
    return request.url_rule.rule if request.url_rule else "unmatched"


def _duration() -> float:
    """Seconds since the request came in."""
    return time.perf_counter() - float(g.started)


def _count(app: Flask) -> None:
    # Imported here, as it is off by default and takes a tenth of the whole start.
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
    from prometheus_client.exposition import generate_latest

    registry = CollectorRegistry()
    requests = Counter(
        "genre_hues_http_requests",
        "Requests answered.",
        ("method", "route", "status"),
        registry=registry,
    )
    durations = Histogram(
        "genre_hues_http_request_duration_seconds",
        "From request to response.",
        ("route",),
        buckets=BUCKETS,
        registry=registry,
    )

    def observe(response: Response) -> Response:
        requests.labels(_method(), _route(), str(response.status_code)).inc()
        durations.labels(_route()).observe(_duration())
        return response

    def metrics() -> Response:
        return Response(generate_latest(_all_workers() or registry), mimetype=CONTENT_TYPE_LATEST)

    app.after_request(observe)
    app.add_url_rule("/metrics", view_func=metrics)


def _all_workers() -> "CollectorRegistry | None":
    """Return the sum over every worker's files, where gunicorn.conf.py made a folder for them."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return None
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
