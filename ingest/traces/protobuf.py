"""OTLP's protobuf to the shape of its JSON: the collector's frames, or one export request with nothing around it."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ingest.document import Mistake, Value

HEAD = struct.Struct(">I")
FIRST_FIELD = 0x0A
"""How an export request begins: its first field, a message."""
TEXT = frozenset(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0D}
"""Bytes of which a text in English consists; ids and lengths are others."""
LONGEST_FRAME = 256 << 20
"""Bytes. The collector's own limit of a request is 4 MiB."""


class Frame(NamedTuple):
    """One message of a file: where it begins, and its bytes."""

    at: int
    content: bytes


def is_protobuf(head: bytes) -> bool:
    """Whether a file's first bytes are a frame around an export request, or the request itself."""
    if len(head) < 8 or all(byte in TEXT for byte in head[:512]):
        return False
    (length,) = HEAD.unpack_from(head)
    if 0 < length <= LONGEST_FRAME and head[4] == FIRST_FIELD and _fits(head, 4, 4 + length):
        return True
    return head[0] == FIRST_FIELD and _fits(head, 0, None)


def _fits(head: bytes, at: int, end: int | None) -> bool:
    """Whether the first field's length leads to the message's end or to a like field, and it holds messages."""
    size, begins = _varint(head, at + 1)
    after = begins + size
    if size == 0 or begins >= len(head) or head[begins] not in (0x0A, 0x12):
        return False
    if end is not None and after > end:
        return False
    return after >= len(head) or after == end or head[after] == FIRST_FIELD


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A length as protobuf writes it, and where it ends; length 0 where there is none."""
    found = 0
    for shift in range(0, 35, 7):
        if at >= len(data):
            return 0, at
        found |= (data[at] & 0x7F) << shift
        at += 1
        if not data[at - 1] & 0x80:
            return found, at
    return 0, at


def read_requests(path: Path) -> Iterator[Value | Mistake]:
    """Every export request of a file in JSON's shape, numbered; what cannot be read is named by where it begins."""
    for number, item in enumerate(_frames(path), 1):
        if isinstance(item, Frame):
            request = _request(item.content)
            reason = f"the message at byte {item.at} is no export request"
            yield Value(request, number) if request is not None else Mistake(reason, number)
        else:
            yield Mistake(item, number)


def _frames(path: Path) -> Iterator[Frame | str]:
    """The frames of a file, or the one message that it is; a text says why no further one can be found."""
    total = path.stat().st_size
    with path.open("rb") as file:
        if file.read(1) == bytes([FIRST_FIELD]):
            file.seek(0)
            yield Frame(0, file.read())
            return
        at = 0
        while at < total:
            file.seek(at)
            head = file.read(HEAD.size)
            length = HEAD.unpack(head)[0] if len(head) == HEAD.size else 0
            if len(head) < HEAD.size or at + HEAD.size + length > total:
                left = total - at - HEAD.size
                yield f"the frame at byte {at} is cut off: it says {length} bytes, and {max(left, 0)} are left"
                return
            yield Frame(at, file.read(length))
            at += HEAD.size + length


def traces_of(content: bytes) -> dict[str, Any] | None:
    """A message that is known to be an export request of traces, in JSON's shape; None where it is none."""
    traces = _traces(content)
    return None if traces is None else {"resourceSpans": [_resource_spans(group) for group in traces.resource_spans]}


def _traces(content: bytes) -> Any:
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    try:
        return ExportTraceServiceRequest.FromString(content)
    except DecodeError:
        return None


def _request(content: bytes) -> dict[str, Any] | None:
    """A message as traces, or as logs where its spans are none; metrics are no spans, and empty."""
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

    traces = _traces(content)
    if traces is not None and _are_spans(traces):
        return {"resourceSpans": [_resource_spans(group) for group in traces.resource_spans]}
    try:
        logs = ExportLogsServiceRequest.FromString(content)
    except DecodeError:
        return None
    groups = [_resource_logs(group) for group in logs.resource_logs]
    return {"resourceLogs": groups} if groups else None


def _are_spans(request: Any) -> bool:
    spans = [span for group in request.resource_spans for scoped in group.scope_spans for span in scoped.spans]
    return bool(spans) and all(len(span.trace_id) == 16 and len(span.span_id) == 8 for span in spans)


def _resource_spans(group: Any) -> dict[str, Any]:
    return {
        "resource": {"attributes": _pairs(group.resource.attributes)},
        "scopeSpans": [
            {"scope": {"name": part.scope.name, "version": part.scope.version}, "spans": list(map(_span, part.spans))}
            for part in group.scope_spans
        ],
    }


def _span(span: Any) -> dict[str, Any]:
    return {
        "traceId": span.trace_id.hex(),
        "spanId": span.span_id.hex(),
        "parentSpanId": span.parent_span_id.hex(),
        "name": span.name,
        "startTimeUnixNano": span.start_time_unix_nano,
        "endTimeUnixNano": span.end_time_unix_nano,
        "status": {"code": span.status.code, "message": span.status.message},
        "attributes": _pairs(span.attributes),
        "events": [
            {"name": event.name, "timeUnixNano": event.time_unix_nano, "attributes": _pairs(event.attributes)}
            for event in span.events
        ],
    }


def _resource_logs(group: Any) -> dict[str, Any]:
    records = [record for part in group.scope_logs for record in part.log_records]
    return {"scopeLogs": [{"logRecords": [_log(record) for record in records]}]}


def _log(record: Any) -> dict[str, Any]:
    return {
        "eventName": record.event_name,
        "timeUnixNano": record.time_unix_nano,
        "observedTimeUnixNano": record.observed_time_unix_nano,
        "traceId": record.trace_id.hex(),
        "spanId": record.span_id.hex(),
        "attributes": _pairs(record.attributes),
    }


def _pairs(attributes: Any) -> list[dict[str, Any]]:
    return [{"key": pair.key, "value": _value(pair.value)} for pair in attributes]


def _value(value: Any) -> dict[str, Any]:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return {"arrayValue": {"values": [_value(item) for item in value.array_value.values]}}
    if kind == "kvlist_value":
        return {"kvlistValue": {"values": _pairs(value.kvlist_value.values)}}
    names = {"string_value": "stringValue", "bool_value": "boolValue", "int_value": "intValue"}
    if kind == "double_value":
        return {"doubleValue": value.double_value}
    return {names[kind]: getattr(value, kind)} if kind in names else {}
