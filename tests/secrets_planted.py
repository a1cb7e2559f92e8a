"""Bodies that are full of what must never be written down, in every place that a record has."""

import json
from typing import Any

SECRETS = ("the-prompt-of-ada", "the-answer-to-ada", "sk-proj-4f9a8b7c6d5e4f3a2b1c0d9e", "an-argument-of-a-tool")
SENTENCE = "Please write to Ada about the-prompt-of-ada, and the-answer-to-ada too.\nan-argument-of-a-tool"
KEY = SECRETS[2]


def planted(value: Any) -> Any:
    """A record with a sentence under every name that nobody reads, and a key under every name that may hold a word."""
    if isinstance(value, list):
        return [*map(planted, value), SENTENCE, {"unknown": SENTENCE, "authorization": f"Bearer {KEY}"}]
    if not isinstance(value, dict):
        return value
    strange = {"content": SENTENCE, "headers": {"authorization": f"Bearer {KEY}"}, "never_heard_of": [SENTENCE, KEY]}
    return {**strange, **{name: planted(inner) for name, inner in value.items()}}


def assert_clean(written: bytes | str) -> None:
    """Nothing of it stands there, nor in the escapes of JSON."""
    text = written.decode() if isinstance(written, bytes) else written
    every = f"{text} {json.dumps(text)}"
    assert [secret for secret in SECRETS if secret in every] == []


ENVELOPE = {
    "time": "2026-11-20T09:15:02.140Z",
    "record": "0193aaaa0193aaaa0193aaaa0193aaaa",
    "base_url": f"https://ada:{KEY}@api.novita.ai/openai/v1?key={KEY}",
    "request": {
        "model": "stepfun/step-3.7-flash",
        "messages": [
            {"role": "user", "content": SENTENCE},
            {"role": "user", "content": [{"type": "text", "text": SENTENCE}, {"type": "image_url", "image_url": KEY}]},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "description": SENTENCE}}],
        "metadata": {"note": SENTENCE},
    },
    "response": {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "stepfun/step-3.7-flash",
        "choices": [{"finish_reason": "stop", "message": {"content": SENTENCE, "tool_calls": [SENTENCE]}}],
        "usage": {"prompt_tokens": 9100, "completion_tokens": 220, "total_tokens": 9320, "said": SENTENCE},
    },
    "error": {"message": f"Rate limit reached for {KEY}: {SENTENCE}", "type": SENTENCE, "code": 429},
    "status": 429,
    "task": "ticket-7",
    "session": SENTENCE,
    "key_alias": KEY,
    "tags": {"feature": "summary", "note": SENTENCE, "key": KEY},
    "sizes": {"messages": 2, "new": [{"role": "user", "kind": "text", "chars": 812, "said": SENTENCE}]},
}
LITELLM = {
    "id": "chatcmpl-2",
    "litellm_call_id": "90ef23fc-8bc5-498f-8d05-f7eae3894644",
    "call_type": "acompletion",
    "startTime": 1795317872.661089,
    "endTime": 1795317873.420965,
    "status": "failure",
    "model": "step-3.7-flash",
    "prompt_tokens": 899,
    "completion_tokens": 1338,
    "messages": [{"role": "user", "content": SENTENCE}],
    "response": {"choices": [{"finish_reason": "stop", "message": {"content": SENTENCE}}]},
    "error_str": f"AuthenticationError: {KEY} is wrong. {SENTENCE}",
    "error_information": {"error_code": "401", "error_class": "AuthenticationError", "traceback": SENTENCE},
    "metadata": {
        "user_api_key_alias": KEY,
        "requester_metadata": {"headers": {"authorization": KEY}, "task_id": "ticket-8"},
        "usage_object": {"prompt_tokens": 899, "completion_tokens": 1338, "said": SENTENCE},
    },
    "model_parameters": {"tools": [{"function": SENTENCE}], "max_tokens": 900, "user": KEY},
    "request_tags": ["team:search", SENTENCE],
}


def _pair(name: str, text: str) -> dict[str, Any]:
    return {"key": name, "value": {"stringValue": text}}


ATTRIBUTES = [
    _pair("gen_ai.operation.name", "chat"),
    _pair("gen_ai.request.model", "gpt-5-mini"),
    _pair("gen_ai.response.id", "chatcmpl-0123456789abcdef"),
    {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "500"}},
    {"key": "gen_ai.usage.output_tokens", "value": {"intValue": 20}},
    _pair("gen_ai.usage.said", SENTENCE),
    _pair("gen_ai.input.messages", SENTENCE),
    _pair("gen_ai.tool.definitions", SENTENCE),
    _pair("input.value", SENTENCE),
    _pair("output.value", json.dumps({"id": "chatcmpl-0123456789abcdef", "choices": [SENTENCE]})),
    _pair("llm.openai.messages", SENTENCE),
    _pair("metadata", json.dumps({"team": "search", "note": SENTENCE, "headers": {"x": KEY}})),
    _pair("traceloop.association.properties.note", SENTENCE),
    _pair("http.request.header.authorization", f"Bearer {KEY}"),
    _pair("url.full", f"https://api.openai.com/v1/chat/completions?api_key={KEY}"),
    _pair("error.message", f"Error code: 429 - {SENTENCE} {KEY}"),
]
SPAN = {
    "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
    "spanId": "00f067aa0ba902b7",
    "name": SENTENCE,
    "startTimeUnixNano": "1795166102000000000",
    "endTimeUnixNano": "1795166104000000000",
    "status": {"code": 2, "message": f"Error code: 429 - {SENTENCE} {KEY}"},
    "attributes": ATTRIBUTES,
    "events": [
        {"name": "exception", "attributes": [_pair("exception.message", SENTENCE), _pair("exception.type", SENTENCE)]},
        {"name": "gen_ai.evaluation.result", "attributes": [_pair("gen_ai.evaluation.explanation", SENTENCE)]},
        {"name": SENTENCE, "attributes": [_pair("gen_ai.prompt", SENTENCE)]},
    ],
}
TRACES = {
    "resourceSpans": [
        {
            "resource": {"attributes": [_pair("service.name", "agent"), _pair("process.command_line", KEY)]},
            "scopeSpans": [{"scope": {"name": "openlit", "attributes": [_pair("x", SENTENCE)]}, "spans": [SPAN]}],
        }
    ]
}
