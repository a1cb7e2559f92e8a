"""Amazon Bedrock: its log of invocations, and answers of Converse and ConverseStream.

The log names the region, so the call's address is known, and by it the seller: a region that no card knows is not
priced at another one's rates.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.answers import is_converse
from ingest.bedrock_log import LOG, read_log
from ingest.chat import LEAVES
from ingest.problem import Unreadable
from ingest.reading import Reading
from ingest.record import Answer, read_records
from ingest.source import About, Sample, Source
from ingest.surface_parts import as_object
from warehouse.reading import Leaf

EVENTS = {"messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"}
"""What the pieces of a ConverseStream are called: only ``metadata`` has counts."""


def recognises(sample: Sample) -> bool:
    """Whether any record is one of the log, or all are answers of Converse or pieces of them."""
    if sample.columns or not sample.records:
        return False
    if any(record.get("schemaType") == LOG for record in sample.records):
        return True
    return all(is_converse(record) or _is_event(record) for record in sample.records)


def _is_event(record: dict[str, Any]) -> bool:
    return len(record) == 1 and record.keys() <= EVENTS


def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading]:
    """The readings of one record; raises Unreadable."""
    if value.get("schemaType") == LOG:
        yield from read_log(value, leaves, given)
        return
    if _is_event(value) and not is_converse(as_object(value.get("metadata"))):
        return
    body = as_object(value.get("metadata")) if _is_event(value) else value
    if not is_converse(body):
        raise Unreadable("neither a record of Bedrock's log nor an answer of Converse stands here")
    metrics = as_object(body.get("metrics"))
    own = {"latency_ms": metrics.get("latencyMs"), "time": value.get("time")}
    for reading in read_records(own, Answer(body, None), leaves, given):
        reading["streamed"] = True if _is_event(value) else None
        yield reading


SOURCE = Source(
    name="bedrock",
    title="Amazon Bedrock's log of model invocations, and answers of its Converse",
    recognises=recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    read=read,
    about=About(
        gives="tokens, cached ones, region, account, tags and errors of every call; latency only with answers",
        flavour="bedrock_converse: cached tokens beside the input and inside the total; else the model's own flavour",
        verified="real answers; records of the log by their documentation",
    ),
)
