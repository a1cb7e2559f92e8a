"""Langfuse's observations: what is a call, and what its usage maps mean."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.langfuse_usage import METERS, set_usage
from ingest.load import load_files
from ingest.options import Options
from ingest.reading import EVERY_COLUMN
from tests.kept import empty
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
START = "2026-11-20T10:00:00.000Z"


@pytest.fixture(autouse=True)
def begun_here(tmp_warehouse: Path) -> None:
    """What each load here would begin with is there."""
    empty(tmp_warehouse)


def observation(key: str, **given: Any) -> dict[str, Any]:
    base = {"id": key, "traceId": "t1", "type": "GENERATION", "startTime": START, "endTime": "2026-11-20T10:00:02.500Z"}
    return {**base, "model": "gpt-5-mini", "usageDetails": {"input": 10, "output": 2, "total": 12}, **given}


def load(folder: Path, text: str, name: str = "export.jsonl") -> tuple[Any, list[tuple]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    (result,) = load_files(folder / "warehouse", [path], Options(), now=NOW, tell=lambda message: None)
    assert (result.error, result.source) == (None, "langfuse")
    with open_reader(folder / "warehouse") as reader:
        columns = "span_id, input, cache_read, output, usage_status, error_category, cost_reported, latency_ms"
        return result, reader.rows(f"select {columns} from usage order by span_id")


def as_lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def as_csv(rows: list[dict[str, Any]]) -> str:
    """As Langfuse writes it: every cell quoted, maps as JSON."""
    cells = [[value if isinstance(value, str) else json.dumps(value) for value in row.values()] for row in rows]
    table = [list(rows[0]), *cells]
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\n" for line in table)


TREE = [
    observation("outer", parentObservationId="agent", usageDetails={"input": 30, "output": 6, "total": 36}),
    observation("chain", type="CHAIN", parentObservationId="outer"),
    observation("inner", parentObservationId="chain"),
    observation("agent", type="AGENT", parentObservationId=None),
    observation("embedded", type="EMBEDDING", parentObservationId="inner", usageDetails={"input": 5, "total": 5}),
]
SHAPES = {
    "export.jsonl": as_lines,
    "export.json": lambda rows: json.dumps(rows, indent=1),
    "export.csv": as_csv,
    "page.json": lambda rows: json.dumps({"data": rows, "meta": {"cursor": None}}),
    "trace.json": lambda rows: json.dumps({"trace": {"id": "t1"}, "observations": rows}),
    "api-trace.json": lambda rows: json.dumps({"id": "t1", "observations": rows}, indent=1),
}


def test_only_the_innermost_generation_and_what_it_embeds_are_calls(tmp_path):
    paths = []
    for number, (name, write) in enumerate((name, write) for name, write in SHAPES.items() for _ in (1, 2)):
        tree = [{**row, "traceId": f"t{number}"} for row in TREE]
        paths.append(tmp_path / f"{number}-{name}")
        paths[-1].write_text(write(tree if number % 2 else tree[::-1]), encoding="utf-8")
    for result in load_files(tmp_path / "warehouse", paths, Options(), now=NOW, tell=lambda message: None):
        assert (result.source, result.merged.records, result.left_out) == ("langfuse", 2, 3), result.path
    with open_reader(tmp_path / "warehouse") as reader:
        rows = reader.rows("select span_id, input, output, count(distinct trace_id) from usage group by all order by 1")
    assert rows == [("embedded", 5, 0, len(paths)), ("inner", 10, 2, len(paths))]


def test_a_later_upsert_is_the_same_call_and_the_fuller_stays(tmp_path):
    load(tmp_path, as_lines([observation("a", usageDetails={}, endTime=None)]), "early.jsonl")
    _, rows = load(tmp_path, as_lines([observation("a", updatedAt=START)]), "late.jsonl")
    assert [(row[0], row[1], row[7]) for row in rows] == [("a", 10, 2500)]
    _, rows = load(tmp_path, as_lines([observation("a", usageDetails={}, updatedAt=None)]), "again.jsonl")
    assert [(row[0], row[1]) for row in rows] == [("a", 10)]


def test_failures_durations_costs_and_generations_inside_others(tmp_path):
    rows = [
        observation("outer"),
        observation("inner", parentObservationId="outer", usageDetails={}),
        observation("slow", latency=999, costDetails={"input": 0.1, "output": 0.2, "total": 0.3}),
        observation(
            "failed",
            level="ERROR",
            statusMessage="Error code: 429 - slow down",
            usageDetails={"input": 0, "output": 0, "total": 0},
            costDetails={"input": 0, "output": 0, "total": 0},
            totalCost=0,
        ),
    ]
    _, found = load(tmp_path, as_lines(rows))
    assert found == [
        ("failed", None, None, None, "missing", "rate_limit", None, 2500),
        # One that says no usage does not take its outer one's away.
        ("inner", None, None, None, "missing", None, None, 2500),
        ("outer", 10, None, 2, "reported", None, None, 2500),
        ("slow", 10, None, 2, "reported", None, 300_000_000_000, 2500),
    ]


def test_one_observation_that_cannot_be_read_keeps_no_other_out(tmp_path):
    rows = [observation("good"), observation("bad", usageDetails={"input": -4})]
    result, found = load(tmp_path, json.dumps({"data": rows}), "page.json")
    assert [row[0] for row in found] == ["good"]
    assert [reason for reason, _, _ in result.rejects] == ["input is -4, not a whole number from 0 to 10000000000"]


MAPS = [
    # As Langfuse takes OpenAI's apart.
    (
        {"input": 600, "input_cached_tokens": 400, "output": 40, "output_reasoning_tokens": 60, "total": 1100},
        (1000, 400, 100, 60),
    ),
    # Without a total, by the names.
    ({"input": 600, "input_cached_tokens": 400, "output": 100}, (1000, 400, 100, None)),
    # The total says that the program did not take the cached tokens out.
    ({"input": 1000, "input_cached_tokens": 400, "output": 100, "total": 1100}, (1000, 400, 100, None)),
    # Input taken apart, output not: Anthropic's counts with thinking inside.
    (
        {"input": 600, "cache_read_input_tokens": 400, "output": 100, "output_reasoning": 60, "total": 1100},
        (1000, 400, 100, 60),
    ),
    # OpenInference's names stand inside; a total made by adding everything up proves nothing.
    ({"input": 1000, "prompt_details.cache_read": 400, "output": 100, "total": 1100}, (1000, 400, 100, None)),
    ({"input": 1000, "prompt_details.cache_read": 400, "output": 100, "total": 1500}, (1000, 400, 100, None)),
    # One count under several names is one count.
    (
        {"input": 600, "input_cache_read": 400, "input_cached_tokens": 400, "output": 100, "total": 1100},
        (1000, 400, 100, None),
    ),
    # A seller's own object, which Langfuse stored as it came, with a total of totals.
    (
        {"prompt_tokens": 711, "cached_tokens": 512, "completion_tokens": 150, "total_tokens": 861, "total": 2234},
        (711, 512, 150, None),
    ),
    # The same with its details under dotted names.
    (
        {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}
        | {"prompt_tokens_details.cached_tokens": 300, "completion_tokens_details.reasoning_tokens": 20},
        (1000, 300, 50, 20),
    ),
    ({"promptTokens": 10, "completionTokens": 5, "totalTokens": 15, "unit": "TOKENS"}, (10, None, 5, None)),
    ({"input": 700, "output": 9, "unit": "CHARACTERS"}, (None, None, None, None)),
    ({"input": 0, "output": 0, "total": 0}, (None, None, None, None)),
    ({}, (None, None, None, None)),
]


@pytest.mark.parametrize(("usage", "counts"), MAPS)
def test_what_a_usage_map_means(usage, counts):
    reading = dict.fromkeys(EVERY_COLUMN)
    set_usage(reading, usage)
    assert (reading["prompt"], reading["cache_read"], reading["completion"], reading["reasoning"]) == counts


def test_writes_are_counted_once_whatever_the_map_says_of_their_lifetimes():
    reading = dict.fromkeys(EVERY_COLUMN)
    usage = {"input": 5, "output": 1, "input_cache_creation": 30, "input_cache_creation_5m": 10}
    set_usage(reading, {**usage, "input_cache_creation_1h": 20, "total": 36})
    assert (reading["prompt"], reading["cache_write"]) == (35, None)
    assert (reading["cache_write_5m"], reading["cache_write_1h"]) == (10, 20)


def test_an_entry_that_nobody_knows_is_a_part_of_its_side_and_is_told():
    reading: dict[str, Any] = dict.fromkeys(EVERY_COLUMN)
    set_usage(reading, {"input": 5, "input_smell_tokens": 4, "output": 1, "total": 10})
    assert (reading["prompt"], reading["completion"]) == (9, 1)
    assert json.loads(reading["unknown_usage"]) == {"input_smell_tokens": 4}


def test_no_name_means_two_things():
    names = [name for column in METERS.values() for name in column]
    assert len(names) == len(set(names))


def test_nothing_that_was_said_is_left(tmp_path):
    secret, key = "the patient said hello", "sk-abcdefghijklmnop1234"
    spoken = {"input": [{"content": secret}], "output": secret, "metadata": {"note": secret, "attributes": {"k": key}}}
    rows = [
        observation("a", **spoken, name=secret, modelParameters={"system": secret}, userId="jane@example.com"),
        observation("b", **spoken, usageDetails={"input": secret}),
        observation("c", **spoken, level="ERROR", statusMessage=f"{secret} {key}"),
        observation("d", **spoken, startTime=secret),
        observation("e", **spoken, usageDetails={secret: 5, "input": 1, "output": 1, "total": 9}),
    ]
    result, _ = load(tmp_path, as_lines(rows))
    assert result.merged.rejected == 2
    held = b"".join(path.read_bytes() for path in (tmp_path / "warehouse").rglob("*") if path.is_file())
    told = str(result)
    for text in (secret, "patient", key, "jane@example.com"):
        assert text.encode() not in held and text not in told


def test_the_samples_are_read_to_their_own_sums(shared, tmp_path):
    paths = sorted((shared / "samples" / "langfuse").iterdir())
    for result in load_files(tmp_path / "w", paths, Options(), now=NOW, tell=lambda message: None):
        assert (result.error, result.source, result.merged.rejected) == (None, "langfuse", 0)
    text = """
        select f.path, count(*), sum(input), sum(output), sum(total_reported), sum(cost_reported)
        from usage join ingest_file f using (file_id) group by f.path order by f.path
    """
    with open_reader(tmp_path / "w") as reader:
        found = reader.rows(text)
    for path, row in zip(paths, found, strict=True):
        value = json.loads(path.read_text(encoding="utf-8"))
        rows = value if isinstance(value, list) else value["observations"]
        calls = [row for row in rows if row["type"] == "GENERATION"]
        assert not {call["id"] for call in calls} & {call["parentObservationId"] for call in calls}
        sums = [sum(call["usageDetails"][name] for call in calls) for name in ("input", "output", "total")]
        cost = sum(Decimal(str(call["costDetails"]["total"])) for call in calls) * 10**12
        assert row == (str(path.resolve()), len(calls), *sums, cost)
