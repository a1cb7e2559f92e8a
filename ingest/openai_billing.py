"""OpenAI's own sums: ``GET /v1/organization/usage/...`` and ``GET /v1/organization/costs``, page by page.

Cached and written tokens stand inside ``input_tokens``; there is no count of reasoning. Costs are in units of their
currency and stand on rows of their own: no token and no request is on them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.buckets import Bucket, Shape, model_of, read_results, reading_of, results_in, tagged
from ingest.problem import Unreadable
from ingest.pull.stamp import is_stamped
from ingest.reading import Reading
from ingest.source import About, Sample, Source
from warehouse.asked import Asked
from warehouse.reading import Leaf

SELLER = "openai"
PREFIX, ENDING = "organization.", ".result"
COSTS = "organization.costs.result"
WHO = (
    Leaf("project", "text", ("project_id",)),
    Leaf("user", "text", ("user_id",)),
    Leaf("key_alias", "text", ("api_key_id",)),
)
USAGE = (
    Leaf("requests", "count", ("num_model_requests",)),
    Leaf("prompt", "count", ("input_tokens",)),
    Leaf("completion", "count", ("output_tokens",)),
    Leaf("cache_read", "count", ("input_cached_tokens",)),
    Leaf("cache_write", "count", ("input_cache_write_tokens",)),
    # Of what is neither read from nor written to the cache.
    Leaf("input_audio", "count", ("input_audio_tokens",)),
    Leaf("input_image", "count", ("input_image_tokens",)),
    Leaf("output_audio", "count", ("output_audio_tokens",)),
    Leaf("output_image", "count", ("output_image_tokens",)),
    Leaf("model_served", "text", ("model",)),
    Leaf("service_tier", "text", ("service_tier",)),
    Leaf("batch", "flag", ("batch",)),
    *WHO,
)
COST = (Leaf("cost_reported", "money", ("amount.value",)), Leaf("cost_currency", "text", ("amount.currency",)), *WHO)
ASIDE = {
    "object",
    "input_uncached_tokens",
    "input_text_tokens",
    "output_text_tokens",
    "input_cached_text_tokens",
    "input_cached_audio_tokens",
    "input_cached_image_tokens",
    # What other endpoints count in place of tokens.
    *("images", "characters", "seconds", "usage_bytes", "num_sessions", "quantity"),
}
AMOUNTS = frozenset({"quantity_unit"})
KNOWN = frozenset(ASIDE | {path for leaf in (*USAGE, *COST) for path in leaf.paths})
NOT_THE_REST = "the report's uncached input is not the rest of its input"
CALLS = ("input_tokens", "output_tokens", "num_model_requests")
"""A result with none of these sums no calls: storage, sessions."""


def recognises(sample: Sample) -> bool:
    """Whether any page holds results of OpenAI's organization endpoints."""
    if is_stamped(sample, "openai_billing"):
        return True
    found = (str(result.get("object")) for record in sample.records for result in results_in(record))
    return any(name.startswith(PREFIX) and name.endswith(ENDING) for name in found)


def read(value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading | Unreadable | Asked]:
    """The readings of one page; raises Unreadable."""
    return read_results(value, AMOUNTS, _read)


def _read(bucket: Bucket) -> Reading | None:
    kind, result = str(bucket.result.get("object")), bucket.result
    report = kind.removeprefix(PREFIX).removesuffix(ENDING)
    if kind == COSTS:
        reading = reading_of(bucket, Shape(report, COST, KNOWN, AMOUNTS), result, seller=SELLER)
        return _cost(tagged(reading, result, ("line_item",)), result)
    if any(result.get(name) is not None for name in CALLS):
        return _usage(reading_of(bucket, Shape(report, USAGE, KNOWN, AMOUNTS), result, seller=SELLER), result)
    return None


def _usage(reading: Reading, result: dict[str, Any]) -> Reading:
    reading["usage_flavour"] = "openai_chat"
    if reading["completion"] is None and reading["prompt"] is not None:
        # Embeddings and moderations give nothing back.
        reading["completion"] = 0
    rest, uncached = reading["prompt"], result.get("input_uncached_tokens")
    if rest is not None and isinstance(uncached, int):
        rest -= (reading["cache_read"] or 0) + (reading["cache_write"] or 0)
        reading["review_note"] = None if rest == uncached else NOT_THE_REST
    return reading


def _cost(reading: Reading, result: dict[str, Any]) -> Reading:
    currency = reading["cost_currency"]
    reading.update(
        cost_currency=currency.upper() if currency else None,
        cost_kind="billed",
        requests=None,
        model_served=model_of(result.get("line_item")),
    )
    return reading


SOURCE = Source(
    name="openai_billing",
    title="OpenAI's GET /v1/organization/usage and /costs: sums for reconciliation only",
    recognises=recognises,
    leaves=USAGE,
    repeat_gap=timedelta(0),
    read=read,
    about=About(
        gives="sums of requests and tokens, and what was billed; no single calls, no reasoning",
        flavour="cached and written tokens inside the input",
        verified="documented examples",
    ),
)
