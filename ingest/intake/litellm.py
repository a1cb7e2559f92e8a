"""LiteLLM's payloads without what was said, whose headers came along and what it holds of keys."""

from typing import Any

from ingest.intake.kept import Tree, counts, first, part_types, pick, plain, telling, tree_of, word, words
from ingest.litellm import CALL_TYPES, WRAPPED, unpack
from ingest.litellm_fields import LEAVES
from ingest.problem import Unreadable, kind_of

NO_PAYLOAD = "no payload of LiteLLM's: it has no call_type and startTime"
FIELDS = tree_of(LEAVES)
TOLD: Tree = {"error_code": plain, "error_class": plain, "normalized_error": plain}
KEPT: Tree = {
    **FIELDS,
    **dict.fromkeys(
        ("call_type", "endTime", "completionStartTime", "custom_llm_provider", "model_group", "status", "cache_hit"),
        word,
    ),
    "request_tags": words,
    "error_str": telling,
    "error_information": TOLD,
    "messages": part_types,
    "metadata": {
        **FIELDS["metadata"],
        "status": word,
        "original_model_group": word,
        "usage_object": counts,
        "additional_usage_values": counts,
        "error_information": TOLD,
    },
    "response": {**FIELDS["response"], "usage": counts, "choices": first({"finish_reason": word})},
}
"""What ``ingest.litellm`` reads; its ``usage`` is found anew in what is kept."""


def litellm_line(record: Any) -> dict[str, Any]:
    """What is kept of one payload, alone or wrapped in an event; raises Unreadable where it is none."""
    if not isinstance(record, dict):
        raise Unreadable(f"{kind_of(record)} stands here, not an object")
    inner = record.get(WRAPPED)
    payload = inner if isinstance(inner, dict) else record
    if not payload.keys() >= CALL_TYPES:
        raise Unreadable(NO_PAYLOAD)
    unpacked = unpack(payload)
    del unpacked["usage"]
    return {**pick(unpacked, KEPT), "cache_hit": unpacked["cache_hit"]}
