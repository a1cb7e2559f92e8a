"""What makes a task: any rule, kept load by load, is what plain Python makes of the calls, and what a rebuild makes."""

import json
import random
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.load import load_files
from ingest.options import Options
from warehouse.demo import remove_demo
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.rollups import rebuild
from warehouse.task_rule import TASK_IDS, parse_rule, title_of

NOW = datetime(2026, 11, 22)
START = datetime(2026, 10, 1, 9)
RULES = (["task"], ["tag:it's", "session", "trace"], ["task", "gap:30m"], ["gap:90s"], ["trace", "task", "gap:2h"])
BUILT = ("task_rate", "task_cost", "gap_task")


def call(pick: random.Random, number: int) -> dict[str, Any]:
    """A call at some minute of two days, by one of a few people, with some of the ids that may name a task."""

    def some(name: str, share: float) -> str | None:
        return f"{name}-{pick.randrange(6)}" if pick.random() < share else None

    usage = {"prompt_tokens": pick.randint(1, 999), "completion_tokens": 5}
    answer = {"id": f"chatcmpl-{number:08}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    gone_by = timedelta(minutes=pick.choice([pick.randrange(2880), pick.randrange(120)]), seconds=pick.randrange(60))
    return {
        "time": (START + gone_by).isoformat() + "Z",
        "base_url": "https://openrouter.ai/api/v1",
        "task": some("task", 0.3),
        "trace": some("trace", 0.3),
        "session": some("session", 0.2),
        "tags": {"it's": some("ticket", 0.2), "other": "x"},
        "application": pick.choice([None, "bot"]),
        "key_alias": pick.choice([None, "key-a", "key-b"]),
        "response": answer,
    }


def fuller(pick: random.Random, known: dict[str, Any]) -> dict[str, Any]:
    """The same call with more in it, at another time, perhaps of another task."""
    answer = known["response"]
    usage = answer["usage"] | {"prompt_tokens": answer["usage"]["prompt_tokens"] + 1000}
    moved = datetime.fromisoformat(known["time"]) + timedelta(minutes=pick.choice([0, 20, 200]))
    task = pick.choice([known["task"], "task-0", None])
    return known | {"response": answer | {"usage": usage}, "time": moved.isoformat(), "task": task}


def seen_again(known: dict[str, Any]) -> dict[str, Any]:
    """The answer as the seller itself logs it: a second sighting, which is not counted or counts instead."""
    at = int(datetime.fromisoformat(known["time"]).timestamp())
    return known["response"] | {"created": at, "provider": "StepFun"}


def loads(seed: int, size: int) -> list[tuple[list[dict[str, Any]], bool]]:
    """The lines of one load after another, out of their order in time, and whether it is the demo's."""
    pick = random.Random(seed)
    calls = [call(pick, number) for number in range(size)]
    for number, each in enumerate(calls):
        if number % 5 == 0:
            each["response"]["id"] = f"gen-{number:08}"
    gens = calls[::5]
    mixed = [calls[n] for n in pick.sample(range(size), size)]
    third = size // 3
    return [
        (mixed[:third], False),
        (mixed[third : 2 * third], True),
        ([fuller(pick, each) for each in pick.sample(mixed[:third], size // 6)], False),
        ([seen_again(each) for each in gens], False),
        (mixed[2 * third :], False),
    ]


def set_rule(root: Path, parts: list[str]) -> None:
    folder = Folder(root)
    folder.create()
    text = folder.settings_file.read_text(encoding="utf-8").partition("[tasks]")[0]
    folder.settings_file.write_text(f"{text}\n[tasks]\nby = {json.dumps(parts)}\n", encoding="utf-8")


def load(root: Path, lines: list[dict[str, Any]], *, demo: bool = False) -> None:
    path = root.parent / f"log-{len(list(root.parent.iterdir()))}.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    (result,) = load_files(root, [path], Options(demo=demo), now=NOW, tell=lambda message: None)
    assert (result.error, result.merged.rejected) == (None, 0)


def expected(connection: duckdb.DuckDBPyConnection, parts: list[str]) -> dict[str, tuple[int, datetime, datetime]]:
    """Calls, first and last of each task, made in Python of the rows alone."""
    rows = connection.execute("""
        select task, trace_id, session_id, tags, application, key_alias, start_at, counted from usage order by start_at
    """).fetchall()
    rule = parse_rule(parts)
    tasks: dict[str, list[datetime]] = defaultdict(list)
    stretch: dict[str, tuple[datetime, str]] = {}
    for task, trace, session, tags, application, key, at, counted in rows:
        ids = {"task": task, "trace": trace, "session": session, "tag:it's": (tags or {}).get("it's")}
        name = next((ids[part] for part in rule.ids if ids[part]), None)
        if name is None and rule.gap is not None:
            known = [f"{word} {value}" for word, value in (("application", application), ("key", key)) if value]
            line = ", ".join(known) or "anyone"
            last, name = stretch.get(line, (START, None))
            if name is None or at - last > rule.gap:
                name = f"{line} from {at:%Y-%m-%dT%H:%M:%SZ}"
            stretch[line] = (at, name)
        if name is not None and counted:
            tasks[name].append(at)
    return {name: (len(times), min(times), max(times)) for name, times in tasks.items()}


def contents(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    found = {name: sorted(map(repr, connection.execute(f"from {name}").fetchall())) for name in BUILT}
    of_calls = connection.execute("select record_key, gap_task from usage order by record_key").fetchall()
    return found | {"gaps": [repr(row) for row in of_calls]}


def check(root: Path, parts: list[str]) -> None:
    with duckdb.connect(str(root / "usage.duckdb")) as connection:
        stored = connection.execute("select task, requests, first_at, last_at from task_cost").fetchall()
        assert {task: tuple(rest) for task, *rest in stored} == expected(connection, parts)
        (without,) = connection.execute("select count(*) from usage_row where task is null").fetchall()[0]
        assert (
            without + sum(row[1] for row in stored)
            == connection.execute("from usage where counted").fetchall().__len__()
        )
        kept = contents(connection)
        connection.begin()
        rebuild(connection, "UTC")
        rebuilt = contents(connection)
        connection.rollback()
    for name, rows in kept.items():
        assert rows == rebuilt[name], name


@pytest.mark.parametrize(
    ("seed", "parts"),
    [
        pytest.param(seed, parts, marks=() if seed == 1 and parts is RULES[-1] else pytest.mark.long)
        for seed in range(1, 8)
        for parts in RULES
    ],
)
def test_tasks_are_those_of_the_rule_after_every_load(tmp_path, parts, seed):
    root = tmp_path / "w"
    set_rule(root, parts)
    for lines, demo in loads(seed, 120):
        load(root, lines, demo=demo)
        check(root, parts)
    assert remove_demo(root, now=NOW, tell=lambda message: None) > 0
    check(root, parts)


def test_another_rule_makes_the_tasks_anew_with_the_next_load(tmp_path):
    root = tmp_path / "w"
    first, *others = (lines for lines, _ in loads(9, 90))
    load(root, first)
    check(root, ["task"])
    for parts, lines in zip((["gap:30m"], ["session"], ["task", "gap:1h"], ["task"]), others, strict=True):
        set_rule(root, parts)
        load(root, lines)
        check(root, parts)


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ([], "[] is no list of what names a task"),
        (3, "3 is no list"),
        (["ticket"], '\'ticket\' names no task; there are "task", "trace"'),
        (["tag:"], "'tag:' names no task"),
        (["gap:30m", "task"], "'gap:30m' names every call that is left, so it stands last"),
        (["gap:0m"], "'gap:0m' is no pause"),
        (["task", "task"], "task, task has a part twice"),
        ([["task"]], "['task'] is no word"),
    ],
)
def test_a_rule_that_cannot_be_used_says_why(tmp_path, by, message):
    with pytest.raises(ValueError) as caught:
        parse_rule(by)
    assert message in str(caught.value)


def test_a_mistake_in_the_settings_names_the_file(tmp_path):
    set_rule(tmp_path / "w", ["ticket"])
    with pytest.raises(WarehouseError, match=r"tollbook.toml: \[tasks\] by: 'ticket' names no task"):
        Folder(tmp_path / "w").settings()


def test_a_rule_in_words():
    assert parse_rule("session").parts == ("session",)
    assert parse_rule(list(TASK_IDS.parts)) == TASK_IDS
    assert [title_of(part) for part in ("trace", "tag:ticket")] == ["the trace", "the tag ticket"]
    assert title_of("gap:1h").endswith("no pause above 1 hour between them")
    assert title_of("gap:30m").endswith("no pause above 30 minutes between them")
