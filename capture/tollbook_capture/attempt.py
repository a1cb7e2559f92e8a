"""One attempt: what is noted while it runs, in the caller's thread, as little as can be."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from typing import Any, Callable

from tollbook_capture.answer import Streamed
from tollbook_capture.asked import Place
from tollbook_capture.decoding import Decoder, decoder_of
from tollbook_capture.events import Splitter, data_of
from tollbook_capture.guard import failed, guarded, nothing

MOST = 64 << 20
"""Bytes of a body that are kept to be read; of a larger one only its outcome is known."""
STREAM = "text/event-stream"
IDS = ("x-request-id", "request-id", "x-trace-id")


def _unread(attempt: Attempt, chunk: bytes) -> bytes:
    attempt.unread = True
    return chunk


def _unread_event(attempt: Attempt, _event: bytes) -> bool:
    attempt.unread = True
    return True


class Attempt:
    """What is known of one attempt. It is handed to the writer once, when the attempt is over."""

    def __init__(self, place: Place, names: Mapping[str, Any], hand_over: Callable[[Attempt], None]) -> None:
        self.place = place
        self.names = names
        self.hand_over: Callable[[Attempt], None] | None = hand_over
        self.process = os.getpid()
        self.time = time.time()
        self.begin = time.perf_counter()
        self.asked: bytes | None = None
        self.model: str | None = None
        """Of a form, whose body is sent as it is made."""
        self.retries: int | None = None
        self.logical_call: str | None = None
        self.added_usage = False
        """Whether the recorder asked for usage, and the caller did not."""
        self.status: int | None = None
        self.request_id: str | None = None
        self.encoding: str | None = None
        self.latency_ms = 0
        self.ttft_ms: int | None = None
        self.chunks: list[bytes] = []
        self.size = 0
        self.stream: Streamed | None = None
        self.whole: bool | None = None
        """Whether the answer came to its end; None where nobody read it."""
        self.error: dict[str, str] | None = None
        self.unread = False
        """Whether the recorder failed to read what came: how it ended is not known then."""
        self._decoder: Decoder | None = None
        self._splitter: Splitter | None = None

    @property
    def weight(self) -> int:
        """Bytes that it holds until it is written."""
        return len(self.asked or b"") + self.size

    def answered(self, response: Any) -> bool:
        """Note status and headers; returns whether the body will be decoded here, for an event to be taken out."""
        self.status = int(response.status_code)
        headers = response.headers
        self.request_id = next((headers[name] for name in IDS if name in headers), None)
        self.encoding = headers.get("content-encoding")
        if not str(headers.get("content-type", "")).startswith(STREAM) or self.status >= 400:
            return False
        self._decoder = decoder_of(self.encoding)
        self._splitter = Splitter()
        self.stream = Streamed()
        return self.added_usage and self._decoder is not None

    @guarded(_unread)
    def passes(self, chunk: bytes) -> bytes:
        """Note a piece of the body; returns what the caller gets of it."""
        if self._splitter is None:
            self._keep(chunk)
            return chunk
        data = self._decoder.decompress(chunk) if self._decoder else chunk
        handed_on = [event for event in self._splitter.feed(data) if self._is_callers(event)]
        return b"".join(handed_on) if self.added_usage else chunk

    @guarded(lambda attempt: b"")
    def rest(self) -> bytes:
        """What is left of the body when it has ended."""
        if self._splitter is None:
            return b""
        rest = self._splitter.rest()
        if rest and not self._is_callers(rest):
            return b""
        return rest if self.added_usage else b""

    def _keep(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size <= MOST:
            self.chunks.append(chunk)
        else:
            self.chunks.clear()

    @guarded(_unread_event)
    def _is_callers(self, event: bytes) -> bool:
        """Note an event of a stream; returns whether it is the caller's, or came because the recorder asked."""
        data = data_of(event)
        if not data or self.stream is None:
            return True
        if data == b"[DONE]":
            self.stream.over = True
            return True
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            return True
        if not isinstance(found, dict):
            return True
        added = self.added_usage and found.get("choices") == [] and isinstance(found.get("usage"), dict)
        self.stream.event(found)
        if self.ttft_ms is None and self.stream.begun:
            self.ttft_ms = self._since_begin()
        return not added

    @guarded(nothing)
    def ended(self) -> None:
        """The body came to its end."""
        if self.stream is None:
            self.finish(whole=True)
        elif self.stream.reached_its_end or self.stream.error:
            self.finish(whole=not self.stream.error)
        else:
            self.finish(whole=False, error={"type": "disconnect"})

    @guarded(nothing)
    def closed(self) -> None:
        """The caller is done with the answer, at its end or before."""
        if self.stream is not None and (self.stream.reached_its_end or self.stream.error):
            # Some callers stop at the reason to finish, before usage or the last event.
            self.finish(whole=not self.stream.error)
        elif self.status is not None and self.status >= 400:
            self.finish(whole=None)
        else:
            self.finish(whole=False, error={"type": "cancelled"})

    @guarded(nothing)
    def broke(self, error: BaseException) -> None:
        """It ended in an exception."""
        if self.stream is not None and self.stream.over:
            self.finish(whole=True)
        else:
            self.finish(whole=False, error=what_broke(error))

    def finish(self, *, whole: bool | None, error: dict[str, str] | None = None) -> None:
        """Hand it over to be written; only the first time counts."""
        hand_over, self.hand_over = self.hand_over, None
        if hand_over is None or os.getpid() != self.process:
            return  # After a fork both processes hold it: the one that began it writes it.
        self.latency_ms = self._since_begin()
        if not self.unread:
            self.whole, self.error = whole, error
        hand_over(self)

    def _since_begin(self) -> int:
        return round((time.perf_counter() - self.begin) * 1000)

    def __del__(self) -> None:
        # An answer that the caller neither read to its end nor closed.
        if self.hand_over is not None and self.status is not None:
            try:
                self.closed()
            except BaseException:
                failed("Attempt.__del__")


def what_broke(error: BaseException) -> dict[str, str]:
    """An exception as an error of a line: ``timeout``, ``cancelled`` or ``disconnect``, and its class."""
    names = [each.__name__ for each in type(error).__mro__]
    found = {"code": names[0][:64]}
    if any("Timeout" in name for name in names):
        return {**found, "type": "timeout"}
    if not isinstance(error, Exception) or names[0] in ("CancelledError", "Cancelled"):
        return {**found, "type": "cancelled"}
    return {**found, "type": "disconnect"}
