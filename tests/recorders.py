"""Traces that real clients wrote, beside the ledger of what they were served: what was read of them, call by call."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22, 12)
RECORDERS = {
    "otel_openai_v2": ("opentelemetry-instrumentation-openai-v2", "otlp_traces.jsonl"),
    "traceloop_openai": ("OpenLLMetry (Traceloop) for OpenAI", "otlp_traces.jsonl.gz"),
    "traceloop_anthropic": ("OpenLLMetry for Anthropic, with Anthropic's own SDK", "otlp_traces.jsonl.gz"),
    "openinference_openai": ("OpenInference for OpenAI", "otlp_traces.jsonl.gz"),
    "langfuse_sdk": ("Langfuse's SDK", "otlp_traces.jsonl"),
    "openlit_sdk": ("OpenLIT", "otlp_traces.jsonl.gz"),
    "vercel_ai_sdk": ("Vercel's AI SDK", "otlp_traces_as_sent.jsonl.gz"),
    "litellm_otel_v2": ("LiteLLM's proxy, OpenTelemetry's second version", "otlp_traces.jsonl.gz"),
    "litellm_proxy": ("LiteLLM's proxy, OpenTelemetry's first version", "otlp_traces.jsonl.gz"),
}
CACHED = ("cache_read", "cache_write", "cache_write_5m", "cache_write_1h")
Row = dict[str, Any]


class Recorded(NamedTuple):
    """What was read of one recorder's traces, and the truth about the answers."""

    rows: list[Row]
    ledger: list[Row]
    pairs: list[tuple[Row, Row]]
    """Records, each with the answer that the ledger says it is of."""


def read_recorder(shared: Path, work: Path, name: str) -> Recorded:
    """Load a recorder's traces into a warehouse of their own, and join them with its ledger."""
    folder = shared / "recorded" / name
    warehouse = work / name
    (result,) = load_files(warehouse, [folder / RECORDERS[name][1]], Options(), now=NOW, tell=lambda message: None)
    assert (result.error, result.merged.rejected) == (None, 0)
    rows = all_rows(warehouse)
    ledger = [json.loads(line) for line in (folder / "truth_ledger.jsonl").read_text().splitlines()]
    return Recorded(rows, ledger, list(_pairs(rows, ledger)))


def all_rows(warehouse: Path) -> list[Row]:
    """Every row of a warehouse, by names."""
    with open_reader(warehouse) as reader:
        found = reader.connection.execute("select * from usage_priced order by start_at, record_key")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _pairs(rows: list[Row], ledger: list[Row]) -> Iterator[tuple[Row, Row]]:
    """By the answer's id; a record that lacks it by its task and counts, which no two answers share."""
    by_id = {truth["response_id"]: truth for truth in ledger if truth["response_id"]}
    left = dict(by_id)
    rest = []
    for row in rows:
        if row["response_id"] in by_id:
            yield row, left.pop(row["response_id"])
        else:
            rest.append(row)
    by_counts = defaultdict(list)
    for truth in left.values():
        by_counts[truth["in_total"], truth["out_total"]].append(truth)
    for row in rest:
        if found := by_counts.get((input_of(row), row["output"])):
            yield row, found.pop()


def input_of(row: Row) -> int | None:
    """All input tokens of a record, cached ones and written ones in it."""
    return None if row["input"] is None else row["input"] + sum(row[name] or 0 for name in CACHED)


def is_exact(row: Row, truth: Row) -> bool:
    """Whether all input and output of a record are what was served."""
    return row["usage_status"] == "reported" and (input_of(row), row["output"]) == (
        truth["in_total"],
        truth["out_total"],
    )


def lost(recorded: Recorded) -> tuple[str, ...]:
    """What a recorder loses: the cells of its row in the docs."""
    good = [(row, truth) for row, truth in recorded.pairs if truth["outcome"] == "ok"]
    answered = sum(truth["outcome"] == "ok" for truth in recorded.ledger)
    unsaid = [row for row in recorded.rows if row["usage_status"] == "missing" and not row["error_category"]]
    cells = (
        answered,
        len(recorded.rows),
        sum(is_exact(*pair) for pair in good),
        sum(row["usage_status"] == "estimated" for row in recorded.rows),
        len(unsaid),
    )
    return (
        *map(str, cells),
        *(_known(good, *names) for names in MEMOS),
        str(len(recorded.ledger) - len(recorded.rows)),
    )


MEMOS = (("cache_read", "in_cache_read"), ("reasoning", "out_reasoning"))


def _known(pairs: list[tuple[Row, Row]], column: str, name: str) -> str:
    """In how many of the answers that had such tokens they are known."""
    said = [(row, truth) for row, truth in pairs if truth[name] and row["usage_status"] == "reported"]
    # StepFun thinks, and does not say how much.
    had = [each for each in said if column == "cache_read" or "reasoning_tokens" in str(each[1]["usage_on_wire"])]
    return f"{sum(row[column] == truth[name] for row, truth in had)} of {len(had)}"
