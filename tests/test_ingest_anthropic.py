"""Anthropic's Messages: what its client received against the server's ledger, and what advisers really cost."""

import json
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.iterations import split
from ingest.load import load_files
from ingest.options import Options
from ingest.reading import EVERY_COLUMN
from ingest.surfaces import set_usage
from tests.recorded_cards import write_cards
from tests.test_ingest_recorded import envelopes, mark_of, read_lines
from warehouse.batch import Given
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
PICO = 10**12
HALF_A_NANO_DOLLAR = 500


def load(warehouse: Path, path: Path, options: Options) -> Any:
    (result,) = load_files(warehouse, [path], options, now=NOW, tell=lambda message: None)
    assert result.error is None
    return result


def dicts(warehouse: Path, text: str) -> list[dict[str, Any]]:
    with open_reader(warehouse) as reader:
        found = reader.connection.execute(text)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def recorded(shared, tmp_path_factory) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """The calls of the recorded client as we read them, their parts, and the server's ledger in the calls' order."""
    folder = shared / "recorded" / "anthropic_client"
    ledger, exchanges = read_lines(folder / "truth_ledger.jsonl"), read_lines(folder / "http_exchanges.jsonl")
    by_mark = {(row["ref"], int(row["sdk_retry_count"])): row for row in ledger}
    ordered = [by_mark[mark_of(exchange)] for exchange in exchanges]
    work = tmp_path_factory.mktemp("anthropic")
    write_cards(work / "warehouse")
    log = work / "calls.jsonl"
    lines = envelopes(exchanges, [""] * len(exchanges))
    log.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    result = load(work / "warehouse", log, Options())
    assert (result.source, result.merged.rejected) == ("openai_compatible", 0)
    found = dicts(work / "warehouse", "select * from usage_priced order by line, response_id")
    calls = [row for row in found if row["granularity"] == "request"]
    parts = [row for row in found if row["granularity"] == "iteration"]
    return calls, parts, ordered


def test_every_answer_has_the_tokens_that_the_server_served(recorded):
    calls, _, ledger = recorded
    compared = Counter[str]()
    for ours, truth in zip(calls, ledger, strict=True):
        if truth["outcome"] != "ok":
            continue
        used = [ours["input"], ours["cache_read"], ours["cache_write_5m"] or 0, ours["cache_write_1h"] or 0]
        served = [truth[name] for name in ("in_uncached", "in_cache_read", "in_cache_write_5m", "in_cache_write_1h")]
        writes = ours["cache_write"] or 0
        assert [*used, ours["output"]] == [*served, truth["out_total"]] and writes == 0, ours
        assert (ours["usage_status"], ours["usage_flavour"], ours["review"]) == ("reported", "anthropic", None)
        assert ours["response_id"] == truth["response_id"] and ours["model_served"] == truth["model_served"]
        billed = Decimal(str(truth["truth_cost_usd"])) * PICO
        assert abs(ours["cost"] - billed) <= HALF_A_NANO_DOLLAR
        # The server sends no count of thinking: unknown, not 0.
        assert ours["reasoning"] is None
        compared[truth["stream"] and "stream" or "body"] += 1
    assert sum(compared.values()) == 119 and min(compared.values()) > 30


def test_a_stream_that_was_cut_is_partial_and_a_failure_is_missing(recorded):
    calls, _, ledger = recorded
    statuses = Counter[tuple[str, str]]()
    for ours, truth in zip(calls, ledger, strict=True):
        if truth["outcome"] == "ok":
            continue
        statuses[truth["outcome"], ours["usage_status"]] += 1
        assert ours["error_category"] is not None
        if ours["usage_status"] == "partial":
            assert ours["input"] == truth["in_uncached"] and 0 < ours["output"] <= truth["out_total"]
        else:
            assert (ours["input"], ours["output"], ours["cost"] or 0) == (None, None, 0)
    assert statuses == {
        ("cut", "partial"): 4,
        ("client_disconnected", "partial"): 3,
        # The client gave up before anything came.
        ("client_disconnected", "missing"): 2,
        ("error", "missing"): 22,
    }


def test_advisers_are_parts_of_their_calls_with_the_ledgers_tokens(recorded):
    calls, parts, ledger = recorded
    keys = {row["response_id"]: row["record_key"] for row in calls}
    wanted = {row["response_id"]: row["advisor_iteration"] for row in ledger if row.get("advisor_iteration")}
    whole = {name for name, row in ((row["response_id"], row) for row in ledger) if row["outcome"] == "ok"}
    told = {name: advised for name, advised in wanted.items() if name in whole}
    assert len(parts) == len(told) == 5
    for part in parts:
        call = part["response_id"].removesuffix(" 1")
        assert part["parent_key"] == keys[call]
        assert (part["role"], part["model_served"], part["request"]) == ("advisor", told[call]["model"], 0)
        assert (part["input"], part["output"]) == (told[call]["in_total"], told[call]["out_total"])


def test_what_advisers_cost_is_found_where_the_calls_own_counts_hide_it(shared, tmp_path):
    """On recorded answers of Anthropic's: the cost with an adviser, over that of the call's own counts."""
    sample = shared / "samples" / "anthropic" / "anthropic_advisor_compaction_iterations.jsonl"
    result = load(tmp_path / "warehouse", sample, Options(given=Given(time=NOW, seller="anthropic")))
    assert result.source == "anthropic"
    text = """
        select line, sum(cost) as cost, sum(cost) filter (granularity = 'request') as naive, sum(request) as requests
        from usage_priced group by line having count(*) filter (role = 'advisor') > 0 order by line
    """
    found = dicts(tmp_path / "warehouse", text)
    assert [round(row["cost"] / row["naive"], 2) for row in found] == [3.19, 3.21, 5.62]
    assert all(row["requests"] == 1 for row in found)
    text = "select count(*) as parts, count(distinct line) as calls from usage where role = 'compaction'"
    assert dicts(tmp_path / "warehouse", text) == [{"parts": 2, "calls": 2}]


def call_of(usage: dict[str, Any], model: str = "big") -> list[dict[str, Any]]:
    reading: dict[str, Any] = {**dict.fromkeys(EVERY_COLUMN), "model_served": model, "response_id": "msg_1"}
    set_usage(reading, usage, messages=True)
    return list(split(reading, usage))


def turn(kind: str, given: int, model: str | None = None) -> dict[str, Any]:
    return {"type": kind, "input_tokens": given, "output_tokens": 1} | ({"model": model} if model else {})


@pytest.mark.parametrize(
    ("given", "parts", "expected"),
    [
        # All turns are the call's own: nothing more.
        (30, [turn("message", 10), turn("message", 20)], [("big", 30)]),
        # The turns of two models are summed: the other model's is taken out.
        (30, [turn("message", 10, "small"), turn("fallback_message", 20, "big")], [("big", 20), ("small", 10)]),
        # The call's counts are those of the model that took over: the other's turn stands beside.
        (20, [turn("message", 10, "small"), turn("fallback_message", 20, "big")], [("big", 20), ("small", 10)]),
        (10, [turn("message", 10), turn("fallback_message", 20, "big")], [("big", 10), ("big", 20)]),
        (10, [turn("message", 10), turn("compaction", 7)], [("big", 10), ("big", 7)]),
        # An adviser whose model is not told has no rate.
        (10, [turn("message", 10), turn("advisor_message", 7)], [("big", 10), (None, 7)]),
    ],
)
def test_the_counts_tell_which_turns_a_call_holds(given, parts, expected):
    turns = [part for part in parts if part["type"] in ("message", "fallback_message")]
    output = len(turns) if given == sum(part["input_tokens"] for part in turns) else 1
    found = call_of({"input_tokens": given, "output_tokens": output, "iterations": parts})
    assert [(each["model_served"], each["prompt"]) for each in found] == expected
    assert found[0]["review_note"] is None


def test_parts_that_are_not_understood_are_said():
    odd = call_of({"input_tokens": 5, "output_tokens": 1, "iterations": [turn("message", 9), turn("pondering", 3)]})
    assert len(odd) == 1
    assert odd[0]["review_note"] == (
        "it has iterations of a kind that is not read; its iterations do not add up to the call's tokens"
    )


@pytest.mark.parametrize("order", [1, -1])
def test_counts_that_grow_are_never_added_up(tmp_path, order):
    """Two growing counts after the start: the greatest of each counts, in whatever order they came."""
    deltas = [{"output_tokens": 40}, {"output_tokens": 201, "input_tokens": 12}][::order]
    start = {"input_tokens": 10, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 0, "output_tokens": 2}
    message = {"id": "msg_1", "type": "message", "model": "m", "usage": start}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": message}]
    events += [{"type": "message_delta", "delta": {}, "usage": usage} for usage in deltas]
    log = tmp_path / "stream.sse"
    text = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in [*events, {"type": "ping"}])
    log.write_text(text + 'data: {"type":"message_stop"}\n\n', encoding="utf-8")
    result = load(tmp_path / "warehouse", log, Options(given=Given(time=NOW)))
    assert result.source == "anthropic"
    text = "select input, cache_read, output, usage_status from usage"
    assert dicts(tmp_path / "warehouse", text) == [
        {"input": 12, "cache_read": 5, "output": 201, "usage_status": "reported"}
    ]
