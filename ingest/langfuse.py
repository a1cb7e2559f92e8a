"""Langfuse's observations: exports (JSON, JSON lines, CSV, blob storage), trace downloads, and the public API's pages.

Only a generation or an embedding is a call: agents, spans, chains and tools repeat what ran inside them, and so does a
generation with another one inside it. Fields: https://langfuse.com/docs/api-and-data-platform/features/public-api
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.clock import parse_time
from ingest.langfuse_usage import set_usage
from ingest.outcome import categorise
from ingest.problem import Unreadable
from ingest.reading import Reading, read_leaves
from ingest.record import set_time, usage_status
from ingest.source import About, Sample, Source
from warehouse.reading import Leaf

CALLS = {"GENERATION": None, "EMBEDDING": "list"}
"""Types of observation that are calls, and the object that such a call answers with."""
TYPES = frozenset(
    {*CALLS, "SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "GUARDRAIL"},
)
MAPS = ("usage", "usageDetails", "costDetails", "modelParameters", "metadata", "tags", "traceTags")
"""Fields that CSV holds as JSON text."""
OF_TRACE = ("userId", "sessionId", "environment", "release", "tags")
ANSWER_ID = re.compile(r"(chatcmpl-|msg_|resp_|gen-)\S+")
"""Ids that one answer has; others (of a run, of a thread) are shared by several."""
STATUS = re.compile(r"(?:error|status)(?: code)?[:= ]+([45]\d\d)\b", re.IGNORECASE)
HOST = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?")
LEAVES = (
    Leaf("response_id", "text", ("responseId",)),
    Leaf("trace_id", "text", ("traceId",)),
    Leaf("span_id", "text", ("id",)),
    Leaf("session_id", "text", ("sessionId",)),
    Leaf("task", "text", ("traceId",)),
    Leaf("step", "integer", ("step",)),
    Leaf("time_text", "text", ("startTime",)),
    Leaf("base_url", "text", ("baseUrl",)),
    Leaf("model_requested", "text", ("modelRequested",)),
    Leaf("model_served", "text", ("model", "providedModelName")),
    Leaf("max_tokens", "count", ("maxTokens",)),
    Leaf("reasoning_effort", "text", ("modelParameters.reasoning_effort", "modelParameters.reasoningEffort")),
    Leaf("environment", "text", ("environment",)),
    Leaf("user", "text", ("userId",)),
    Leaf("cost_reported", "money", ("costDetails.total", "totalCost", "calculatedTotalCost")),
)
MOST_OUTPUT = ("max_tokens", "maxTokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens")


def recognises(sample: Sample) -> bool:
    """Whether any record holds an observation."""
    return any(_is_observation(own) for record in sample.records for own in observations_in(record))


def _is_observation(own: dict[str, Any]) -> bool:
    return str(own.get("type")).upper() in TYPES and {"id", "traceId", "startTime"} <= own.keys()


def observations_in(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The observations of a trace or of a page of the API, or the one that a record is, with what their trace says."""
    held = record.get("observations") or record.get("data")
    trace = record.get("trace") if isinstance(record.get("trace"), dict) else record if held else {}
    rows = held if isinstance(held, list) else [record]
    return [{**_given(trace or {}), **_said(row)} for row in rows if isinstance(row, dict)]


def _given(trace: dict[str, Any]) -> dict[str, Any]:
    return {name: trace[name] for name in OF_TRACE if trace.get(name) is not None}


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """What a row says, under the API's names: the export to blob storage writes ``start_time`` for ``startTime``."""
    said = {name: value for name, value in row.items() if value is not None}
    return {re.sub(r"_([a-z])", lambda match: match[1].upper(), name): value for name, value in said.items()}


def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading | Unreadable]:
    """The readings of one record: calls, and what they ran inside of; raises Unreadable."""
    observations = observations_in(value)
    if not any(map(_is_observation, observations)) and not _is_empty(value):
        raise Unreadable("no observation stands here: id, traceId, type, startTime")
    for own in observations:
        if _is_observation(own):
            kind = str(own["type"]).upper()
            try:
                yield _read_call(own, kind, leaves, given) if kind in CALLS else _read_span(own, given)
            except Unreadable as problem:
                yield problem


def _is_empty(value: dict[str, Any]) -> bool:
    """Whether a page or a trace says that it has no observations."""
    return [] in (value.get("data"), value.get("observations"))


def _read_span(own: dict[str, Any], given: datetime | None) -> Reading:
    """What is no call: only its place among the others."""
    reading = read_leaves((Leaf("time_text", "text", ("startTime",)),), own, own)
    set_time(reading, given)
    reading.update(granularity="span", usage_status="missing", **_place(own))
    return reading


def _place(own: dict[str, Any]) -> dict[str, str]:
    """What tells an observation from others, and what it ran inside of: its trace, where nothing else is said."""
    trace = str(own["traceId"])
    return {"key_text": f"{trace}|{own['id']}", "inside_text": f"{trace}|{own.get('parentObservationId') or ''}"}


def _read_call(own: dict[str, Any], kind: str, leaves: Sequence[Leaf], given: datetime | None) -> Reading:
    own = _unpacked(own)
    reading = read_leaves(leaves, own, own)
    start_text = reading["time_text"]
    set_time(reading, given)
    reading.update(_place(own), object=CALLS[kind], cost_kind="estimate")
    usage = own.get("usageDetails") or own.get("usage") or own
    set_usage(reading, usage if isinstance(usage, dict) else {})
    if kind == "EMBEDDING" and reading["prompt"] is not None and reading["completion"] is None:
        # Nothing comes back, and nothing is cached.
        reading.update(completion=0, cache_unseen=False)
    # Where it knew no price, and for what failed, Langfuse writes 0.
    reading["cost_reported"] = reading["cost_reported"] or None
    _set_outcome(reading, own)
    if start_text:
        _set_durations(reading, own)
    reading["tags"] = list(_tags(own).items()) or None
    reading["usage_status"] = usage_status(reading)
    return reading


def _unpacked(own: dict[str, Any]) -> dict[str, Any]:
    """An observation with its JSON texts read, and what is wanted of its metadata and parameters."""
    found = {**own, **{name: _json(name, own.get(name)) for name in MAPS}}
    parameters = found["modelParameters"] if isinstance(found["modelParameters"], dict) else {}
    most = next((parameters[name] for name in MOST_OUTPUT if parameters.get(name) is not None), None)
    attributes = _attributes(found["metadata"])
    host = attributes.get("server.address") or attributes.get("gen_ai.openai.api_base")
    answer = attributes.get("gen_ai.response.id")
    return {
        **found,
        "maxTokens": most if str(most).isdigit() else None,
        "modelRequested": attributes.get("gen_ai.request.model"),
        "responseId": answer if isinstance(answer, str) and ANSWER_ID.fullmatch(answer) else None,
        "baseUrl": _url(host) if isinstance(host, str) and HOST.fullmatch(host) else None,
    }


def _json(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else None
    except (ValueError, RecursionError):
        if name in ("metadata", "tags", "traceTags"):
            return None
        raise Unreadable(f"{name} is text, but not JSON; was the export cut?") from None


def _attributes(metadata: Any) -> dict[str, Any]:
    """The span's attributes, which Langfuse keeps in the metadata of what came over OpenTelemetry."""
    found = metadata.get("attributes") if isinstance(metadata, dict) else None
    found = _json("metadata", found)
    return found if isinstance(found, dict) else {}


def _url(host: str) -> str:
    return host if "://" in host else f"https://{host}"


def _set_outcome(reading: Reading, own: dict[str, Any]) -> None:
    """A failure, by its level; a count of 0 is then no count."""
    if str(own.get("level")).upper() != "ERROR":
        return
    message = str(own.get("statusMessage") or "")
    status = STATUS.search(message)
    reading["http_status"] = int(status[1]) if status else None
    reading["error_category"] = categorise(reading["http_status"], {"message": message}) or "other"


def _set_durations(reading: Reading, own: dict[str, Any]) -> None:
    """From the clock times: ``latency`` is in seconds in one export and in milliseconds in another."""
    reading["latency_ms"] = _milliseconds(reading["start_at"], own.get("endTime"))
    first = own.get("completionStartTime")
    if first is not None and first != own.get("endTime"):
        reading["ttft_ms"] = _milliseconds(reading["start_at"], first)


def _milliseconds(start: datetime, end: Any) -> int | None:
    """Whole milliseconds, to the nearest; None without an end, and where the clock went backwards."""
    if end in (None, ""):
        return None
    microseconds = (parse_time(str(end))[0] - start) // datetime.resolution
    return (microseconds + 500) // 1000 if microseconds >= 0 else None


def _tags(own: dict[str, Any]) -> dict[str, str]:
    """The trace's tags (``name:value``, or a name that is true), the prompt's name and version, the release."""
    given = own.get("traceTags") or own.get("tags")
    texts = [text for text in given if isinstance(text, str)] if isinstance(given, list) else []
    pairs = (text.partition(":") for text in texts if text)
    found = {name.strip(): value.strip() or "true" for name, _, value in pairs}
    named = {"prompt": "promptName", "prompt_version": "promptVersion", "version": "version", "release": "release"}
    return found | {tag: str(own[name]) for tag, name in named.items() if own.get(name) not in (None, "")}


SOURCE = Source(
    name="langfuse",
    title="Langfuse's observations: exports, trace downloads and pages of its API",
    recognises=recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    read=read,
    about=About(
        gives="calls with trace, session, user and prompt; no HTTP status, no address of the seller but in metadata",
        flavour="details taken out of input and output, put together again; maps of one's own by their total",
        verified="real files",
    ),
)
