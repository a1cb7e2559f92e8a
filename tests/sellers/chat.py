"""Chat completions, as OpenAI, StepFun, Novita and DeepSeek answer them."""

from collections.abc import Iterator
from typing import Any

from tests.sellers.answer import ARGUMENTS, TOOL, Piece, Whole, answer_text, event, slices, text_of
from tests.sellers.plan import Plan, Tokens

REASONING_AS = {"stepfun": "reasoning", "novita": "reasoning_content", "deepseek": "reasoning_content"}
"""Under which name a seller sends its reasoning; OpenAI sends none."""
RUNNING = {"stepfun"}
"""Sellers whose every chunk has the usage until then, asked for or not."""
ON_LAST_CHUNK = {"deepseek"}
"""Sellers whose usage is on the last chunk of the answer, not on one of its own."""


def usage_of(seller: str, tokens: Tokens) -> dict[str, Any]:
    """As the seller writes it."""
    prompt, completion = tokens.prompt(), tokens.output or 0
    usage: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": completion}
    usage["total_tokens"] = prompt + completion
    if seller == "stepfun":
        return usage | ({"cached_tokens": tokens.cache_read} if tokens.cache_read else {})
    usage["prompt_tokens_details"] = {"cached_tokens": tokens.cache_read or 0}
    usage["completion_tokens_details"] = {"reasoning_tokens": tokens.reasoning or 0}
    if seller == "deepseek":
        usage["prompt_cache_hit_tokens"] = tokens.cache_read or 0
        usage["prompt_cache_miss_tokens"] = prompt - (tokens.cache_read or 0)
    return usage


def told(seller: str, tokens: Tokens) -> Tokens:
    """What of the tokens that usage tells."""
    read = tokens.cache_read or (None if seller == "stepfun" else 0)
    reasoning = None if seller == "stepfun" else tokens.reasoning or 0
    return Tokens(tokens.prompt() - (read or 0), read, None, None, tokens.output or 0, reasoning)


def whole(seller: str, plan: Plan, request: dict[str, Any], response_id: str) -> Whole:
    """The answer in one."""
    text, answered = answer_text(plan, request), {}
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
    answered["text"] = len(text)
    if plan.thinking and seller in REASONING_AS:
        message[REASONING_AS[seller]] = text_of(plan.thinking)
        answered["reasoning"] = plan.thinking
    if plan.tool:
        message["tool_calls"] = [_tool_call(TOOL, ARGUMENTS)]
        answered["tool_call"] = len(TOOL) + len(ARGUMENTS)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(plan)}
    body = _frame(request, response_id, "chat.completion") | {
        "choices": [choice],
        "usage": usage_of(seller, plan.tokens),
    }
    return Whole(body, told(seller, plan.tokens), answered)


def pieces(seller: str, plan: Plan, request: dict[str, Any], response_id: str) -> list[Piece]:
    """The answer as a stream."""
    asked = bool((request.get("stream_options") or {}).get("include_usage"))
    deltas = list(_deltas(seller, plan, request))
    found: list[Piece] = []
    frame = _frame(request, response_id, "chat.completion.chunk")
    for number, (delta, finish, kind, chars) in enumerate(deltas, 1):
        chunk: dict[str, Any] = {**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        sent = None
        if seller in RUNNING:
            so_far = plan.tokens._replace(output=(plan.tokens.output or 0) * number // len(deltas))
            chunk["usage"], sent = usage_of(seller, so_far), told(seller, so_far)
        elif asked and seller in ON_LAST_CHUNK and finish:
            chunk["usage"], sent = usage_of(seller, plan.tokens), told(seller, plan.tokens)
        elif asked:
            chunk["usage"] = None
        found.append(Piece(event(chunk), sent, kind, chars))
    if asked and seller not in RUNNING | ON_LAST_CHUNK:
        last = {**frame, "choices": [], "usage": usage_of(seller, plan.tokens)}
        found.append(Piece(event(last), told(seller, plan.tokens)))
    return [*found, Piece(event("[DONE]"))]


def error(kind: str, status: int, request_id: str) -> dict[str, Any]:
    """The body of a status that is no success."""
    words = {"code": kind, "type": f"{kind}_error", "param": None}
    return {"error": {"message": f"Secret words about a prompt ({status}, {request_id}).", **words}}


def error_event(request_id: str) -> bytes:
    """An error in the place of a chunk."""
    return event(error("server_error", 500, request_id))


def _frame(request: dict[str, Any], response_id: str, kind: str) -> dict[str, Any]:
    tier = request.get("service_tier")
    frame = {"id": response_id, "object": kind, "created": 1_795_166_102, "model": request["model"]}
    return frame | ({"service_tier": tier} if tier in ("flex", "priority") else {})


def _finish(plan: Plan) -> str:
    return "tool_calls" if plan.tool else "stop"


def _tool_call(name: str, arguments: str) -> dict[str, Any]:
    return {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


def _deltas(seller: str, plan: Plan, request: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str | None, str, int]]:
    """Each delta with its end of the answer, and the kind and number of the code points in it."""
    going = "" if seller == "stepfun" else None
    yield {"role": "assistant", "content": ""}, going, "", 0
    if seller in REASONING_AS:
        for part in slices(text_of(plan.thinking), 2):
            yield {REASONING_AS[seller]: part}, going, "reasoning", len(part)
    for part in slices(answer_text(plan, request), plan.chunks):
        yield {"content": part}, going, "text", len(part)
    if plan.tool:
        yield {"tool_calls": [_tool_call(TOOL, "")]}, going, "tool_call", len(TOOL)
        for part in slices(ARGUMENTS, 2):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": part}}]}, going, "tool_call", len(part)
    yield {}, _finish(plan), "", 0
