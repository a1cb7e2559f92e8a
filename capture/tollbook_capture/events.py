"""Server-sent events as they pass: bytes in, whole events out, nothing kept beyond the event that is not over."""

from __future__ import annotations

import re

LINE_END = rb"(?:\r\n|\n|\r(?!\n))"
EVENT_END = re.compile(LINE_END + LINE_END)
MOST = 32 << 20
"""Bytes of one event; what is longer is passed on unread."""


class Splitter:
    """Cuts what comes into events, each with all its bytes."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._searched = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The events that end in this chunk."""
        if not self._rest and chunk.endswith(b"\n\n") and b"\r" not in chunk and chunk.count(b"\n\n") == 1:
            return [chunk]  # Most servers send an event at a time.
        self._rest += chunk
        events: list[bytes] = []
        begin = 0
        for end in EVENT_END.finditer(self._rest, self._searched):
            events.append(bytes(self._rest[begin : end.end()]))
            begin = end.end()
        if begin:
            del self._rest[:begin]
        if len(self._rest) > MOST:
            events.append(self.rest())
        # An end may be cut in two: of four bytes at most three have come.
        self._searched = max(0, len(self._rest) - 3)
        return events

    def rest(self) -> bytes:
        """What came after the last whole event; it is not kept."""
        rest = bytes(self._rest)
        self._rest.clear()
        self._searched = 0
        return rest


def data_of(event: bytes) -> bytes:
    """The data of an event, of all its lines."""
    if event.startswith(b"data:") and b"\r" not in event and event.find(b"\n") >= len(event) - 2:
        return event[5:].strip()
    found = [line[5:].strip() for line in event.splitlines() if line.startswith(b"data:")]
    return found[0] if len(found) == 1 else b"\n".join(found)
