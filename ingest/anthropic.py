"""Anthropic's Messages: answers, captures of their streams, recorded HTTP exchanges, and results of batches.

Whoever speaks the same shape is read the same; who bills is told by the address, not by the shape.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.answers import is_messages
from ingest.chat import LEAVES
from ingest.problem import Unreadable
from ingest.reading import Reading
from ingest.record import Answer, read_records
from ingest.source import About, Sample, Source
from ingest.surface_parts import as_object
from warehouse.reading import Leaf

SUCCEEDED = "succeeded"
ENDS = ("canceled", "expired")
"""How a batch's request ends without an answer; neither is billed."""


def recognises(sample: Sample) -> bool:
    """Whether every record is one of Messages, and one at least an answer or a result."""
    kinds = {_kind(record) for record in sample.records}
    return not sample.columns and bool(kinds & {"answer", "batch", "exchange"}) and None not in kinds


def _kind(record: dict[str, Any]) -> str | None:
    if "custom_id" in record and as_object(record.get("result")).get("type") in (SUCCEEDED, "errored", *ENDS):
        return "batch"
    if "response" in record or "request" in record:
        return None
    if _exchanged(record) is not None:
        return "exchange"
    if record.get("type") == "error" and isinstance(record.get("error"), dict):
        return "error"
    return "answer" if is_messages(record) else None


def _exchanged(record: dict[str, Any]) -> dict[str, Any] | None:
    """The body of a recorded HTTP exchange, where it is one of Messages."""
    if not isinstance(record.get("body"), str) or "status" not in record:
        return None
    try:
        body = as_object(json.loads(record["body"]))
    except ValueError:
        return None
    return body if is_messages(body) or body.get("type") == "error" else None


def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading]:
    """The readings of one answer, exchange or result; raises Unreadable."""
    kind = _kind(value)
    if kind == "batch":
        yield from _result(value, leaves, given)
    elif kind == "exchange":
        own = {"status": value["status"], "time": value.get("time")}
        yield from read_records(own, Answer(_exchanged(value) or {}, None), leaves, given)
    elif kind is None:
        raise Unreadable("this is no answer of Anthropic's Messages; for mixed answers say --source openai_compatible")
    else:
        own = {"error": value.get("error"), "request_id": value.get("request_id"), "time": value.get("time")}
        yield from read_records(own, Answer(value, None), leaves, given)


def _result(value: dict[str, Any], leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading]:
    """A batch's result: an answer at the batch's price, or why there is none."""
    result = value["result"]
    error = as_object(result.get("error"))
    own = {
        "batch": True,
        "request_id": value["custom_id"],
        "time": value.get("time"),
        "error": error.get("error") or error or (result["type"] if result["type"] in ENDS else None),
        "request": {"model": None},
    }
    readings = read_records(own, Answer(as_object(result.get("message")), None), leaves, given)
    for reading in readings:
        if reading["response_id"] is None:
            reading["key_text"] = f"{value['custom_id']} {result['type']}"
        if result["type"] in ENDS:
            reading["error_category"] = "other"
        yield reading


SOURCE = Source(
    name="anthropic",
    title="Answers of Anthropic's Messages, their streams, exchanges and batch results",
    recognises=recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    read=read,
    about=About(
        gives="tokens, both cache writes, thinking, searches, tier, advisers and compactions; no time and no address",
        flavour="anthropic: cached tokens beside the input, thinking inside the output",
        verified="real answers and streams, and what Anthropic's client for Python received",
    ),
)
