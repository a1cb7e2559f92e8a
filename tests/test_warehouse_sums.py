"""Sums beside calls: each side once, whatever was pulled how often, and never one in the other's figures."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.cli import run
from ingest.load import load_files
from ingest.options import Options
from tests.test_ingest_billing import page, usage
from warehouse.connection import open_reader
from warehouse.cost import coverage_of
from warehouse.sums import Said, SumRow, Sums, read_newest_sums, read_sums

NOW = datetime(2026, 11, 23)
DAY = date(2026, 11, 20)


def call(number: int, at: str, prompt: int, **given: Any) -> dict[str, Any]:
    counts = {"prompt_tokens": prompt, "completion_tokens": 10, "total_tokens": prompt + 10}
    answer = {"id": f"chatcmpl-{number:08}", "model": "gpt-5-mini", "usage": counts}
    return {"time": f"2026-11-{at}Z", "seller": "openai", "response": answer, **given}


CALLS = [
    call(1, "20T00:00:00", 100),
    call(2, "20T23:59:59", 200),
    call(3, "21T00:00:00", 400),
    call(4, "20T12:00:00", 800, seller="novita"),
    {
        "time": "2026-11-20T12:30:00Z",
        "seller": "openai",
        "response": {"id": "chatcmpl-00000005", "model": "gpt-5-mini"},
    },
]


def hour(number: int, *results: dict[str, Any]) -> dict[str, Any]:
    start = 1795132800 + 3600 * number
    return {"object": "bucket", "start_time": start, "end_time": start + 3600, "results": list(results)}


def cost(amount: float, **given: Any) -> dict[str, Any]:
    return {"object": "organization.costs.result", "amount": {"value": amount, "currency": "usd"}, **given}


def load(folder: Path, texts: dict[str, Any]) -> Path:
    paths = []
    for name, value in texts.items():
        paths.append(folder / name)
        rows = value if isinstance(value, list) else [value]
        paths[-1].write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for result in load_files(folder / "w", paths, Options(), now=NOW, tell=lambda message: None):
        assert (result.error, result.merged.rejected) == (None, 0)
    return folder / "w"


def sums_in(warehouse: Path, **narrowed: Any) -> Sums:
    with open_reader(warehouse) as reader:
        return read_sums(reader, **narrowed)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    """Calls of two days; one day as OpenAI sums it up by model, by project, by the hour, and what it costs."""
    by_hour = {"object": "page", "data": [hour(0, usage("gpt-5-mini", 150, 5)), hour(5, usage("gpt-5-mini", 150, 5))]}
    texts = {
        "calls.jsonl": CALLS,
        "by-model.json": page(usage("gpt-5-mini", 350, 30, num_model_requests=4), usage("gpt-5", 7, 1)),
        "by-project.json": page(usage(None, 357, 31, project_id="p")),
        "by-hour.json": by_hour,
        "all.json": page(usage(None, 90, 9), day=1),
        "costs.json": page(cost(0.5, line_item="gpt-5-mini, input"), cost(2, line_item="Storage")),
    }
    return load(tmp_path_factory.mktemp("sums"), texts)


def test_each_side_counts_once_and_days_are_utc(warehouse):
    found = sums_in(warehouse)
    rows = {(row.day, row.model, row.all_models): row for row in found.rows}
    assert list(rows) == [
        (DAY, None, False),
        (DAY, "gpt-5", False),
        (DAY, "gpt-5-mini", False),
        (DAY + timedelta(1), None, True),
    ]
    mini = rows[DAY, "gpt-5-mini", False]
    assert mini.sums == Said(4, 350, None, 30, 500_000_000_000, "USD")
    # 300 and 20 tokens at 0.25 and 2 dollars a million; the call without usage is unpriced.
    assert mini.calls == Said(3, 300, 0, 20, 115_000_000, "USD")
    assert mini.difference == Said(1, 50, None, 10, 499_885_000_000, "USD")
    assert (mini.unpriced, mini.without_usage) == (1, 1)
    assert rows[DAY, "gpt-5", False].calls == Said(0, 0, 0, 0, None, None)
    # What is no model's is held against nothing else; what is all models' against all of the seller's calls.
    assert rows[DAY, None, False].sums == Said(None, None, None, None, 2_000_000_000_000, "USD")
    assert rows[DAY, None, False].calls.requests == 0
    every = rows[DAY + timedelta(1), None, True]
    assert (every.sums.input, every.calls.input) == (90, 400)
    # The day by project and by the hour.
    assert found.aside == 3


def test_a_period_and_a_source_narrow_it(warehouse):
    assert {row.day for row in sums_in(warehouse, since=DAY + timedelta(1)).rows} == {DAY + timedelta(1)}
    assert {row.day for row in sums_in(warehouse, until=DAY).rows} == {DAY}
    assert sums_in(warehouse, source="prometheus") == Sums((), 0)
    with open_reader(warehouse) as reader:
        assert {row.day for row in read_newest_sums(reader, 1).rows} == {DAY + timedelta(1)}


def test_the_command_says_the_same_and_cost_knows_nothing_of_it(warehouse, capsys):
    options = ["--warehouse", str(warehouse), "--now", NOW.replace(tzinfo=UTC).isoformat()]
    assert run([*options, "sums", "--json", "--until", "2026-11-20"]) == 0
    told = json.loads(capsys.readouterr().out)
    mini = next(row for row in told["rows"] if row["model"] == "gpt-5-mini")
    assert (mini["sums"]["cost"], mini["calls"]["cost"], mini["difference"]["cost"]) == ("0.5", "0.000115", "0.499885")
    assert (mini["difference"]["requests"], mini["difference"]["cache_read"], told["aside"]) == (1, None, 3)
    assert run([*options, "sums"]) == 0
    shown = capsys.readouterr().out
    assert "all models" in shown and "3 buckets left aside" in shown and "1 call of unknown cost" in shown
    assert run([*options, "cost", "--json"]) == 0
    assert sum(row["requests"] for row in json.loads(capsys.readouterr().out)["rows"]) == len(CALLS)
    assert run([*options, "sums", "--source", "nobody"]) == 2


def test_a_difference_needs_both_sides_and_one_currency():
    side = Said(1, 2, None, 4, 5, "USD")
    row = SumRow("s", None, None, False, DAY, side, side._replace(currency="CNY", requests=None), 0, 0)
    assert row.difference == Said(None, 0, None, 0, None, None)


def test_sums_are_no_newer_data_than_the_calls(tmp_path):
    """A sum of a later day says nothing of how far the calls reach."""
    warehouse = load(tmp_path, {"calls.jsonl": CALLS[:2], "sums.json": page(usage("gpt-5-mini", 7, 1), day=2)})
    with open_reader(warehouse) as reader:
        assert coverage_of(reader).data_through == datetime(2026, 11, 20, 23, 59, 59)
