"""OpenRouter's record of one generation, ``GET /api/v1/generation``: what it counted, charged and tried.

It bills the native tokens; ``tokens_prompt`` and ``tokens_completion`` are counted by another tokenizer for
comparison, and are not read. Fields: https://openrouter.ai/docs/api/api-reference/generations/get-generation
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.outcome import categorise
from ingest.problem import Unreadable
from ingest.reading import Reading, read_leaves
from ingest.record import set_time, usage_status
from ingest.source import About, Sample, Source
from warehouse.reading import Leaf

LEAVES = (
    Leaf("response_id", "text", ("id",)),
    Leaf("request_id", "text", ("request_id",)),
    Leaf("session_id", "text", ("session_id",)),
    Leaf("task", "text", ("session_id",)),
    Leaf("time_text", "text", ("created_at",)),
    Leaf("latency_ms", "milliseconds", ("latency", "generation_time")),
    Leaf("region", "text", ("data_region",)),
    Leaf("upstream_provider", "text", ("provider_name",)),
    Leaf("model_served", "text", ("model",)),
    Leaf("service_tier", "text", ("service_tier",)),
    Leaf("prompt", "count", ("native_tokens_prompt",)),
    Leaf("completion", "count", ("native_tokens_completion",)),
    Leaf("cache_read", "count", ("native_tokens_cached",)),
    Leaf("reasoning", "count", ("native_tokens_reasoning",)),
    Leaf("output_image", "count", ("native_tokens_completion_images",)),
    Leaf("cost_reported", "money", ("total_cost", "usage")),
    Leaf("upstream_cost", "money", ("upstream_inference_cost",)),
    Leaf("byok", "flag", ("is_byok",)),
    Leaf("finish_reason", "text", ("finish_reason", "native_finish_reason")),
    Leaf("streamed", "flag", ("streamed",)),
    Leaf("gateway_cache_hit", "present", ("response_cache_source_id",)),
    Leaf("image", "present", ("num_media_prompt",)),
    Leaf("application", "text", ("app_id",)),
    Leaf("project", "text", ("workspace_id",)),
    Leaf("user", "text", ("external_user",)),
)


def recognises(sample: Sample) -> bool:
    """Whether any record has the native token counts that nobody else's has."""
    return any("native_tokens_prompt" in _data(record) for record in sample.records)


def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading]:
    """The reading of one generation; raises Unreadable."""
    own = _data(value)
    if "native_tokens_prompt" not in own and "id" not in own:
        raise Unreadable("no generation stands here: neither id nor native_tokens_prompt")
    reading = read_leaves(leaves, own, own)
    set_time(reading, given)
    reading.update(gateway="openrouter", seller="openrouter", usage_flavour="openai_chat")
    _set_outcome(reading, own)
    yield reading


def _set_outcome(reading: Reading, own: dict[str, Any]) -> None:
    """What became of it. OpenRouter tries several providers: only the last answer is charged."""
    listed = own.get("provider_responses")
    tries = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    status = tries[-1].get("status") if tries else None
    reading["http_status"] = status if type(status) is int else None
    reading["retry_count"] = max(0, len(tries) - 1) if tries else None
    reading["error_category"] = categorise(reading["http_status"], None)
    if own.get("cancelled") is True:
        reading["error_category"] = "cancelled"
    reading["usage_status"] = usage_status(reading)


def _data(record: dict[str, Any]) -> dict[str, Any]:
    inner = record.get("data")
    return inner if isinstance(inner, dict) else record


SOURCE = Source(
    name="openrouter_generation",
    title="OpenRouter's answers to GET /api/v1/generation",
    recognises=recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    read=read,
    about=About(
        gives="native counts, the cost billed, retries upstream, latency, session; no tools, no effort",
        flavour="openai_chat: cached tokens inside the prompt, reasoning inside the completion",
        verified="documented fields and an excerpt of a real answer",
    ),
)
