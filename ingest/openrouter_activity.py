"""OpenRouter's activity: the page's CSV of generations, and the daily sums of ``GET /api/v1/activity``.

The CSV's columns change from export to export, so they are read by name. A day's sum is a bucket: it is kept for
reconciliation and never added to calls.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.problem import Unreadable
from ingest.pull.stamp import is_stamped, stamp_of
from ingest.reading import Reading, read_leaves
from ingest.record import set_time, usage_status
from ingest.redact import shown
from ingest.source import About, Sample, Source
from warehouse.asked import Asked
from warehouse.reading import Leaf

TRUTH = {"true": True, "false": False, "1": True, "0": False}
FLAGS = ("streamed", "cancelled")
BEYOND_TOKENS = ("cost_web_search", "cost_file_processing")
"""Parts of the cost that no token count explains."""
GENERATIONS = (
    Leaf("response_id", "text", ("generation_id",)),
    Leaf("time_text", "text", ("created_at",)),
    Leaf("latency_ms", "milliseconds", ("generation_time_ms",)),
    Leaf("ttft_ms", "milliseconds", ("time_to_first_token_ms",)),
    Leaf("upstream_provider", "text", ("provider_name",)),
    Leaf("model_served", "text", ("model_permaslug", "model")),
    Leaf("prompt", "count", ("tokens_prompt",)),
    Leaf("completion", "count", ("tokens_completion",)),
    Leaf("cache_read", "count", ("tokens_cached",)),
    Leaf("reasoning", "count", ("tokens_reasoning",)),
    Leaf("cost_reported", "money", ("cost_total",)),
    Leaf("upstream_cost", "money", ("byok_usage_inference",)),
    Leaf("finish_reason", "text", ("finish_reason_normalized", "finish_reason_raw")),
    Leaf("streamed", "flag", ("streamed",)),
    Leaf("application", "text", ("app_name",)),
    Leaf("user", "text", ("user",)),
    Leaf("key_alias", "text", ("api_key_name",)),
)
DAYS = (
    Leaf("time_text", "text", ("date",)),
    Leaf("upstream_provider", "text", ("provider_name",)),
    Leaf("model_served", "text", ("model_permaslug", "model")),
    Leaf("requests", "count", ("requests",)),
    Leaf("prompt", "count", ("prompt_tokens",)),
    Leaf("completion", "count", ("completion_tokens",)),
    Leaf("cache_read", "count", ("cached_tokens",)),
    Leaf("reasoning", "count", ("reasoning_tokens",)),
    Leaf("cost_reported", "money", ("usage",)),
    Leaf("upstream_cost", "money", ("byok_usage_inference",)),
    Leaf("project", "text", ("workspace_id",)),
)


def recognises_generations(sample: Sample) -> bool:
    """Whether a table has the export's names for a generation and its tokens."""
    return {"generation_id", "tokens_prompt"} <= set(sample.columns)


def recognises_days(sample: Sample) -> bool:
    """Whether any record is a day's sum."""
    if is_stamped(sample, "openrouter_daily"):
        return True
    wanted = {"date", "requests", "prompt_tokens", "usage"}
    return any(wanted <= row.keys() for record in sample.records for row in _days(record))


def read_generation(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading]:
    """The reading of one row of the CSV; raises Unreadable."""
    own = {**value, **{name: _flag(name, value.get(name)) for name in FLAGS}}
    reading = read_leaves(leaves, own, own)
    set_time(reading, given)
    reading.update(gateway="openrouter", seller="openrouter", usage_flavour="openai_chat")
    variant = own.get("variant")
    if variant not in (None, "standard") and reading["model_served"]:
        reading["model_served"] += f":{variant}"
    reading["byok"] = bool(reading["upstream_cost"]) if reading["upstream_cost"] is not None else None
    if own["cancelled"]:
        reading["error_category"] = "cancelled"
    if any(str(own.get(name) or "").strip("0.") for name in BEYOND_TOKENS):
        reading["beyond_tokens"] = True
        reading["review_note"] = "the log reports costs beyond tokens (web search or files)"
    reading["usage_status"] = usage_status(reading)
    yield reading


def _flag(name: str, text: Any) -> bool | None:
    if text is None or isinstance(text, bool):
        return text
    if (truth := TRUTH.get(str(text).lower())) is None:
        raise Unreadable(f"{name} is {shown(str(text))}, not true or false")
    return truth


def read_days(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading | Asked]:
    """The readings of one answer, or of one day's sum out of it; raises Unreadable."""
    days = _days(value)
    stamp = stamp_of(value)
    yield from stamp.asked() if stamp else ()
    if not days and stamp is None:
        raise Unreadable("no sum of a day stands here: date, requests, prompt_tokens, usage")
    for own in days:
        reading = read_leaves(leaves, own, own)
        # A day without a clock time begins at midnight UTC.
        if len(str(reading["time_text"])) == len("2026-11-22"):
            reading["time_text"] += "T00:00:00Z"
        set_time(reading, given)
        parts = ("model_permaslug", "model", "endpoint_id", "provider_name", "workspace_id")
        reading.update(
            gateway="openrouter",
            seller="openrouter",
            usage_flavour="openai_chat",
            granularity="bucket",
            time_quality="bucket",
            usage_status="reported",
            key_text="|".join([reading["start_at"].date().isoformat(), *(str(own.get(name)) for name in parts)]),
        )
        if stamp:
            reading["tags"] = [("width", "1d"), ("grouped_by", stamp.grouped_by), *stamp.tags()]
            reading["key_text"] += f"|by|{stamp.grouped_by}"
        yield reading


def _days(record: dict[str, Any]) -> list[dict[str, Any]]:
    inner = record.get("data")
    return [row for row in inner if isinstance(row, dict)] if isinstance(inner, list) else [record]


GENERATIONS_SOURCE = Source(
    name="openrouter_activity",
    title="OpenRouter's activity CSV, a row for each generation",
    recognises=recognises_generations,
    leaves=GENERATIONS,
    repeat_gap=timedelta(days=1),
    read=read_generation,
    about=About(
        gives="counts, the cost billed, latency, application; no cache writes, no task",
        flavour="openai_chat: cached tokens inside the prompt, reasoning inside the completion",
        verified="headers of real exports and their documented columns",
    ),
)
DAYS_SOURCE = Source(
    name="openrouter_daily",
    title="OpenRouter's GET /api/v1/activity: sums of days, for reconciliation only",
    recognises=recognises_days,
    leaves=DAYS,
    repeat_gap=timedelta(days=1),
    read=read_days,
    about=About(
        gives="requests, tokens and USD of a day, model and endpoint; no single call",
        flavour="openai_chat: cached tokens inside the prompt",
        verified="documented fields",
    ),
)
