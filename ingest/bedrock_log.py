"""One record of Bedrock's log of model invocations: who called what where, and which of its counts say most."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from ingest.outcome import categorise
from ingest.problem import Unreadable
from ingest.reading import Reading
from ingest.record import Answer, read_records
from ingest.stream_merge import merge_messages
from ingest.surface_parts import as_object
from warehouse.reading import Leaf

LOG = "ModelInvocationLog"
METRICS = "amazon-bedrock-invocationMetrics"
STATUSES = {
    "AccessDeniedException": 403,
    "ConflictException": 400,
    "InternalServerException": 500,
    "ModelErrorException": 424,
    "ModelNotReadyException": 429,
    "ModelStreamErrorException": 424,
    "ModelTimeoutException": 408,
    "ResourceNotFoundException": 404,
    "ServiceQuotaExceededException": 400,
    "ServiceUnavailableException": 503,
    "ThrottlingException": 429,
    "ValidationException": 400,
}
"""The HTTP status of each error, by Bedrock's reference."""
OPAQUE = ("application-inference-profile", "provisioned-model", "custom-model", "imported-model", "prompt-router")
"""Kinds of resource whose name says nothing of the model behind it."""
STREAMS = ("ConverseStream", "InvokeModelWithResponseStream")


def read_log(record: dict[str, Any], leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading]:
    """The readings of one record of the log; raises Unreadable."""
    if not isinstance(record.get("modelId"), str):
        raise Unreadable("modelId is no text: the record does not say which model was called")
    body = _answer(record)
    for reading in read_records(_envelope(record, body), Answer(_counted(record, body), None), leaves, given):
        if reading["granularity"] is None:
            _complete(reading, record)
        yield reading


def _envelope(record: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """The record's own part in our envelope's words."""
    code, region = record.get("errorCode"), record.get("region")
    metrics = as_object(body.get(METRICS))
    return {
        "time": record.get("timestamp"),
        "request_id": record.get("requestId"),
        "base_url": f"https://bedrock-runtime.{region}.amazonaws.com" if isinstance(region, str) and region else None,
        "region": region,
        "request": {"model": model_of(record["modelId"])},
        "status": STATUSES.get(str(code)),
        "error": code,
        "latency_ms": metrics.get("invocationLatency") or as_object(body.get("metrics")).get("latencyMs"),
        "ttft_ms": metrics.get("firstByteLatency"),
        "org": record.get("accountId"),
        "user": as_object(record.get("identity")).get("arn"),
        "tags": as_object(record.get("requestMetadata")) or None,
    }


def model_of(name: str) -> str:
    """A model's name out of its ARN; of a resource that hides its model the kind and name."""
    if not name.startswith("arn:"):
        return name
    kind, _, last = name.split(":", 5)[-1].partition("/")
    return f"{kind}/{last}" if kind in OPAQUE else last.rsplit("/", 1)[-1]


def is_opaque(name: str) -> bool:
    """Whether a model's name, as ``model_of`` gives it, hides the model."""
    return name.split("/", 1)[0] in OPAQUE


def _answer(record: dict[str, Any]) -> dict[str, Any]:
    """The answer in the record, where the log keeps answers: a body, or the pieces of a stream."""
    body = as_object(record.get("output")).get("outputBodyJson")
    if not isinstance(body, list):
        return as_object(body)
    pieces = [as_object(each) for each in body]
    if any(each.get("type") == "message_start" for each in pieces):
        metrics = next((each[METRICS] for each in pieces if METRICS in each), None)
        return {**merge_messages(pieces), METRICS: metrics}
    told = next((each["metadata"] for each in reversed(pieces) if "metadata" in each), None)
    return as_object(told) or next((each for each in reversed(pieces) if each.get("usage")), {})


def _counted(record: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """The answer with its own usage, which tells most; without one, with the counts of the log."""
    if not as_object(body.get("usage")):
        counts = _log_counts(record)
        body = {**body, "usage": counts or None}
    return body


def _log_counts(record: dict[str, Any]) -> dict[str, Any]:
    """The log's own counts in Converse's names: what was cached stands inside ``input``, or at the record's top."""
    given, answered = as_object(record.get("input")), as_object(record.get("output"))
    found = {
        "inputTokens": given.get("inputTokenCount"),
        "outputTokens": answered.get("outputTokenCount"),
        "cacheReadInputTokens": _either(given, record, "cacheReadInputTokenCount"),
        "cacheWriteInputTokens": _either(given, record, "cacheWriteInputTokenCount"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _either(given: dict[str, Any], record: dict[str, Any], name: str) -> Any:
    return given[name] if given.get(name) is not None else record.get(name)


def _complete(reading: Reading, record: dict[str, Any]) -> None:
    """What the log says of the call as a whole."""
    code, operation = record.get("errorCode"), str(record.get("operation"))
    asked = reading["model_requested"]
    reading["key_text"] = record.get("requestId")
    reading["response_id"] = reading["response_id"] or record.get("requestId")
    if asked and not is_opaque(asked):
        # The answer's own name for it knows neither version nor region, which have prices of their own.
        reading["model_served"] = None if code else asked
    if code:
        reading["error_category"] = categorise(reading["http_status"], str(code))
    if reading["object"] == "converse" and not operation.startswith("Converse"):
        reading["object"] = None
    reading["streamed"] = operation in STREAMS
