"""What LiteLLM's fields mean together: which call it was, which counts are true, what failed."""

import base64
import binascii
import re
from datetime import datetime
from typing import Any

from ingest.anthropic_terms import anthropic_terms
from ingest.clock import parse_time
from ingest.outcome import categorise
from ingest.reading import Reading
from ingest.record import usage_status
from ingest.surface_parts import as_object

REPLAY = re.compile(r"_cache_hit\d+(\.\d+)?$")
"""How the id of a call ends that LiteLLM answered from its own cache."""
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
OBJECTS = {
    "completion": "chat.completion",
    "responses": "response",
    "anthropic_messages": "message",
    "embedding": "list",
    "text_completion": "text_completion",
}
"""LiteLLM's call types (without the ``a`` of the asynchronous ones) as the object that such a call answers with."""
SELLERS = frozenset({"anthropic", "deepseek", "groq", "mistral", "novita", "openai", "openrouter"})
"""Providers that are sellers of the same name: whom LiteLLM calls where no other address is set."""
USED = ("prompt", "completion", "total", "cache_read", "cache_write", "cache_write_5m", "cache_write_1h", "reasoning")


def complete(reading: Reading, own: dict[str, Any]) -> Reading:
    """Fill in what no single field says; ``own`` is the unpacked payload."""
    failed = own.get("status") == "failure" or _metadata(own).get("status") == "failure"
    reading["gateway"] = "litellm"
    reading["usage_flavour"] = "openai_chat"
    reading["cost_kind"] = "estimate"
    _set_call(reading, own, failed=failed)
    _set_route(reading, own)
    _set_times(reading, own)
    _set_work(reading, own)
    _set_outcome(reading, own, failed=failed)
    _set_usage(reading, own, failed=failed)
    _set_terms(reading, own)
    return reading


def _set_call(reading: Reading, own: dict[str, Any], *, failed: bool) -> None:
    """The ids: LiteLLM's own for the record, the provider's for the answer."""
    call = reading["key_text"]
    replayed = bool(reading["gateway_cache_hit"]) or bool(call and REPLAY.search(call))
    if reading["request_id"] and (replayed or not call):
        # Each log gives a replay an ending of its own.
        reading["key_text"] = f"{reading['request_id']} {'replay' if replayed else own.get('status')}"
    reading["gateway_cache_hit"] = True if replayed else reading["gateway_cache_hit"]
    # A failure has no answer; a replay has the id of another call's answer.
    reading["response_id"] = None if failed or replayed or not call else provider_id(call)


def provider_id(text: str) -> str:
    """The provider's own id, which LiteLLM packs into those of stored answers."""
    packed = text.removeprefix("resp_")
    if packed == text:
        return text
    try:
        inner = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
    return inner.rpartition("response_id:")[2] if inner.startswith("litellm:") else text


def _set_route(reading: Reading, own: dict[str, Any]) -> None:
    provider = own.get("custom_llm_provider")
    asked = reading["model_requested"]
    if asked and provider:
        asked = asked.removeprefix(f"{provider}/")
    reading["model_requested"] = asked
    # An answer sometimes names the alias that the caller used, which is no model.
    if reading["model_served"] in (None, own.get("model_group")):
        reading["model_served"] = asked
    if reading["base_url"] is None and provider in SELLERS:
        reading["seller"] = provider
    call_type = str(reading["object"] or "")
    reading["object"] = OBJECTS.get(call_type) or OBJECTS.get(call_type.removeprefix("a"))


def _set_times(reading: Reading, own: dict[str, Any]) -> None:
    """Latency, and time to the first token where the answer was a stream: else LiteLLM writes the end there."""
    end, first = _instant(own.get("endTime")), _instant(own.get("completionStartTime"))
    if end is None:
        return
    reading["latency_ms"] = _milliseconds(reading["start_at"], end)
    if first and first != end and reading["streamed"] is not False:
        reading["ttft_ms"] = _milliseconds(reading["start_at"], first)


def _instant(value: Any) -> datetime | None:
    return parse_time(str(value))[0] if value not in (None, "") else None


def _milliseconds(start: datetime, end: datetime) -> int | None:
    """Whole milliseconds, to the nearest; None where the clock went backwards."""
    microseconds = (end - start) // (datetime.resolution)
    return (microseconds + 500) // 1000 if microseconds >= 0 else None


def _set_work(reading: Reading, own: dict[str, Any]) -> None:
    """Task, tags and environment. A session that is no random id names the task where nothing else does."""
    tags = _tags(own.get("request_tags"))
    named = (reading["session_id"], reading["trace_id"])
    grouped = (name for name in named if name and not UUID.fullmatch(name))
    reading["task"] = reading["task"] or tags.get("task") or next(grouped, None)
    reading["environment"] = tags.get("env") or tags.get("environment")
    alias = own.get("model_group")
    if alias and alias != reading["model_requested"]:
        tags["model_group"] = str(alias)
    fallback_from = _metadata(own).get("original_model_group")
    if fallback_from and fallback_from != alias:
        reading["role"] = "fallback"
    reading["tags"] = list(tags.items()) or None


def _tags(given: Any) -> dict[str, str]:
    """``name:value`` tags; a tag without a value is true. LiteLLM adds the caller's program, which is no tag."""
    texts = [text for text in given if isinstance(text, str)] if isinstance(given, list) else []
    pairs = (text.partition(":") for text in texts if text and not text.startswith("User-Agent:"))
    return {name.strip(): value.strip() or "true" for name, _, value in pairs}


def _set_outcome(reading: Reading, own: dict[str, Any], *, failed: bool) -> None:
    if not failed:
        return
    told = as_object(own.get("error_information")) or as_object(_metadata(own).get("error_information"))
    code = str(told.get("error_code") or "")
    reading["http_status"] = int(code) if re.fullmatch(r"[1-5]\d\d", code) else None
    words = {"type": told.get("error_class"), "code": told.get("normalized_error"), "message": own.get("error_str")}
    reading["error_category"] = categorise(reading["http_status"], words) or "other"
    reading["model_served"] = None


def _set_usage(reading: Reading, own: dict[str, Any], *, failed: bool) -> None:
    """Which counts are the provider's. A failure's are LiteLLM's guess, and no usage unless it put a price on them."""
    tokens = (reading["prompt"] or 0) + (reading["completion"] or 0)
    if not reading["cost_reported"] and not reading["gateway_cache_hit"] and (tokens or failed):
        # 0 for tokens that were used means that LiteLLM knew no price.
        reading["cost_reported"] = None
    if failed and reading["cost_reported"] is None:
        reading.update(dict.fromkeys(USED))
    status = usage_status(reading)
    reading["usage_status"] = "estimated" if failed and status != "missing" else status
    for name in ("cache_write_5m", "cache_write_1h"):
        if reading["cache_write"] is not None:
            reading["cache_write"] = max(0, reading["cache_write"] - (reading[name] or 0))
    if reading["streamed"] or own.get("custom_llm_provider") == "anthropic":
        # Counted by LiteLLM itself, from the reasoning's text.
        reading["reasoning"] = None
    reading["cache_unseen"] = (
        reading["cache_read"] is None and reading["prompt"] is not None and not reading["gateway_cache_hit"]
    )


def _set_terms(reading: Reading, own: dict[str, Any]) -> None:
    """What else of Anthropic's usage changes the price: fast answers, and where they may be worked out."""
    usage = own.get("usage")
    reading["service_tier"], reading["region"] = anthropic_terms(
        usage if isinstance(usage, dict) else {}, reading["service_tier"], reading["region"]
    )


def _metadata(own: dict[str, Any]) -> dict[str, Any]:
    found = own.get("metadata")
    return found if isinstance(found, dict) else {}
