"""One span of a model call to one reading: ids, time, counts, route, outcome, and what callers said of it."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from ingest.clock import parse_time
from ingest.litellm_reading import REPLAY, UUID, provider_id
from ingest.outcome import categorise
from ingest.problem import Unreadable
from ingest.reading import CASTS, EVERY_COLUMN, Reading, text_of
from ingest.redact import is_plain
from ingest.traces.fields import COUNTS, FIRST_TOKEN, LEAVES, TAG_LISTS, TAG_PLACES
from ingest.traces.request import Span
from ingest.traces.route import set_route
from ingest.traces.scopes import RAW_REQUEST, Scope, operation_of, scope_of
from ingest.traces.text import object_of, unpacked
from ingest.traces.usage import set_counts
from ingest.traces.values import instant
from warehouse.reading import Leaf

NO_TIME = "no time: the span has no start; give --time"
STATUS_IN_TEXT = re.compile(r"(?:Error code|status(?: code)?|HTTP)[ :=]+([45]\d\d)\b", re.IGNORECASE)
RAW = re.compile(r"llm\.(?!usage\.|token_count\.|request\.|response\.)\w+\.")
MESSAGES = ("error.message", "langfuse.observation.status_message", "error.code")
"""What says how a call failed: looked at for a status and a kind of failure, never stored."""
LONG_ID = 16
"""Letters of an id that no other answer has by chance; some servers number theirs up to a thousand."""
PERSON = re.compile(r"user|mail|person|customer_?name", re.IGNORECASE)
"""Tags that name people: they are hashed, or not kept."""
READ = frozenset(path for leaf in LEAVES for path in leaf.paths)
TOOLS = (
    "gen_ai.tool.definitions",
    "ai.prompt.tools",
    "llm.tools.0.tool.json_schema",
    "llm.request.functions.0.name",
    "gen_ai.request.tools",
)
"""Where the tools on offer stand: whether there are any is kept, and nothing of them."""
COUNTED = {leaf.column for leaf in COUNTS}
ANSWER_ID = re.compile(r'\{\s*"id":\s*"([A-Za-z0-9_-]{8,100})"')
"""How an answer begins that OpenInference keeps whole: the only place of its id."""


def read_span(span: Span, leaves: Sequence[Leaf], given: datetime | None) -> Reading:
    """The reading of a span that is a call of a model; raises Unreadable."""
    scope = scope_of(span)
    own = unpacked(span)
    reading = _read(leaves, own)
    if span.name == RAW_REQUEST:
        _set_raw(reading, own)
    _set_identity(reading, span, scope)
    _set_time(reading, span, given)
    _set_outcome(reading, span)
    _set_models(reading, span, scope)
    set_counts(reading, span, scope)
    set_route(reading, span, scope)
    _set_features(reading, span)
    _set_work(reading, span, own)
    return reading


def _read(leaves: Iterable[Leaf], own: dict[str, Any]) -> Reading:
    """By whole attribute names. A count must be one; what else does not fit its column is left out."""
    reading: Reading = dict.fromkeys(EVERY_COLUMN)
    for leaf in leaves:
        try:
            reading[leaf.column] = CASTS[leaf.cast](leaf, (own.get(path) for path in leaf.paths))
        except Unreadable:
            if leaf.column in COUNTED:
                raise
    return reading


def _set_raw(reading: Reading, own: dict[str, Any]) -> None:
    """What LiteLLM's span of the wire has of the answer: its fields stand under ``llm.PROVIDER.``."""
    fields = {name[match.end() :]: value for name, value in own.items() if (match := RAW.match(name))}
    model = text_of(fields.get("model"))
    reading["response_id"] = text_of(fields.get("id"))
    reading["model_served" if reading["response_id"] else "model_requested"] = model
    reading["finish_reason"] = text_of(fields.get("stop_reason") or fields.get("status"))
    reading["service_tier"] = text_of(fields.get("service_tier"))
    reading["streamed"] = {"True": True, "False": False}.get(str(fields.get("stream")))
    reading["max_tokens"] = None
    reading["object"] = {"message": "message", "response": "response"}.get(
        str(fields.get("type") or fields.get("object"))
    )


def _set_identity(reading: Reading, span: Span, scope: Scope) -> None:
    """The record's key is the answer's id, by which two instrumentations meet; without one, the span's own."""
    found = reading["response_id"] or _id_in_answer(span)
    replayed = bool(found and REPLAY.search(found))
    if scope.begins == "litellm":
        reading["gateway"] = "litellm"
        # Its own uuid stands where no answer came.
        found = None if not found or replayed or UUID.fullmatch(found) else provider_id(found)
    reading["gateway_cache_hit"] = True if replayed else None
    reading["response_id"] = found
    reading["trace_id"], reading["span_id"] = span.trace_id, span.span_id
    reading["object"] = reading["object"] or operation_of(span, found)
    # A detail of the span above it: what is known of the two is known of one call.
    place = span.parent_id if span.name == RAW_REQUEST and span.parent_id else span.span_id
    if found and len(found) >= LONG_ID:
        reading["key_text"] = found
    elif span.trace_id and place:
        reading["key_text"] = f"{span.trace_id}:{place}"


def _id_in_answer(span: Span) -> str | None:
    match = ANSWER_ID.match(str(span.attributes.get("output.value") or ""))
    return match.group(1) if match else None


def _set_time(reading: Reading, span: Span, given: datetime | None) -> None:
    if span.start is None:
        if given is None:
            raise Unreadable(NO_TIME)
        reading["start_at"], reading["time_quality"] = given, "given"
        return
    reading["start_at"], reading["time_quality"] = instant(span.start), "exact"
    if span.end is not None and span.end >= span.start:
        reading["latency_ms"] = _milliseconds(span.end - span.start)
    first = next((event.at for event in span.events if event.name in FIRST_TOKEN and event.at), None)
    reading["ttft_ms"] = _told_first(span) or (
        _milliseconds(first - span.start) if first and first >= span.start else None
    )


def _told_first(span: Span) -> int | None:
    """The time to the first piece, where an attribute says it."""
    seconds, after = (
        span.attributes.get(name) for name in ("gen_ai.response.time_to_first_chunk", "ai.response.msToFirstChunk")
    )
    for value, unit in ((seconds, 10**9), (after, 10**6)):
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**9:
            return _milliseconds(int(value * unit))
    at = span.attributes.get("langfuse.observation.completion_start_time")
    if isinstance(at, str) and span.start is not None:
        try:
            passed = parse_time(at.strip('"'))[0] - instant(span.start)
        except Unreadable:
            return None
        return _milliseconds(passed // datetime.resolution * 1000) if passed.total_seconds() >= 0 else None
    return None


def _milliseconds(nanoseconds: int) -> int | None:
    found = (nanoseconds + 500_000) // 1_000_000
    return found if found < 2**31 else None


def _set_models(reading: Reading, span: Span, scope: Scope) -> None:
    """The model asked for, and the one that answered: where no answer came, a name is of what was asked for."""
    alias = reading["model_requested"]
    if scope.begins == "litellm":
        asked = text_of(span.attributes.get("litellm.provider.model"))
        reading["model_requested"] = asked.partition("/")[2] or asked if asked else alias
        # It answers with the alias that the caller used, which is no model.
        if reading["model_served"] == alias:
            reading["model_served"] = reading["model_requested"]
    if reading["error_category"] and not reading["response_id"] and not reading["prompt"]:
        reading["model_requested"] = reading["model_requested"] or reading["model_served"]
        reading["model_served"] = None


def _set_outcome(reading: Reading, span: Span) -> None:
    attributes = span.attributes
    kind = text_of(attributes.get("error.type")) or ""
    told = [str(attributes[name]) for name in MESSAGES if name in attributes]
    told += [span.message] if span.failed else []
    for event in span.events:
        if event.name == "exception":
            kind = kind or str(event.attributes.get("exception.type") or "")
            told.append(str(event.attributes.get("exception.message") or ""))
    failed = span.failed or bool(kind) or attributes.get("langfuse.observation.level") == "ERROR"
    if not failed and (reading["http_status"] or 0) < 400:
        return
    if reading["http_status"] in (None, 200):
        codes = (re.fullmatch(r"([45]\d\d)", text) or STATUS_IN_TEXT.search(text[:500]) for text in [*told, kind])
        code = next((int(match.group(1)) for match in codes if match), None)
        reading["http_status"] = code or reading["http_status"]
    words = {"type": kind.rpartition(".")[2].strip("'>"), "message": " ".join(told)[:2000]}
    status = None if reading["http_status"] == 200 else reading["http_status"]
    reading["error_category"] = categorise(status, words) or "other"


def _set_features(reading: Reading, span: Span) -> None:
    attributes = span.attributes
    if "ai.operationId" in attributes:
        reading["streamed"] = "Stream" in str(attributes["ai.operationId"])
        reading["json_schema"] = True if "Object" in str(attributes["ai.operationId"]) else None
    reading["tools"] = True if any(attributes.get(name) for name in TOOLS) else None


def _set_work(reading: Reading, span: Span, own: dict[str, Any]) -> None:
    """Tags, and the task: a session that is no random id names it where nothing else does."""
    if reading["application"] == "litellm":
        reading["application"] = None
    tags = dict(_listed(span.attributes))
    for name, value in own.items():
        place = next((place for place in TAG_PLACES if name.startswith(place)), None)
        tag = name[len(place) :] if place else ""
        if tag and is_plain(str(value)) and is_plain(tag) and name not in READ and not PERSON.search(tag):
            tags[tag] = text_of(value) or ""
    reading["team"] = reading["team"] or tags.get("team")
    reading["environment"] = tags.get("env") or reading["environment"]
    spend = object_of(span.attributes.get("metadata.spend_logs_metadata"))
    task = reading["task"] or text_of(spend.get("task_id")) or tags.get("task")
    session = reading["session_id"]
    reading["task"] = task or (session if session and not UUID.fullmatch(session) else None)
    if reading["step"] is None and isinstance(spend.get("step"), int):
        reading["step"] = spend["step"]
    reading["tags"] = list(tags.items()) or None


def _listed(attributes: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """``name:value`` tags; a tag without a value is true."""
    for place in TAG_LISTS:
        listed = attributes.get(place)
        for text in listed if isinstance(listed, list) else ():
            name, _, value = text.partition(":") if isinstance(text, str) and is_plain(text) else ("", "", "")
            if name and not PERSON.search(name):
                yield name, value or "true"
