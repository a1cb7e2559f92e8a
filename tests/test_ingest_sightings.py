"""A thousand calls seen by the gateway, by the seller and by our own log are a thousand calls, in every order."""

import csv
import json
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
CALLS = 1_000
MODEL = "stepfun/step-3.7-flash-20260528"
RATES = (200_000, 40_000, 1_150_000)
"""Pico-dollars per token: input, cache read, output."""
FILES = ("litellm.jsonl", "activity.csv", "envelope.jsonl")
TEAMS = ("search", "support", "platform")


class Call(NamedTuple):
    """One call, as all three saw it."""

    id: str
    at: datetime
    prompt: int
    cached: int
    output: int
    team: str
    task: str

    def cost(self) -> int:
        return (self.prompt - self.cached) * RATES[0] + self.cached * RATES[1] + self.output * RATES[2]


def made_up() -> list[Call]:
    chance = Random(7)
    begin = datetime(2026, 11, 20, 8)
    return [
        Call(
            f"gen-{1795161600 + number}-{number:05d}",
            begin + timedelta(seconds=number, milliseconds=chance.randrange(1000)),
            prompt := chance.randrange(1_000, 20_000),
            chance.randrange(0, prompt),
            chance.randrange(10, 3_000),
            TEAMS[number % len(TEAMS)],
            f"ticket-{number // 5}",
        )
        for number in range(CALLS)
    ]


def litellm(call: Call) -> dict[str, Any]:
    usage = {"prompt_tokens_details": {"cached_tokens": call.cached}}
    return {
        "id": call.id,
        "litellm_call_id": f"call-{call.id}",
        "call_type": "acompletion",
        "status": "success",
        "startTime": call.at.isoformat(sep=" "),
        "endTime": (call.at + timedelta(seconds=2)).isoformat(sep=" "),
        "model": f"openrouter/{MODEL}",
        "custom_llm_provider": "openrouter",
        "api_base": "https://openrouter.ai/api/v1",
        "prompt_tokens": call.prompt,
        "completion_tokens": call.output,
        "total_tokens": call.prompt + call.output,
        # Not what it cost: the prices of LiteLLM's own table.
        "response_cost": 0.25,
        "metadata": {
            "user_api_key_team_alias": call.team,
            "spend_logs_metadata": {"task_id": call.task},
            "usage_object": usage,
        },
    }


def activity(call: Call) -> dict[str, Any]:
    return {
        "generation_id": call.id,
        "created_at": (call.at + timedelta(milliseconds=180)).isoformat(sep=" ", timespec="milliseconds"),
        "cost_total": f"{call.cost() / 10**12:.12f}",
        "tokens_prompt": call.prompt,
        "tokens_completion": call.output,
        "tokens_cached": call.cached,
        "model_permaslug": MODEL,
        "provider_name": "StepFun",
        "api_key_name": "all-teams",
    }


def envelope(call: Call) -> dict[str, Any]:
    usage = {
        "prompt_tokens": call.prompt,
        "completion_tokens": call.output,
        "total_tokens": call.prompt + call.output,
        "prompt_tokens_details": {"cached_tokens": call.cached},
    }
    return {
        "time": f"{call.at.isoformat()}Z",
        "base_url": "https://openrouter.ai/api/v1",
        "response": {"id": call.id, "model": MODEL, "usage": usage},
    }


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    return made_up()


@pytest.fixture(scope="module")
def folder(calls, tmp_path_factory) -> Path:
    made: Path = tmp_path_factory.mktemp("three")
    for name, line_of in (("litellm.jsonl", litellm), ("envelope.jsonl", envelope)):
        (made / name).write_text("".join(json.dumps(line_of(call)) + "\n" for call in calls))
    with (made / "activity.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, activity(calls[0]).keys())
        writer.writeheader()
        writer.writerows(map(activity, calls))
    return made


@pytest.mark.parametrize(
    "order",
    [pytest.param(order, marks=[pytest.mark.long] * bool(number)) for number, order in enumerate(permutations(FILES))],
    ids=" ".join,
)
def test_three_logs_of_a_thousand_calls_bill_a_thousand_calls(calls, folder, tmp_path, order):
    paths = [folder / name for name in order]
    loads = list(load_files(tmp_path / "warehouse", paths, Options(), now=NOW, tell=lambda message: None))
    assert [(load.error, load.merged.loaded) for load in loads] == [(None, CALLS)] * 3
    spent = {team: sum(call.cost() for call in calls if call.team == team) for team in TEAMS}
    with open_reader(tmp_path / "warehouse") as reader:
        by_team = reader.rows("select team, sum(requests), sum(cost) from usage_day_priced group by team order by team")
        tasks = reader.rows("select count(*), sum(requests), sum(cost) from task_cost")
        seen = reader.rows(
            "select source, counted, count(*), count(cost_reported) from usage group by all order by all"
        )
        links = reader.rows("""
            select count(*) from usage other join usage counted on counted.record_key = other.sighting_of
            where counted.counted and not other.counted and counted.response_id = other.response_id
        """)
    count = dict.fromkeys(TEAMS, 0) | {team: sum(call.team == team for call in calls) for team in TEAMS}
    assert by_team == sorted((team, count[team], spent[team]) for team in TEAMS)
    assert tasks == [(CALLS // 5, CALLS, sum(spent.values()))]
    # The gateway's sighting says most: who it was for, and in which task.
    assert seen == [
        ("litellm", True, CALLS, CALLS),
        ("openai_compatible", False, CALLS, 0),
        ("openrouter_activity", False, CALLS, CALLS),
    ]
    assert links == [(2 * CALLS,)]
