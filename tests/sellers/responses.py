"""OpenAI's Responses."""

from typing import Any

from tests.sellers.answer import ARGUMENTS, TOOL, Piece, Whole, answer_text, event, slices
from tests.sellers.plan import Plan, Tokens


def usage_of(tokens: Tokens) -> dict[str, Any]:
    """As Responses write it."""
    prompt, output = tokens.prompt(), tokens.output or 0
    return {
        "input_tokens": prompt,
        "input_tokens_details": {"cached_tokens": tokens.cache_read or 0},
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": tokens.reasoning or 0},
        "total_tokens": prompt + output,
    }


def told(tokens: Tokens) -> Tokens:
    """What of the tokens that usage tells."""
    read = tokens.cache_read or 0
    return Tokens(tokens.prompt() - read, read, None, None, tokens.output or 0, tokens.reasoning or 0)


def whole(plan: Plan, request: dict[str, Any], response_id: str) -> Whole:
    """The answer in one."""
    answered = {"text": len(answer_text(plan, request))}
    if plan.tool:
        answered["tool_call"] = len(TOOL) + len(ARGUMENTS)
    body = _frame(plan, request, response_id, "completed", _items(plan, request))
    return Whole(body, told(plan.tokens), answered)


def pieces(plan: Plan, request: dict[str, Any], response_id: str) -> list[Piece]:
    """The answer as a stream."""
    items = _items(plan, request)
    part = items[0]["content"][0]
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    begun = _frame(plan, request, response_id, "in_progress", [])
    said: list[tuple[dict[str, Any], str, int]] = [
        ({"type": "response.created", "response": begun}, "", 0),
        ({"type": "response.in_progress", "response": begun}, "", 0),
        ({"type": "response.output_item.added", "output_index": 0, "item": items[0] | {"content": []}}, "", 0),
        ({"type": "response.content_part.added", **place, "part": part | {"text": ""}}, "", 0),
    ]
    for text in slices(answer_text(plan, request), plan.chunks):
        said.append((_delta("response.output_text.delta", "msg_1", 0, text), "text", len(text)))
    said.append(({"type": "response.output_text.done", **place, "text": part["text"], "logprobs": []}, "", 0))
    said.append(({"type": "response.content_part.done", **place, "part": part}, "", 0))
    said.append(({"type": "response.output_item.done", "output_index": 0, "item": items[0]}, "", 0))
    if plan.tool:
        said += _tool_events(items[1])
    end = _frame(plan, request, response_id, "completed", items)
    found = [
        Piece(event({**what, "sequence_number": number}, str(what["type"])), None, kind, chars)
        for number, (what, kind, chars) in enumerate(said)
    ]
    last = {"type": "response.completed", "sequence_number": len(said), "response": end}
    return [*found, Piece(event(last, "response.completed"), told(plan.tokens))]


def error_event(request_id: str) -> bytes:
    """An error in the place of an event."""
    what = {"type": "error", "code": "server_error", "message": f"Secret words ({request_id}).", "param": None}
    return event({**what, "sequence_number": 4}, "error")


def _tool_events(item: dict[str, Any]) -> list[tuple[dict[str, Any], str, int]]:
    added = {"type": "response.output_item.added", "output_index": 1, "item": item | {"arguments": ""}}
    said: list[tuple[dict[str, Any], str, int]] = [(added, "tool_call", len(TOOL))]
    for part in slices(ARGUMENTS, 2):
        said.append((_delta("response.function_call_arguments.delta", "fc_1", 1, part), "tool_call", len(part)))
    done = {"item_id": "fc_1", "output_index": 1, "name": TOOL, "arguments": ARGUMENTS}
    said.append(({"type": "response.function_call_arguments.done", **done}, "", 0))
    said.append(({"type": "response.output_item.done", "output_index": 1, "item": item}, "", 0))
    return said


def _delta(kind: str, item: str, place: int, part: str) -> dict[str, Any]:
    more = {"content_index": 0, "logprobs": []} if kind == "response.output_text.delta" else {}
    return {"type": kind, "item_id": item, "output_index": place, "delta": part, **more}


def _items(plan: Plan, request: dict[str, Any]) -> list[dict[str, Any]]:
    part = {"type": "output_text", "text": answer_text(plan, request), "annotations": [], "logprobs": []}
    items: list[dict[str, Any]] = [
        {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "content": [part]}
    ]
    if plan.tool:
        call = {"id": "fc_1", "type": "function_call", "status": "completed", "call_id": "call_1"}
        items.append({**call, "name": TOOL, "arguments": ARGUMENTS})
    return items


def _frame(
    plan: Plan, request: dict[str, Any], response_id: str, status: str, items: list[dict[str, Any]]
) -> dict[str, Any]:
    done = status == "completed"
    return {
        "id": response_id,
        "object": "response",
        "created_at": 1_795_166_102,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": request.get("instructions"),
        "max_output_tokens": request.get("max_output_tokens"),
        "model": request["model"],
        "output": items,
        "parallel_tool_calls": True,
        "reasoning": {"effort": (request.get("reasoning") or {}).get("effort"), "summary": None},
        "service_tier": request.get("service_tier") or "default",
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": request.get("tools") or [],
        "usage": usage_of(plan.tokens) if done else None,
        "metadata": {},
    }
