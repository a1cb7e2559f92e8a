"""An OTLP export request, as JSON writes it, to spans and events; and single spans as two SDKs' consoles print them."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from ingest.traces.values import attributes_of, enum_number, id_of, nanoseconds

STATUS = ("UNSET", "OK", "ERROR")
ERROR = 2
SIGNALS = ("resourceSpans", "resourceLogs", "resourceMetrics")
"""What a line of the collector's file holds; ``json_format`` may keep the names with underscores."""


class Event(NamedTuple):
    """Something that happened inside a span, or a log record."""

    name: str
    at: int | None
    """Nanoseconds since 1970."""
    attributes: dict[str, Any]
    trace_id: str | None = None
    span_id: str | None = None


class Span(NamedTuple):
    """One span, with what its resource and its scope say."""

    trace_id: str | None
    span_id: str | None
    parent_id: str | None
    name: str
    start: int | None
    """Nanoseconds since 1970; ``end`` too."""
    end: int | None
    failed: bool
    message: str
    """What the status says: looked at for an HTTP status and a kind of failure, never stored."""
    attributes: dict[str, Any]
    events: tuple[Event, ...]
    scope: str
    scope_version: str
    resource: dict[str, Any]


def is_request(value: Any) -> bool:
    """Whether a record is an export request of any signal."""
    return isinstance(value, dict) and any(_under(value, name) is not None for name in SIGNALS)


def spans_of(request: dict[str, Any]) -> Iterator[Span]:
    """Every span of a request; what is no span is passed over."""
    for group in _objects(_under(request, "resourceSpans")):
        resource = attributes_of(_object(group.get("resource")).get("attributes"))
        for scoped in _objects(_under(group, "scopeSpans") or group.get("instrumentationLibrarySpans")):
            scope = _object(scoped.get("scope") or scoped.get("instrumentationLibrary"))
            for span in _objects(scoped.get("spans")):
                yield _span(span, scope, resource)


def log_events(request: dict[str, Any]) -> Iterator[Event]:
    """Every log record of a request that has a name."""
    for group in _objects(_under(request, "resourceLogs")):
        for scoped in _objects(_under(group, "scopeLogs")):
            for record in _objects(_under(scoped, "logRecords")):
                attributes = attributes_of(record.get("attributes"))
                name = _under(record, "eventName") or attributes.get("event.name")
                at = nanoseconds(_under(record, "timeUnixNano")) or nanoseconds(_under(record, "observedTimeUnixNano"))
                if isinstance(name, str):
                    ids = id_of(_under(record, "traceId")), id_of(_under(record, "spanId"))
                    yield Event(name, at, attributes, *ids)


def bare_span(value: dict[str, Any]) -> Span:
    """A span printed by an SDK's console exporter, or its attributes alone."""
    context = _object(value.get("spanContext") or value.get("context"))
    if not context and not isinstance(value.get("attributes"), dict):
        return Span(None, None, None, "", None, None, False, "", _plain(value), (), "", "", {})
    parent = _object(value.get("parentSpanContext"))
    status = _object(value.get("status"))
    scope = _object(value.get("instrumentationScope") or value.get("instrumentationLibrary"))
    return Span(
        trace_id=id_of(context.get("traceId") or context.get("trace_id")),
        span_id=id_of(context.get("spanId") or context.get("span_id")),
        parent_id=id_of(parent.get("spanId") or value.get("parentSpanId") or value.get("parent_id")),
        name=_text(value.get("name")),
        start=_printed_time(value.get("startTime")),
        end=_printed_time(value.get("endTime")),
        failed=enum_number(status.get("code", status.get("status_code")), STATUS) == ERROR,
        message=_text(status.get("message") or status.get("description")),
        attributes=_plain(_object(value.get("attributes"))),
        events=(),
        scope=_text(scope.get("name")),
        scope_version=_text(scope.get("version")),
        resource=_plain(_object(_object(value.get("resource")).get("attributes"))),
    )


def _span(span: dict[str, Any], scope: dict[str, Any], resource: dict[str, Any]) -> Span:
    status = _object(span.get("status"))
    trace_id, span_id = id_of(_under(span, "traceId")), id_of(_under(span, "spanId"))
    return Span(
        trace_id,
        span_id,
        id_of(_under(span, "parentSpanId")),
        _text(span.get("name")),
        nanoseconds(_under(span, "startTimeUnixNano")),
        nanoseconds(_under(span, "endTimeUnixNano")),
        enum_number(status.get("code"), STATUS) == ERROR,
        _text(status.get("message")),
        attributes_of(span.get("attributes")),
        tuple(_event(event, trace_id, span_id) for event in _objects(span.get("events"))),
        _text(scope.get("name")),
        _text(scope.get("version")),
        resource,
    )


def _event(event: dict[str, Any], trace_id: str | None, span_id: str | None) -> Event:
    at = nanoseconds(_under(event, "timeUnixNano"))
    return Event(_text(event.get("name")), at, attributes_of(event.get("attributes")), trace_id, span_id)


def _printed_time(value: Any) -> int | None:
    """JavaScript's console prints seconds and nanoseconds apart."""
    if isinstance(value, list) and len(value) == 2 and all(type(part) is int for part in value):
        return nanoseconds(value[0] * 10**9 + value[1])
    return nanoseconds(value)


def _plain(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def _under(value: dict[str, Any], name: str) -> Any:
    """What stands under a name, or under its form with underscores."""
    found = value.get(name)
    return value.get(_underscored(name)) if found is None else found


@lru_cache(maxsize=64)
def _underscored(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
