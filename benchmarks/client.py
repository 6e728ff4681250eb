"""A person with a browser, or a program: what asks the site in the measurements."""

import json
import re
import time
from typing import NamedTuple, Self
from urllib.parse import urlencode

from benchmarks.site import Site

JSON = {"Content-Type": "application/json"}


class Reply(NamedTuple):
    """What came back, and after how many seconds."""

    status: int
    body: str
    seconds: float


class Visitor:
    """Asks over one kept connection, with the cookie and the token that the form gave.

    A context manager: it ends by closing the connection.
    """

    def __init__(self, site: Site, timeout: float = 30.0) -> None:
        """Takes the site, and the seconds after which a silent one is given up."""
        self._connection = site.connect(timeout)
        self._cookie = ""
        self._token = ""

    def open_form(self) -> Reply:
        """Reads the front page and keeps its cookie and its CSRF token."""
        reply = self.get("/")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', reply.body)
        self._token = token[1] if token else ""
        return reply

    def send_form(self, description: str) -> Reply:
        """Sends the form; the reply is the page with the answer."""
        fields = {"csrf_token": self._token, "title": "", "description": description}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self._cookie}
        return self._ask("POST", "/", urlencode(fields), headers)

    def call(self, description: str) -> Reply:
        """Calls the API."""
        body = json.dumps({"description": description})
        return self._ask("POST", "/api/v1/predict", body, JSON)

    def call_batch(self, descriptions: list[str]) -> Reply:
        """Calls the API with several descriptions at once."""
        body = json.dumps({"items": [{"description": text} for text in descriptions]})
        return self._ask("POST", "/api/v1/batch", body, JSON)

    def get(self, path: str) -> Reply:
        """Reads a page."""
        return self._ask("GET", path, None, {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Reply:
        started = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        seconds = time.perf_counter() - started
        if cookie := response.getheader("Set-Cookie"):
            self._cookie = cookie.split(";")[0]
        return Reply(response.status, text, seconds)
