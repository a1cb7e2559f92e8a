"""Rollups follow every load: equal to a rebuild from nothing, and their sums to those of the rows."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from ingest.load import load_files
from ingest.options import Options
from warehouse.demo import remove_demo
from warehouse.folder import Folder
from warehouse.rollups import rebuild

NOW = datetime(2026, 11, 22)
ROLLUPS = ("usage_hour", "usage_day", "usage_day_detail", "task_rate", "task_cost", "dimension_value")
PRICED = ("usage_hour_priced", "usage_day_priced", "usage_day_detail_priced")
MEASURES = """
    cast(sum(cost) as varchar), sum(requests), sum(errors), sum(review), sum(partial), sum(input), sum(cache_read),
    sum(cache_write), sum(output), sum(input_audio), sum(reasoning), cast(sum(band_low) as varchar),
    cast(sum(band_high) as varchar), cast(sum(cost_reported) as varchar), sum(reported)
"""
CLOCK_CHANGE = datetime(2026, 11, 1, 6)
"""When New York's clocks go back, in UTC."""
TAGS: list[dict[str, str] | None] = [
    None,
    {"feature": "chat"},
    {"launch": "a", "feature": "search", "build": "7"},
    {"feature": "search", "launch": "a", "build": "8"},
    {"build": "9"},
]
ROUTES = [
    ("https://api.novita.ai/openai", "stepfun/step-3.7-flash"),
    ("https://api.stepfun.ai/v1", "step-3.7-flash"),
    ("https://api.stepfun.com/v1", "step-3.7-flash"),
    ("https://api.stepfun.com/v1", "unheard-of"),
    ("https://openrouter.ai/api/v1", "stepfun/step-3.7-flash"),
    ("http://0.0.0.0:8000/v1", "stepfun-ai/step-3.7-flash"),
    ("https://nobody.example/v1", "step-3.7-flash"),
]


class Traffic:
    """Made-up calls of every kind, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.made: list[dict[str, Any]] = []

    def usage(self) -> dict[str, Any]:
        pick = self.random
        prompt, completion = pick.choice([3, 900, 31_999, 40_000, 300_000]), pick.randint(0, 5000)
        cached = pick.choice([None, 0, prompt // 2, prompt, prompt + 3])
        usage: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": completion}
        usage["total_tokens"] = prompt + completion + pick.choice([0, 0, 0, 0, 7, -2])
        if cached is not None:
            usage["prompt_tokens_details"] = {"cached_tokens": cached, "audio_tokens": pick.choice([None, 1])}
        if pick.random() < 0.3:
            usage["completion_tokens_details"] = {"reasoning_tokens": pick.randint(0, 5000)}
        if pick.random() < 0.3:
            usage["cost"] = pick.choice([0.0002305, 6e-05, 0])
        return usage

    def call(self) -> dict[str, Any]:
        """A call within two days of New York's change of clocks, or weeks before."""
        pick = self.random
        base_url, model = pick.choice(ROUTES)
        hours = pick.choice([pick.uniform(-48, 48), pick.uniform(-2, 2), pick.uniform(-1200, -900)])
        body: dict[str, Any] = {
            "id": f"chatcmpl-{len(self.made)}",
            "object": "chat.completion",
            "model": model,
            "usage": self.usage(),
        }
        call: dict[str, Any] = {
            "time": (CLOCK_CHANGE + timedelta(hours=hours)).isoformat() + "Z",
            "base_url": base_url,
            "response": body,
            "task": pick.choice([*(f"task-{number}" for number in range(12)), None]),
            "step": pick.choice([None, 1, 2, 3]),
            "team": pick.choice([None, "support", "research"]),
            "environment": pick.choice([None, "prod"]),
            "user": pick.choice([None, "someone"]),
            "tags": TAGS[len(self.made) % len(TAGS)],
        }
        if pick.random() < 0.25:
            call["status"] = pick.choice([200, 401, 408, 429, 499, 500])
            body |= {"usage": None} if pick.random() < 0.5 else {}
        if pick.random() < 0.05:
            call["error"] = pick.choice(["ReadTimeout", {"code": "rate_limit_exceeded"}])
        self.made.append(call)
        return call

    def repeat(self) -> dict[str, Any]:
        """A call once more: up to a day off, with more or less in it, and perhaps another task."""
        pick = self.random
        known = json.loads(json.dumps(pick.choice(self.made)))
        moved = datetime.fromisoformat(known["time"]) + timedelta(hours=pick.choice([0, 0, 1, 23]))
        known["time"] = moved.isoformat()
        if pick.random() < 0.7:
            known["response"]["usage"] = self.usage()
        if pick.random() < 0.3:
            known["task"] = pick.choice([None, "task-0", "another"])
        return known

    def bare(self) -> dict[str, Any]:
        """An answer of OpenRouter's own: some are known from the gateway's log too."""
        known = self.random.choice(self.made)
        at = int(datetime.fromisoformat(known["time"]).timestamp())
        body = {**known["response"], "created": at, "provider": "StepFun", "usage": self.usage()}
        return {**body, "id": "gen-" + body["id"]}

    def sighted(self) -> dict[str, Any]:
        """An envelope of a call that ``bare`` may have given, too."""
        known = self.random.choice(self.made)
        return {
            **known,
            "base_url": "https://openrouter.ai/api/v1",
            "response": {**known["response"], "id": "gen-" + known["response"]["id"]},
        }


def write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def set_zone(root: Path, zone: str) -> None:
    Folder(root).create()
    settings = Folder(root).settings_file
    text = re.sub('billing_zone = "[^"]*"', f'billing_zone = "{zone}"', settings.read_text())
    settings.write_text(text.replace("# promoted_tags = [", 'promoted_tags = ["launch", '))


def states(folder: Path, zone: str, seed: int, *, size: int) -> Iterator[str]:
    """Load after load into ``folder / "w"``; gives the name of each state reached."""
    traffic, root = Traffic(seed), folder / "w"
    set_zone(root, zone)
    first = [traffic.call() for _ in range(size)]
    plan = [
        ("first", first, False),
        ("bare", [traffic.bare() for _ in range(size // 4)], True),
        ("repeats", [traffic.repeat() if n % 2 else traffic.call() for n in range(size // 2)], False),
        ("sighted", [traffic.sighted() for _ in range(size // 4)] + [traffic.repeat()], False),
    ]
    for name, lines, demo in plan:
        path = write(folder / f"{name}.jsonl", lines)
        (result,) = load_files(root, [path], Options(demo=demo), now=NOW, tell=lambda message: None)
        assert (result.error, result.merged.rejected) == (None, 0)
        yield name
    assert remove_demo(root, now=NOW, tell=lambda message: None) > 0
    yield "demo removed"


def contents(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The rows of each rollup, in no order."""
    return {name: sorted(map(repr, connection.execute(f"from {name}").fetchall())) for name in ROLLUPS}


def check_rebuild(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    kept = contents(connection)
    connection.begin()
    rebuild(connection, zone)
    rebuilt = contents(connection)
    connection.rollback()
    for name in ROLLUPS:
        assert kept[name], f"{name} holds nothing"
        assert kept[name] == rebuilt[name], name


def check_sums(connection: duckdb.DuckDBPyConnection) -> None:
    def sums(table: str, where: str = "true") -> list[tuple]:
        text = f"select currency, {MEASURES} from {table} where {where} group by currency order by currency"
        return connection.execute(text).fetchall()

    rows = sums("usage_row_priced")
    assert len(rows) >= 3, "two currencies, and calls without a price"
    for table in PRICED:
        assert sums(table) == rows, table
    assert sums("task_rate_priced") == sums("usage_row_priced", "task is not null")


def check_tasks(connection: duckdb.DuckDBPyConnection) -> None:
    """Each task's own row, summed here from the calls alone."""
    costs: dict[str, Counter[str]] = {}
    calls: Counter[str] = Counter()
    times: dict[str, list[datetime]] = {}
    for task, currency, cost, at in connection.execute(
        "select task, currency, cost, start_at from usage_priced where task is not null and counted"
    ).fetchall():
        calls[task] += 1
        times.setdefault(task, []).append(at)
        costs.setdefault(task, Counter())
        if cost is not None:
            costs[task][currency] += cost
    stored = connection.execute("select task, costs, requests, first_at, last_at, cost from task_cost").fetchall()
    assert {task for task, *_ in stored} == calls.keys()
    for task, found, requests, first_at, last_at, cost in stored:
        # A currency in which nothing was charged is none of the task's, unless nothing was charged at all.
        known = {currency: amount for currency, amount in costs[task].items() if amount} or dict(costs[task])
        assert {currency: int(amount) for currency, amount in found.items()} == known
        assert (requests, first_at, last_at) == (calls[task], min(times[task]), max(times[task]))
        (alone,) = known.values() if len(known) == 1 else (None,)
        assert alone == (None if cost is None else int(cost))


def check_days(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Days begin at midnight in the billing zone, whatever the clocks do."""
    at_zone = ZoneInfo(zone)
    starts = connection.execute("select start_at from usage where counted").fetchall()
    days = Counter(start.replace(tzinfo=UTC).astimezone(at_zone).date() for (start,) in starts)
    for table in ("usage_day", "usage_day_detail", "usage_hour"):
        assert dict(connection.execute(f"select day, sum(requests) from {table} group by day").fetchall()) == days


def check_sightings(connection: duckdb.DuckDBPyConnection) -> None:
    """Of the rows of one call, known by seller and id, exactly one is counted, and the others name it."""
    calls = connection.execute("""
        select count(*) filter (counted), count(*) filter (not counted and sighting_of is null)
        from usage where seller is not null and response_id is not null group by seller, response_id
    """).fetchall()
    assert set(calls) == {(1, 0)}
    lost = "select count(*) from usage where sighting_of not in (select record_key from usage where counted)"
    assert connection.execute(lost).fetchone() == (0,)


@pytest.mark.parametrize(
    "zone",
    ["Asia/Kolkata", *(pytest.param(zone, marks=pytest.mark.long) for zone in ("UTC", "America/New_York"))],
)
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 12))])
def test_rollups_are_a_rebuild_and_add_up_after_every_load(tmp_path, zone, seed):
    seen = dict[str, int]()
    for state in states(tmp_path, zone, seed, size=240):
        with duckdb.connect(str(tmp_path / "w" / "usage.duckdb")) as connection:
            connection.execute("set TimeZone = 'UTC'")
            check_rebuild(connection, zone)
            check_sums(connection)
            check_tasks(connection)
            check_days(connection, zone)
            check_sightings(connection)
            ((uncounted,),) = connection.execute("select count(*) from usage where not counted").fetchall()
            seen[state] = uncounted
    assert 0 <= seen["demo removed"] < seen["sighted"], "some calls are seen by two sources"


def test_another_billing_zone_moves_every_call_to_its_day(tmp_path):
    traffic, root = Traffic(1), tmp_path / "w"
    lines = [traffic.call() for _ in range(200)]
    for zone, content in (("UTC", lines[:190]), ("Pacific/Auckland", lines[190:])):
        set_zone(root, zone)
        path = write(tmp_path / "log.jsonl", content)
        list(load_files(root, [path], Options(), now=NOW, tell=lambda message: None))
        with duckdb.connect(str(root / "usage.duckdb")) as connection:
            check_rebuild(connection, zone)
            check_days(connection, zone)
