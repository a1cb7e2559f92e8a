"""How the demo's calls are written down: usage as each seller has it, streams, our envelope. No content."""

import json
from typing import Any

from scripts.demo_calls import OPENROUTER, Call, charge_of

JsonObject = dict[str, Any]


def usage_of(call: Call, share: int = 100) -> JsonObject | None:
    """The usage as the seller writes it, or a stream's running usage at a share of its output (percent)."""
    if call.prompt is None:
        return None
    output, reasoning = call.output * share // 100, call.reasoning * share // 100
    usage: JsonObject = {"prompt_tokens": call.prompt, "completion_tokens": output}
    usage["total_tokens"] = call.prompt + output + call.off_by
    if call.route.dialect == "responses":
        return _responses_usage(call)
    if call.route.dialect == "stepfun":
        return usage | ({"cached_tokens": call.cached} if call.cached else {})
    if call.route.dialect == "deepseek":
        usage |= {
            "prompt_cache_hit_tokens": call.cached,
            "prompt_cache_miss_tokens": call.prompt - call.cached,
        }
    elif call.route.dialect == "openrouter":
        usage |= {"cost": (charge_of(call) or 0) / 10**12, "is_byok": False}
    details = {"completion_tokens_details": {"reasoning_tokens": reasoning}}
    return usage | {"prompt_tokens_details": {"cached_tokens": call.cached}} | details


def _responses_usage(call: Call) -> JsonObject:
    return {
        "input_tokens": call.prompt,
        "input_tokens_details": {"cached_tokens": call.cached},
        "output_tokens": call.output,
        "output_tokens_details": {"reasoning_tokens": call.reasoning},
        "total_tokens": (call.prompt or 0) + call.output,
    }


def answer_id(call: Call) -> str:
    """The seller's id of the answer; a replay has that of the answer that was kept."""
    number = call.replay_of or call.number
    if call.route.dialect == "responses":
        return f"resp_demo_{number:07}"
    openrouter = call.route.dialect == "openrouter"
    return f"gen-{int(call.at.timestamp())}-demo{number:07}" if openrouter else f"chatcmpl-demo-{number:07}"


def provider_of(call: Call) -> str:
    """Who serves a model behind OpenRouter."""
    return "StepFun" if call.route is OPENROUTER else "DeepSeek"


def _head(call: Call, kind: str) -> JsonObject:
    provider = {"provider": provider_of(call)} if call.route.dialect == "openrouter" else {}
    created = int(call.at.timestamp())
    return {"id": answer_id(call), **provider, "object": kind, "created": created, "model": call.route.served}


def body_of(call: Call) -> JsonObject:
    """A whole answer, without content."""
    if call.route.dialect == "responses":
        return _response_of(call)
    choices = [{"index": 0, "message": {"role": "assistant", "content": ""}, "finish_reason": call.finish}]
    return _head(call, "chat.completion") | {"choices": choices, "usage": usage_of(call)}


def _response_of(call: Call) -> JsonObject:
    head = {"id": answer_id(call), "object": "response", "created_at": int(call.at.timestamp())}
    cut = call.finish == "length"
    ended: JsonObject = {"incomplete_details": {"reason": "max_output_tokens"}} if cut else {}
    return (
        head
        | {"status": "incomplete" if cut else "completed"}
        | ended
        | {"model": call.route.served, "output": [], "usage": usage_of(call)}
    )


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
    texts = [json.dumps(chunk, separators=(",", ":")) for chunk in chunks] + ([] if call.cut else ["[DONE]"])
    return "".join(f"data: {text}\n\n" for text in texts)


def request_of(call: Call) -> JsonObject:
    """What was asked, without content: only what says which features were in use."""
    if call.route.dialect == "responses":
        return {"model": call.route.asked, **_responses_parameters(call)}
    request: JsonObject = {"model": call.route.asked, **parameters_of(call)}
    kinds = [name for name in ("image", "video") if name in call.features]
    parts = [{"type": "text"}, *({"type": f"{kind}_url"} for kind in kinds)]
    return request | ({"messages": [{"role": "user", "content": parts}]} if kinds else {})


def parameters_of(call: Call) -> JsonObject:
    """The parameters beside model and messages."""
    parameters: JsonObject = {"max_completion_tokens": 1500}
    parameters |= {"reasoning_effort": call.effort} if call.effort else {}
    parameters |= {"stream": True} if call.is_stream else {}
    parameters |= {"tools": [{"type": "function"}]} if "tools" in call.features else {}
    return parameters | ({"response_format": {"type": "json_schema"}} if "schema" in call.features else {})


def _responses_parameters(call: Call) -> JsonObject:
    parameters: JsonObject = {"max_output_tokens": 1500, "reasoning": {"effort": call.effort}, "input": []}
    parameters |= {"tools": [{"type": "function"}]} if "tools" in call.features else {}
    return parameters | ({"text": {"format": {"type": "json_schema"}}} if "schema" in call.features else {})


def answer_line(call: Call) -> JsonObject:
    """OpenRouter's bare answer, with the labels that its caller adds."""
    return body_of(call) | _labels(call)


def envelope_line(call: Call) -> JsonObject:
    """A line in our envelope."""
    time = call.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line: JsonObject = {"time": time, "base_url": call.route.base_url, "request": request_of(call)}
    if call.error and call.status != 401:
        line["error"] = {"type": call.error}
    if call.prompt is not None or call.status == 200:
        line["response"] = stream_of(call) if call.is_stream else body_of(call)
    elif call.status == 401:
        # StepFun answers a key of its other region with an empty body.
        line["response"] = ""
    line |= {"status": call.status} if call.status else {}
    line |= {"latency_ms": call.latency_ms} | ({"ttft_ms": call.ttft_ms} if call.ttft_ms and call.is_stream else {})
    line |= {"attempt": call.attempt, "retries": call.attempt - 1} if call.attempt else {}
    line |= _labels(call) | {"key_alias": f"{call.work.team}-key", "environment": "production"}
    return line | ({"tags": {"launch": "assistant"}} if call.work.project == "assistant" else {})


def _labels(call: Call) -> JsonObject:
    labels = {"task": call.task, "step": call.step} if call.task else {}
    return labels | {"team": call.work.team, "project": call.work.project, "user": call.user}
