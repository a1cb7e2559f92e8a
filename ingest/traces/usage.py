"""The counts of a span: whose they are, what is inside what, and which zeros mean that nothing was known."""

import json
import re
from typing import Any

from ingest import langfuse_usage
from ingest.reading import Reading
from ingest.record import usage_status
from ingest.surfaces import set_usage, set_writes
from ingest.traces.fields import CACHE_READ, CACHE_WRITE, COUNTS, LEFT_ASIDE, USAGE_PLACES
from ingest.traces.request import Span
from ingest.traces.scopes import Scope, loses_zero
from ingest.traces.text import object_of
from ingest.unknown_usage import unknown_usage

RAW_USAGE = re.compile(r"llm\.\w+\.usage")
"""Under which LiteLLM's first version writes the seller's own usage object."""
KNOWN = frozenset(path for leaf in COUNTS for path in leaf.paths) | frozenset(LEFT_ASIDE)
CACHED = ("cache_read", "cache_write", "cache_write_5m", "cache_write_1h")
USED = ("prompt", "completion", "total", "reasoning", "input_audio", "output_audio", *CACHED)
EMBEDDING = "list"


def set_counts(reading: Reading, span: Span, scope: Scope) -> None:
    """Make the counts that stand in the reading those of the call; raises Unreadable."""
    if details := object_of(span.attributes.get("langfuse.observation.usage_details")):
        langfuse_usage.set_usage(reading, details)
    elif raw := _raw_usage(span):
        set_usage(reading, raw, messages=reading["object"] == "message")
    else:
        _set_attributes(reading, span, scope)
    if not any(reading[name] for name in USED):
        # No call uses nothing: it is how a failure without usage is written.
        reading.update(dict.fromkeys(USED))
    if reading["object"] == EMBEDDING and reading["prompt"] is not None and not reading["completion"]:
        reading["completion"] = 0
    _forget_lost_zeros(reading, scope)
    reading["usage_status"] = _status(reading, span, scope)
    if not reading["cost_reported"]:
        # 0 for tokens that were used means that no price was known.
        reading["cost_reported"] = None


def _raw_usage(span: Span) -> dict[str, Any]:
    """The usage object that the answer held, where the span has it whole."""
    attributes = span.attributes
    named = (name for name in attributes if RAW_USAGE.fullmatch(name))
    if found := next((usage for name in named if (usage := object_of(attributes[name]))), {}):
        return found
    # LiteLLM's own object has the cached tokens that its attributes lack.
    return object_of(attributes.get("metadata.usage_object"))


def _set_attributes(reading: Reading, span: Span, scope: Scope) -> None:
    usage = {name: value for name, value in span.attributes.items() if name.startswith(USAGE_PLACES)}
    if not usage:
        return
    set_writes(reading)
    reading["usage_flavour"], reading["cache_unproven"] = _flavour(reading, span, scope)
    reading["raw_usage"] = json.dumps(usage, separators=(",", ":"), default=str)
    reading["unknown_usage"] = unknown_usage(usage, KNOWN)


def _flavour(reading: Reading, span: Span, scope: Scope) -> tuple[str, bool]:
    """Where cached tokens and reasoning stand, and whether nothing proves it: the total first, then the scope."""
    cached = sum(reading[name] or 0 for name in CACHED)
    prompt, total = reading["prompt"] or 0, reading["total"]
    plain, reasoning = prompt + (reading["completion"] or 0), reading["reasoning"] or 0
    if total is not None and total != plain:
        if cached and total == plain + cached:
            return "anthropic", False
        if reasoning and total == plain + reasoning:
            return "gemini", False
    if cached > prompt:
        return "anthropic", False
    if scope.inside or not cached or not _is_anthropics(reading, span) or total == plain:
        return "openai_chat", False
    return "anthropic", True


def _is_anthropics(reading: Reading, span: Span) -> bool:
    names = ("gen_ai.provider.name", "gen_ai.system", "ai.model.provider", "llm.provider", "llm.system")
    said = (*(span.attributes.get(name) for name in names), reading["model_requested"], reading["model_served"])
    return any("anthropic" in str(word).lower() or "claude" in str(word).lower() for word in said if word)


def _forget_lost_zeros(reading: Reading, scope: Scope) -> None:
    """Where the instrumentation looks in the wrong place, none is unknown."""
    model = reading["model_served"] or reading["model_requested"]
    for name in ("cache_read", "cache_read_other", "cache_write", "reasoning"):
        if reading[name] == 0 and loses_zero(scope, model):
            reading[name] = None
    has_input = reading["prompt"] is not None and reading["object"] != EMBEDDING
    reading["cache_unseen"] = has_input and reading["cache_read"] is None


def _status(reading: Reading, span: Span, scope: Scope) -> str:
    failed = bool(reading["error_category"])
    broken = scope.names_end and bool(reading["streamed"]) and reading["finish_reason"] is None
    status = usage_status(reading, whole=not (failed or broken))
    if status == "missing":
        return status
    # Counted by LiteLLM itself from what it had seen when the answer broke off.
    guessed = failed and scope.begins == "litellm"
    guessed |= scope.guessed_streams and bool(reading["streamed"])
    # OpenLIT counts words itself where a stream brings no usage, and then knows of no cache.
    guessed |= "openlit" in scope.begins and bool(reading["streamed"]) and not _names(span, *CACHE_READ, *CACHE_WRITE)
    return "estimated" if guessed else status


def _names(span: Span, *names: str) -> bool:
    return any(name in span.attributes for name in names)
