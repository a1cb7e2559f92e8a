"""The demo's calls as LiteLLM's proxy writes them: StandardLoggingPayload lines, and rows of its SpendLogs table.

Field names and their order are LiteLLM's (1.106); fields that hold content or nothing of use are left out.
"""

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from scripts.demo_calls import Call, charge_of
from scripts.demo_lines import JsonObject, answer_id, parameters_of

AGENT = ("User-Agent: OpenAI", "User-Agent: OpenAI/Python 3.54.0")
FAILURES = {
    401: ("401", "AuthenticationError", "401_AUTHENTICATION_FAILED"),
    429: ("429", "RateLimitError", "429_RATE_LIMIT_EXCEEDED"),
    500: ("500", "InternalServerError", "500_PROVIDER_INTERNAL_ERROR"),
    None: ("408", "Timeout", "408_UPSTREAM_TIMEOUT"),
}
ESTIMATED_PROMPT = 37
"""SpendLogs rows of failures hold an estimate of the prompt; nothing of it was billed."""


def _times(call: Call) -> tuple[datetime, datetime, datetime]:
    """Start, end, and first token; without a stream the last two are one."""
    end = call.at + timedelta(milliseconds=call.latency_ms)
    first = call.at + timedelta(milliseconds=call.ttft_ms) if call.is_stream and call.ttft_ms else end
    return call.at, end, first


def _call_id(call: Call) -> str:
    """The request's id at the gateway: its attempts share it."""
    return f"de300000-0000-4000-8000-{call.number:012}"


def _id(call: Call) -> str:
    if call.status != 200:
        return _call_id(call)
    hit = f"_cache_hit{call.at.timestamp() + call.latency_ms / 1000}" if call.replay_of else ""
    return answer_id(call) + hit


def _cost(call: Call) -> float:
    """What LiteLLM takes it to have cost: it has no price of its own for some models, and then says 0."""
    return 0.0 if call.replay_of else (charge_of(call) or 0) / 10**12


def _usage(call: Call) -> JsonObject:
    """The usage as LiteLLM keeps it: StepFun's own place for cached tokens gets lost."""
    if call.prompt is None:
        return {}
    outputs = {"audio_tokens": None, "reasoning_tokens": call.reasoning, "text_tokens": None}
    inputs = {"audio_tokens": None, "cached_tokens": call.cached, "text_tokens": None, "image_tokens": None}
    return {
        "completion_tokens": call.output,
        "prompt_tokens": call.prompt,
        "total_tokens": call.prompt + call.output,
        "completion_tokens_details": outputs if call.route.cache_told else None,
        "prompt_tokens_details": inputs if call.route.cache_told else None,
    }


def _error(call: Call) -> JsonObject:
    if call.status == 200:
        return {"error_code": "", "error_class": "", "llm_provider": "", "error_message": "", "normalized_error": None}
    code, name, normal = FAILURES[call.status]
    provider = call.route.litellm.partition("/")[0]
    message = f"litellm.{name}: {name}: {provider} - {call.error}"
    error = {"error_code": code, "error_class": name, "llm_provider": provider, "error_message": message}
    return error | {"normalized_error": normal}


def _metadata(call: Call) -> JsonObject:
    """Who called, for which task, and the usage."""
    team = call.work.team
    return {
        "user_api_key_alias": f"{team}-key",
        "user_api_key_team_id": f"team-{team}",
        "user_api_key_project_alias": call.work.project,
        "user_api_key_org_id": "org-demo",
        "user_api_key_user_id": call.user,
        "user_api_key_team_alias": team,
        "spend_logs_metadata": {"task_id": call.task, "step": call.step} if call.task else None,
        "usage_object": _usage(call),
    }


def _tags(call: Call) -> list[str]:
    return [f"team:{call.work.team}", "env:production", *AGENT]


def _group(call: Call) -> str:
    """The name that callers ask the gateway for."""
    return call.route.asked.rpartition("/")[2] + ("-nim" if call.route.base_url.startswith("http://") else "")


def payload_line(call: Call) -> JsonObject:
    """A StandardLoggingPayload: one for each attempt that LiteLLM saw end."""
    start, end, first = _times(call)
    failed = call.status != 200
    return {
        "id": _id(call),
        "litellm_call_id": _call_id(call),
        "trace_id": call.task,
        "session_id": "",
        "call_type": "acompletion",
        "cache_hit": True if call.replay_of else False if call.is_stream or failed else None,
        "stream": True if call.is_stream and not failed else None,
        "status": "failure" if failed else "success",
        "custom_llm_provider": call.route.litellm.partition("/")[0],
        "saved_cache_cost": (charge_of(call) or 0) / 10**12 if call.replay_of else 0.0,
        "startTime": start.timestamp(),
        "endTime": end.timestamp(),
        "completionStartTime": first.timestamp(),
        "model": call.route.litellm,
        "metadata": _metadata(call),
        "response_cost": _cost(call),
        "total_tokens": call.prompt + call.output if call.prompt is not None else 0,
        "prompt_tokens": call.prompt or 0,
        "completion_tokens": call.output if call.prompt is not None else 0,
        "request_tags": _tags(call),
        "end_user": "",
        "api_base": call.route.base_url,
        "model_group": _group(call),
        "model_parameters": parameters_of(call),
        "error_str": _error(call)["error_message"] or None,
        "error_information": _error(call),
    }


def _spend_row(call: Call) -> JsonObject:
    """A row of SpendLogs: one for each request, with its last attempt; the times have no zone."""
    times = [f"{time:%Y-%m-%d %H:%M:%S.%f}" for time in _times(call)]
    failed, provider = call.status != 200, call.route.litellm.partition("/")[0]
    retries = {"status": "failure" if failed else None, "error_information": _error(call) if failed else None}
    metadata = _metadata(call) | retries | {"attempted_retries": max(0, call.attempt - 1), "max_retries": 2}
    prompt, output = (ESTIMATED_PROMPT, 0) if failed else (call.prompt or 0, call.output)
    return {
        "request_id": _id(call),
        "session_id": call.task,
        "call_type": "acompletion",
        "api_key": "",
        "cache_hit": "True" if call.replay_of else "False" if call.is_stream or failed else "None",
        **dict(zip(("startTime", "endTime", "completionStartTime"), times, strict=True)),
        "model": call.route.litellm,
        "user": call.user,
        "team_id": f"team-{call.work.team}",
        "organization_id": "org-demo",
        "metadata": json.dumps(metadata),
        "cache_key": "Cache OFF",
        "spend": _cost(call),
        "total_tokens": prompt + output,
        "prompt_tokens": prompt,
        "completion_tokens": output,
        "request_tags": json.dumps(_tags(call)),
        "end_user": "",
        "api_base": call.route.base_url,
        "model_group": _group(call),
        "model_id": "",
        "requester_ip_address": "",
        "custom_llm_provider": provider,
        "messages": "{}",
        "response": "{}",
        "proxy_server_request": "{}",
        "status": "failure" if failed else "success",
        "litellm_call_id": _call_id(call),
    }


def spend_table(calls: Iterable[Call]) -> str:
    """SpendLogs as CSV, under a header."""
    rows = [_spend_row(call) for call in calls]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
