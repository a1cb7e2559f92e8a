"""LiteLLM's logs: StandardLoggingPayload (callbacks and files) and SpendLogs rows, as JSON or CSV.

LiteLLM writes cached tokens into the prompt's count for every provider, whatever the provider does. Its own cost is
kept as reported. What it leaves out or makes up is told in ``docs/sources.md``.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.iterations import split
from ingest.litellm_fields import LEAVES
from ingest.litellm_reading import complete
from ingest.problem import Unreadable
from ingest.reading import Reading, read_leaves
from ingest.record import set_time
from ingest.source import About, Sample, Source
from ingest.surface_parts import as_object
from warehouse.reading import Leaf

WRAPPED = "standard_logging_object"
"""A custom logger often writes the payload under this name, beside the event's."""
NESTED = ("metadata", "request_tags", "response", "messages", "model_parameters", "hidden_params")
"""Fields that the database and CSV hold as JSON text."""
CALL_TYPES = {"call_type", "startTime"}


def recognises(sample: Sample) -> bool:
    """Whether any record has LiteLLM's call type and start."""
    return any(_payload(record).keys() >= CALL_TYPES for record in sample.records)


def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading]:
    """The reading of one payload or row, and of each part of it that another model answered; raises Unreadable."""
    own = unpack(_payload(value))
    if own.get("call_type") in ("aget_responses", "get_responses"):
        raise Unreadable("a stored answer was fetched again (call_type aget_responses): no new call")
    reading = read_leaves(leaves, own, own)
    set_time(reading, given)
    # LiteLLM adds the parts of a call up, and lists them where the call was no stream.
    listed = as_object(own.get("metadata")).get("usage_object")
    yield from split(complete(reading, own), listed, summed=True)


def unpack(payload: dict[str, Any]) -> dict[str, Any]:
    """A payload with its JSON texts read; raises Unreadable naming the field that holds none."""
    own = dict(payload)
    for name in NESTED:
        if isinstance(text := own.get(name), str):
            try:
                own[name] = json.loads(text) if text.strip() else None
            except (ValueError, RecursionError):
                raise Unreadable(f"{name} is text, but not JSON; was the export cut?") from None
    own["usage"] = _usage_object(own)
    own["cache_hit"] = {"true": True, "false": False}.get(str(own.get("cache_hit")).lower())
    return own


def _usage_object(own: dict[str, Any]) -> Any:
    """The first usage object that holds anything."""
    metadata, response = (own[name] if isinstance(own.get(name), dict) else {} for name in ("metadata", "response"))
    return metadata.get("usage_object") or metadata.get("additional_usage_values") or response.get("usage")


def _payload(record: dict[str, Any]) -> dict[str, Any]:
    inner = record.get(WRAPPED)
    return inner if isinstance(inner, dict) else record


SOURCE = Source(
    name="litellm",
    title="LiteLLM's StandardLoggingPayload and SpendLogs, JSON or CSV",
    recognises=recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    read=read,
    about=About(
        gives="counts, team, tags, session, retries, failures, LiteLLM's own cost; StepFun's cached tokens are lost",
        flavour="openai_chat for every provider: LiteLLM writes cached tokens into the prompt",
        verified="what a real proxy wrote, against the server's own ledger",
    ),
)
