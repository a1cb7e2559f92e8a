"""Streams: the events of a capture become the one answer that they add up to.

Three conventions are met: usage in a last chunk without choices (OpenAI), in a last chunk with them (OpenRouter),
and a running usage on every chunk (StepFun). One rule reads all: the last usage that is not null.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Event = dict[str, Any]
TERMINAL = ("response.completed", "response.incomplete", "response.failed")
LINE_END = re.compile(r"\r\n|\n|\r")
KEPT = ("id", "object", "created", "model", "provider", "service_tier")


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
            yield Stream(_merge(events), line, done or _is_complete(events))
            events, done = [], False
        if not events:
            line = number
        events.append(event)
    if events:
        yield Stream(_merge(events), line, done or _is_complete(events))


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
    return value if isinstance(value, dict) else None


def _identity(event: Event) -> str | None:
    inner = event.get("response")
    found = inner.get("id") if isinstance(inner, dict) else event.get("id")
    return found if isinstance(found, str) and found else None


def _merge(events: list[Event]) -> dict[str, Any]:
    """The answer that the events add up to."""
    bodies = [event["response"] for event in events if isinstance(event.get("response"), dict)]
    if bodies:
        return dict(bodies[-1])
    body: dict[str, Any] = {}
    for name in KEPT:
        body[name] = next((event[name] for event in events if event.get(name)), None)
    body["usage"] = next((event["usage"] for event in reversed(events) if event.get("usage")), None)
    body["choices"] = [{"finish_reason": _finish(events)}]
    error = next((event["error"] for event in events if event.get("error")), None)
    return {**body, "error": error} if error else body


def _finish(events: list[Event]) -> str | None:
    """The last reason to finish that is not empty: StepFun writes an empty one on every chunk before."""
    for event in reversed(events):
        choices = event.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict) and choices[0].get("finish_reason"):
            return str(choices[0]["finish_reason"])
    return None


def _is_complete(events: list[Event]) -> bool:
    return any(event.get("type") in TERMINAL for event in events) or _finish(events) is not None
