"""One line of a log of answers to readings: which part is the answer, of which surface, is it whole, what failed."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ingest.answers import as_chat, seller_of_answer
from ingest.capture import is_capture, is_report, read_report
from ingest.chat import ENVELOPE_KEY
from ingest.clock import EPOCH, from_epoch, parse_time
from ingest.document import in_characters
from ingest.iterations import split
from ingest.outcome import categorise
from ingest.problem import Unreadable, kind_of
from ingest.reading import Reading, read_leaves
from ingest.sse import Stream, is_stream, read_streams
from ingest.surfaces import set_usage
from warehouse.reading import Leaf

ENVELOPE_KEYS = {ENVELOPE_KEY, "request"}
BY_DURATION = "duration"
NO_TIME = "no time: the line has neither `time` nor the answer's `created`; give --time"
ROLES = ("executor", "advisor", "compaction", "fallback", "unknown")


class Answer(NamedTuple):
    """What came back: the body, and whether it is a whole answer (None: not a stream)."""

    body: dict[str, Any]
    complete: bool | None


def read_value(value: Any, leaves: Sequence[Leaf], given_time: datetime | None) -> Iterator[Reading]:
    """The readings of one JSON value of a log; raises Unreadable."""
    if is_report(value):
        yield from filter(None, (read_report(value),))
    elif ENVELOPE_KEYS & value.keys() or ("error" in value and "time" in value):
        for answer in answers_of(value.get(ENVELOPE_KEY)):
            yield from read_records(value, answer, leaves, given_time)
    else:
        # A body's own role is who speaks in it.
        own = value if value.get("role") in ROLES else {**value, "role": None}
        yield from read_records(own, Answer(value, None), leaves, given_time)


def read_records(
    own: dict[str, Any], answer: Answer, leaves: Sequence[Leaf], given_time: datetime | None
) -> Iterator[Reading]:
    """The reading of one answer, and those of its parts that other counts or models stand for; raises Unreadable."""
    yield from split(read_record(own, answer, leaves, given_time), _usage(as_chat(answer.body)))


def read_record(own: dict[str, Any], answer: Answer, leaves: Sequence[Leaf], given_time: datetime | None) -> Reading:
    """The reading of one answer, without its parts: its line's own object and its body; raises Unreadable."""
    proven = seller_of_answer(answer.body)
    answer = answer._replace(body=as_chat(answer.body))
    usage = _usage(answer.body)
    error = _error(own, answer.body)
    reading = read_leaves(leaves, own, answer.body)
    set_time(reading, given_time)
    if reading["seller"] is None and reading["base_url"] is None:
        reading["seller"] = proven
    if usage is not None:
        set_usage(reading, usage, messages=reading["object"] == "message")
    broken = answer.complete is False or reading["ended"] is False
    reading["error_category"] = categorise(reading["http_status"], error) or ("disconnect" if broken else None)
    reading["usage_status"] = usage_status(reading, whole=not broken)
    if answer.complete is not None:
        reading["streamed"] = True
    # A recorder saw the call made, even where it could read nothing of it.
    if not (usage or error or own.get("request") or answer.body.get("id") or is_capture(own)):
        raise Unreadable("neither usage nor an error nor an answer's id stands here")
    return reading


def answers_of(response: Any) -> Iterator[Answer]:
    """The answers in an envelope's ``response``: a body, or a body or a stream as text; raises Unreadable."""
    if response is None or response == "":
        yield Answer({}, None)
    elif isinstance(response, dict):
        yield Answer(response, None)
    elif isinstance(response, str):
        yield from _answers_in_text(response)
    else:
        raise Unreadable(f"response is {kind_of(response)}, not an object or a stream's text")


def _answers_in_text(text: str) -> Iterator[Answer]:
    if is_stream(text):
        streams = list(read_streams(text)) or [Stream({}, 1, False)]
        yield from (Answer(stream.body, stream.complete) for stream in streams)
        return
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("response is a text that is neither JSON nor a stream of events") from None
    if not isinstance(value, dict):
        raise Unreadable(f"response holds {kind_of(value)}, not an object")
    yield Answer(in_characters(value), None)


def _usage(body: dict[str, Any]) -> dict[str, Any] | None:
    usage = body.get("usage")
    if usage is None or isinstance(usage, dict):
        # What is billed by the length of a sound has no tokens: its cost is not known from them.
        return None if not usage or usage.get("type") == BY_DURATION else usage
    raise Unreadable(f"usage is {kind_of(usage)}, not an object")


def _error(own: dict[str, Any], body: dict[str, Any]) -> Any:
    """The error of the line or of its answer, whichever is there."""
    return own.get("error") or body.get("error")


def set_time(reading: Reading, given: datetime | None) -> None:
    """Set the start: the line's own time, else the answer's creation, else the time given; raises Unreadable."""
    own, created = reading.pop("time_text"), reading["created_text"]
    if own is not None:
        reading["start_at"], reading["time_quality"] = parse_time(own)
    elif created is not None and EPOCH.fullmatch(created):
        reading["start_at"], reading["time_quality"] = from_epoch(created), "exact"
    elif created is not None:
        reading["start_at"], reading["time_quality"] = parse_time(created)
    elif given is not None:
        reading["start_at"], reading["time_quality"] = given, "given"
    else:
        raise Unreadable(NO_TIME)


def usage_status(reading: Reading, *, whole: bool = True) -> str:
    """Whether both counts are there; an answer that is not whole has them in part."""
    if reading["prompt"] is None and reading["completion"] is None:
        return "missing"
    both = reading["prompt"] is not None and reading["completion"] is not None
    return "reported" if both and whole else "partial"
