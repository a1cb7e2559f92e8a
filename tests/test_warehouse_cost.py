"""Cost by any dimensions: every table that can answer gives the same totals, and a scope is a sum of rows."""

import itertools
import json
import random
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import open_reader
from warehouse.cost import CostRow, cost_by, coverage_of
from warehouse.folder import Folder
from warehouse.scope import DAY_DIMENSIONS, DETAIL_DIMENSIONS, DIMENSIONS, ROW_DIMENSIONS, Scope, table_for

NOW = datetime(2026, 11, 22)
ZONE = "Asia/Kolkata"
"""A zone in which many calls fall on another day than in UTC."""
SELLERS = [
    ("novita", "stepfun/step-3.7-flash"),
    ("stepfun", "step-3.7-flash"),
    ("stepfun-cn", "step-3.7-flash"),
    ("nim", "step-3.7-flash"),
    (None, "step-3.7-flash"),
]
ADDED = CostRow._fields[2:-1]
"""The fields that are sums: cost, its bounds, calls, tokens."""


def calls(count: int) -> list[dict[str, Any]]:
    pick = random.Random(5)
    made = []
    for number in range(count):
        seller, model = pick.choice(SELLERS)
        prompt, completion = pick.randint(1, 2000), pick.randint(0, 300)
        total = prompt + completion + pick.choice([0, 0, 0, 9])
        usage: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}
        usage["cached_tokens"] = pick.choice([0, prompt // 2])
        if pick.random() < 0.2:
            usage["cost"] = 0.001
        at = datetime(2026, 10, 30) + timedelta(minutes=pick.randint(0, 4 * 24 * 60))
        body = {"id": f"c-{number}", "object": "chat.completion", "model": model, "usage": usage}
        made.append(
            {
                "time": at.isoformat() + "Z",
                "seller": seller,
                "response": body if pick.random() < 0.9 else None,
                "request": {"model": model, "reasoning_effort": pick.choice([None, "low", "high"])},
                "status": pick.choice([None, 200, 200, 429]),
                "task": pick.choice([None, "t-1", "t-2", "t-3"]),
                "session": pick.choice([None, "s-1"]),
                "user": pick.choice([None, "someone"]),
                "team": pick.choice([None, "support", "research"]),
                "environment": pick.choice([None, "prod", "test"]),
                "base_url": pick.choice([None, "http://one/v1", "http://two/v1"]),
                "key_alias": pick.choice([None, "ci"]),
            }
        )
    return made


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cost")
    root = folder / "w"
    Folder(root).create()
    settings = Folder(root).settings_file
    settings.write_text(settings.read_text().replace('"UTC"', f'"{ZONE}"'))
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(call) + "\n" for call in calls(600)))
    (result,) = load_files(root, [path], Options(), now=NOW, tell=lambda message: None)
    assert (result.error, result.merged.loaded) == (None, 600)
    with open_reader(root) as reader:
        yield reader


def summed(rows: Iterable[CostRow]) -> dict[str | None, dict[str, int]]:
    """Totals per currency, of rows grouped in any way."""
    totals: dict[str | None, Counter[str]] = {}
    for row in rows:
        into = totals.setdefault(row.currency, Counter())
        into.update({name: value for name in ADDED if (value := getattr(row, name))})
    return {currency: dict(values) for currency, values in totals.items()}


@pytest.fixture(scope="module")
def whole(reader) -> dict[str | None, dict[str, int]]:
    return summed(cost_by(reader, []))


def test_the_total_has_a_row_for_each_currency_and_one_for_what_has_no_price(reader, whole):
    rows = cost_by(reader, [])
    assert [row.currency for row in rows] == ["CNY", "USD", None]
    assert all((row.cost is None) == (row.currency is None) for row in rows)
    assert rows[-1].unpriced == rows[-1].requests > 0
    assert sum(row.requests for row in rows) == 600
    assert sum(row.review for row in rows) > 0


@pytest.mark.parametrize("table", ["usage_priced", "usage_row_priced"])
def test_the_total_is_that_of_the_rows(reader, whole, table):
    text = f"select currency, sum(cost), count(*), sum(output) from {table} group by currency"
    for currency, cost, requests, output in reader.rows(text):
        found = whole[currency]
        assert (found.get("cost"), found["requests"], found.get("output", 0)) == (
            None if cost is None else int(cost),
            requests,
            int(output or 0),
        )


@pytest.mark.parametrize("name", DIMENSIONS)
def test_every_dimension_splits_the_same_total(reader, whole, name):
    assert summed(cost_by(reader, [name])) == whole


@pytest.mark.parametrize("second", DIMENSIONS)
def test_pairs_of_dimensions_split_the_same_total_and_add_up_to_each_alone(reader, whole, second):
    for first in ("day", "seller", "project", "task"):
        rows = cost_by(reader, [first, second])
        assert summed(rows) == whole
        alone = {row.group[0]: 0 for row in cost_by(reader, [first])}
        for row in rows:
            alone[row.group[0]] += row.requests
        one = Counter[Any]()
        for row in cost_by(reader, [first]):
            one[row.group[0]] += row.requests
        assert alone == one


def test_the_same_question_has_the_same_answer_from_every_table(reader):
    """A dimension that only a wider table has sends the question there; its values are summed away again."""
    asked = ["seller", "model", "team"]
    wanted = sorted(repr(row._replace(reported_currency=None)) for row in cost_by(reader, asked))
    found = {}
    for more in ("day", "operation", "task", "session_id"):
        merged: dict[tuple, Counter[str]] = {}
        for row in cost_by(reader, [*asked, more]):
            key = (row.group[:3], row.currency)
            merged.setdefault(key, Counter()).update(
                {name: value for name in ADDED if (value := getattr(row, name)) is not None}
            )
        found[table_for({*asked, more})] = sorted(
            repr(CostRow(group, currency, *(sums.get(name) for name in (*ADDED, "reported_currency"))))  # type: ignore[arg-type]
            for (group, currency), sums in merged.items()
        )
    assert found.keys() == {"usage_day_priced", "usage_day_detail_priced", "task_rate_priced", "usage_row_priced"}
    for table, rows in found.items():
        assert rows == wanted, table


@pytest.mark.parametrize("name", ["seller", "environment", "task", "session_id"])
@pytest.mark.parametrize("days", [(None, None), (date(2026, 10, 31), None), (date(2026, 10, 31), date(2026, 11, 1))])
def test_a_scope_is_the_sum_of_its_rows(reader, name, days):
    since, until = days
    values = sorted({row.group[0] for row in cost_by(reader, [name])} - {None})
    scope = Scope(since, until, ((name, (values[0],)),))
    rows = [
        row
        for row in cost_by(reader, [name, "day"])
        if row.group[0] == values[0] and (not since or row.group[1] >= since) and (not until or row.group[1] <= until)
    ]
    narrowed = cost_by(reader, [], scope)
    assert summed(narrowed) == summed(rows) != {}
    coverage = coverage_of(reader, scope)
    assert coverage.requests == sum(row.requests for row in rows)
    assert coverage.unpriced == sum(row.unpriced for row in rows)
    assert coverage.review == sum(row.review for row in rows)


def test_several_values_are_any_of_them(reader):
    one, other = (cost_by(reader, [], Scope(values=(("team", (team,)),))) for team in ("support", "research"))
    both = cost_by(reader, [], Scope(values=(("team", ("support", "research")),)))
    assert summed(both) == summed([*one, *other])
    assert cost_by(reader, [], Scope(values=(("team", ()),))) == []


@pytest.mark.parametrize("also", [[], ["environment"], ["task"], ["user_hash"]])
def test_a_day_is_one_of_the_billing_zone_in_every_table(reader, also):
    starts = reader.rows("select start_at from usage where counted")
    days = Counter(at.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)).date() for (at,) in starts)
    found = Counter[Any]()
    for row in cost_by(reader, ["day", *also]):
        found[row.group[0]] += row.requests
    assert found == days


def test_what_has_no_price_is_a_row_of_its_own_in_each_group(reader):
    for row in cost_by(reader, ["seller", "http_status"]):
        assert (row.currency is None) == (row.cost is None) == (row.unpriced == row.requests)
        assert row.currency is None or row.unpriced == 0
    assert {row.group for row in cost_by(reader, ["unpriced_reason"]) if row.currency is None} == {
        (reason,) for (reason,) in reader.rows("select distinct unpriced_reason from usage where costing = 'unknown'")
    }


def test_rows_come_dearest_first_and_without_a_price_last(reader):
    rows = cost_by(reader, ["task"])
    for _, group in itertools.groupby(rows, key=lambda row: row.currency):
        costs = [row.cost or 0 for row in group]
        assert costs == sorted(costs, reverse=True)
    assert [currency for currency, _ in itertools.groupby(row.currency for row in rows)] == ["CNY", "USD", None]


def test_coverage_is_the_share_of_calls_whose_cost_is_known(reader):
    coverage = coverage_of(reader)
    ((newest, unknown),) = reader.rows("select max(start_at), count(*) filter (costing = 'unknown') from usage")
    assert coverage.data_through == newest
    assert coverage.unpriced == unknown
    assert coverage.share == (600 - unknown) / 600
    assert coverage.checked_from == date(2026, 5, 29)
    assert coverage_of(reader, Scope(since=date(2030, 1, 1))).share is None


def test_the_dimensions_are_disjoint_and_each_known():
    assert len(set(DIMENSIONS)) == len(DIMENSIONS) == sum(map(len, (DAY_DIMENSIONS, DETAIL_DIMENSIONS, ROW_DIMENSIONS)))


def test_a_name_that_is_no_dimension_is_an_error(reader):
    for asked in (["no_such"], ["start_at; drop table usage"]):
        with pytest.raises(KeyError):
            cost_by(reader, asked)
    with pytest.raises(KeyError):
        cost_by(reader, [], Scope(values=(("no_such", ("x",)),)))


def test_an_empty_warehouse_has_no_cost(tmp_path: Path):
    (tmp_path / "log.jsonl").write_text('{"time": "x"}\n{"response": {"usage": 5}}\n')
    (result,) = load_files(tmp_path / "w", [tmp_path / "log.jsonl"], Options(), now=NOW, tell=lambda message: None)
    assert (result.merged.loaded, result.merged.rejected) == (0, 2)
    with open_reader(tmp_path / "w") as reader:
        assert cost_by(reader, ["model"]) == []
        assert coverage_of(reader).share is None
        assert coverage_of(reader).data_through is None
