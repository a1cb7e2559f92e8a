"""Answers of other API surfaces in the names of a chat's, so that one table of leaves reads the body of any of them.

Only names change here; what the counts mean is decided from the usage object itself, in ``ingest.surfaces``.
"""

from typing import Any

from ingest.surface_parts import as_object

Body = dict[str, Any]
VERTEX = "google-vertex"
VERTEX_IDS = "msg_vrtx_"
TIER_OPTIMIZED = "latency-optimized"
"""Bedrock's faster and dearer answers, as a service tier."""


def as_chat(body: Body) -> Body:
    """A body of any surface in a chat's names; those of OpenAI and of its dialects are returned as they are."""
    if is_messages(body):
        return _messages(body)
    if is_gemini(body):
        return _gemini(body)
    if is_converse(body):
        return _converse(body)
    if "billed_units" in as_object(body.get("meta")):
        return {**body, "id": body.get("id") or body.get("generation_id"), "usage": body["meta"]}
    return body


def seller_of_answer(body: Body) -> str | None:
    """Who must have given an answer, by what nobody else writes into one."""
    usage = as_object(_either(body, "usageMetadata", "usage_metadata"))
    if is_gemini(body) and (
        _either(body, "createTime", "create_time") or _either(usage, "trafficType", "traffic_type")
    ):
        return VERTEX
    return VERTEX if str(body.get("id")).startswith(VERTEX_IDS) else None


def is_messages(body: Body) -> bool:
    """Whether this is an answer of Anthropic's Messages, whoever gave it."""
    if body.get("type") == "message" and isinstance(body.get("usage"), dict):
        return True
    usage = as_object(body.get("usage"))
    if not isinstance(usage.get("input_tokens"), int) or "total_tokens" in usage:
        return False
    return "stop_reason" in body or "cache_creation_input_tokens" in usage or "cache_read_input_tokens" in usage


def is_gemini(body: Body) -> bool:
    """Whether this is an answer of generateContent, or a piece of one."""
    names = ("usageMetadata", "usage_metadata", "candidates", "promptFeedback")
    return any(body.get(name) and isinstance(body[name], dict | list) for name in names)


def is_converse(body: Body) -> bool:
    """Whether this is an answer of Bedrock's Converse."""
    return "inputTokens" in as_object(body.get("usage"))


def _messages(body: Body) -> Body:
    return {
        "id": body.get("id"),
        "object": "message",
        "model": body.get("model"),
        "choices": [{"finish_reason": body.get("stop_reason")}],
        "usage": body.get("usage"),
        "error": body.get("error"),
        # OpenRouter's Messages name the upstream, and their ids are OpenRouter's.
        "provider": body.get("provider"),
    }


def _gemini(body: Body) -> Body:
    listed = body.get("candidates")
    first = as_object(listed[0]) if isinstance(listed, list) and listed else {}
    stop = _either(first, "finishReason", "finish_reason") or as_object(body.get("promptFeedback")).get("blockReason")
    return {
        "id": _either(body, "responseId", "response_id"),
        "object": "generate_content",
        "created": _either(body, "createTime", "create_time"),
        "model": google_model(_either(body, "modelVersion", "model_version") or body.get("model")),
        "choices": [{"finish_reason": stop}],
        "usage": _either(body, "usageMetadata", "usage_metadata"),
        "error": body.get("error"),
    }


def google_model(name: Any) -> str | None:
    """A model's name without the path before it and the ``@default`` behind."""
    if not isinstance(name, str) or not name:
        return None
    return name.rsplit("/", 1)[-1].removesuffix("@default")


def _converse(body: Body) -> Body:
    tier = as_object(body.get("serviceTier")).get("type")
    if as_object(body.get("performanceConfig")).get("latency") == "optimized":
        tier = TIER_OPTIMIZED
    return {
        "id": as_object(body.get("ResponseMetadata")).get("RequestId"),
        "object": "converse",
        "choices": [{"finish_reason": body.get("stopReason")}],
        "service_tier": None if tier == "default" else tier,
        "model": body.get("modelId"),
        "usage": body.get("usage"),
        "error": body.get("error"),
    }


def _either(body: Body, name: str, other: str) -> Any:
    found = body.get(name)
    return body.get(other) if found is None else found
