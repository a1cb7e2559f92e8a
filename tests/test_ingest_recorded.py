"""Real traffic and recorded clients, against what was billed and what the server's ledger says."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.options import Options
from warehouse.batch import Given
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
PICO = 10**12


def load(warehouse: Path, path: Path, options: Options) -> Any:
    (result,) = load_files(warehouse, [path], options, now=NOW, tell=lambda message: None)
    assert result.error is None
    return result


def rows(warehouse: Path, text: str) -> list[tuple]:
    with open_reader(warehouse) as reader:
        return reader.rows(text)


@pytest.fixture(scope="module")
def agent_tasks(shared, tmp_path_factory) -> tuple[Path, Path]:
    """The warehouse after loading the billed agent runs, and the folder they come from."""
    folder = shared / "datasets" / "agent_tasks_openrouter"
    warehouse = tmp_path_factory.mktemp("agent-tasks") / "warehouse"
    fields = Options(task_field="instance_id", step_field="step")
    merged = load(warehouse, folder / "responses.jsonl.gz", fields).merged
    assert (merged.loaded, merged.rejected, merged.unpriced, merged.needs_review) == (9666, 0, 210, 7)
    return warehouse, folder


def test_every_billed_call_costs_what_was_billed(agent_tasks):
    warehouse, _ = agent_tasks
    text = "select costing, seller, count(*), sum(cost), sum(cost_reported), count(*) filter (cost <> cost_reported)"
    assert rows(warehouse, f"{text} from usage_priced group by all order by all") == [
        ("rated", "openrouter", 9456, 107_927085200000, 107_927085200000, 0),
        ("unknown", None, 210, None, None, 0),
    ]


def test_every_task_costs_what_its_run_says(agent_tasks):
    warehouse, folder = agent_tasks
    costs = dict(rows(warehouse, "select task, cost from task_cost"))
    with (folder / "tasks.csv").open() as file:
        listed = {row["instance_id"]: float(row["sum_cost"]) for row in csv.DictReader(file)}
    priced = {task: cost for task, cost in costs.items() if cost is not None}
    assert (len(costs), len(priced)) == (239, 233)
    assert all(abs(int(cost) / PICO - listed[task]) < 1e-9 for task, cost in priced.items())
    # The list writes 0.0 for the tasks of the other seller; that means unknown.
    assert {listed[task] for task in costs.keys() - priced.keys()} == {0.0}


def test_the_calls_of_the_other_seller_are_unknown(agent_tasks):
    warehouse, _ = agent_tasks
    text = """
        select count(*), count(cost_reported), any_value(unpriced_reason), count(review), any_value(review)
        from usage where response_id like 'portkey-%'
    """
    assert rows(warehouse, text) == [(210, 0, "seller unknown", 7, "reasoning exceeds output")]


def test_a_second_run_adds_nothing(agent_tasks):
    warehouse, folder = agent_tasks
    fields = Options(task_field="instance_id", step_field="step")
    assert load(warehouse, folder / "responses.jsonl.gz", fields).note == "already loaded"
    again = load(warehouse, folder / "responses.jsonl.gz", fields._replace(again=True)).merged
    assert (again.loaded, again.replaced, again.already_there) == (0, 0, 9666)


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def envelopes(exchanges: list[dict[str, Any]], dialects: list[str]) -> Iterator[dict[str, Any]]:
    """The recorded exchanges as envelopes, each with its seller."""
    for exchange, dialect in zip(exchanges, dialects, strict=True):
        yield {
            "time": exchange["t_start"],
            "seller": dialect,
            "base_url": exchange["url"],
            "request": exchange["request_body"],
            "response": exchange.get("response_sse") or exchange.get("response_body"),
            "error": exchange.get("transport_error") or exchange.get("stream_error"),
            "status": exchange["status"],
            "latency_ms": (exchange["t_end"] - exchange["t_start"]) * 1000,
            "attempt": int(exchange["request_headers"]["x-stainless-retry-count"]) + 1,
            "task": exchange["request_headers"]["x-task-id"],
        }


@pytest.fixture(scope="module")
def recorded(shared, tmp_path_factory) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The recorded client's calls as we read them, and as the server's ledger has them, in the same order."""
    folder = shared / "recorded" / "openai_client"
    ledger, exchanges = read_lines(folder / "truth_ledger.jsonl"), read_lines(folder / "http_exchanges.jsonl")
    # Exchanges are written as they end, the ledger as the server saw them: the request's own mark joins the two.
    by_mark = {(row["ref"], int(row["sdk_retry_count"])): row for row in ledger}
    ordered = [by_mark[mark_of(exchange)] for exchange in exchanges]
    work = tmp_path_factory.mktemp("recorded")
    log = work / "calls.jsonl"
    lines = envelopes(exchanges, [row["dialect"] for row in ordered])
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    merged = load(work / "warehouse", log, Options()).merged
    assert (merged.loaded, merged.rejected) == (196, 0)
    with open_reader(work / "warehouse") as reader:
        found = reader.connection.execute("select * from usage_priced order by line")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()], ordered


def mark_of(exchange: dict[str, Any]) -> tuple[str, int]:
    text = json.dumps(exchange["request_body"])
    start = text.index("[ref ") + 5
    return text[start : text.index("]", start)], int(exchange["request_headers"]["x-stainless-retry-count"])


def test_answers_with_usage_equal_the_ledger(recorded):
    read, ledger = recorded
    compared = 0
    for ours, truth in zip(read, ledger, strict=True):
        if truth["outcome"] != "ok" or truth["usage_on_wire"] is None:
            continue
        compared += 1
        assert ours["usage_status"] == "reported"
        assert (ours["input"], ours["cache_read"] or 0) == (truth["in_uncached"], truth["in_cache_read"])
        assert ours["output"] == truth["out_total"]
        # The server made up three answers with more cached tokens than prompt: read as said, and marked.
        assert ours["review"] == ("cache exceeds input" if truth["in_uncached"] < 0 else None)
        if "reasoning_tokens" in json.dumps(truth["usage_on_wire"]):
            assert ours["reasoning"] == truth["out_reasoning"]
    assert compared == 152


def test_streams_without_usage_are_missing(recorded):
    read, ledger = recorded
    found = [
        (ours["usage_status"], ours["input"], ours["output"], ours["cost"])
        for ours, truth in zip(read, ledger, strict=True)
        if truth["outcome"] == "ok" and truth["usage_on_wire"] is None
    ]
    assert found == [("missing", None, None, None)] * 2


def test_failures_are_there_and_never_zero_tokens(recorded):
    read, ledger = recorded
    failed = [ours for ours, truth in zip(read, ledger, strict=True) if truth["outcome"] != "ok"]
    assert len(failed) == 196 - 152 - 2
    for ours in failed:
        assert ours["usage_status"] in {"partial", "missing"}
        assert ours["error_category"] is not None
        if ours["usage_status"] == "missing":
            assert (ours["input"], ours["output"]) == (None, None)
        else:
            assert ours["input"] > 0


def test_what_a_failure_costs_is_free_unknown_or_what_was_seen(recorded):
    read, ledger = recorded
    for ours, truth in zip(read, ledger, strict=True):
        if truth["outcome"] == "error":
            assert ours["billable"] is False
        elif truth["outcome"] in {"ok_but_client_gone", "cut", "client_disconnected"} and ours["input"] is None:
            assert ours["cost"] is None


def test_prices_of_the_recorded_sellers_equal_the_ledger(recorded):
    """StepFun's rates are in a shipped card; the others have none yet, or none at that date."""
    read, ledger = recorded
    checked = 0
    for ours, truth in zip(read, ledger, strict=True):
        if truth["dialect"] == "stepfun" and truth["outcome"] == "ok" and truth["usage_on_wire"]:
            assert ours["model_served"] == "step-3.7-flash", ours
            assert abs(ours["cost"] / PICO - truth["truth_cost_usd"]) < 1e-9
            checked += 1
    assert checked == 92


@pytest.mark.parametrize(
    ("seller", "time", "counts", "currency", "pico"),
    [
        ("stepfun", "2026-07-01T00:00:00Z", (591, 512, 120), "USD", 174280000),
        ("novita", "2026-07-01T00:00:00Z", (10000, 8000, 1000), "USD", 1870000000),
        ("stepfun-cn", "2026-10-08T00:00:00Z", (10000, 8000, 1000), "CNY", 12960000000),
    ],
)
def test_the_documented_examples(tmp_path, seller, time, counts, currency, pico):
    prompt, cached, completion = counts
    model = "stepfun/step-3.7-flash" if seller == "novita" else "step-3.7-flash"
    usage = {"cached_tokens": cached, "prompt_tokens": prompt, "completion_tokens": completion}
    body = {"id": "documented", "model": model, "usage": {**usage, "total_tokens": prompt + completion}}
    log = tmp_path / "call.json"
    log.write_text(json.dumps({"time": time, "seller": seller, "response": body}, indent=1))
    load(tmp_path / "warehouse", log, Options())
    assert rows(tmp_path / "warehouse", "select currency, cost from usage_priced") == [(currency, pico)]


def test_the_documented_stream_counts_its_last_usage(shared, tmp_path):
    stream = shared / "samples" / "stepfun" / "stream_running_usage.sse"
    load(tmp_path / "warehouse", stream, Options(given=Given(seller="stepfun")))
    text = "select input, output, usage_status, streamed from usage"
    assert rows(tmp_path / "warehouse", text) == [(83, 150, "reported", True)]
