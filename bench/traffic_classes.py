"""Measures the classes of traffic on public traces and writes ``planning/traffic_classes.json``."""

import csv
import gzip
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from planning.capacity import Calls, calls_of
from planning.crowd import Crowd, crowd_of, equal_parts
from planning.prefix_cache import Prompt
from planning.traffic_classes import DATA

SETS = Path(__file__).parents[2] / "shared" / "datasets"
AZURE = SETS / "traffic_azure_code" / "AzureLLMInferenceTrace_code.csv"
MOONCAKE = SETS / "cache_mooncake" / "conversation_trace.jsonl.gz"
AGENTS = SETS / "agent_tasks_openrouter" / "responses.jsonl.gz"
SERVEGEN = SETS / "traffic_servegen"
PARTS, CLIENTS = 20, 20
"""Of sizes, and of customers that call in at least nine of ten stretches of ten minutes."""
Sizes = NDArray[np.float64]


def azure() -> tuple[Calls, Sizes]:
    """A coding service: its calls, and input and output of each."""
    with AZURE.open(newline="") as file:
        rows = [
            (_us(row["TIMESTAMP"]), int(row["ContextTokens"]), int(row["GeneratedTokens"]))
            for row in csv.DictReader(file)
        ]
    return _measured(rows)


def mooncake() -> tuple[Calls, Sizes]:
    """Many people's conversations with one assistant."""
    rows = [(row["timestamp"] * 1000, row["input_length"], row["output_length"]) for row in _lines(MOONCAKE)]
    return _measured(rows)


def prompts() -> list[Prompt]:
    """The same as a prefix cache sees them; a block is of 512 tokens."""
    return [Prompt(row["timestamp"], row["input_length"], row["hash_ids"]) for row in _lines(MOONCAKE)]


def agents() -> tuple[Calls, Sizes]:
    """Agents that work through coding tasks, many at a time."""
    usage = [(row["created"], row["usage"]) for row in _lines(AGENTS)]
    return _measured([(at * 1_000_000, each["prompt_tokens"], each["completion_tokens"]) for at, each in usage])


def write() -> None:
    """Measure all of them, and write what is shipped."""
    steady, agent, code = (_class(*found()) for found in (mooncake, agents, azure))
    rows = [
        {"name": "steady", "about": "many people at once, a few calls each", **steady, **SOURCES["steady"]},
        {"name": "chat", "about": "one customer of a model platform, day and night", **_chat(), **SOURCES["chat"]},
        {"name": "agent", "about": "agents that work through a batch of tasks", **agent, **SOURCES["agent"]},
        {"name": "code", "about": "a coding assistant: bursts, and minutes with nothing", **code, **SOURCES["code"]},
    ]  # fmt: skip
    about = "Measured on public traces by bench/traffic_classes.py; changed: only these summaries are kept."
    DATA.write_text(json.dumps({"about": about, "classes": rows}, indent=1) + "\n", encoding="utf-8")


SOURCES = {
    "steady": {
        "source": "Mooncake conversation trace, github.com/kvcache-ai/Mooncake, commit 3b5a594",
        "licence": "Apache-2.0",
        "note": "One hour. Its times come in steps of three seconds.",
    },
    "chat": {
        "source": "ServeGen, github.com/alibaba/ServeGen, commit f891d11: clients of m-large",
        "licence": "Apache-2.0",
        "note": "The median of the 20 busiest customers that call day and night, over ten days. Rates are of ten "
        "minutes: within them calls are taken to come at random. Nights are in it: give calls of 24 hours.",
    },
    "agent": {
        "source": "mini-swe-agent runs through OpenRouter, github.com/gruckion/mini-swe-agent, commit d12a71a",
        "licence": "MIT",
        "note": "239 coding tasks in 110 minutes; a batch that someone started, with an end.",
    },
    "code": {
        "source": "Azure LLM inference trace 2023 (code), github.com/Azure/AzurePublicDataset, commit b469a11",
        "licence": "CC-BY-4.0",
        "note": "One hour of one afternoon: 8,819 calls of a coding service.",
    },
}


def _class(calls: Calls, sizes: Sizes) -> dict[str, Any]:
    crowd = crowd_of(calls)
    return _row(crowd, sizes, len(sizes), round(calls.minutes), calls.rate)


def _row(crowd: Crowd, sizes: Sizes, calls: int, minutes: int, rate: float) -> dict[str, Any]:
    whole = np.sort(sizes.sum(axis=1))
    return {
        "crowd": {
            "levels": [round(level, 4) for level in crowd.levels],
            "weights": [round(weight, 4) for weight in crowd.weights],
            "stay": round(crowd.stay, 3),
        },
        "input_tokens": round(float(sizes[:, 0].mean()), 1),
        "output_tokens": round(float(sizes[:, 1].mean()), 1),
        "parts": [round(float(part.mean()), 1) for part in np.array_split(whole, PARTS)],
        "calls": calls,
        "minutes": minutes,
        "per_minute": round(rate, 2),
    }


def _chat() -> dict[str, Any]:
    """Rates of ten minutes against each customer's own mean, as calls see them: the median customer."""
    trace = str(SERVEGEN / "trace.parquet")
    busiest = duckdb.sql(
        f"select client, list(rate_rps order by t_s) from '{trace}' where model = 'm-large' "
        f"group by client having avg(cast(rate_rps > 0 as integer)) >= 0.9 "
        f"order by sum(rate_rps) desc limit {CLIENTS}"
    ).fetchall()
    levels, alike = [], []
    for _, rates in busiest:
        against = np.array(rates) / np.mean(rates)
        levels.append(equal_parts(against, against / against.sum())[0])
        ranks = np.argsort(np.argsort(against))
        alike.append(float(np.corrcoef(ranks[:-1], ranks[1:])[0, 1]))
    middle = np.median(np.array(levels), axis=0)
    # Calls that see a level are as many times denser: their levels' reciprocals have a mean of 1.
    middle *= np.mean(1 / middle)
    calls = sum(sum(rates) for _, rates in busiest) * 600
    minutes = len(busiest[0][1]) * 10
    crowd = Crowd(tuple(middle), (1 / len(middle),) * len(middle), float(np.median(alike)) ** 0.1)
    return _row(crowd, _lengths([client for client, _ in busiest]), round(calls), minutes, calls / minutes / CLIENTS)


def _lengths(clients: Sequence[int]) -> Sizes:
    """Lengths drawn from the quantiles that the trace gives of each client and six hours, input apart from output."""
    random = np.random.default_rng(8)
    names = ("p50", "p95", "p99")
    columns = ", ".join(f"{side}_tokens_{name}" for side in ("input", "output") for name in names)
    rows = duckdb.sql(
        f"select {columns} from '{SERVEGEN / 'lengths.parquet'}' "
        f"where model = 'm-large' and list_contains({list(clients)}, client) and input_tokens_p50 is not null"
    ).fetchall()
    drawn = []
    for row in rows:
        sides = [np.interp(random.random(200), (0, 0.5, 0.95, 0.99), (0, *side)) for side in (row[:3], row[3:])]
        drawn.append(np.column_stack(sides))
    return np.concatenate(drawn)


def _measured(rows: Sequence[tuple[int, int, int]]) -> tuple[Calls, Sizes]:
    sizes = np.array([row[1:] for row in rows], dtype=np.float64)
    starts = np.array([row[0] for row in rows], dtype=np.int64)
    return calls_of(starts, sizes.sum(axis=1).astype(np.int64)), sizes


def _lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def _us(text: str) -> int:
    at = datetime.fromisoformat(text[:26])
    return round((at - datetime(2023, 1, 1)).total_seconds() * 1_000_000)


if __name__ == "__main__":
    write()
