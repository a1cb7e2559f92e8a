"""OTLP's spans without what they carry of prompts, answers, tools and headers.

The shape stays that of an export request, and so do the ids and times of every span, calls or none: what stands below
what decides which of two spans is the call.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from ingest.intake.kept import pick, plain, word
from ingest.intake.span_attributes import kept_attributes, told_failure
from ingest.traces.evaluation import EVENT, PLACE
from ingest.traces.fields import FIRST_TOKEN
from ingest.traces.request import Event, Span, spans_of
from ingest.traces.scopes import RAW_REQUEST

ERROR = 2
EXCEPTION = "exception"
VERDICT = {f"{PLACE}{name}": word for name in ("name", "score.label", "score.value")} | {"gen_ai.response.id": word}
NO_SPAN = "without a trace's id, a span's id or a start"


class Taken(NamedTuple):
    """What is kept of an export request, and how many of its spans are none."""

    request: dict[str, Any]
    spans: int
    refused: int


def otlp_request(request: dict[str, Any]) -> Taken:
    """What is kept of an export request of traces."""
    every = list(spans_of(request))
    whole = [span for span in every if span.trace_id and span.span_id and span.start is not None]
    groups = [_group(list(spans)) for _, spans in groupby(whole, lambda span: (id(span.resource), span.scope))]
    return Taken({"resourceSpans": groups}, len(whole), len(every) - len(whole))


def _group(spans: list[Span]) -> dict[str, Any]:
    """Spans of one resource and one scope."""
    scope = {"name": word(spans[0].scope), "version": word(spans[0].scope_version)}
    return {
        "resource": {"attributes": _pairs(kept_attributes(spans[0].resource))},
        "scopeSpans": [{"scope": scope, "spans": [_span(span) for span in spans]}],
    }


def _span(span: Span) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "startTimeUnixNano": str(span.start),
        "attributes": _pairs(kept_attributes(span.attributes)),
    }
    if span.parent_id:
        kept["parentSpanId"] = span.parent_id
    if span.name == RAW_REQUEST:
        kept["name"] = span.name
    if span.end is not None:
        kept["endTimeUnixNano"] = str(span.end)
    if span.failed:
        kept["status"] = {"code": ERROR, "message": told_failure(span.message) or ""}
    if events := list(_events(span.events)):
        kept["events"] = events
    return kept


def _events(events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """The first piece of a stream, failures, and what judged an answer."""
    for event in events:
        if event.name in FIRST_TOKEN:
            attributes: dict[str, Any] = {}
        elif event.name == EXCEPTION:
            told = event.attributes
            attributes = {"exception.type": plain(told.get("exception.type"))}
            attributes["exception.message"] = told_failure(told.get("exception.message"))
        elif event.name == EVENT:
            attributes = pick(event.attributes, VERDICT)
        else:
            continue
        at = {} if event.at is None else {"timeUnixNano": str(event.at)}
        yield {"name": event.name, **at, "attributes": _pairs(attributes)}


def _pairs(attributes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _wrapped(value)} for name, value in attributes.items() if value is not None]


def _wrapped(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_wrapped(item) for item in value]}}
    return {"stringValue": str(value)}
