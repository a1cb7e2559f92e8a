"""The overview in the morning: the month, what changed and why, what needs a person; the same as the commands say."""

import json
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.drivers import Driver
from app.components import overview_needs
from app.components.formats import money
from app.components.overview_bridge import bridge_figure
from app.components.overview_needs import LOOKS
from app.morning_change import CAUSES, Changed, Values, read_change, whole
from app.morning_days import STEPS, Step, pair_of
from app.morning_words import relative, sentence
from pricing.money import PICO
from tests.app_page import metric, opener, texts
from tests.kept import made_once
from tests.test_app_pages import fill
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22, 9)
CALLS = (
    # seller, model, day, task, team, tokens in / cached / out
    ("stepfun", "step-3.7-flash", "2026-10-02", "t-0", "support", (1_000, 0, 100)),
    ("stepfun", "step-3.7-flash", "2026-11-09", "t-1", "support", (400_000, 300_000, 9_000)),
    ("stepfun", "step-3.7-flash", "2026-11-10", "t-2", "search", (200_000, 0, 9_000)),
    ("stepfun", "step-3.7-flash", "2026-11-16", "t-3", "support", (500_000, 100_000, 9_000)),
    ("stepfun", "step-3.7-flash", "2026-11-17", "t-4", "search", (900_000, 0, 40_000)),
    ("novita", "stepfun/step-3.7-flash", "2026-11-18", "t-5", "search", (300_000, 0, 20_000)),
    ("stepfun-cn", "step-3.7-flash", "2026-11-18", "t-6", "support", (10_000, 8_000, 1_000)),
    ("nim", "step-3.7-flash", "2026-11-19", "t-7", "support", (5_000, 0, 500)),
    ("stepfun", "step-3.7-flash", "2026-11-21", "t-8", "search", (90_000, 0, 9_000)),
)
BUDGET = ("budget", "add", "All traffic", "--amount", "0.2", "--currency", "USD")


@pytest.fixture
def filled(tmp_warehouse):
    return made_once(tmp_warehouse, "app_overview", lambda: fill(tmp_warehouse, CALLS))


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


@pytest.fixture
def commands(tollbook, filled, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
    return tollbook


def to_pico(text: str) -> int:
    return int(Decimal(text) * PICO)


def changed_in(warehouse: Path, step: Step, values: Values = ()) -> Changed:
    with open_reader(warehouse) as reader:
        changed = read_change(reader, step, values, NOW.date())
    assert changed
    return changed


def cost_in(tollbook, currency: str, *arguments: object) -> int:
    total = tollbook.json("cost", *arguments)["total"]
    return sum(to_pico(row["cost"]) for row in total if row["currency"] == currency)


@pytest.mark.parametrize("step", STEPS)
def test_the_difference_is_the_one_that_tollbook_cost_has_and_its_causes_add_up_to_it(commands, step):
    changed = changed_in(commands.warehouse, step)
    sums = {
        name: cost_in(commands, "USD", "--since", days.first, "--until", days.last)
        for name, days in (("before", changed.pair.before), ("now", changed.pair.now))
    }
    if step == "month":
        assert "begins on 2026-10-02" in str(changed.why_not)
        return
    found = {change.currency: change for change in changed.changes}
    if step == "week":
        assert (found["USD"].before, found["USD"].now) == (sums["before"], sums["now"])
    for change in changed.changes:
        assert sum(each.pico for each in change.causes) == change.now - change.before
        assert tuple(each.cause for each in change.causes) == CAUSES


def test_movers_are_what_tollbook_cost_says_by_team(commands):
    changed = changed_in(commands.warehouse, "week")
    (dollars,) = [change for change in changed.changes if change.currency == "USD"]
    rows = {
        name: {
            row["team"]: to_pico(row["cost"])
            for row in commands.rows("cost", "--by", "team", "--since", days.first, "--until", days.last)
            if row["currency"] == "USD"
        }
        for name, days in (("before", changed.pair.before), ("now", changed.pair.now))
    }
    teams = {mover.name: (mover.before, mover.now) for mover in dollars.movers if mover.kind == "team"}
    assert teams == {name: (rows["before"][name], rows["now"][name]) for name in ("search", "support")}
    assert list(dollars.movers) == sorted(dollars.movers, key=lambda mover: -abs(mover.difference))
    assert changed.unknown == (0, 1)


@given(st.lists(st.fractions(max_denominator=7), min_size=1, max_size=6))
def test_rounded_causes_add_up_to_the_rounded_difference(picos):
    found = whole([Driver("mix", None, pico, None, None) for pico in picos])
    assert sum(each.pico for each in found) == round(sum(picos, Fraction(0)))
    assert all(abs(each.pico - pico) <= 1 for each, pico in zip(found, picos, strict=True))


@pytest.mark.parametrize(
    ("step", "begun", "before", "now"),
    [
        ("day", "2026-11-21", ("2026-11-13", "2026-11-13"), ("2026-11-20", "2026-11-20")),
        ("week", "2026-11-21", ("2026-11-07", "2026-11-13"), ("2026-11-14", "2026-11-20")),
        ("month", "2026-11-21", ("2026-10-01", "2026-10-20"), ("2026-11-01", "2026-11-20")),
        # On the first of a month the one before it is whole, and stands beside the one before that.
        ("month", "2026-11-01", ("2026-09-01", "2026-09-30"), ("2026-10-01", "2026-10-31")),
        ("month", "2027-03-31", ("2027-02-01", "2027-02-28"), ("2027-03-01", "2027-03-30")),
    ],
)
def test_whole_days_stand_beside_days_like_them(step, begun, before, now):
    pair = pair_of(step, datetime.fromisoformat(begun).date())
    assert [tuple(map(str, days)) for days in (pair.before, pair.now)] == [before, now]


def test_the_month_is_that_of_tollbook_forecast_and_its_budget_that_of_tollbook_budget(commands, opened):
    assert commands(*BUDGET) == 0, commands.err
    rows = {row["currency"]: row for row in commands.json("forecast")["total"]}
    (budget,) = commands.rows("budget", "list")
    test = opened(commands.warehouse, "overview")
    assert metric(test, "November so far") == money(to_pico(rows["USD"]["spent"]), "USD")
    assert metric(test, "Month-end") == money(to_pico(rows["USD"]["projected"]), "USD")
    assert metric(test, "Budget") == money(to_pico(budget["amount"]), "USD")
    said = texts(test)
    assert f"In CNY: {money(to_pico(rows['CNY']['spent']), 'CNY')} so far" in said
    assert budget["state"] in said
    assert "not all of 1–20 Oct is in the data" in said and "1 call of unknown cost" in said


def test_a_broken_budget_says_by_how_much(commands, opened):
    assert commands("budget", "add", "All traffic", "--amount", "0.0001", "--currency", "USD") == 0, commands.err
    (budget,) = commands.rows("budget", "list")
    over = to_pico(budget["spent"]) - to_pico(budget["amount"])
    assert budget["state"] == "over" and over > 0
    assert f"over by {money(over, 'USD')}" in texts(opened(commands.warehouse, "overview"))


def test_what_needs_a_person_is_what_the_check_up_says_with_a_way_there(commands, opened):
    commands("doctor", "--json")
    wanted = [row["check"] for row in json.loads(commands.out)["findings"] if row["needs_person"]]
    said = texts(opened(commands.warehouse, "overview"))
    assert "stale rates" in wanted and "in use and not checked for more than" in said
    assert "**2026-10** is over and not closed" in said


def test_what_came_after_closing_is_told_beside_the_figures_and_among_what_needs_a_person(commands, opened, tmp_path):
    closed = commands.json("close", "2026-10")["own"][0]["cost"]
    assert "became known later" not in texts(opened(commands.warehouse, "overview"))
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    answer = {"id": "late", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    log = tmp_path / "late.jsonl"
    log.write_text(json.dumps({"time": "2026-10-03T10:00:00Z", "seller": "stepfun", "response": answer}) + "\n")
    assert commands.load(log)["loaded"] == 1
    said = texts(opened(commands.warehouse, "overview"))
    assert f"2026-10: closed at {closed} USD, and 0.2 USD of 1 call became known later" in said
    assert "**2026-10** is closed, and more became known: 0.2 USD of 1 call" in said


def test_a_look_that_fails_leaves_the_others(filled, opened, monkeypatch):
    def fails(desk, seen):
        raise ZeroDivisionError

    looks = tuple((name, fails if name == "what a check-up finds" else ask) for name, ask in LOOKS)
    monkeypatch.setattr(overview_needs, "LOOKS", looks)
    test = opened(filled, "overview")
    said = texts(test)
    assert "What a check-up finds cannot be shown" in said and "**2026-10** is over and not closed" in said
    assert metric(test, "Requests") == str(len(CALLS))


def test_a_single_day_has_nothing_to_compare_and_says_so(tmp_warehouse, opened):
    fill(tmp_warehouse, CALLS[-1:])
    test = opened(tmp_warehouse, "overview")
    assert "the data begins on 2026-11-21, and no day of it is whole yet" in texts(test)
    assert metric(test, "November so far") != "unknown" and metric(test, "Against last month") == "–"


def test_a_filter_narrows_the_difference_and_no_currency_is_added_to_another(filled, opened):
    said = texts(opened(filled, "overview", team="support"))
    assert "The last 7 whole days cost CN¥" in said and "The last 7 whole days cost $" in said
    changed = changed_in(filled, "week", (("team", ("support",)),))
    for change in changed.changes:
        assert sentence(changed, change) in said


def test_a_bridge_ends_where_the_days_end(filled):
    changed = changed_in(filled, "week")
    for change in changed.changes:
        bars = bridge_figure(change)["data"][0]
        assert bars["base"][-2] + bars["x"][-2] == pytest.approx(bars["x"][-1])


def test_shares_of_nothing_are_a_dash():
    assert (relative(3, 0), relative(3, 4), relative(4, 4), relative(5, 4)) == ("–", "−25%", "±0%", "+25%")
