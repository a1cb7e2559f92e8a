"""The half of a report that looks ahead: the figures of the commands, in typed cells; what cannot be had, and why."""

import json
import shutil
from datetime import date, datetime, timedelta

import pytest

from app.claimed import LABEL
from app.cli import run
from app.report_budgets import read_budget_part
from app.report_forward import NO_PLAN, read_forward
from app.report_launch import read_launch
from app.report_projection import periods_of, read_projection
from app.report_scenarios import read_scenarios
from app.session import UserMistake
from planning.scenario_points import ScenarioPoints
from pricing.money import PICO, format_pico
from reports.asked import Asked
from reports.charts import Band, Waterfall
from reports.document import Money, Table, Words
from reports.forward import CURRENCIES, forward_facts, forward_sections
from reports.sections.budgets import budgets_section
from reports.sections.scenarios import scenarios_section
from warehouse.errors import WarehouseError
from warehouse.scope import Scope

NASTY = '<script>alert("1")</script> =1+1 #[x] 一'
"""A name as people may give one."""
SCENARIOS = {
    "scenarios": [
        {
            "name": NASTY,
            "changes": [{"kind": "volume", "times": "2"}, {"kind": "discount", "percent_off": "15"}],
        },
        {"name": "Elsewhere", "changes": [{"kind": "move", "seller": "novita", "model": "stepfun/step-3.7-flash"}]},
    ]
}
PLAN = {
    "name": "Assistant",
    "start": "2026-12-07",
    "days": 5,
    "budget": "400",
    "users": {"low": 20_000, "likely": 30_000, "high": 50_000},
    "adoption": {"curve": "points", "points": [{"day": 1, "share": 1}]},
    "sessions": 1,
    "tasks": {"low": 1, "likely": 2, "high": 3},
    "kinds": {"tool_call": {"share": 1, "input_tokens": 5000, "output_tokens": 300}},
    "routes": [{"seller": "novita", "model": "stepfun/step-3.7-flash"}],
}
NOW = ("--now", "2026-11-22T09:00:00Z")
PRESENT = datetime(2026, 11, 22, 9)
FIRST = date(2026, 9, 21)
DAYS = 62
"""Whole days up to and with 2026-11-21."""


def calls():
    """Two teams, at 0.20 USD per million input tokens."""
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        teams = {"search": 12 + number % 3, "chat": 8 + number % 2}
        for team, count in teams.items():
            for each in range(count // 2 if day.weekday() >= 5 else count):
                usage = {"prompt_tokens": 500_000, "completion_tokens": 0, "total_tokens": 500_000}
                answer = {"id": f"{team}-{number}-{each}", "object": "chat.completion", "model": "step-3.7-flash"}
                time = f"{day}T10:{each:02}:00Z"
                yield {"time": time, "seller": "stepfun", "team": team, "response": answer | {"usage": usage}}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The calls, two budgets, two scenarios and a launch plan, as commands keep them."""
    folder = tmp_path_factory.mktemp("ahead")
    log, scenarios, plan = (folder / name for name in ("log.jsonl", "scenarios.json", "plan.json"))
    late = {"id": "late", "object": "chat.completion", "model": "step-3.7-flash"}
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    newest = {"time": "2026-11-22T08:00:00Z", "seller": "stepfun", "team": "chat", "response": late | {"usage": usage}}
    log.write_text("".join(json.dumps(each) + "\n" for each in (*calls(), newest)))
    scenarios.write_text(json.dumps(SCENARIOS))
    plan.write_text(json.dumps(PLAN))
    terms = ("--currency", "USD", "--first", "2026-10-01")
    for command in (
        ("ingest", log),
        ("budget", "add", "All of it", "--amount", "52", *terms),
        ("budget", "add", "Search", "--amount", "900", *terms, "--where", "team=search"),
        ("scenario", "save", scenarios),
        ("launch", plan, "--save"),
    ):
        assert run(["--warehouse", str(folder / "warehouse"), *NOW, *map(str, command)]) == 0
    return folder / "warehouse"


@pytest.fixture
def told(root, tollbook):
    """What a command says of the same warehouse, as one object."""
    tollbook.warehouse = root
    return lambda *arguments: tollbook.json(*NOW, *arguments)


def asked_of(first: date, last: date, *values: tuple[str, tuple[str, ...]]) -> Asked:
    return Asked(f"{first:%Y-%m}", first, last, Scope(first, last, values))


OCTOBER = asked_of(date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = asked_of(date(2026, 11, 1), date(2026, 11, 30))
CHAT = asked_of(date(2026, 11, 1), date(2026, 11, 30), ("team", ("chat",)))


def silent(message):
    pass


@pytest.fixture(scope="module")
def october(root):
    return read_forward(root, OCTOBER, PRESENT, tell=silent)


@pytest.fixture(scope="module")
def sections(october):
    return forward_sections(OCTOBER, october)


def table_of(sections, key):
    (found,) = [block for section in sections for block in section.blocks if getattr(block, "key", "") == key]
    return found


def amounts(cells):
    return [format_pico(cell.pico) for cell in cells]


def test_of_a_period_that_is_over_no_forecast_is_made_up(sections):
    assert sections[0].lead.startswith("2026-10 is over")
    assert [row[0] for row in table_of(sections, "projection_totals").rows] == ["November 2026", "December 2026"]


def test_a_projection_is_that_of_the_command(october, sections, told):
    found = told("forecast", "--backtest")
    _, *money, above = table_of(sections, "projection_totals").rows[0]
    (total,) = found["total"]
    names = ("spent", "projected", "low", "high", "run_rate", "last_period")
    assert amounts(money) == [total[name] for name in names]
    assert above.value == total["chance_above_last_period"]
    errors = [score["median_error"] for score in found["backtest"]]
    assert [row[3] and row[3].value for row in table_of(sections, "projection_backtest").rows] == errors
    assert forward_facts(october)[0].value == money[1]


def test_the_band_begins_where_what_was_billed_ends(sections):
    (chart,) = [block for block in sections[0].blocks if isinstance(block, Band)]
    totals = table_of(sections, "projection_totals").rows[0]
    (joint,) = [each for each in chart.days if each.billed is not None and each.middle is not None]
    assert joint.day == date(2026, 11, 21)
    # The day in progress is projected, too: the band begins at what whole days cost.
    assert joint[1:] == (totals[1].pico - PICO // 5,) * 4
    assert Money(chart.days[-1].middle, "USD") == totals[2]
    assert len(chart.days) == 30
    assert chart.budget == 52 * PICO
    assert chart.alt.endswith("The budget All of it is 52.00 USD.")


def test_a_period_in_progress_is_projected_itself(root):
    whole, part = (read_projection(root, asked, PRESENT, tell=silent) for asked in (NOVEMBER, CHAT))
    assert whole.about.startswith("Where November 2026 ends")
    assert 0 < part.ends[0].totals[0].middle < whole.ends[0].totals[0].middle


def test_periods_that_are_projected():
    begun = date(2026, 11, 22)
    quarter = Asked("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), Scope())
    assert [each.name for each in periods_of(quarter, begun)[0]] == ["Q4 2026", "January 2027"]
    far, about = periods_of(Asked("2029", date(2029, 1, 1), date(2029, 12, 31), Scope()), begun)
    assert [each.name for each in far] == ["November 2026", "December 2026"]
    assert "too far ahead" in about


def test_budgets_stand_as_on_the_command_line(october, sections, told):
    rows = told("budget", "list")["rows"]
    table, ahead = table_of(sections, "budgets"), table_of(sections, "budgets_ahead")
    assert [row[0] for row in table.rows] == [each["name"] for each in rows] == ["All of it", "Search"]
    for row, each in zip(table.rows, rows, strict=True):
        assert amounts(row[4:7]) == [each["amount"], each["spent"], each["left"]]
    for row, each in zip(ahead.rows, rows, strict=True):
        assert amounts(row[1:5]) == [*(each["projected"][name] for name in ("p50", "p10", "p90")), each["run_rate"]]
        assert row[5].value == each["probability"]
    assert table.marked == {0}
    assert forward_facts(october)[1].value == "1 of 2"


def test_budgets_say_how_they_ended_in_the_days_of_the_report_and_why(sections, told):
    (spent,) = told("cost", "--since", "2026-10-01", "--until", "2026-10-31")["total"]
    ended = table_of(sections, "budgets_closed").rows[0]
    assert ended[:3] == ("All of it", date(2026, 10, 1), date(2026, 10, 31))
    assert amounts(ended[4:5]) == [spent["cost"]]
    for _, _, _, before, *steps, now in table_of(sections, "budgets_variance").rows:
        assert before.pico + sum(step.pico for step in steps) == now.pico


def test_a_budget_about_other_traffic_alone_is_counted_and_not_shown(root):
    found = read_budget_part(root, CHAT, date(2026, 11, 22), tell=silent)
    assert [each.name for each in found.budgets] == ["All of it"]
    assert found.others == 1
    assert "1 more about other traffic alone." in table_of([budgets_section(found, CHAT)], "budgets").notes


def test_scenarios_come_to_what_the_command_says_and_their_steps_add_up(sections, told):
    rows = told("scenario", "run", NASTY, "Elsewhere", "--since", "2026-10-01", "--until", "2026-10-31")["rows"]
    table = table_of(sections, "scenarios")
    assert [row[0] for row in table.rows] == [NASTY, "Elsewhere"]
    for number, (row, each) in enumerate(zip(table.rows, rows, strict=True), 1):
        (bridge,) = each["bridges"]
        assert amounts(row[1:4]) == [bridge["billed"], bridge["cost"], bridge["difference"]]
        steps = table_of(sections, f"scenario_{number}_steps")
        (total,) = steps.totals
        assert sum(step[1].pico for step in steps.rows) == total[1].pico == row[2].pico
    (first,) = [block for section in sections for block in section.blocks if isinstance(block, Waterfall)]
    assert first.first.pico + sum(step.pico for step in first.steps) == first.last.pico
    assert [step.name for step in first.steps] == ["Price", "Volume"], "nothing is drawn where nothing changes"


def test_only_steps_that_depend_on_their_order_say_how_far(sections):
    assert len(table_of(sections, "scenario_1_steps").columns) == 4
    assert len(table_of(sections, "scenario_2_steps").columns) == 2


def test_a_scenario_that_no_longer_holds_says_so(root, tmp_path):
    copy = shutil.copytree(root, tmp_path / "warehouse")
    log = tmp_path / "more.jsonl"
    call = next(iter(calls()))
    log.write_text(json.dumps(call | {"response": call["response"] | {"id": "more"}}) + "\n")
    assert run(["--warehouse", str(copy), *NOW, "ingest", str(log)]) == 0
    found = read_scenarios(copy, OCTOBER._replace(scenarios=("Elsewhere",)), PRESENT, tell=silent)
    assert found.left_out == (NASTY,)
    glance = table_of([scenarios_section(found)], "scenarios")
    assert glance.marked == {0}
    assert glance.rows[0][-1] == "stale"
    assert any("'Elsewhere' is stale" in note for note in glance.notes)
    assert f"Saved, and not shown here: {NASTY}." in glance.notes


@pytest.mark.parametrize(("unpriced", "marked"), [(0.25, set()), (0.5, {2})])
def test_a_difference_of_different_calls_to_come_is_marked(root, unpriced, marked):
    found = read_scenarios(root, OCTOBER._replace(scenarios=("Elsewhere",)), PRESENT, tell=silent)
    days, figures = (date(2026, 11, 1), date(2026, 11, 30)), ((1, 2, 3), (2, 3, 4), (1, 1, 1))
    points = ScenarioPoints("USD", *days, *figures, unpriced, 0.25)
    ahead = found._replace(answered=tuple(each._replace(points=(points,)) for each in found.answered))
    table = table_of([scenarios_section(ahead)], "scenarios_ahead")
    assert table.marked == marked and len(table.rows) == 3
    assert any("the difference says little" in note for note in table.notes) == bool(marked)


def test_a_name_that_nobody_saved_is_a_mistake(root):
    with pytest.raises(UserMistake, match="there is no saved scenario 'Nowhere'"):
        read_scenarios(root, OCTOBER._replace(scenarios=("Nowhere",)), PRESENT, tell=silent)
    with pytest.raises(WarehouseError, match="Nowhere"):
        read_launch(root, OCTOBER._replace(launch="Nowhere"), PRESENT, tell=silent)


def test_a_launch_is_drawn_as_by_the_command(october, sections, told):
    found = told("launch", "Assistant")
    table = table_of(sections, "launch_totals")
    assert amounts(table.rows[0][1:]) == [found["total"][name] for name in ("p10", "p50", "p90", "p99")]
    headline = {fact.label: fact.value for fact in table_of(sections, "launch_headline").facts}
    assert format_pico(headline["Everything at likely"].pico) == found["at_likely"]
    assert headline["Chance to exceed"].value == found["over_budget"]
    assert forward_facts(october)[-1].value == headline["P50"]
    swings = [amounts(row[3:]) for row in table_of(sections, "launch_inputs").rows]
    assert swings == [[each["at_low"], each["at_high"]] for each in found["tornado"]]


def test_a_launch_is_held_against_the_limits_that_a_card_knows(sections):
    limits = table_of(sections, "launch_limits")
    assert {row[:2] for row in limits.rows} == {("novita", "stepfun/step-3.7-flash")}
    assert limits.marked == {place for place, row in enumerate(limits.rows) if row[3].value > 0.01}
    assert limits.marked, "the plan is far above the lowest tier"


def test_sellers_are_compared_over_the_calls_of_the_report(sections, told):
    (spent,) = told("cost", "--since", "2026-10-01", "--until", "2026-10-31")["total"]
    offers = {row[0]: row for row in table_of(sections, "sellers_1").rows}
    assert amounts([offers["stepfun"][3]]) == amounts([offers["stepfun"][6]]) == [spent["cost"]]
    assert offers["stepfun"][2] == "yes"
    assert offers["stepfun-cn"][3].currency == "CNY"
    assert set(offers["stepfun-cn"][5:9]) == {None}, "nothing was billed in its currency: there is nothing to compare"
    compared = [row for row in offers.values() if row[5]]
    assert compared and all(
        here.pico - billed.pico == less.pico for _, billed, here, less in (r[5:9] for r in compared)
    )


def test_claims_are_last_labelled_and_beside_what_was_measured(sections):
    claims = sections[-1]
    assert claims.key == "claims"
    assert claims.blocks[0] == Words((LABEL,), "claim")
    parts = [table_of([claims], f"claims{part}").rows for part in ("", "_sources", "_measured", "_why")]
    numbers = [[row[0] for row in rows] for rows in parts]
    assert numbers == [[f"C{number}" for number in range(1, len(parts[0]) + 1)]] * 4 and parts[0]
    assert not any(getattr(block, "tone", "") == "claim" for section in sections[:-1] for block in section.blocks)


def test_every_table_is_whole_and_says_what_its_columns_mean(sections):
    tables = [block for section in sections for block in section.blocks if isinstance(block, Table)]
    keys = [block.key for section in sections for block in section.blocks if not isinstance(block, Words)]
    assert len(keys) == len(set(keys))
    for table in tables:
        assert all(len(row) == len(table.columns) for row in (*table.rows, *table.totals)), table.key
        assert all(column.meaning.endswith(".") for column in table.columns), table.key
        assert all(0 <= place < len(table.rows) for place in table.marked), table.key


def test_where_nothing_was_entered_it_says_so(root, tmp_path):
    copy = shutil.copytree(root, tmp_path / "warehouse")
    (copy / "state.duckdb").unlink()
    nobody = asked_of(date(2026, 11, 1), date(2026, 11, 30), ("team", ("nobody",)))
    found = forward_sections(nobody._replace(currency="EUR"), read_forward(copy, nobody, PRESENT, tell=silent))
    assert [section.key for section in found] == ["projection", "budgets", "scenarios", "launch", "sellers", "claims"]
    assert table_of(found, "projection_totals").rows == ()
    assert found[0].blocks[0] == Words((CURRENCIES,))
    assert [section.lead for section in found[1:4]] == [
        "No budget about this traffic was entered.",
        "No saved scenario is shown.",
        NO_PLAN,
    ]
    assert [section.blocks for section in found[3:5]] == [(), ()]
