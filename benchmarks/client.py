"""A person with a browser, or a program: what asks the site in the measurements."""

import json
import re
import time
from typing import NamedTuple, Self
from urllib.parse import urlencode

from benchmarks.site import Site

SEE_OTHER = 303
JSON = {"Content-Type": "application/json"}


class Reply(NamedTuple):
    """What came back, and after how many seconds."""

    status: int
    body: str
    seconds: float
    location: str
    """Where a redirect leads to."""


class Visitor:
    """Asks over one kept connection, with the cookie and the token that the form gave.

    A context manager: it ends by closing the connection.
    """

    def __init__(self, site: Site, timeout: float = 30.0) -> None:
        """Take the site, and the seconds after which a silent one is given up."""
        self._connection = site.connect(timeout)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def open_form(self) -> Reply:
        """Read the front page and keep its cookie and its CSRF token."""
        reply = self.get("/")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', reply.body)
        self._token = token[1] if token else ""
        return reply

    def send_form(self, description: str) -> Reply:
        """Send the form; the reply is the page that the site redirects to, in the time of both."""
        fields = {"csrf_token": self._token, "title": "", "description": description}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        sent = self._ask("POST", "/", urlencode(fields), headers)
        if sent.status != SEE_OTHER:
            return sent
        answer = self.get(sent.location)
        return answer._replace(seconds=sent.seconds + answer.seconds)

    def call(self, description: str) -> Reply:
        """Call the API."""
        body = json.dumps({"description": description})
        return self._ask("POST", "/api/v1/predict", body, JSON)

    def call_batch(self, descriptions: list[str]) -> Reply:
        """Call the API with several descriptions at once."""
        body = json.dumps({"items": [{"description": text} for text in descriptions]})
        return self._ask("POST", "/api/v1/batch", body, JSON)

    def get(self, path: str) -> Reply:
        """Read a page."""
        return self._ask("GET", path, None, {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Reply:
        started = time.perf_counter()
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, path, body, headers | {"Cookie": cookies})
        response = self._connection.getresponse()
        text = response.read().decode()
        seconds = time.perf_counter() - started
        for cookie in response.headers.get_all("Set-Cookie", ()):
            name, _, value = cookie.split(";")[0].partition("=")
            self._cookies[name] = value
        return Reply(response.status, text, seconds, response.getheader("Location") or "")
