"""Errors as pages in the site's look and, under /api/, as RFC 9457 problem details."""

import json
import sys
from typing import Any, NamedTuple

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.http import HTTP_STATUS_CODES


class Fault(NamedTuple):
    """One thing wrong in a JSON body: where (RFC 6901 pointer) and what would be right."""

    pointer: str
    detail: str


class UnprocessableError(HTTPException):
    """A JSON body that can be parsed and not be used."""

    code = 422

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults[0].detail if len(faults) == 1 else "Several fields are wrong.")
        self.faults = faults


# What a person reads; the first sentence says what happened, the second what to do.
TEXTS = {
    400: (
        "That did not arrive whole",
        "The site could not read what your browser sent. Go back, which keeps your text, and "
        "send it again.",
    ),
    404: (
        "There is nothing here",
        "No page has this address. The way to a blurb's genres and hues starts at the front.",
    ),
    405: (
        "Not that way",
        "This address exists, but does not take that kind of request. Start at the front.",
    ),
    413: (
        "That is too large",
        "What you sent is larger than this site takes. Go back, which keeps your text, and send "
        "less of it: the blurb alone, or a smaller image.",
    ),
    415: (
        "Not in that format",
        "The site cannot read what was sent in that format. Use the form at the front.",
    ),
    429: (
        "A little slower, please",
        "Many blurbs came from your address in a short time. Wait a minute and send it again; "
        "going back keeps your text.",
    ),
    500: (
        "That went wrong on our side",
        "The fault is noted, without your text. Go back, which keeps it, and try again; if it "
        "happens twice, please tell us.",
    ),
    503: (
        "Busy for a moment",
        "More blurbs came at once than the site can read. Wait a few seconds, go back, which "
        "keeps your text, and send it again.",
    ),
}


def init_app(app: Flask) -> None:
    """Answer every error of `app` in the form that its address calls for."""
    app.register_error_handler(HTTPException, _answer)
    # gunicorn reads a body in chunks only when the site does, and finds it broken only then. Not
    # imported here: it needs what Windows lacks, and `flask run` does without it.
    if server := sys.modules.get("gunicorn.http.errors"):
        app.register_error_handler(server.ParseException, lambda _: _answer(BadRequest()))


def _answer(error: HTTPException) -> Response:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error.get_response()  # type: ignore[return-value]
    body = _problem(error, code) if request.path.startswith("/api/v") else _page(error, code)
    # Allow and Retry-After are on the error's own response; the type and length are the body's.
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            body.headers[name] = value
    return body


def _page(error: HTTPException, code: int) -> Response:
    heading, advice = TEXTS.get(code, (HTTP_STATUS_CODES.get(code, "Error"), error.description))
    if code == BadRequest.code and error.description != BadRequest.description:
        advice = error.description  # what a view of this site said of the address
    page = render_template("error.html", code=code, heading=heading, advice=advice)
    return make_response(page, code)


def _problem(error: HTTPException, code: int) -> Response:
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES.get(code, "Error"),
        "status": code,
        "detail": error.description or "",
    }
    if isinstance(error, UnprocessableError):
        problem["errors"] = [fault._asdict() for fault in error.faults]
    return Response(json.dumps(problem), code, mimetype="application/problem+json")
