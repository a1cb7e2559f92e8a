"""Traffic for projections: the same from the rollups and from the rows, and what it is charged is what was billed."""

import json
import shutil
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from app.outlook import build_traffic, outlook, read_basis
from app.present import today_of, today_without_reader
from app.session import Session
from ingest.load import load_files
from ingest.options import Options
from planning.course import Group
from planning.prices import Horizon, Share, future_prices
from planning.traffic import MEASURES, REQUESTS, Cell
from tests.test_warehouse_cost import ZONE, calls
from warehouse.connection import open_reader, silent
from warehouse.cost import cost_by
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.rates import compile_rates, read_cards
from warehouse.scope import Scope
from warehouse.traffic import billed_by_day, daily_traffic, traffic_mix, traffic_span

NOW = datetime(2026, 11, 22)
TODAY = NOW.date()


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("traffic")
    root = folder / "w"
    Folder(root).create()
    settings = Folder(root).settings_file
    settings.write_text(settings.read_text().replace('"UTC"', f'"{ZONE}"'))
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(call) + "\n" for call in calls(400)))
    (result,) = load_files(root, [path], Options(), now=NOW, tell=lambda message: None)
    assert result.merged.loaded == 400
    return root


@pytest.fixture(scope="module")
def reader(root):
    with open_reader(root) as reader:
        yield reader


def summed(rows) -> Counter:
    return Counter({(number, *row[:4]): count for row in rows for number, count in enumerate(row.counts) if count})


def test_every_counted_call_is_in_the_days(reader):
    rows = daily_traffic(reader)
    assert sum(row.counts[REQUESTS] for row in rows) == sum(row.requests for row in cost_by(reader, [])) == 400
    by_day: Counter[date] = Counter()
    for row in rows:
        by_day[row.day] += row.counts[REQUESTS]
    expected: Counter[date] = Counter()
    for cost in cost_by(reader, ["day"]):
        expected[cost.group[0]] += cost.requests
    assert by_day == expected


def test_rows_and_rollups_tell_the_same_traffic(reader):
    """A scope that only the rows know, and that holds everything, is the whole."""
    sources = tuple({str(row.group[0]) for row in cost_by(reader, ["source"])})
    everything = Scope(values=(("source", sources),))
    assert summed(daily_traffic(reader, everything)) == summed(daily_traffic(reader))
    span = traffic_span(reader, TODAY)
    assert sorted(traffic_mix(reader, span, everything), key=repr) == sorted(traffic_mix(reader, span), key=repr)


def test_a_scope_holds_its_own_calls_alone(reader):
    scope = Scope(values=(("environment", ("prod",)), ("team", ("support",))))
    found = sum(row.counts[REQUESTS] for row in daily_traffic(reader, scope))
    assert 0 < found == sum(row.requests for row in cost_by(reader, [], scope))


def test_what_a_day_was_billed_is_its_traffic_at_the_rates_of_the_day(root, reader):
    """Parity of the two arithmetics: tokens times the effective price, and the sum of what calls were billed."""
    rates = compile_rates(read_cards(Folder(root)))
    span = traffic_span(reader, TODAY)
    billed: Counter[tuple[date, Cell, str]] = Counter()
    for one in billed_by_day(reader):
        billed[one.day, Cell(one.seller, one.model, one.team), one.currency] += one.cost
    rows = daily_traffic(reader)
    compared = 0
    for day in {row.day for row in rows}:
        of_day = [row for row in rows if row.day == day]
        cells = tuple(Cell(*row[1:4]) for row in of_day)
        mix = [Share(Cell(*row[:3]), *row[3:]) for row in traffic_mix(reader, span)]
        prices = future_prices(cells, mix, rates, Horizon(day, 1, span.zone))
        for currency, pico in prices.pico.items():
            for place, row in enumerate(of_day):
                if prices.unpriced[place, 0] == 0:
                    cost = sum(
                        count * int(price) for count, price in zip(row.counts[1:], pico[place, :, 0], strict=True)
                    )
                    assert cost == billed[day, cells[place], currency]
                    compared += bool(cost)
    assert compared > 20


def test_the_day_in_progress_is_apart(reader):
    basis = read_basis(reader, TODAY)
    assert basis.span.begun == max(row.day for row in basis.days)
    traffic = build_traffic(basis.days, basis.span)
    assert traffic.through == basis.span.begun - timedelta(days=1)
    whole = int(traffic.counts[:, REQUESTS].sum() + traffic.begun[:, REQUESTS].sum())
    assert whole == 400 and traffic.begun[:, REQUESTS].sum() > 0
    assert traffic.counts.shape == (len(traffic.cells), len(MEASURES), traffic.days)
    assert traffic.first == min(row.day for row in basis.days) > date(2026, 10, 28)


def test_a_scope_of_a_team_has_the_paths_of_the_team(root):
    scopes = {"one": Scope(values=(("team", ("support",)),))}
    found = outlook(root, NOW, until=date(2026, 12, 31), scopes=scopes, tell=silent)
    asked = {course.currency: course for course in found.of(Group("scope", "one"))}
    among = {course.currency: course for course in found.of(Group("team", "support"))}
    assert asked.keys() == among.keys() and asked
    for currency, course in asked.items():
        assert course.billed == among[currency].billed
        assert np.array_equal(course.nano, among[currency].nano)


def test_the_teams_add_up_to_the_whole_but_for_traffic_of_no_team(root):
    found = outlook(root, NOW, until=date(2026, 12, 31), scopes={"rest": Scope()}, tell=silent)
    (usd,) = [course for course in found.of() if course.currency == "USD"]
    (rest,) = [course for course in found.of(Group("scope", "rest")) if course.currency == "USD"]
    assert np.array_equal(usd.nano, rest.nano)
    sellers = [course for course in found.courses if course.group.kind == "seller" and course.currency == "USD"]
    assert np.array_equal(sum(course.nano for course in sellers), usd.nano)


def test_calls_of_days_to_come_are_counted_and_in_no_projection(root):
    today = date(2026, 10, 31)
    with open_reader(root) as reader:
        whole, span = traffic_span(reader, TODAY), traffic_span(reader, today)
        later = sum(row.requests for row in cost_by(reader, [], Scope(since=today + timedelta(days=1))))
    assert (whole.later, whole.latest) == (0, None)
    assert span.later == later > 0 and span.latest == whole.begun
    assert span.begun is not None and span.begun <= today
    found = outlook(root, datetime(2026, 10, 31, 6), until=date(2026, 11, 30), tell=silent)
    assert (found.later, found.latest) == (later, whole.begun)
    assert all(course.first <= today for course in found.courses)
    assert all(course.billed_from + timedelta(days=len(course.billed) - 1) <= today for course in found.courses)


def test_a_scope_without_traffic_has_no_days(reader):
    basis = read_basis(reader, TODAY, Scope(values=(("seller", ("nobody",)),)))
    assert (basis.days, basis.mix, basis.billed) == ([], [], [])
    assert basis.span == traffic_span(reader, TODAY)


def test_an_empty_warehouse_says_what_to_do(root, tmp_path):
    empty = tmp_path / "w"
    shutil.copytree(root, empty)
    with duckdb.connect(str(Folder(empty).database("usage"))) as connection:
        connection.execute("delete from usage; delete from usage_hour")
    with open_reader(empty) as reader, pytest.raises(WarehouseError, match="tollbook ingest"):
        read_basis(reader, TODAY)


def test_today_is_in_the_zone_that_the_days_are_in_whatever_the_settings_say_since(root, tmp_path):
    moved = tmp_path / "w"
    shutil.copytree(root, moved)
    settings = Folder(moved).settings_file
    settings.write_text(settings.read_text().replace(ZONE, "UTC"))
    session = Session(moved, datetime(2026, 11, 30, 20), now_given=True)
    with open_reader(moved) as reader:
        assert today_of(session, reader) == date(2026, 12, 1)
    assert today_without_reader(session) == date(2026, 12, 1)
    assert today_without_reader(Session(tmp_path / "none", datetime(2026, 11, 30, 20))) == date(2026, 11, 30)
