"""From a request's body to the lines that are kept of it: each kind in its own words. Pure, and run on a thread."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from app.receiver.body import Refused
from ingest.intake.envelope import envelope_lines
from ingest.intake.litellm import litellm_line
from ingest.intake.otlp import NO_SPAN, otlp_request
from ingest.problem import Unreadable
from ingest.traces.protobuf import traces_of

PROTOBUF, JSON = "application/x-protobuf", "application/json"
NDJSON = ("application/x-ndjson", "application/jsonl", "application/x-jsonlines", "application/json-lines")
MOST_REASONS = 3
Records = Callable[[Any], Iterator[dict[str, Any]]]


class Taken(NamedTuple):
    """What is kept of a body."""

    lines: bytes
    records: int
    refused: int
    reason: str
    """Why some were refused; empty where none was."""


def take_traces(body: bytes, content_type: str) -> Taken:
    """The spans of an export request, as JSON or protobuf; raises Refused."""
    request = _of_protobuf(body) if content_type == PROTOBUF else _of_json(body)
    if not isinstance(request, dict):
        raise Refused(400, "an export request is an object")
    try:
        taken = otlp_request(request)
    except RecursionError:
        raise Refused(400, "the request goes too deep") from None
    reason = f"{taken.refused} spans {NO_SPAN}" if taken.refused else ""
    return Taken(_line(taken.request) if taken.spans else b"", taken.spans, taken.refused, reason)


def take_litellm(body: bytes, content_type: str) -> Taken:
    """The payloads of LiteLLM's callback: a list, lines, or one; raises Refused."""
    return _take(body, lambda record: iter((litellm_line(record),)))


def take_envelopes(body: bytes, content_type: str) -> Taken:
    """Envelopes: lines, a list, or one; raises Refused."""
    return _take(body, envelope_lines)


def _take(body: bytes, keep: Records) -> Taken:
    lines: list[bytes] = []
    reasons: dict[str, None] = {}
    refused = 0
    for record in _records(body):
        try:
            lines += map(_line, keep(record))
        except (Unreadable, RecursionError) as problem:
            refused += 1
            reasons[str(problem) if isinstance(problem, Unreadable) else "the record goes too deep"] = None
    return Taken(b"".join(lines), len(lines), refused, "; ".join(list(reasons)[:MOST_REASONS]))


def _records(body: bytes) -> Iterable[Any]:
    """The records of a body that is one JSON value, or a value on each line; raises Refused."""
    try:
        found = _of_json(body)
    except Refused:
        rows = [row for row in body.split(b"\n") if row and not row.isspace()]
        if len(rows) < 2:
            raise
        return [_of_json(row, f"line {number}: ") for number, row in enumerate(rows, 1)]
    return found if isinstance(found, list) else [found]


def _of_json(body: bytes, place: str = "") -> Any:
    try:
        return json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        raise Refused(400, f"{place}this is no JSON") from None


def _of_protobuf(body: bytes) -> dict[str, Any]:
    found = traces_of(body)
    if found is None:
        raise Refused(400, "this is no ExportTraceServiceRequest")
    return found


def _line(record: dict[str, Any]) -> bytes:
    text = json.dumps(record, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", errors="replace") + b"\n"
