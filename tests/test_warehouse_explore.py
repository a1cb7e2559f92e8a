"""Explore's questions: by tags, by time, down to the calls; every way of asking adds up to the same."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import Reader, open_reader
from warehouse.cost import CostRow, cost_by, coverage_of, table_of
from warehouse.errors import WarehouseError
from warehouse.explore import ORDERS, STEPS, Call, calls_of, dimensions_of, explored, find_call
from warehouse.folder import Folder
from warehouse.metered import metered
from warehouse.promoted import promoted_of
from warehouse.promotion import follow_promoted
from warehouse.scope import Scope

NOW = datetime(2026, 11, 22)
ZONE = "America/New_York"
CLOCK_CHANGE = datetime(2026, 11, 1, 6)
"""When New York's clocks go back, in UTC: 01:00 to 02:00 comes twice."""
ODD = "x' y\" $1 ; drop 表 🧾"
"""A tag's name may be anything."""
FIELDS = ("cost", "requests", "unpriced", "errors", "input", "cache_read", "output")


def call(number: int, pick: random.Random) -> dict[str, Any]:
    """A call within a day and a half of the change of clocks, most of them in the hours around it."""
    hours = pick.choice([pick.uniform(-36, 36), pick.uniform(-2, 2)])
    seller, model = pick.choice([("novita", "stepfun/step-3.7-flash"), ("stepfun-cn", "step-3.7-flash"), (None, "m")])
    prompt, answer = pick.randint(1, 9000), pick.randint(0, 900)
    usage = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
    return {
        "time": (CLOCK_CHANGE + timedelta(hours=hours)).isoformat() + "Z",
        "seller": seller,
        "response": {"id": f"c-{number}", "object": "chat.completion", "model": model, "usage": usage},
        "status": pick.choice([200, 200, 200, 429]),
        "team": pick.choice([None, "support", "research"]),
        "project": pick.choice([None, "storefront"]),
        "task": pick.choice([None, "t-1", "t-2"]),
        "latency_ms": pick.choice([None, 10, 900]),
        "tags": pick.choice([None, {"feature": "chat"}, {"feature": "search", ODD: "a'b"}, {"build": "7"}]),
    }


def load(root: Path, lines: Sequence[dict[str, Any]], name: str = "log.jsonl") -> list[str]:
    """Load a log; returns what was told."""
    told: list[str] = []
    path = root.parent / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (result,) = load_files(root, [path], Options(), now=NOW, tell=told.append)
    assert result.error is None
    return told


def promote(root: Path, tags: Sequence[str]) -> None:
    settings = Folder(root).settings_file
    kept = [line for line in settings.read_text().splitlines() if not line.startswith("promoted_tags")]
    settings.write_text(f"promoted_tags = {json.dumps(list(tags), ensure_ascii=False)}\n" + "\n".join(kept))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("explore") / "w"
    Folder(root).create()
    settings = Folder(root).settings_file
    settings.write_text(settings.read_text().replace('"UTC"', f'"{ZONE}"'))
    promote(root, ["feature", ODD])
    pick = random.Random(3)
    load(root, [call(number, pick) for number in range(240)])
    return root


@pytest.fixture(scope="module")
def reader(root: Path) -> Iterator[Reader]:
    with open_reader(root) as reader:
        yield reader


def summed(rows: Sequence[CostRow], place: slice = slice(0, 0)) -> dict[Any, Counter[str]]:
    """Sums by currency and some places of the groups."""
    totals: dict[Any, Counter[str]] = {}
    for row in rows:
        into = totals.setdefault((row.group[place], row.currency), Counter())
        into.update({name: getattr(row, name) or 0 for name in FIELDS})
    return totals


@pytest.mark.parametrize("more", [[], ["project"], ["task"], ["http_status"]])
def test_a_tag_splits_the_same_total_wherever_it_is_kept(reader, more):
    assert promoted_of(reader) == tuple(sorted(["feature", ODD]))
    tables = set()
    for tag in ("feature", ODD, "build", "nobody has it"):
        rows = cost_by(reader, [f"tag:{tag}", *more])
        assert summed(rows) == summed(cost_by(reader, []))
        assert summed(rows, slice(1, None)) == summed(cost_by(reader, more), slice(0, None))
        tables.add(table_of(reader, {f"tag:{tag}", *more}))
    assert tables == ({"usage_row_priced"} if more == ["task"] else {"usage_day_detail_priced", "usage_row_priced"})


def test_sums_by_a_promoted_tag_are_those_of_its_calls(reader):
    of_calls = Counter[Any]()
    for tags, requests in reader.rows("select tags, count(*) from usage where counted group by all"):
        of_calls[(tags or {}).get("feature"), (tags or {}).get(ODD)] += requests
    found = Counter[Any]()
    for row in cost_by(reader, ["tag:feature", f"tag:{ODD}"]):
        found[row.group] += row.requests
    assert found == of_calls
    assert {key for key in found if key[1]} == {("search", "a'b")}


@pytest.mark.parametrize("tag", ["feature", "build"])
def test_a_scope_may_be_of_a_tag(reader, tag):
    value = {"feature": "chat", "build": "7"}[tag]
    scope = Scope(date(2026, 10, 31), date(2026, 11, 1), ((f"tag:{tag}", (value,)),))
    rows = [row for row in cost_by(reader, [f"tag:{tag}", "day"]) if row.group[0] == value]
    wanted = [row for row in rows if date(2026, 10, 31) <= row.group[1] <= date(2026, 11, 1)]
    assert summed(cost_by(reader, [], scope)) == summed(wanted) != {}
    assert coverage_of(reader, scope).requests == sum(row.requests for row in wanted)
    quantities = metered(reader, ["model", f"tag:{tag}"], scope)
    assert sum(each.quantity for each in quantities if each.meter == "request") == sum(row.requests for row in wanted)
    assert calls_of(reader, scope).total == sum(row.requests for row in wanted)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("dimensions", [["model"], ["team", "project"], ["tag:feature", "task"]])
def test_steps_of_time_split_the_same_total(reader, step, dimensions):
    rows = explored(reader, dimensions, step=step)
    assert summed(rows, slice(1, None)) == summed(cost_by(reader, dimensions), slice(0, None))
    starts = reader.rows("select start_at from usage where counted")
    zone = ZoneInfo(ZONE)
    local = [at.replace(tzinfo=UTC).astimezone(zone) for (at,) in starts]
    begins = {
        "hour": lambda at: at.astimezone(UTC).replace(minute=0, second=0, microsecond=0),
        "day": lambda at: at.date(),
        "week": lambda at: at.date() - timedelta(days=at.weekday()),
        "month": lambda at: at.date().replace(day=1),
    }[step]
    found = Counter[Any]()
    for row in rows:
        found[row.group[0]] += row.requests
    assert found == Counter(map(begins, local))


def test_the_hour_that_comes_twice_stays_two(reader):
    twice = [
        {at for row in explored(reader, [name], step="hour") if (at := row.group[0]).strftime("%d %H") == "01 01"}
        for name in ("model", "project")
    ]
    assert [len(hours) for hours in twice] == [2, 2], "once from the sums by hour, once from the calls"
    assert {str(at.utcoffset()) for at in twice[0]} == {"-1 day, 20:00:00", "-1 day, 19:00:00"}


def test_dimensions_are_those_in_which_something_stands(reader):
    found = {each.name: (each.label, each.values) for each in dimensions_of(reader)}
    assert found["team"] == ("Team", 2)
    assert found["tag:feature"] == ("feature", 2)
    assert found[f"tag:{ODD}"] == (ODD, 1)
    assert found["task"] == ("Task", 2)
    assert not {"tag:build", "gateway", "session_id", "day"} & {*found}
    for name, (_, values) in found.items():
        assert len({row.group[0] for row in cost_by(reader, [name])} - {None}) == values


def test_calls_of_an_hour_are_those_of_its_sums(reader):
    """Both hours that a change of clocks calls the same are that hour."""
    for hour in (0, 1, 2, 13):
        rows = [
            row
            for row in explored(reader, ["model"], step="hour")
            if row.group[0].date() == date(2026, 11, 1) and row.group[0].hour == hour
        ]
        page = calls_of(reader, Scope(), on=date(2026, 11, 1), hour=hour, limit=1000)
        assert page.total == len(page.calls) == sum(row.requests for row in rows)
        assert sum(each.cost or 0 for each in page.calls) == sum(row.cost or 0 for row in rows)


@pytest.mark.parametrize("order", ORDERS)
def test_pages_of_calls_are_all_calls_once(reader, order):
    pages = [calls_of(reader, Scope(), order=order, limit=100, offset=offset) for offset in (0, 100, 200)]
    keys = [each.record_key for page in pages for each in page.calls]
    assert len(keys) == len({*keys}) == pages[0].total == 240

    def place(each: Call) -> Any:
        return {
            "newest": -each.at.timestamp(),
            "oldest": each.at.timestamp(),
            "dearest": (each.currency is None, each.currency or "", -(each.cost or 0)),
            "slowest": (each.latency_ms is None, -(each.latency_ms or 0)),
        }[order]

    found = [place(each) for page in pages for each in page.calls]
    assert found == sorted(found)


def test_what_a_call_cost_is_made_of_its_meters(reader):
    seen = set()
    for each in calls_of(reader, Scope(), limit=240).calls:
        detail = find_call(reader, each.record_key, each.at)
        assert detail is not None and detail.call == each
        known = [line.cost for line in detail.lines if line.cost is not None]
        assert (sum(known) if known or each.cost == 0 else None) == each.cost
        assert (detail.rate is None) == (each.rate_id is None)
        assert Path(detail.path or "").name == "log.jsonl" and detail.line >= 1
        seen.add(each.currency)
    assert seen == {"USD", "CNY", None}
    assert find_call(reader, "no such", NOW) is None


def test_other_promoted_tags_rebuild_the_sums_and_say_so(tmp_path):
    other = tmp_path / "w"
    pick = random.Random(4)
    lines = [call(number, pick) for number in range(60)]
    Folder(other).create()
    first = load(other, lines[:40])
    promote(other, ["feature", "build", "build"])
    later = load(other, lines[40:], "more.jsonl")
    assert not any("anew" in line for line in first)
    assert sum("anew, by the tags" in line for line in later) == 1
    with open_reader(other) as reader:
        assert promoted_of(reader) == ("build", "feature")
        assert table_of(reader, {"tag:build"}) == "usage_day_detail_priced"
        of_calls = reader.rows("select count(*) from usage where counted and tags['build'] = '7'")[0][0]
        assert sum(row.requests for row in cost_by(reader, ["tag:build"]) if row.group == ("7",)) == of_calls > 0
        offered = dict(reader.rows("select value, requests from dimension_value where dimension = 'tag:build'"))
        assert offered == {"7": of_calls}
    promote(other, [])
    assert follow_promoted(other, now=NOW, tell=lambda message: None)
    assert not follow_promoted(other, now=NOW, tell=lambda message: None)
    with open_reader(other) as reader:
        assert reader.rows("select count(*) from usage_day_detail where tags is not null") == [(0,)]
        assert sum(row.requests for row in cost_by(reader, ["tag:build"]) if row.group == ("7",)) == of_calls


def test_a_setting_that_is_no_list_of_names_says_so(tmp_path):
    Folder(tmp_path / "w").create()
    settings = Folder(tmp_path / "w").settings_file
    text = settings.read_text()
    for wrong in ('"feature"', "[1]", '[""]', json.dumps([f"tag-{number}" for number in range(9)])):
        settings.write_text(f"promoted_tags = {wrong}\n{text}")
        with pytest.raises(WarehouseError, match="promoted_tags"):
            Folder(tmp_path / "w").settings()
