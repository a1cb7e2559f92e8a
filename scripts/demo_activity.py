"""OpenRouter's activity export: its own list of every generation, the ones that other logs hold among them."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from scripts.demo_calls import Call, charge_of
from scripts.demo_lines import JsonObject, answer_id, provider_of


def _row(call: Call) -> JsonObject:
    cost = Decimal(charge_of(call) or 0) / 10**12
    return {
        "generation_id": answer_id(call),
        "created_at": f"{call.at:%Y-%m-%d %H:%M:%S.%f}"[:-3],
        "cost_total": f"{cost:f}",
        "cost_web_search": 0,
        "cost_cache": 0,
        "cost_file_processing": 0,
        "byok_usage_inference": 0,
        "tokens_prompt": call.prompt,
        "tokens_completion": call.output,
        "tokens_reasoning": call.reasoning,
        "tokens_cached": call.cached,
        "model_permaslug": call.route.served,
        "provider_name": provider_of(call),
        "variant": "standard",
        "cancelled": "false",
        "streamed": "true" if call.is_stream else "false",
        "user": "",
        "finish_reason_raw": call.finish,
        "finish_reason_normalized": call.finish,
        "generation_time_ms": call.latency_ms,
        "time_to_first_token_ms": call.ttft_ms,
        "api_key_disabled": "false",
        "api_key_name": f"{call.work.team}-key",
        "app_name": call.work.project,
    }


def activity_table(calls: Iterable[Call]) -> str:
    """The export's 24 columns as CSV, the newest generation first."""
    rows = [_row(call) for call in calls][::-1]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
