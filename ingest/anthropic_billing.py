"""Anthropic's own sums: the usage and cost reports of its Admin API, and those of its Analytics API.

``uncached_input_tokens`` holds no cached token. An amount is a text of **cents**: "123.45" is 1.2345 dollars. The
usage report of the Admin API counts no requests, so how many there were is unknown. The Analytics API tells of the
Claude apps: other calls, so it is a source of its own.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from ingest.anthropic_terms import anthropic_terms
from ingest.buckets import Bucket, Shape, buckets_in, read_results, reading_of, results_in, tagged
from ingest.problem import Unreadable
from ingest.pull.stamp import is_stamped
from ingest.reading import Reading
from ingest.redact import shown
from ingest.source import About, Sample, Source
from warehouse.asked import Asked
from warehouse.reading import Leaf

SELLER = "anthropic"
CENTS = ("amount", "list_amount")
WHO = (
    Leaf("project", "text", ("workspace_id",)),
    Leaf("user", "text", ("account_id",)),
    Leaf("key_alias", "text", ("api_key_id",)),
    Leaf("application", "text", ("product",)),
    Leaf("team", "text", ("rbac_group_id",)),
    Leaf("model_served", "text", ("model",)),
    Leaf("service_tier", "text", ("service_tier",)),
    Leaf("requests", "count", ("requests",)),
)
USAGE = (
    Leaf("prompt", "count", ("uncached_input_tokens",)),
    Leaf("completion", "count", ("output_tokens",)),
    Leaf("cache_read", "count", ("cache_read_input_tokens",)),
    Leaf("cache_write_5m", "count", ("cache_creation.ephemeral_5m_input_tokens",)),
    Leaf("cache_write_1h", "count", ("cache_creation.ephemeral_1h_input_tokens",)),
    Leaf("web_search", "count", ("server_tool_use.web_search_requests",)),
    *WHO,
)
COST = (Leaf("cost_reported", "money", ("amount",)), Leaf("cost_currency", "text", ("currency",)), *WHO)
KNOWN = frozenset({*CENTS, *(path for leaf in (*USAGE, *COST) for path in leaf.paths)})
AMOUNTS = frozenset({*CENTS, "currency"})
DETAILS = ("cost_type", "description", "token_type", "context_window", "inference_geo", "speed", "claude_tag_category")
ANALYTICS_ONLY = {"product", "list_amount", "requests"}


def recognises(sample: Sample) -> bool:
    """Whether any page holds results of the Admin API's reports."""
    return is_stamped(sample, "anthropic_billing") or _has_results(sample) and not _is_analytics(sample)


def recognises_analytics(sample: Sample) -> bool:
    """Whether any page holds results of the Analytics API's reports."""
    return _has_results(sample) and _is_analytics(sample)


def _has_results(sample: Sample) -> bool:
    buckets = [bucket for record in sample.records for bucket in buckets_in(record)]
    return any("starting_at" in bucket for bucket in buckets) and any(
        "uncached_input_tokens" in result or "amount" in result
        for record in sample.records
        for result in results_in(record)
    )


def _is_analytics(sample: Sample) -> bool:
    return any(ANALYTICS_ONLY & result.keys() for record in sample.records for result in results_in(record))


def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading | Unreadable | Asked]:
    """The readings of one page; raises Unreadable."""
    return read_results(value, AMOUNTS, _read)


def _read(bucket: Bucket) -> Reading:
    result = bucket.result
    if "amount" in result:
        own = {**result, "amount": _units(result["amount"])}
        reading = reading_of(bucket, Shape("costs", COST, KNOWN, AMOUNTS), own, seller=SELLER)
        reading.update(cost_kind="billed", requests=None)
    else:
        reading = reading_of(bucket, Shape("messages", USAGE, KNOWN, AMOUNTS), result, seller=SELLER)
        reading["usage_flavour"] = "anthropic"
    reading["service_tier"], reading["region"] = anthropic_terms(result, reading["service_tier"], None)
    return tagged(reading, result, DETAILS)


def _units(cents: Any) -> str:
    """An amount of cents in units of its currency."""
    try:
        return format(Decimal(str(cents)) / 100, "f")
    except InvalidOperation:
        raise Unreadable(f"amount is {shown(str(cents))}, not a number of cents") from None


SOURCE = Source(
    name="anthropic_billing",
    title="Anthropic's usage_report/messages and cost_report: sums for reconciliation only",
    recognises=recognises,
    leaves=USAGE,
    repeat_gap=timedelta(0),
    read=read,
    about=About(
        gives="sums of tokens, and what was billed; no count of requests, no reasoning",
        flavour="cached and written tokens beside the input",
        verified="documented examples",
    ),
)
ANALYTICS_SOURCE = SOURCE._replace(
    name="anthropic_analytics",
    title="Anthropic's analytics usage_report and cost_report of the Claude apps: sums for reconciliation only",
    recognises=recognises_analytics,
    about=About(
        gives="sums of requests and tokens, and what was billed, of the Claude apps; no single calls, no reasoning",
        flavour="cached and written tokens beside the input",
        verified="documented fields",
    ),
)
