"""Streams: the events of a capture become the one answer that they add up to.

OpenAI sends usage in a last chunk without choices, OpenRouter in a last chunk with them, StepFun and Google a running
usage on every chunk: the last usage that is not null counts. Anthropic's counts begin with the stream and grow.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ingest.document import HALF, in_characters
from ingest.stream_merge import Event, is_complete, merge
from ingest.surface_parts import as_object

LINE_END = re.compile(r"\r\n|\n|\r")


class Stream(NamedTuple):
    """One streamed answer: as a body, the line where it begins, and whether its end was seen."""

    body: dict[str, Any]
    line: int
    complete: bool


def is_stream(text: str) -> bool:
    """Whether a text is a capture of server-sent events."""
    return text.lstrip("\ufeff \r\n").startswith(("data:", "event:", ":", "id:", "retry:"))


def is_event_log(text: str) -> bool:
    """Whether the events of a capture are records of their own, not the pieces of answers."""
    return is_stream(text) and bool(re.search(r"(?m)^event: ?log\r?$", text))


def read_event_log(text: str) -> Iterator[tuple[int, str]]:
    """The data of every event named ``log``, with its line."""
    named = False
    for number, line in enumerate(LINE_END.split(text), 1):
        if line.startswith("event:"):
            named = line[6:].strip() == "log"
        elif line.startswith("data:") and named:
            yield number, line[5:].strip()


def read_streams(text: str, *, first_line: int = 1) -> Iterator[Stream]:
    """Every answer in a capture, one after the other: a new id begins a new one."""
    events: list[Event] = []
    line = first_line
    done = False
    for number, data in _data_lines(text, first_line):
        if data == "[DONE]":
            done = True
            continue
        event = _parse(data)
        if event is None:
            continue
        if events and (done or _identity(event) not in (None, _identity(events[0]))):
            yield Stream(merge(events), line, done or is_complete(events))
            events, done = [], False
        if not events:
            line = number
        events.append(event)
    if events:
        yield Stream(merge(events), line, done or is_complete(events))


def _data_lines(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    # Not `splitlines`: a sentence inside an event may hold a line separator of Unicode's.
    for number, line in enumerate(LINE_END.split(text), first_line):
        if line.startswith("data:"):
            yield number, line[5:].strip()


def _parse(data: str) -> Event | None:
    """An event's object; None for keep-alives and for an event that was cut off."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.get("type") == "ping":
        return None
    return in_characters(value) if HALF.search(data) else value


def _identity(event: Event) -> str | None:
    inner = as_object(event.get("response")) or as_object(event.get("message"))
    found = inner.get("id") or event.get("id") or event.get("responseId")
    return found if isinstance(found, str) and found else None
