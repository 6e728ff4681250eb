"""One polite HTTP client: paced, obedient to robots.txt, patient with trouble, and hard to harm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
import tenacity
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.util import Retry

from scraper.deadline import DeadlineError, deadline
from scraper.errors import PageError, TroubleError
from scraper.outcomes import Outcome, of_status
from scraper.pace import Pacer
from scraper.robots import Robots

PAGE_LIMIT = 8 * 1024 * 1024
IMAGE_LIMIT = 16 * 1024 * 1024
ROBOTS_LIMIT = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB
"""Bytes, decompressed; a longer answer is not read to its end."""

MAX_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_TROUBLE = {408, 421, 425, 429}
_RETRY_AFTER = Retry(retry_after_max=10**9)


@dataclass(frozen=True)
class Answer:
    """A complete answer: 200 with its bytes, or 304 without."""

    url: str
    status: int
    body: bytes
    content_type: str
    etag: str | None
    last_modified: str | None


class Fetcher:
    """Fetches URLs one at a time.

    Args:
        pacer: says when; every request counts, redirects and robots.txt included.
        user_agent: names the project and a contact.
        timeout: seconds for one whole request, body included.
        attempts: how often a URL is tried while the server is in trouble.
        cookies: sent with every request.
    """

    def __init__(
        self,
        pacer: Pacer,
        user_agent: str,
        *,
        timeout: float = 30.0,
        attempts: int = 4,
        cookies: Mapping[str, str] | None = None,
    ) -> None:
        self._pacer = pacer
        self._timeout = timeout
        self._attempts = attempts
        self._session = requests.Session()
        self._session.headers.update(
            {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate", "Accept-Language": "en"}
        )
        self._session.cookies.update(dict(cookies or {}))
        self.requests = 0
        self.robots = Robots(self._read_robots, pacer)

    def get(
        self,
        url: str,
        *,
        limit: int = PAGE_LIMIT,
        known: Mapping[str, str] | None = None,
        on_redirect: Callable[[str], None] = lambda url: None,
    ) -> Answer:
        """Fetch a URL, following redirects as far as `on_redirect` lets them go.

        Args:
            url: what to fetch.
            limit: bytes, decompressed, past which an answer is given up.
            known: headers that make the request conditional.
            on_redirect: called with each new address before it is asked for; may raise.

        Raises:
            PageError: no content was to be had here, and trying again now would not help.
            TroubleError: every attempt met a server in trouble.
            StopRunError: the host wants to be left alone.
        """
        asked: list[str] = []
        while True:
            if not self.robots.allows(url):
                raise PageError(Outcome.ROBOTS_DISALLOWED, f"robots.txt does not allow {url}")
            asked.append(url)
            answer = self._patiently(url, limit, known or {})
            if isinstance(answer, Answer):
                return answer
            if answer in asked or len(asked) > MAX_REDIRECTS:
                raise PageError(Outcome.REDIRECT_LOOP, f"after {len(asked)} redirects, at {answer}")
            on_redirect(answer)
            url = answer

    def _read_robots(self, url: str) -> str:
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._patiently(url, ROBOTS_LIMIT, {}, cut=True)
            if isinstance(answer, Answer):
                return answer.body.decode("utf-8-sig", "replace").replace("\0", "")
            url = answer
        raise PageError(Outcome.REDIRECT_LOOP, url)

    def _patiently(
        self, url: str, limit: int, headers: Mapping[str, str], *, cut: bool = False
    ) -> Answer | str:
        host = urlsplit(url).hostname or ""
        base = max(0.5, self._pacer.delay(host))
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TroubleError),
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=tenacity.wait_exponential_jitter(multiplier=base, max=300, jitter=base),
            sleep=lambda seconds: self._pacer.hold(host, seconds),
            reraise=True,
        )
        return attempts(self._once, url, host, limit, headers, cut)

    def _once(
        self, url: str, host: str, limit: int, headers: Mapping[str, str], cut: bool
    ) -> Answer | str:
        """Send one request; return its answer, or the address it was redirected to."""
        self._pacer.start(host)
        self.requests += 1
        try:
            with (
                deadline(self._timeout),
                self._session.get(
                    url,
                    headers=dict(headers),
                    timeout=(min(10.0, self._timeout), self._timeout),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                self._hold_back(host, response)
                return _judge(response, limit, cut)
        except (DeadlineError, requests.Timeout) as error:
            raise TroubleError(Outcome.TIMEOUT, str(error)) from error
        except requests.exceptions.ContentDecodingError as error:
            raise PageError(Outcome.UNDECODABLE, "the compressed body is broken") from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            raise PageError(Outcome.BAD_ADDRESS, f"{url}: {error}") from error
        except (requests.RequestException, HTTPError, OSError) as error:
            raise TroubleError(Outcome.CONNECTION, type(error).__name__) from error
        except ValueError as error:  # a redirect to something that is no address
            raise PageError(Outcome.BAD_ADDRESS, str(error)) from error
        finally:
            self._pacer.end(host)

    def _hold_back(self, host: str, response: requests.Response) -> None:
        wish = response.headers.get("Retry-After")
        if wish and (response.status_code in _TROUBLE or response.status_code >= 500):
            try:
                self._pacer.hold(host, _RETRY_AFTER.parse_retry_after(wish))
            except (InvalidHeader, OverflowError, ValueError):
                return  # unreadable: the usual back-off applies


def _judge(response: requests.Response, limit: int, cut: bool) -> Answer | str:
    status = response.status_code
    if status in _REDIRECTS and (target := response.headers.get("Location")):
        return urldefrag(urljoin(response.url, _as_utf8(target))).url
    if status in _TROUBLE or status >= 500:
        raise TroubleError(of_status(status), f"the server said {status}")
    if status != requests.codes.not_modified and not 200 <= status < 300:
        raise PageError(of_status(status), f"the server said {status}")
    headers = response.headers
    return Answer(
        url=response.url,
        status=status,
        body=_read(response, limit, cut),
        content_type=headers.get("Content-Type", ""),
        etag=headers.get("ETag"),
        last_modified=headers.get("Last-Modified"),
    )


def _read(response: requests.Response, limit: int, cut: bool) -> bytes:
    """Read a body up to the limit, then stop: cut there, or give the whole answer up."""
    too_large = PageError(Outcome.TOO_LARGE, f"longer than {limit // 1024} KiB")
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > limit and not cut:
        raise too_large
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > limit:
            if cut:
                break
            raise too_large
    return bytes(body[:limit])


def _as_utf8(header: str) -> str:
    """Undo the Latin-1 reading of a header that was sent as UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
