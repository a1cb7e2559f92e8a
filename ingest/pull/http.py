"""Asks one address over HTTP, and asks again where that may help: the only part of Tollbook that reads the network.

The key goes into one header and nowhere else: into no message, no file and no log. Redirects are not followed, since
they would carry it elsewhere.
"""

import ipaddress
import json
import random
import re
import time
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlsplit

from ingest.pull.problem import NotThere, PullError, Refused, Unreachable
from ingest.redact import is_plain

if TYPE_CHECKING:
    import httpx2

TRIES = 6
LONGEST_PAUSE_S = 60.0
LONGEST_ASKED_S = 600.0
"""A seller that wants a longer pause is asked by another run."""
MOST_BYTES = 64 << 20
TIMEOUT_S = 60.0
LATER = frozenset({408, 425, 429})
pause = time.sleep


class Login(NamedTuple):
    """The key, and the name of the variable that holds it."""

    variable: str
    key: str

    def __repr__(self) -> str:
        return f"Login({self.variable})"


class _Again(Exception):
    """It may help to ask again; the message says why it was not answered."""

    def __init__(self, why: str, after_s: float | None = None, *, end: type[PullError] = PullError) -> None:
        super().__init__(why)
        self.after_s = after_s
        self.end = end
        """What it is where asking again does not help."""


class Api:
    """One seller's API: asked for one thing after the other."""

    def __init__(self, base_url: str, login: Login, headers: dict[str, str], tell: Callable[[str], None]) -> None:
        import httpx2

        self.login = login
        self.tell = tell
        self.requests = 0
        """How many requests were sent, those that were tried again among them."""
        address = check_base_url(base_url)
        try:
            self._client = httpx2.Client(
                base_url=address,
                headers={**headers, "Accept": "application/json"},
                timeout=TIMEOUT_S,
                follow_redirects=False,
                # No proxy for this machine: it would be handed the key in the clear.
                trust_env=address.startswith("https:"),
            )
        except (httpx2.InvalidURL, ValueError, ImportError):
            raise PullError("--base-url, or a proxy that the environment names, is no address that works") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def ask(self, path: str, query: list[tuple[str, str]]) -> dict[str, Any]:
        """The object that is answered; raises PullError when it cannot be had, however often it is asked for."""
        for number in range(1, TRIES + 1):
            try:
                return self._ask_once(path, query)
            except _Again as problem:
                if number == TRIES:
                    raise problem.end(f"{path}: {problem}; asked {TRIES} times. Run the command again later") from None
                self._rest(path, problem, number)
        raise AssertionError

    def _rest(self, path: str, problem: _Again, number: int) -> None:
        if problem.after_s is not None and problem.after_s > LONGEST_ASKED_S:
            raise PullError(
                f"{path}: {problem}, and is to be asked again in {problem.after_s / 60:.0f} minutes. "
                "What was answered is kept: run the command again then"
            ) from None
        own = min(LONGEST_PAUSE_S, 2.0 ** (number - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load
        rest_s = max(own, problem.after_s or 0.0)
        self.tell(f"{path}: {problem}; asking again in {rest_s:.0f} s")
        pause(rest_s)

    def _ask_once(self, path: str, query: list[tuple[str, str]]) -> dict[str, Any]:
        import httpx2

        self.requests += 1
        try:
            with self._client.stream("GET", path, params=tuple(query)) as answer:
                content = _read(answer)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            raise _Again(f"not reached ({type(error).__name__})", end=Unreachable) from None
        except httpx2.TransportError as error:
            raise _Again(f"cut off ({type(error).__name__})") from None
        except httpx2.HTTPError as error:
            raise _Again(f"not readable ({type(error).__name__})") from None
        if answer.status_code == 200:
            return self._object(content)
        raise self._failure(path, answer, content)

    def _object(self, content: bytes) -> dict[str, Any]:
        text = content.decode("utf-8", errors="replace")
        if self.login.key in text:
            raise PullError("the answer holds the key itself: nothing of it is kept")
        try:
            value = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise _Again("answered with what is no JSON") from None
        if not isinstance(value, dict):
            raise _Again("answered with JSON that is no object")
        return value

    def _failure(self, path: str, answer: "httpx2.Response", content: bytes) -> Exception:
        status = answer.status_code
        said = _code_of(content)
        why = f"answered {status}" + (f" ({said})" if said and self.login.key not in said else "")
        if status in LATER or status >= 500:
            return _Again(why, _pause_asked(answer.headers))
        if status == 401:
            return Refused(f"{self.login.variable} is not taken: {path} {why}", status)
        if status == 403:
            return Refused(f"the key in {self.login.variable} may not read {path}: {why}", status)
        if status == 404:
            return NotThere(f"{path} {why}: nothing is there; check --base-url")
        if status in range(300, 400):
            return PullError(f"{path} {why}: it sends elsewhere, and a key is not sent after it; check --base-url")
        return PullError(f"{path} {why}")


def check_base_url(text: str) -> str:
    """An address to which a key may be sent: over TLS, or on this machine. Raises PullError."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("https", "http") or not re.fullmatch(r"[\w.:%-]+", host) or re.search(r"\s", text):
        raise PullError("--base-url is no address as https://HOST/PATH is")
    if parts.username is not None or parts.query or parts.fragment:
        raise PullError("--base-url takes no user, no password and nothing behind a ? or #")
    if parts.scheme == "http" and not _is_loopback(host):
        raise PullError("--base-url: a key is sent over https only, or to this machine (127.0.0.1)")
    return text.rstrip("/") + "/"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(answer: "httpx2.Response") -> bytes:
    """The body, no longer than any line of a log may be; raises PullError."""
    found = bytearray()
    for block in answer.iter_bytes():
        found += block
        if len(found) > MOST_BYTES:
            raise PullError(f"the answer is longer than {MOST_BYTES >> 20} MiB")
    return bytes(found)


def _code_of(content: bytes) -> str | None:
    """The short name that an answer gives to what went wrong: never its message, which may hold anything."""
    try:
        error = json.loads(content).get("error")
        names = [error.get(name) for name in ("code", "type")] if isinstance(error, dict) else []
    except (ValueError, AttributeError, RecursionError):
        return None
    return next((name for name in names if isinstance(name, str) and len(name) <= 64 and is_plain(name)), None)


def _pause_asked(headers: "httpx2.Headers") -> float | None:
    """Seconds after which to ask again, as ``Retry-After`` says: a number, or a time beside the answer's own."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        return max(0.0, float(text)) if text.replace(".", "", 1).isdigit() else _seconds_until(text, headers["date"])
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def _seconds_until(text: str, now: str) -> float:
    then: datetime = parsedate_to_datetime(text)
    return max(0.0, (then - parsedate_to_datetime(now)).total_seconds())


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON number")
