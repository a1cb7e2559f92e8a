"""The open-source Portkey gateway's own log: JSON lines, or a capture of the events that its console is sent.

A line is one call of a client; ``requestOptions`` has an entry for each target that was tried, of which the last
answered. The retries of one target are not in it. Keys, which the gateway logs in clear, are never read.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.chat import LEAVES
from ingest.outcome import categorise
from ingest.problem import Unreadable
from ingest.reading import Reading
from ingest.record import Answer, read_record, read_records
from ingest.source import About, Sample, Source
from ingest.surface_parts import as_object
from warehouse.reading import Leaf

TRIES = "requestOptions"
ANSWERS = {"usage", "choices", "error"}
"""What an answer holds, and the note that stands in place of a stream's does not."""
CACHE = {"HIT": True, "SEMANTIC HIT": True}
KEEPS_CACHE = ("openai", "anthropic")
"""Providers whose cached tokens are still there when Portkey has put their usage into OpenAI's shape."""


def recognises(sample: Sample) -> bool:
    """Whether any record has the gateway's list of tries."""
    return any(isinstance(record.get(TRIES), list) for record in sample.records)


def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading]:
    """The readings of one call: one for each target that was tried; raises Unreadable."""
    tries = value.get(TRIES)
    if not isinstance(tries, list) or not tries or not all(isinstance(each, dict) for each in tries):
        raise Unreadable(f"no call of Portkey's gateway stands here: {TRIES} is no list of objects")
    for number, each in enumerate(tries[:-1], 1):
        yield _failed(each, number, leaves, given)
    yield from _answered(value, tries, leaves, given)


def _failed(each: dict[str, Any], number: int, leaves: Sequence[Leaf], given: datetime | None) -> Reading:
    """A try that another one followed: it failed, with a status that the log does not hold."""
    limit, took = _options(each).get("requestTimeout"), each.get("executionTime")
    timed_out = isinstance(limit, int) and isinstance(took, int) and took >= limit > 0
    reading = read_record(_envelope(each, number), Answer({}, None), leaves, given)
    reading.update(key_text=each.get("hookSpanId"), error_category="timeout" if timed_out else "other")
    return reading


def _answered(
    value: dict[str, Any], tries: list[dict[str, Any]], leaves: Sequence[Leaf], given: datetime | None
) -> Iterator[Reading]:
    last, number = tries[-1], len(tries)
    original = _answer(as_object(last.get("originalResponse")).get("body"))
    # Portkey's own version of the answer stands at the first try, whoever answered.
    converted = next((found for each in tries if (found := _answer(each.get("response")))), {})
    envelope = {**_envelope(last, number), "status": value.get("status"), "role": "fallback" if number > 1 else None}
    error = original.get("error") or converted.get("error")
    for reading in read_records(envelope, Answer(original or converted, None), leaves, given):
        if reading["granularity"] is None:
            reading["key_text"] = last.get("hookSpanId")
            reading["gateway_cache_hit"] = CACHE.get(str(last.get("cacheStatus")), False)
            reading["error_category"] = categorise(reading["http_status"], error)
            if not original:
                _set_converted(reading, as_object(converted.get("usage")), str(_options(last).get("provider")))
        yield reading


def _envelope(each: dict[str, Any], number: int) -> dict[str, Any]:
    """A try in the words of our own envelope."""
    options = _options(each)
    return {
        "time": each.get("createdAt"),
        "gateway": "portkey",
        "base_url": options.get("customHost") or options.get("requestURL"),
        "request": as_object(each.get("requestParams")) or {"model": None},
        "latency_ms": each.get("executionTime"),
        "attempt": number,
    }


def _set_converted(reading: Reading, usage: dict[str, Any], provider: str) -> None:
    """Portkey's version: cached tokens are inside the prompt, or beside it as Anthropic's are; the total tells."""
    if not usage:
        return
    if provider == "anthropic" and (reading["cache_read"] or reading["cache_write"]):
        reading["usage_flavour"] = "anthropic"
    reading["cache_unseen"] = reading["cache_read"] is None and provider not in KEEPS_CACHE


def _answer(value: Any) -> dict[str, Any]:
    """A body, where it is an answer."""
    found = as_object(value)
    return found if ANSWERS & found.keys() else {}


def _options(each: dict[str, Any]) -> dict[str, Any]:
    return as_object(each.get("providerOptions"))


SOURCE = Source(
    name="portkey_gateway",
    title="The log of the open-source Portkey gateway: JSON lines or captured events",
    recognises=recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    read=read,
    about=About(
        gives="counts of answers that were no streams, targets tried, gateway cache; no usage of streams, no task",
        flavour="the provider's own where its answer is there; else the total tells",
        verified="what a real gateway wrote, against the server's own ledger",
    ),
)
