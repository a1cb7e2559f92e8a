"""The Portkey gateway's own log against the ledger of the server that it called, call by call."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.options import Options
from ingest.portkey_gateway import SOURCE, read
from ingest.problem import Unreadable
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 23)
RATES = {
    ("anthropic", "anthropic"): {
        "claude-opus-4-5": '{input: "5", cache_read: "0.5", output: "25", cache_write_5m: "6.25", '
        'cache_write_1h: "10"}',
    },
    ("deepseek", "deepseek"): {"deepseek-v4-flash": '{input: "0.14", cache_read: "0.0028", output: "0.28"}'},
    ("openai", "openai/v1"): {"gpt-5-mini": '{input: "0.25", cache_read: "0.025", output: "2"}'},
    ("stepfun", "stepfun/v1"): {"step-3.7-flash": '{input: "0.20", cache_read: "0.04", output: "1.15"}'},
}
SERVED = {"claude-opus-4-5": "claude-opus-4-5-20251101", "gpt-5-mini": "gpt-5-mini-2025-08-07"}


def write_cards(warehouse: Path) -> None:
    folder = warehouse / "rate_cards"
    folder.mkdir(parents=True)
    for (seller, path), models in RATES.items():
        text = f"seller: {seller}\nname: {seller} (recorded)\nbase_urls:\n"
        text += f"  - url: http://127.0.0.1:9100/{path}\n  - url: http://127.0.0.1:9100/badregion/{path}\nmodels:\n"
        for model, rates in models.items():
            aliases = f"      aliases: [{SERVED[model]}]\n" if model in SERVED else ""
            text += f"  {model}:\n    - valid_from: 2026-01-01T00:00:00Z\n{aliases}      currency: USD\n"
            text += f"      per_mtok: {rates}\n      source: the recording's table\n      checked: 2026-11-22\n"
            text += "      confidence: contract\n"
        (folder / f"{seller}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def recorded(shared, tmp_path_factory) -> tuple[Path, list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """The warehouse after loading the log, the log's lines, and the ledger's attempts by call."""
    folder = shared / "recorded" / "portkey_gateway"
    warehouse = tmp_path_factory.mktemp("portkey") / "warehouse"
    write_cards(warehouse)
    path = folder / "gateway_log_stream.jsonl"
    (result,) = load_files(warehouse, [path], Options(), now=NOW, tell=lambda message: None)
    assert (result.error, result.source, result.merged.rejected) == (None, "portkey_gateway", 0)
    log = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ledger: dict[str, list[dict[str, Any]]] = {}
    for line in (folder / "truth_ledger.jsonl").read_text(encoding="utf-8").splitlines():
        attempt = json.loads(line)
        ledger.setdefault(attempt["ref"], []).append(attempt)
    return warehouse, log, ledger


COLUMNS = (
    "line attempt seller base_url http_status error_category usage_status input cache_read cache_write_5m "
    "cache_write_1h output reasoning review costing cost role streamed tools json_schema image response_id billable "
    "model_served"
).split()


def calls_of(warehouse: Path) -> dict[int, list[dict[str, Any]]]:
    """The rows of each line of the log, in the order of their attempts."""
    found: dict[int, list[dict[str, Any]]] = {}
    with open_reader(warehouse) as reader:
        text = f"select {', '.join(COLUMNS)} from usage_priced order by line, attempt"
        for row in reader.rows(text):
            call = dict(zip(COLUMNS, row, strict=True))
            found.setdefault(call["line"], []).append(call)
    return found


def ref_of(line: dict[str, Any]) -> str:
    found = re.search(r"\[ref (r-\w+)\]", json.dumps(line))
    assert found
    return found[1]


def truth_of(attempt: dict[str, Any]) -> int:
    """What an attempt costs, in pico-dollars, from the ledger's own counts."""
    uncached, read_, out = attempt["in_uncached"], attempt["in_cache_read"], attempt["out_total"]
    in_5m, in_1h = attempt["in_cache_write_5m"], attempt["in_cache_write_1h"]
    per = {
        "anthropic": (5_000_000, 500_000, 25_000_000),
        "deepseek": (140_000, 2_800, 280_000),
        "openai": (250_000, 25_000, 2_000_000),
        "stepfun": (200_000, 40_000, 1_150_000),
    }[attempt["dialect"]]
    return uncached * per[0] + read_ * per[1] + out * per[2] + in_5m * 6_250_000 + in_1h * 10_000_000


def test_every_answer_in_the_log_has_the_ledgers_counts_and_cost(recorded):
    warehouse, log, ledger = recorded
    calls, compared = calls_of(warehouse), 0
    for number, line in enumerate(log, 1):
        answer = calls[number][-1]
        if answer["usage_status"] == "missing":
            continue
        attempt = ledger[ref_of(line)][-1]
        counts = (answer["input"], answer["cache_read"] or 0, answer["cache_write_5m"] or 0)
        assert counts == (attempt["in_uncached"], attempt["in_cache_read"], attempt["in_cache_write_5m"])
        assert (answer["cache_write_1h"] or 0, answer["output"]) == (attempt["in_cache_write_1h"], attempt["out_total"])
        assert (answer["seller"], answer["review"]) == (attempt["dialect"], None)
        assert (answer["response_id"], answer["model_served"]) == (attempt["response_id"], attempt["model_served"])
        assert answer["cost"] == truth_of(attempt)
        # The ledger rounds to a billionth of a dollar.
        assert abs(int(answer["cost"]) - attempt["truth_cost_usd"] * 10**12) <= 501
        compared += 1
    assert compared == 65


def test_no_call_is_there_twice_and_none_is_missing(recorded):
    warehouse, log, _ = recorded
    calls = calls_of(warehouse)
    assert [len(calls[number]) for number, _ in enumerate(log, 1)] == [len(line["requestOptions"]) for line in log]
    paid = [call["response_id"] for found in calls.values() for call in found if call["cost"]]
    assert len(paid) == len(set(paid)) == 65


def test_streams_without_usage_are_unknown_and_never_0(recorded):
    warehouse, log, _ = recorded
    calls = calls_of(warehouse)
    streams = [
        calls[number][-1]
        for number, line in enumerate(log, 1)
        if line["status"] == 200 and line["requestOptions"][-1]["requestParams"].get("stream")
    ]
    assert len(streams) == 66
    for call in streams:
        assert (call["usage_status"], call["input"], call["cost"], call["streamed"]) == ("missing", None, None, True)


def test_a_fallbacks_first_try_costs_nothing_and_its_answer_once(recorded):
    warehouse, log, ledger = recorded
    calls = calls_of(warehouse)
    pairs = [(calls[number], ledger[ref_of(line)]) for number, line in enumerate(log, 1) if len(calls[number]) == 2]
    assert len(pairs) == 13
    for (failed, answered), attempts in pairs:
        assert (failed["attempt"], failed["usage_status"], failed["http_status"]) == (1, "missing", None)
        assert (failed["error_category"], failed["cost"], failed["billable"]) == ("other", 0, False)
        assert "/badregion/" in failed["base_url"] and attempts[0]["status"] == 401
        assert (answered["attempt"], answered["role"], answered["http_status"]) == (2, "fallback", 200)


def test_failures_have_the_ledgers_status_where_the_client_saw_it(recorded):
    warehouse, log, ledger = recorded
    calls = calls_of(warehouse)
    categories = {400: "invalid_request", 401: "auth", 500: "provider_error", 408: "timeout"}
    failed = 0
    for number, line in enumerate(log, 1):
        if line["status"] == 200:
            continue
        call, attempt = calls[number][-1], ledger[ref_of(line)][-1]
        assert call["http_status"] == line["status"]
        assert call["error_category"] == categories[line["status"]]
        # After a timeout the ledger may have billed the call; the log cannot know.
        assert call["cost"] is None if line["status"] == 408 else call["cost"] == 0 and not attempt["billed"]
        failed += 1
    assert failed == 9


def test_features_are_the_ledgers(recorded):
    warehouse, log, ledger = recorded
    calls = calls_of(warehouse)
    for number, line in enumerate(log, 1):
        call, attempt = calls[number][-1], ledger[ref_of(line)][-1]
        for name in ("streamed", "tools", "json_schema", "image"):
            assert bool(call[name]) == attempt["stream" if name == "streamed" else name], (number, name)


def test_captured_events_are_the_same_records_as_the_lines(recorded, shared, tmp_path):
    warehouse, _, _ = recorded
    path = shared / "recorded" / "portkey_gateway" / "gateway_log_stream.sse"
    (result,) = load_files(tmp_path / "own", [path], Options(), now=NOW, tell=lambda message: None)
    assert (result.error, result.source, result.merged.rejected) == (None, "portkey_gateway", 0)
    assert result.merged.loaded > 10
    with open_reader(warehouse) as lines, open_reader(tmp_path / "own") as events:
        keys = {key for (key,) in lines.rows("select record_key from usage")}
        assert {key for (key,) in events.rows("select record_key from usage")} <= keys


def test_neither_keys_nor_prompts_are_stored(recorded):
    warehouse, _, _ = recorded
    content = b"".join(file.read_bytes() for file in warehouse.rglob("*.duckdb"))
    for secret in (b"Bearer fake", b"helpful agent", b"[ref r-"):
        assert secret not in content


def one(**more: Any) -> dict[str, Any]:
    tried = {"createdAt": "2026-11-22T03:30:30.605Z", "requestParams": {"model": "m"}, "hookSpanId": "s", **more}
    return {"status": 200, "requestOptions": [tried]}


def test_portkeys_version_of_an_answer_is_read_by_its_total():
    usage = {"prompt_tokens": 1612, "completion_tokens": 1297, "total_tokens": 11884}
    usage |= {"cache_read_input_tokens": 8576, "cache_creation_input_tokens": 399}
    usage["prompt_tokens_details"] = {"cached_tokens": 8576}  # type: ignore[assignment]
    (reading,) = read(one(response={"usage": usage, "choices": []}), SOURCE.leaves, None)
    assert (reading["usage_flavour"], reading["prompt"], reading["cache_read"]) == ("anthropic", 1612, 8576)
    assert (reading["cache_write"], reading["total"]) == (399, 1612 + 1297 + 8576 + 399)


def test_a_fast_answer_of_anthropics_is_no_standard_one():
    usage = {"input_tokens": 5, "output_tokens": 5, "service_tier": "standard", "speed": "fast", "inference_geo": "us"}
    answer = {"body": {"id": "msg_1", "usage": usage}}
    (reading,) = read(one(originalResponse=answer), SOURCE.leaves, None)
    assert (reading["service_tier"], reading["region"]) == ("fast", "us-only")


def test_an_adviser_is_a_part_of_its_call():
    parts = [
        {"type": "message", "input_tokens": 5, "output_tokens": 6},
        {"type": "advisor_message", "model": "wise", "input_tokens": 70, "output_tokens": 8},
    ]
    usage = {"input_tokens": 5, "output_tokens": 6, "cache_read_input_tokens": 0, "iterations": parts}
    answer = {"body": {"id": "msg_1", "model": "quick", "usage": usage}}
    call, part = read(one(originalResponse=answer), SOURCE.leaves, None)
    assert (call["prompt"], call["role"], call["review_note"]) == (5, None, None)
    assert (part["prompt"], part["model_served"], part["role"]) == (70, "wise", "advisor")
    assert part["parent_text"] == call["key_text"] and part["requests"] == 0


@pytest.mark.parametrize("value", [{}, {"requestOptions": []}, {"requestOptions": [1]}, {"requestOptions": "x"}])
def test_what_is_no_call_is_refused(value):
    with pytest.raises(Unreadable, match="no call of Portkey's gateway"):
        list(read(value, (), None))
