"""Anthropic's Messages."""

import json
from collections.abc import Iterator
from typing import Any

from tests.sellers.answer import ARGUMENTS, TOOL, Piece, Whole, answer_text, event, slices, text_of
from tests.sellers.plan import Plan, Tokens

BEGUN = 2
"""Output tokens that a stream's first event counts, before any of the answer is there."""


def usage_of(tokens: Tokens) -> dict[str, Any]:
    """As Messages write it: cached tokens beside the input."""
    short, long = tokens.cache_write_5m or 0, tokens.cache_write_1h or 0
    return {
        "input_tokens": tokens.input or 0,
        "cache_creation_input_tokens": short + long,
        "cache_read_input_tokens": tokens.cache_read or 0,
        "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long},
        "output_tokens": tokens.output or 0,
        "service_tier": "standard",
    }


def told(tokens: Tokens) -> Tokens:
    """What of the tokens that usage tells: nothing of reasoning."""
    given = {name: count or 0 for name, count in tokens._asdict().items()}
    return Tokens(**given)._replace(reasoning=None)


def whole(plan: Plan, request: dict[str, Any], response_id: str) -> Whole:
    """The answer in one."""
    blocks = list(_blocks(plan, request))
    answered: dict[str, int] = {}
    for block in blocks:
        kind, chars = _size(block)
        answered[kind] = answered.get(kind, 0) + chars
    body = _frame(plan, request, response_id) | {"content": blocks, "stop_reason": _stop(plan)}
    return Whole(body | {"usage": usage_of(plan.tokens)}, told(plan.tokens), answered)


def pieces(plan: Plan, request: dict[str, Any], response_id: str) -> list[Piece]:
    """The answer as a stream."""
    begun = plan.tokens._replace(output=BEGUN)
    start = _frame(plan, request, response_id) | {"content": [], "stop_reason": None, "usage": usage_of(begun)}
    found = [Piece(_event("message_start", message=start), told(begun)), Piece(_event("ping"))]
    for index, block in enumerate(_blocks(plan, request)):
        found += _block_events(plan, index, block)
    delta = {"stop_reason": _stop(plan), "stop_sequence": None}
    usage = {"output_tokens": plan.tokens.output or 0}
    found.append(Piece(_event("message_delta", delta=delta, usage=usage), told(plan.tokens)))
    return [*found, Piece(_event("message_stop"))]


def error(kind: str, status: int, request_id: str) -> dict[str, Any]:
    """The body of a status that is no success."""
    said = {"type": f"{kind}_error", "message": f"Secret words about a prompt ({status})."}
    return {"type": "error", "error": said, "request_id": request_id}


def error_event(request_id: str) -> bytes:
    """An error in the place of an event."""
    return event(error("overloaded", 529, request_id), "error")


def _event(kind: str, **more: Any) -> bytes:
    return event({"type": kind, **more}, kind)


def _frame(plan: Plan, request: dict[str, Any], response_id: str) -> dict[str, Any]:
    frame = {"id": response_id, "type": "message", "role": "assistant", "model": request["model"]}
    return frame | {"stop_sequence": None}


def _stop(plan: Plan) -> str:
    return "tool_use" if plan.tool else "end_turn"


def _blocks(plan: Plan, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if plan.thinking:
        yield {"type": "thinking", "thinking": text_of(plan.thinking), "signature": "c2lnbmVk"}
    yield {"type": "text", "text": answer_text(plan, request)}
    if plan.tool:
        yield {"type": "tool_use", "id": "toolu_1", "name": TOOL, "input": json.loads(ARGUMENTS)}


def _size(block: dict[str, Any]) -> tuple[str, int]:
    if block["type"] == "tool_use":
        return "tool_call", len(TOOL) + len(ARGUMENTS)
    return ("reasoning", len(block["thinking"])) if block["type"] == "thinking" else ("text", len(block["text"]))


def _block_events(plan: Plan, index: int, block: dict[str, Any]) -> Iterator[Piece]:
    kind, _ = _size(block)
    if kind == "tool_call":
        empty, text, delta = block | {"input": {}}, ARGUMENTS, ("input_json_delta", "partial_json")
    elif kind == "reasoning":
        empty, text = block | {"thinking": "", "signature": ""}, block["thinking"]
        delta = ("thinking_delta", "thinking")
    else:
        empty, text, delta = block | {"text": ""}, block["text"], ("text_delta", "text")
    first = len(TOOL) if kind == "tool_call" else 0
    yield Piece(_event("content_block_start", index=index, content_block=empty), None, kind, first)
    for part in slices(text, plan.chunks):
        said = {"type": delta[0], delta[1]: part}
        yield Piece(_event("content_block_delta", index=index, delta=said), None, kind, len(part))
    yield Piece(_event("content_block_stop", index=index))
