"""Which API surface a usage object is of, and what its counts mean: what is inside what.

A surface is told by marks of its structure, never by a name that two of them share; where marks leave two readings,
the reported total decides between them.
"""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from ingest.anthropic_terms import anthropic_terms
from ingest.gemini_usage import camel, set_gemini
from ingest.problem import Unreadable
from ingest.reading import Reading, read_leaves
from ingest.redact import shown
from ingest.surface_leaves import (
    COHERE,
    CONVERSE,
    GEMINI,
    KNOWN_COHERE,
    KNOWN_CONVERSE,
    KNOWN_GEMINI,
    KNOWN_TOKENS,
    TOKENS,
)
from ingest.surface_parts import add_note, as_object, count_of
from ingest.unknown_usage import names_cache, unknown_usage, usage_text
from warehouse.reading import Leaf

COUNTS = (
    "prompt", "completion", "total", "cache_read", "cache_read_other", "cache_miss", "cache_write", "cache_write_5m",
    "cache_write_1h", "reasoning", "input_audio", "input_image", "input_video", "output_audio", "output_image",
    "web_search",
)  # fmt: skip
"""The columns that a usage object fills; what it does not say is None."""
MESSAGES_MARKS = (
    "cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation", "inference_geo", "speed",
    "server_tool_use", "iterations",
)  # fmt: skip
"""What only Anthropic's Messages write into a usage."""
MESSAGES = "anthropic"
CREDITED = "a credit for a fallback changes what is billed"
CACHED_ELSEWHERE = "cached tokens may stand under a name that is not read"
THOUGHTS_IN_TOTAL = "thinking tokens stand only in the total"


class Surface(NamedTuple):
    """How the usage objects of one surface are read."""

    leaves: tuple[Leaf, ...]
    known: Collection[str]
    finish: Callable[[Reading, dict[str, Any]], None]


def set_usage(reading: Reading, usage: dict[str, Any], *, messages: bool = False) -> None:
    """Fill the counts of a reading, its flavour, terms, raw and unknown usage, from a usage object of any surface.

    ``messages`` says that the answer around it is one of Anthropic's Messages, whose usage may have no mark of its own.
    The reading's own service tier, region and model stand, where it has them. Raises Unreadable.
    """
    usage = camel(usage)
    surface = _surface_of(usage)
    counts = read_leaves(surface.leaves, usage, usage)
    reading.update({name: counts[name] for name in COUNTS})
    reading["service_tier"] = reading.get("service_tier") or counts["service_tier"]
    if surface is FAMILY:
        reading["usage_flavour"] = _declared(usage, messages=messages)
    surface.finish(reading, usage)
    reading["raw_usage"] = usage_text(usage)
    reading["unknown_usage"] = unknown_usage(usage, surface.known)
    if reading["cache_read"] is None and names_cache(reading["unknown_usage"]):
        reading["cache_unseen"] = True
        add_note(reading, CACHED_ELSEWHERE)


def _surface_of(usage: dict[str, Any]) -> Surface:
    if "promptTokenCount" in usage or "totalTokenCount" in usage:
        return GEMINI_SURFACE
    if isinstance(usage.get("billed_units"), dict):
        return COHERE_SURFACE
    if {"inputTokens", "outputTokens"} & usage.keys():
        return CONVERSE_SURFACE
    if any(usage.get(path) is not None for leaf in TOKENS[:2] for path in leaf.paths):
        return FAMILY
    names = ", ".join(map(shown, sorted(map(str, usage))[:6]))
    raise Unreadable(f"usage holds none of prompt_tokens, input_tokens, completion_tokens: {names}")


def _declared(usage: dict[str, Any], *, messages: bool) -> str:
    """The surface of OpenAI's or Anthropic's that the names in a usage are of."""
    if usage.get("prompt_tokens") is not None or usage.get("completion_tokens") is not None:
        return "openai_chat"
    if messages:
        return MESSAGES
    if usage.get("total_tokens") is not None or usage.get("input_tokens_details") is not None:
        return "openai_responses"
    thinking = "thinking_tokens" in as_object(usage.get("output_tokens_details"))
    return MESSAGES if thinking or usage.keys() & set(MESSAGES_MARKS) else "openai_responses"


def _set_family(reading: Reading, usage: dict[str, Any]) -> None:
    set_writes(reading)
    _let_total_decide(reading)
    if reading["completion"] is None and reading["total"] == reading["prompt"] is not None:
        # An embedding: it has no output.
        reading["completion"] = 0
    if as_object(as_object(usage.get("fallback_credit")).get("status")).get("type") == "redeemed":
        add_note(reading, CREDITED)
    if reading["usage_flavour"] == MESSAGES or usage.keys() & set(MESSAGES_MARKS):
        reading["service_tier"], reading["region"] = anthropic_terms(
            usage, reading["service_tier"], reading.get("region")
        )


def set_writes(reading: Reading) -> None:
    """Take the writes whose lifetime is known out of those that are only counted; they may not be more."""
    split = [reading[name] for name in ("cache_write_5m", "cache_write_1h") if reading[name] is not None]
    if not split:
        return
    rest = (reading["cache_write"] or 0) - sum(split)
    if reading["cache_write"] is not None and rest < 0:
        add_note(reading, "cache writes by lifetime exceed all cache writes")
    reading["cache_write"] = rest if rest > 0 else None


def _let_total_decide(reading: Reading) -> None:
    """Where the total fits only one reading of the counts, that is their flavour."""
    prompt, completion, total = reading["prompt"], reading["completion"], reading["total"]
    if prompt is None or completion is None or total is None or total == prompt + completion:
        return
    cached = sum(reading[name] or 0 for name in ("cache_read", "cache_write", "cache_write_5m", "cache_write_1h"))
    over, thought = total - prompt - completion, reading["reasoning"]
    if over == cached > 0:
        reading["usage_flavour"] = MESSAGES
    elif over == thought:
        reading["usage_flavour"] = "gemini"
    elif over > 0 and not thought and not cached and "gemini" in _model(reading):
        # Google's endpoint in OpenAI's shape counts thinking nowhere else; it is billed as output.
        reading.update(usage_flavour="gemini", reasoning=over)
        add_note(reading, THOUGHTS_IN_TOTAL)


def _model(reading: Reading) -> str:
    return str(reading.get("model_served") or reading.get("model_requested") or "").lower()


def _set_converse(reading: Reading, usage: dict[str, Any]) -> None:
    reading["usage_flavour"] = "bedrock_converse"
    for each in usage.get("cacheDetails") or ():
        name = {"5m": "cache_write_5m", "1h": "cache_write_1h"}.get(str(as_object(each).get("ttl")))
        if name:
            reading[name] = (reading[name] or 0) + count_of("cacheDetails.inputTokens", each.get("inputTokens"))
    set_writes(reading)


def _set_cohere(reading: Reading, usage: dict[str, Any]) -> None:
    """Cohere bills units of its own; no cached token is billed apart, and images stand beside the text."""
    reading["usage_flavour"] = "cohere"
    if reading["prompt"] is not None and reading["completion"] is None and "image_tokens" in usage["billed_units"]:
        reading["completion"] = 0
    if reading["input_image"]:
        reading["prompt"] = (reading["prompt"] or 0) + reading["input_image"]


def _set_gemini(reading: Reading, usage: dict[str, Any]) -> None:
    reading["usage_flavour"] = "gemini"
    set_gemini(reading, usage)


FAMILY = Surface(TOKENS, KNOWN_TOKENS, _set_family)
CONVERSE_SURFACE = Surface(CONVERSE, KNOWN_CONVERSE, _set_converse)
GEMINI_SURFACE = Surface(GEMINI, KNOWN_GEMINI, _set_gemini)
COHERE_SURFACE = Surface(COHERE, KNOWN_COHERE, _set_cohere)
