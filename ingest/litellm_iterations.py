"""A call that asked an adviser: LiteLLM adds its tokens to the call's own, and often names them beside.

Where Anthropic's iterations are listed, each with a model of its own becomes a record, and its tokens are taken out of
the call's: they are billed at that model's rate. In streams they are not listed, and stay inside.
"""

from collections.abc import Iterator
from typing import Any

from ingest.reading import Reading, read_leaves
from ingest.surface_parts import as_object
from warehouse.reading import Leaf

ROLES = {"advisor_message": "advisor", "compaction": "compaction"}
LEAVES = (
    Leaf("prompt", "count", ("input_tokens",)),
    Leaf("completion", "count", ("output_tokens",)),
    Leaf("cache_read", "count", ("cache_read_input_tokens",)),
    Leaf("cache_write", "count", ("cache_creation_input_tokens",)),
    Leaf("cache_write_5m", "count", ("cache_creation.ephemeral_5m_input_tokens",)),
    Leaf("cache_write_1h", "count", ("cache_creation.ephemeral_1h_input_tokens",)),
    Leaf("model_served", "text", ("model",)),
)
SAME = (
    "request_id", "trace_id", "session_id", "task", "step", "agent", "start_at", "time_quality", "gateway", "seller",
    "base_url", "object", "org", "team", "project", "environment", "user", "key_alias", "tags",
)  # fmt: skip
"""What a part has from its call."""
CACHED = ("cache_read", "cache_write", "cache_write_5m", "cache_write_1h")


def split(call: Reading, own: dict[str, Any]) -> Iterator[Reading]:
    """The call without the iterations that other models answered, and those as records of their own."""
    parts = [part for part in _parts(own) if part["prompt"] is not None and part["completion"] is not None]
    inside = {"prompt": sum(map(_all_input, parts)), "completion": sum(part["completion"] for part in parts)}
    inside |= {name: sum(part[name] or 0 for part in parts) for name in CACHED}
    if parts and any(tokens > (call[name] or 0) for name, tokens in inside.items()):
        call["review_note"] = "its iterations hold more tokens than the call"
        parts = []
    if parts:
        call.update({name: call[name] - tokens for name, tokens in inside.items() if call[name] is not None})
        call["total"] = call["prompt"] + call["completion"]
    for number, part in enumerate(parts, 1):
        part.update({name: call[name] for name in SAME})
        part.update(key_text=f"{call['key_text']} {number}", granularity="iteration", requests=0)
    yield call
    yield from parts


def _all_input(part: Reading) -> int:
    return int(part["prompt"]) + sum(part[name] or 0 for name in CACHED)


def _parts(own: dict[str, Any]) -> Iterator[Reading]:
    listed = as_object(as_object(own.get("metadata")).get("usage_object")).get("iterations")
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, dict) and item.get("type") in ROLES and item.get("model"):
            part = read_leaves(LEAVES, item, item)
            part.update(usage_flavour="anthropic", usage_status="reported", role=ROLES[item["type"]])
            unstated = (part["cache_write"] or 0) - sum(
                part[name] or 0 for name in ("cache_write_5m", "cache_write_1h")
            )
            part["cache_write"] = max(0, unstated) if part["cache_write"] is not None else None
            yield part
