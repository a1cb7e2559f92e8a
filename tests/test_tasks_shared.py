"""Cost per task on 239 real agent tasks: every figure equal to a plain recomputation from the file."""

import csv
import gzip
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.tollbook_command import Tollbook

DATA = Path(__file__).parents[2] / "shared" / "datasets" / "agent_tasks_openrouter"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data sets are not here")


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    with gzip.open(DATA / "responses.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def resolved() -> dict[str, bool]:
    with (DATA / "tasks.csv").open(encoding="utf-8", newline="") as file:
        return {row["instance_id"]: row["resolved"] == "True" for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> Path:
    """The warehouse of all the responses, with their outcomes."""
    from app.cli import run

    folder = tmp_path_factory.mktemp("real")
    log = folder / "responses.jsonl"
    with gzip.open(DATA / "responses.jsonl.gz") as packed:
        log.write_bytes(packed.read())
    at = ["--warehouse", str(folder / "warehouse")]
    assert run([*at, "ingest", str(log), "--task-field", "instance_id", "--step-field", "step"]) == 0
    assert run([*at, "outcome", "load", str(DATA / "tasks.csv"), "--task-field", "instance_id"]) == 0
    return folder / "warehouse"


@pytest.fixture
def tollbook(real, capsys) -> Tollbook:
    return Tollbook(real, capsys)


def cost_of(row: dict) -> Decimal:
    """As the seller's page has it: 2 per million of input, 0.20 from the cache, 12 of output."""
    usage = row["usage"]
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    return (
        (usage["prompt_tokens"] - cached) * Decimal(2) + cached * Decimal("0.20") + usage["completion_tokens"] * 12
    ) / 10**6


def costed(rows: list[dict]) -> list[dict]:
    return [row for row in rows if row["id"].startswith("gen-")]


def by_task(rows: list[dict]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in costed(rows):
        totals[row["instance_id"]] += cost_of(row)
    return totals


def test_cost_per_task_and_per_resolved_task(tollbook, rows, resolved):
    totals = by_task(rows)
    (total,) = tollbook.json("tasks", "--by", "model")["total"]
    whole = sum(totals.values(), Decimal(0))
    assert (total["tasks"], total["costed_tasks"], total["unknown_cost"]) == (239, 233, 6) == (239, len(totals), 6)
    assert Decimal(total["cost"]) == whole
    assert Decimal(total["cost_per_task"]).quantize(Decimal("1e-7")) == Decimal("0.4632064")
    assert abs(Decimal(total["cost_per_task"]) - whole / len(totals)) <= Decimal("5e-13")
    solved = sum(resolved[task] for task in totals)
    assert (total["judged_tasks"], total["resolved_tasks"]) == (233, 169) == (233, solved)
    assert abs(Decimal(total["cost_per_resolved"]) - whole / solved) <= Decimal("5e-13")
    for figure in ("cost_per_task", "cost_per_resolved"):
        low, high = Decimal(total[f"{figure}_low"]), Decimal(total[f"{figure}_high"])
        assert low < Decimal(total[figure]) < high < 2 * low


def test_what_is_not_covered_is_said(tollbook):
    found = tollbook.json("tasks", "--by", "model")
    assert found["coverage"] == 9456 / 9666
    unknown = [row for row in found["rows"] if row["cost"] is None]
    assert [(row["model"], row["unknown_cost"], row["requests"]) for row in unknown] == [
        ("gemini-3-pro-preview", 6, 210)
    ]
    assert tollbook("tasks", "--by", "model") == 0
    assert "233 tasks of 239 with a known cost (97.5%)" in tollbook.out
    assert "6 tasks with calls of unknown cost in no amount, and not counted as 0" in tollbook.out


def sums(rows: list[dict], key: str) -> dict[Any, tuple[int, int, int, Decimal]]:
    """Calls, input tokens, those from the cache, and cost."""
    found: dict[Any, tuple[int, int, int, Decimal]] = {}
    for row in rows:
        calls, prompt, cached, cost = found.get(row[key], (0, 0, 0, Decimal(0)))
        usage = row["usage"]
        prompt, cached = prompt + usage["prompt_tokens"], cached + usage["prompt_tokens_details"]["cached_tokens"]
        found[row[key]] = calls + 1, prompt, cached, cost + (cost_of(row) if row["id"].startswith("gen-") else 0)
    return found


def told(row: dict) -> tuple[int, int, int, Decimal]:
    prompt = row["input"] + row["cache_read"] + row["cache_written"]
    assert row["cache_share"] == row["cache_read"] / prompt
    return row["requests"], prompt, row["cache_read"], Decimal(row["costs"].get("USD", "0"))


def test_cache_share_and_cost_by_step_and_by_upstream_provider(tollbook, rows):
    found = tollbook.json("tasks", "--steps")
    assert {row["step"]: told(row) for row in found["rows"]} == sums(rows, "step")
    assert {row["upstream_provider"]: told(row) for row in found["upstream"]} == sums(rows, "provider")
    per_step = sums(rows, "step")
    for band in found["bands"]:
        steps = [per_step[step] for step in per_step if band["first"] <= step <= band["last"]]
        assert told(band) == tuple(sum(values) for values in zip(*steps, strict=True))
        tasks = {row["instance_id"] for row in rows if band["first"] <= row["step"] <= band["last"]}
        assert band["tasks"] == len(tasks)
    spent, half = Decimal(0), sum(by_task(rows).values(), Decimal(0)) / 2
    by_half = next(step for step in sorted(per_step) if (spent := spent + per_step[step][3]) >= half)
    assert found["total"] == [{"currency": "USD", "cost": "107.9270852", "half_by_step": by_half}]


def test_the_dearest_call_and_the_dearest_task(tollbook, rows):
    found = tollbook.json("tasks", "--outliers")
    dearest = max(costed(rows), key=cost_of)
    call = found["calls"][0]
    assert (call["task"], call["step"], Decimal(call["cost"])) == (
        dearest["instance_id"],
        dearest["step"],
        cost_of(dearest),
    )
    assert rows[call["line"] - 1] is dearest
    totals = by_task(rows)
    assert found["rows"][0]["task"] == max(totals, key=lambda task: totals[task])


def test_two_tasks_side_by_side(tollbook, rows):
    names = ("django__django-11138", "django__django-14034")
    totals = by_task(rows)
    for side, name in zip(tollbook.json("task", names[0], "--beside", names[1])["rows"], names, strict=True):
        own = [row for row in rows if row["instance_id"] == name]
        assert (side["task"], side["calls"], Decimal(side["costs"]["USD"])) == (name, len(own), totals[name])
        assert sum(Decimal(part["USD"]) for part in side["parts"].values() if part) == totals[name]
        assert sum(Decimal(step["costs"]["USD"]) for step in side["steps"]) == totals[name]
        assert side["prompt"] == sum(row["usage"]["prompt_tokens"] for row in own)
