"""The open-source Portkey gateway's own log: JSON lines, or a capture of the events that its console is sent.

A line is one call of a client; ``requestOptions`` has an entry for each target that was tried, of which the last
answered. The retries of one target are not in it. Keys, which the gateway logs in clear, are never read.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.anthropic_terms import anthropic_terms
from ingest.chat import LEAVES
from ingest.outcome import categorise
from ingest.problem import Unreadable
from ingest.reading import Reading
from ingest.record import Answer, read_record
from ingest.source import About, Sample, Source
from warehouse.reading import MOST_TOKENS, Leaf

TRIES = "requestOptions"
ANSWERS = {"usage", "choices", "error"}
"""What an answer holds, and the note that stands in place of a stream's does not."""
WRITES = {"cache_write_5m": "ephemeral_5m_input_tokens", "cache_write_1h": "ephemeral_1h_input_tokens"}
SPLIT = "cache_creation"
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
    yield _answered(value, tries, leaves, given)


def _failed(each: dict[str, Any], number: int, leaves: Sequence[Leaf], given: datetime | None) -> Reading:
    """A try that another one followed: it failed, with a status that the log does not hold."""
    limit, took = _options(each).get("requestTimeout"), each.get("executionTime")
    timed_out = isinstance(limit, int) and isinstance(took, int) and took >= limit > 0
    reading = read_record(_envelope(each, number), Answer({}, None), leaves, given)
    reading.update(key_text=each.get("hookSpanId"), error_category="timeout" if timed_out else "other")
    return reading


def _answered(
    value: dict[str, Any], tries: list[dict[str, Any]], leaves: Sequence[Leaf], given: datetime | None
) -> Reading:
    last, number = tries[-1], len(tries)
    original = _answer(_object(last.get("originalResponse")).get("body"))
    # Portkey's own version of the answer stands at the first try, whoever answered.
    converted = next((found for each in tries if (found := _answer(each.get("response")))), {})
    envelope = {**_envelope(last, number), "status": value.get("status"), "role": "fallback" if number > 1 else None}
    body = _as_chat(original) if _is_messages(original) else original or converted
    reading = read_record(envelope, Answer(body, None), leaves, given)
    reading["key_text"] = last.get("hookSpanId")
    reading["gateway_cache_hit"] = {"HIT": True, "SEMANTIC HIT": True}.get(str(last.get("cacheStatus")), False)
    error = original.get("error") or converted.get("error")
    reading["error_category"] = categorise(reading["http_status"], error)
    if _is_messages(original):
        _set_messages(reading, _object(original.get("usage")))
    elif not original:
        _set_converted(reading, _object(converted.get("usage")), str(_options(last).get("provider")))
    return reading


def _envelope(each: dict[str, Any], number: int) -> dict[str, Any]:
    """A try in the words of our own envelope."""
    options = _options(each)
    return {
        "time": each.get("createdAt"),
        "gateway": "portkey",
        "base_url": options.get("customHost") or options.get("requestURL"),
        "request": _object(each.get("requestParams")) or {"model": None},
        "latency_ms": each.get("executionTime"),
        "attempt": number,
    }


def _is_messages(body: dict[str, Any]) -> bool:
    usage = _object(body.get("usage"))
    return "input_tokens" in usage and "total_tokens" not in usage


def _as_chat(body: dict[str, Any]) -> dict[str, Any]:
    """An answer of Anthropic's Messages in the names of a chat's, but for the tokens written to caches."""
    usage = _object(body.get("usage"))
    return {
        "id": body.get("id"),
        "object": "message",
        "model": body.get("model"),
        "service_tier": usage.get("service_tier"),
        "choices": [{"finish_reason": body.get("stop_reason")}],
        "usage": {
            "prompt_tokens": usage.get("input_tokens"),
            "completion_tokens": usage.get("output_tokens"),
            "cached_tokens": usage.get("cache_read_input_tokens"),
        },
    }


def _set_messages(reading: Reading, usage: dict[str, Any]) -> None:
    """Anthropic's own counts: cached tokens stand beside the input, those written by how long they last."""
    reading["usage_flavour"] = "anthropic"
    reading["service_tier"], reading["region"] = anthropic_terms(usage, reading["service_tier"], reading["region"])
    split = _object(usage.get(SPLIT))
    for name, field in WRITES.items():
        reading[name] = _count(f"{SPLIT}.{field}", split.get(field))
    if not split:
        reading["cache_write"] = _count("cache_creation_input_tokens", usage.get("cache_creation_input_tokens"))
    if usage.get("iterations"):
        reading["review_note"] = "the answer has iterations of other models, which are not read"


def _set_converted(reading: Reading, usage: dict[str, Any], provider: str) -> None:
    """Portkey's version: cached tokens are inside the prompt, or beside it as Anthropic's are; the total tells."""
    if not usage:
        return
    reading["cache_write"] = _count("cache_creation_input_tokens", usage.get("cache_creation_input_tokens"))
    cached = (reading["cache_read"] or 0) + (reading["cache_write"] or 0)
    counted = (reading["prompt"] or 0) + (reading["completion"] or 0)
    if cached and (provider == "anthropic" or reading["total"] == counted + cached):
        reading["usage_flavour"] = "anthropic"
    reading["cache_unseen"] = reading["cache_read"] is None and provider not in KEEPS_CACHE


def _count(name: str, value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_TOKENS:
        raise Unreadable(f"{name} is no whole number from 0 to {MOST_TOKENS}")
    return value


def _answer(value: Any) -> dict[str, Any]:
    """A body, where it is an answer."""
    found = _object(value)
    return found if ANSWERS & found.keys() else {}


def _options(each: dict[str, Any]) -> dict[str, Any]:
    return _object(each.get("providerOptions"))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


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
