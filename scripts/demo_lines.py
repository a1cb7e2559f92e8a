"""How the demo's calls are written down: usage as each seller has it, streams, our envelope. No content."""

import json
from typing import Any

from scripts.demo_calls import OPENROUTER, Call, cost_of

JsonObject = dict[str, Any]


def usage_of(call: Call, share: int = 100) -> JsonObject | None:
    """The usage as the seller writes it, or a stream's running usage at a share of its output (percent)."""
    if call.prompt is None:
        return None
    output, reasoning = call.output * share // 100, call.reasoning * share // 100
    usage: JsonObject = {"prompt_tokens": call.prompt, "completion_tokens": output}
    usage["total_tokens"] = call.prompt + output + call.off_by
    if call.route.dialect == "stepfun":
        return usage | ({"cached_tokens": call.cached} if call.cached else {})
    if call.route.dialect == "deepseek":
        usage |= {
            "prompt_cache_hit_tokens": call.cached,
            "prompt_cache_miss_tokens": call.prompt - call.cached,
        }
    elif call.route.dialect == "openrouter":
        usage |= {"cost": (cost_of(call)[1] or 0) / 10**12, "is_byok": False}
    details = {"completion_tokens_details": {"reasoning_tokens": reasoning}}
    return usage | {"prompt_tokens_details": {"cached_tokens": call.cached}} | details


def _head(call: Call, kind: str) -> JsonObject:
    created = int(call.at.timestamp())
    openrouter = call.route.dialect == "openrouter"
    name = (
        f"gen-{created}-demo{call.number:05}" if openrouter else f"chatcmpl-demo-{call.work.project}-{call.number:05}"
    )
    provider = {"provider": "StepFun" if call.route is OPENROUTER else "DeepSeek"} if openrouter else {}
    return {"id": name, **provider, "object": kind, "created": created, "model": call.route.served}


def body_of(call: Call) -> JsonObject:
    """A whole answer, without content."""
    choices = [{"index": 0, "message": {"role": "assistant", "content": ""}, "finish_reason": call.finish}]
    return _head(call, "chat.completion") | {"choices": choices, "usage": usage_of(call)}


def stream_of(call: Call) -> str:
    """A stream's text: StepFun and cut streams have a running usage on every chunk, others one at the end."""
    head = _head(call, "chat.completion.chunk")
    chunks: list[JsonObject] = []
    for share in (1, 60, 100):
        finish = call.finish if share == 100 and not call.cut else None
        chunk = head | {"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": finish}]}
        usage = usage_of(call, share) if call.cut or call.route.dialect == "stepfun" else None
        chunks.append(chunk | ({"usage": usage} if usage else {}))
    if call.prompt is not None and "usage" not in chunks[-1]:
        chunks.append(head | {"choices": [], "usage": usage_of(call)})
    lines = [f"data: {json.dumps(chunk, separators=(',', ':'))}" for chunk in chunks]
    return "\n\n".join(lines + ([] if call.cut else ["data: [DONE]"])) + "\n\n"


def request_of(call: Call) -> JsonObject:
    """What was asked, without content: only what says which features were in use."""
    request: JsonObject = {"model": call.route.asked, "max_completion_tokens": 1500}
    request |= {"reasoning_effort": call.effort} if call.effort else {}
    request |= {"stream": True} if call.is_stream else {}
    request |= {"tools": [{"type": "function"}]} if "tools" in call.features else {}
    request |= {"response_format": {"type": "json_schema"}} if "schema" in call.features else {}
    parts = [{"type": "text"}, {"type": "image_url"}]
    return request | ({"messages": [{"role": "user", "content": parts}]} if "image" in call.features else {})


def line_of(call: Call) -> JsonObject:
    """A log's line: our envelope, or OpenRouter's bare answer with the labels that its caller adds."""
    labels = {"task": call.task, "step": call.step} if call.task else {}
    labels |= {"team": call.work.team, "project": call.work.project, "user": call.user}
    if call.route.dialect == "openrouter":
        return body_of(call) | labels
    time = call.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line: JsonObject = {"time": time, "base_url": call.route.base_url, "request": request_of(call)}
    if call.error:
        line["error"] = {"type": call.error}
    if call.prompt is not None or call.status == 200:
        line["response"] = stream_of(call) if call.is_stream else body_of(call)
    elif call.status == 401:
        line["response"] = ""
    line |= {"status": call.status} if call.status else {}
    line |= {"latency_ms": call.latency_ms} | ({"ttft_ms": call.ttft_ms} if call.ttft_ms and call.is_stream else {})
    line |= {"attempt": call.attempt, "retries": call.attempt - 1} if call.attempt else {}
    line |= labels | {"key_alias": f"{call.work.team}-key", "environment": "production"}
    return line | ({"tags": {"launch": "assistant"}} if call.work.project == "assistant" else {})
