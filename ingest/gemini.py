"""Google's generateContent: answers and pieces of streams of the Gemini API and Vertex AI, and results of batches."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.answers import VERTEX, is_gemini
from ingest.chat import LEAVES
from ingest.problem import Unreadable
from ingest.reading import Reading
from ingest.record import Answer, read_records
from ingest.source import About, Sample, Source
from ingest.surface_parts import as_object
from warehouse.reading import Leaf

BATCH_KEYS = ("key", "processed_time")
"""A line of results has the one in the Gemini API, the other in Vertex AI."""
CREATED = ("createTime", "create_time")


def recognises(sample: Sample) -> bool:
    """Whether every record is an answer of generateContent, or a result with one."""
    return not sample.columns and bool(sample.records) and all(map(_is_ours, sample.records))


def _is_ours(record: dict[str, Any]) -> bool:
    return is_gemini(record) or _is_result(record)


def _is_result(record: dict[str, Any]) -> bool:
    """Whether this is a line of a batch's results: no envelope of ours has such a key."""
    if not any(name in record for name in BATCH_KEYS) or "time" in record:
        return False
    return is_gemini(as_object(record.get("response"))) or bool(record.get("error") or record.get("status"))


def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading]:
    """The reading of one answer, of a piece of a stream, or of a batch's result; raises Unreadable."""
    if not _is_ours(value):
        raise Unreadable("no answer of generateContent stands here: it has neither usageMetadata nor candidates")
    result = _is_result(value)
    body = as_object(value.get("response")) if result else value
    own = _result(value) if result else {"time": value.get("time")}
    piece = not result and _is_piece(body)
    if piece and not (body.get("responseId") or body.get("response_id")):
        # The last piece of its stream has the counts of all.
        return
    for reading in read_records(own, Answer(body, False if piece else None), leaves, given):
        if result and reading["response_id"] is None:
            reading["key_text"] = _mark(value)
        if piece:
            # Cut off only if no later piece of the same answer follows, which then goes before this one.
            reading["error_category"] = None
        yield reading


def _mark(value: dict[str, Any]) -> str:
    """What tells a result without an id from all others: many are written at one moment, with the same counts."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _is_piece(body: dict[str, Any]) -> bool:
    """Whether this is a piece of a stream before its last."""
    listed = body.get("candidates")
    if not isinstance(listed, list) or not listed:
        return False
    return not any(as_object(each).get("finishReason") or as_object(each).get("finish_reason") for each in listed)


def _result(value: dict[str, Any]) -> dict[str, Any]:
    """A line of a batch's results in our envelope's words."""
    status = value.get("status")
    return {
        "batch": True,
        "seller": VERTEX if "processed_time" in value else None,
        "request_id": value.get("key"),
        "time": _time(value),
        "error": value.get("error") or (status if isinstance(status, str) and status else None),
        "request": _request(as_object(value.get("request"))),
    }


def _time(value: dict[str, Any]) -> Any:
    """When the call began where its answer says so, else when its result was written."""
    answer = as_object(value.get("response"))
    return next((answer[name] for name in CREATED if answer.get(name)), value.get("processed_time"))


def _request(request: dict[str, Any]) -> dict[str, Any]:
    settings = as_object(request.get("generationConfig") or request.get("generation_config"))
    return {
        "model": request.get("model"),
        "tools": request.get("tools"),
        "max_tokens": settings.get("maxOutputTokens"),
        "reasoning_effort": as_object(settings.get("thinkingConfig")).get("thinkingLevel"),
    }


SOURCE = Source(
    name="gemini",
    title="Answers of Google's generateContent (Gemini API, Vertex AI), streams and batch results",
    recognises=recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    read=read,
    about=About(
        gives="tokens by modality, cached ones, thoughts and those of tools; a time in Vertex AI alone; no address",
        flavour="gemini: cached tokens inside the prompt, thoughts beside the answer",
        verified="real answers; results of batches by their documentation",
    ),
)
