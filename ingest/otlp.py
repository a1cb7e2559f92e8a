"""OpenTelemetry traces: export requests as JSON lines, documents or protobuf, and single spans as SDKs print them.

Each span that is a call of a model is a record, where no span below it is the same call. Spans of agents, chains and
tools are left out, and metrics are never added to spans.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.problem import Unreadable
from ingest.reading import Reading
from ingest.source import About, Read, Sample, Source
from ingest.traces.evaluation import EVENT, Evaluation, evaluation_of
from ingest.traces.fields import LEAVES
from ingest.traces.request import Event, Span, bare_span, is_request, log_events, spans_of
from ingest.traces.scopes import is_call
from ingest.traces.spans import read_span
from ingest.traces.tree import Tree, children_first
from warehouse.reading import Leaf

MARKS = {"gen_ai.operation.name", "openinference.span.kind", "ai.operationId", "langfuse.observation.type"}
"""What tells a span's attributes from an access log's fields."""


def recognises(sample: Sample) -> bool:
    """Whether any record is an export request, or a span as an SDK prints it."""
    return any(is_request(record) or _is_bare(record) for record in sample.records)


def begin() -> Read:
    """A reader that remembers the spans of one file."""
    tree = Tree()

    def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Any]:
        if is_request(value):
            spans = children_first(list(spans_of(value)))
            events = [*log_events(value), *(event for span in spans for event in span.events)]
        elif _is_bare(value):
            spans, events = [bare_span(value)], []
        else:
            raise Unreadable("neither an export request (resourceSpans, resourceLogs) nor a span stands here")
        for span in spans:
            yield from _readings(span, tree, leaves, given)
        yield from _evaluations(events)

    return read


def _is_bare(record: Any) -> bool:
    if not isinstance(record, dict):
        return False
    attributes = record.get("attributes")
    return bool(MARKS & record.keys()) or (isinstance(attributes, dict) and bool(MARKS & attributes.keys()))


def _readings(span: Span, tree: Tree, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading | Unreadable]:
    """The reading of a span, where it is a call to be counted; one that cannot be read does not keep others out."""
    if not is_call(span):
        tree.above(span)
        return
    try:
        reading = read_span(span, leaves, given)
    except Unreadable as problem:
        yield problem
        return
    if tree.place(span, reading):
        yield reading


def _evaluations(events: list[Event]) -> Iterator[Evaluation]:
    """What judged answers: kept beside the records."""
    for event in events:
        if event.name == EVENT and (found := evaluation_of(event)):
            yield found


SOURCE = Source(
    name="otlp",
    title="OpenTelemetry traces of model calls: OTLP as JSON lines, documents or protobuf",
    recognises=recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    begin=begin,
    about=About(
        gives="calls, tokens, latency, tasks and tags; what each instrumentation loses is in its own table",
        flavour="by instrumentation: cached tokens inside the input, unless the total or the counts say otherwise",
        verified="recorded from real clients",
    ),
)
