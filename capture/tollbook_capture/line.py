"""From an attempt that is over to its line."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime, timezone
from typing import Any

from tollbook_capture.answer import Answer, Streamed
from tollbook_capture.asked import read_features, read_request
from tollbook_capture.attempt import Attempt
from tollbook_capture.decoding import decoder_of
from tollbook_capture.events import Splitter, data_of
from tollbook_capture.guard import failed
from tollbook_capture.plain import as_object, known, name, token
from tollbook_capture.sizes import Memory
from tollbook_capture.work import written

SCHEMA = "tollbook-capture/1"


def as_line(attempt: Attempt, memory: Memory) -> bytes:
    """The line of an attempt, with its end."""
    asked = _request(attempt)
    answer = _answer(attempt)
    error = _error(attempt, answer)
    response = answer.written() if attempt.status is not None and attempt.status < 400 else {}
    names = written(attempt.names)
    if "user" in names:
        names["user"] = hashlib.sha256(names["user"].encode("utf-8", "replace")).hexdigest()
    line: dict[str, Any] = {
        "schema": SCHEMA,
        "record": uuid.uuid4().hex,
        "time": as_time(attempt.time),
        "base_url": attempt.place.base_url,
        "api_path": attempt.place.api_path,
    }
    if asked is not None:
        line["request"] = read_request(asked)
        line["features"] = read_features(asked)
    elif attempt.model or not response:
        line["request"] = known(model=name(attempt.model))
    line |= known(
        response=response or None,
        ended=attempt.whole,
        error=error,
        status=attempt.status,
        latency_ms=attempt.latency_ms,
        ttft_ms=attempt.ttft_ms,
        attempt=None if attempt.retries is None else attempt.retries + 1,
        retries=attempt.retries,
        request_id=token(attempt.request_id),
        logical_call=attempt.logical_call,
        **names,
    )
    sizes = _sizes(asked, answer, memory, names.get("task"))
    return _dumped({**line, "sizes": sizes} if sizes else line)


def dropped_line(dropped: int, since: float, now: float) -> bytes:
    """The line that says how many calls could not be recorded since when."""
    return _dumped({"schema": SCHEMA, "time": as_time(now), "dropped": dropped, "since": as_time(since)})


def as_time(seconds: float) -> str:
    """A time as lines have it."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _dumped(line: dict[str, Any]) -> bytes:
    # ASCII: what stands in a name can neither end the line nor break the file's encoding.
    return json.dumps(line, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _request(attempt: Attempt) -> dict[str, Any] | None:
    if attempt.asked is None:
        return None
    try:
        found = json.loads(attempt.asked)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _answer(attempt: Attempt) -> Answer:
    if attempt.stream is not None:
        return attempt.stream
    answer = Answer()
    try:
        data = b"".join(attempt.chunks)
        decoder = decoder_of(attempt.encoding) if data else None
        data = decoder.decompress(data) if decoder else data
        if data.lstrip()[:6].startswith((b"data:", b"event:")):
            return _events(data)
        if data.lstrip()[:1] == b"{":
            answer.read(as_object(json.loads(data)))
    except (ValueError, RecursionError):
        pass  # No JSON, or not all of it: what is known then is the outcome.
    except Exception:
        failed("reading an answer")
    return answer


def _events(data: bytes) -> Streamed:
    """A stream that did not say that it is one."""
    answer = Streamed()
    splitter = Splitter()
    for event in [*splitter.feed(data), splitter.rest()]:
        try:
            found = json.loads(data_of(event))
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            answer.event(found)
    return answer


def _error(attempt: Attempt, answer: Answer) -> dict[str, Any] | None:
    """What broke, else what the answer says that failed."""
    return attempt.error or answer.error or None


def _sizes(asked: dict[str, Any] | None, answer: Answer, memory: Memory, task: str | None) -> dict[str, Any]:
    try:
        # Only an answer with usage is one that the next request of the task can be held against.
        sizes = memory.sizes(asked, task, remember=bool(answer.usage)) if asked is not None else {}
        delivered = answer.delivered()
        return {**sizes, "answer": delivered} if delivered else sizes
    except Exception:
        failed("sizes")
        return {}
