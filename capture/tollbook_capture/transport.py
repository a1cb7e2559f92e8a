"""The transports that record: around any transport of httpx or httpx2, whichever the client stands on."""

from __future__ import annotations

import functools
import sys
import uuid
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from tollbook_capture.asked import GIVES_USAGE, asking, place_of
from tollbook_capture.attempt import Attempt
from tollbook_capture.guard import guarded, nothing
from tollbook_capture.passing import passing
from tollbook_capture.settings import AskForUsage, Settings, limits_from_environment, settings_from
from tollbook_capture.work import current, together
from tollbook_capture.writer import writer_for

if TYPE_CHECKING:
    Base = Any  # A transport to every type checker, of httpx as of httpx2.
else:
    Base = object

RETRY_COUNT = "x-stainless-retry-count"

_call: ContextVar[tuple[str, int] | None] = ContextVar("tollbook_capture_call", default=None)


def _unread(_recorder: Any, attempt: Attempt, response: Any, _asynchronous: bool) -> Any:
    attempt.unread = True
    attempt.finish(whole=None)
    return response


class Recorder:
    """Makes attempts of requests."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.writer = writer_for(settings.directory, limits_from_environment())

    @guarded(nothing)
    def begin(self, request: Any) -> Attempt | None:
        """An attempt for a request; None for one that is no call of a model."""
        place = place_of(request.url) if request.method == "POST" else None
        if place is None:
            return None
        attempt = Attempt(place, together(self.settings.names, current()), self.writer.put)
        attempt.asked = body_of(request)
        if attempt.asked is None:
            attempt.model = model_in_form(request)
        _count(attempt, request.headers.get(RETRY_COUNT))
        return attempt

    @guarded(lambda recorder, attempt, request: request)
    def request(self, attempt: Attempt, request: Any) -> Any:
        """The request to send: the caller's own, or one that asks for usage too."""
        ask = self.settings.ask_for_usage
        wanted = ask is True or (ask == "known" and attempt.place.host in GIVES_USAGE)
        if not wanted or attempt.place.api_path != "/chat/completions" or not attempt.asked:
            return request
        if str(request.headers.get("authorization", "")).startswith("AWS4-"):
            return request  # The body is signed.
        body = asking(attempt.asked)
        if body is None:
            return request
        headers = request.headers.copy()
        for name in ("content-length", "transfer-encoding"):
            headers.pop(name, None)
        # Usage comes in an event of its own, which is taken out of the stream again.
        headers["accept-encoding"] = "identity"
        made = _library(request).Request(
            request.method, request.url, headers=headers, content=body, extensions=request.extensions
        )
        attempt.added_usage = True
        return made

    @guarded(_unread)
    def response(self, attempt: Attempt, response: Any, asynchronous: bool) -> Any:
        """The answer, whose body is noted as it passes."""
        if 300 <= response.status_code < 400:
            attempt.hand_over = None  # A redirection: the request that follows it is the attempt.
            return response
        decoded = attempt.answered(response)
        if hasattr(response, "_content"):
            attempt.encoding = None
            _note_whole(attempt, response.content)
            return response
        if decoded:
            del response.headers["content-encoding"]
        response.stream = passing(asynchronous, attempt, response.stream, _library(response))
        return response


class RecordingTransport(Base):  # type: ignore[misc]
    """A transport that records what goes through another one."""

    def __init__(
        self, inner: Any, directory: object = None, *, ask_for_usage: AskForUsage | None = None, **names: Any
    ) -> None:
        self._inner = inner
        self._recorder = recorder_from(directory, ask_for_usage, names)

    def handle_request(self, request: Any) -> Any:
        """Send a request, and record it if it is a call of a model."""
        attempt = self._recorder.begin(request) if self._recorder else None
        if attempt is None or self._recorder is None:
            return self._inner.handle_request(request)
        try:
            response = self._inner.handle_request(self._recorder.request(attempt, request))
        except BaseException as error:
            attempt.broke(error)
            raise
        return self._recorder.response(attempt, response, False)

    def close(self) -> None:
        """Close the transport inside."""
        self._inner.close()

    def __enter__(self) -> Any:
        self._inner.__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        return self._inner.__exit__(*error)

    def __getattr__(self, name: str) -> Any:
        if "_inner" not in self.__dict__:
            raise AttributeError(name)  # It is being copied.
        return getattr(self._inner, name)


class AsyncRecordingTransport(Base):  # type: ignore[misc]
    """The same for asynchronous clients."""

    def __init__(
        self, inner: Any, directory: object = None, *, ask_for_usage: AskForUsage | None = None, **names: Any
    ) -> None:
        self._inner = inner
        self._recorder = recorder_from(directory, ask_for_usage, names)

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request, and record it if it is a call of a model."""
        attempt = self._recorder.begin(request) if self._recorder else None
        if attempt is None or self._recorder is None:
            return await self._inner.handle_async_request(request)
        try:
            response = await self._inner.handle_async_request(self._recorder.request(attempt, request))
        except BaseException as error:
            attempt.broke(error)
            raise
        return self._recorder.response(attempt, response, True)

    async def aclose(self) -> None:
        """Close the transport inside."""
        await self._inner.aclose()

    async def __aenter__(self) -> Any:
        await self._inner.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> Any:
        return await self._inner.__aexit__(*error)

    def __getattr__(self, name: str) -> Any:
        if "_inner" not in self.__dict__:
            raise AttributeError(name)  # It is being copied.
        return getattr(self._inner, name)


@guarded(nothing)
def recorder_from(directory: object, ask_for_usage: AskForUsage | None, names: dict[str, Any]) -> Recorder | None:
    """The recorder that arguments and environment describe; None where no directory is named."""
    settings = settings_from(directory, ask_for_usage, names)
    return None if settings is None else Recorder(settings)


def body_of(request: Any) -> bytes | None:
    """A request's body; None for one that is sent as it is made."""
    try:
        return bytes(request.content)
    except Exception:  # Both libraries have an error of their own for it.
        return None


def model_in_form(request: Any) -> str | None:
    """The model that a form asks for, as both libraries keep its fields; None where it is not known."""
    fields = getattr(request.stream, "fields", ())
    found = next((each.value for each in fields if getattr(each, "name", None) == "model"), None)
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else found


def _count(attempt: Attempt, retries: str | None) -> None:
    """Set the attempt's number and its logical call, as the official clients count them."""
    if retries is None or not retries.isdecimal():
        return
    attempt.retries = int(retries)
    before = _call.get()
    again = attempt.retries > 0 and before is not None and before[1] < attempt.retries
    attempt.logical_call = before[0] if again and before else uuid.uuid4().hex
    _call.set((attempt.logical_call, attempt.retries))


@guarded(nothing)
def _note_whole(attempt: Attempt, content: bytes) -> None:
    attempt.added_usage = False
    attempt.passes(content)
    attempt.rest()
    attempt.ended()


@functools.cache
def _library_named(name: str) -> Any:
    return sys.modules[name]


def _library(thing: Any) -> Any:
    """The library whose request or answer this is, be it of a class of somebody's own."""
    for each in type(thing).__mro__:
        root = each.__module__.partition(".")[0]
        if root in ("httpx", "httpx2"):
            return _library_named(root)
    raise LookupError(type(thing).__name__)
