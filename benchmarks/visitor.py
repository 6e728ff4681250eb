"""A person with a browser, or a program: what asks the site in the measurements."""

import json
import re
import time
from typing import NamedTuple
from urllib.parse import urlencode

from benchmarks.site import Site


class Reply(NamedTuple):
    """What came back, and after how many seconds."""

    status: int
    body: str
    seconds: float


class Visitor:
    """Asks over one kept connection, with the cookie and the token that the form gave."""

    def __init__(self, site: Site) -> None:
        self._connection = site.connect()
        self._cookie = ""
        self._token = ""

    def open_form(self) -> Reply:
        """Reads the front page and keeps its cookie and its CSRF token."""
        self._connection.request("GET", "/")
        started = time.perf_counter()
        response = self._connection.getresponse()
        body = response.read().decode()
        self._cookie = (response.getheader("Set-Cookie") or "").split(";")[0]
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', body)
        self._token = token[1] if token else ""
        return Reply(response.status, body, time.perf_counter() - started)

    def send_form(self, description: str) -> Reply:
        """Sends the form; the reply is the page with the answer."""
        fields = {"csrf_token": self._token, "title": "", "description": description}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self._cookie}
        return self._post("/", urlencode(fields), headers)

    def call(self, description: str) -> Reply:
        """Calls the API."""
        body = json.dumps({"description": description})
        return self._post("/api/v1/predict", body, {"Content-Type": "application/json"})

    def call_batch(self, descriptions: list[str]) -> Reply:
        """Calls the API with several descriptions at once."""
        body = json.dumps({"items": [{"description": text} for text in descriptions]})
        return self._post("/api/v1/batch", body, {"Content-Type": "application/json"})

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _post(self, path: str, body: str, headers: dict[str, str]) -> Reply:
        started = time.perf_counter()
        self._connection.request("POST", path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        return Reply(response.status, text, time.perf_counter() - started)
