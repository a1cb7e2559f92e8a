"""The half of a report that looks ahead: the figures of the commands, in typed cells; what cannot be had, and why."""

import json
from datetime import date, datetime, timedelta

import pytest

from app.cli import run
from app.report_forward import read_forward
from pricing.money import PICO, format_pico
from reports.asked import Asked
from reports.charts import Band
from reports.document import Money
from reports.forward import forward_facts, forward_sections
from warehouse.scope import Scope

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
    folder = tmp_path_factory.mktemp("ahead")
    log = folder / "log.jsonl"
    late = {"id": "late", "object": "chat.completion", "model": "step-3.7-flash"}
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    newest = {"time": "2026-11-22T08:00:00Z", "seller": "stepfun", "team": "chat", "response": late | {"usage": usage}}
    log.write_text("".join(json.dumps(each) + "\n" for each in (*calls(), newest)))
    assert run(["--warehouse", str(folder / "warehouse"), *NOW, "ingest", str(log)]) == 0
    return folder / "warehouse"


def asked_of(first: date, last: date, *values: tuple[str, tuple[str, ...]]) -> Asked:
    return Asked(f"{first:%Y-%m}", first, last, Scope(first, last, values))


OCTOBER = asked_of(date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = asked_of(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture(scope="module")
def october(root):
    return ahead(root, OCTOBER)


def ahead(root, asked):
    return read_forward(root, asked, PRESENT, tell=print)


def table_of(sections, key):
    (found,) = [block for section in sections for block in section.blocks if getattr(block, "key", "") == key]
    return found


def test_of_a_period_that_is_over_no_forecast_is_made_up(october):
    projection = forward_sections(OCTOBER, october)[0]
    assert projection.lead.startswith("2026-10 is over")
    assert [row[0] for row in table_of([projection], "projection_totals").rows] == ["November 2026", "December 2026"]


def test_a_projection_is_that_of_the_command(root, october, capsys):
    capsys.readouterr()
    assert run(["--warehouse", str(root), *NOW, "forecast", "--backtest", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    sections = forward_sections(OCTOBER, october)
    _, spent, middle, low, high, rate, before, above = table_of(sections, "projection_totals").rows[0]
    (total,) = told["total"]
    names = ("spent", "projected", "low", "high", "run_rate", "last_period")
    assert [format_pico(cell.pico) for cell in (spent, middle, low, high, rate, before)] == [total[n] for n in names]
    assert above.value == total["chance_above_last_period"]
    errors = [score["median_error"] for score in told["backtest"]]
    assert [row[3] and row[3].value for row in table_of(sections, "projection_backtest").rows] == errors
    assert forward_facts(october)[0].value == middle


def test_the_band_begins_where_what_was_billed_ends(october):
    (chart,) = [block for block in forward_sections(OCTOBER, october)[0].blocks if isinstance(block, Band)]
    totals = table_of(forward_sections(OCTOBER, october), "projection_totals").rows[0]
    (joint,) = [each for each in chart.days if each.billed is not None and each.middle is not None]
    assert joint.day == date(2026, 11, 21)
    # The day in progress is projected, too: the band begins at what whole days cost.
    assert joint[1:] == (totals[1].pico - PICO // 5,) * 4
    assert Money(chart.days[-1].middle, "USD") == totals[2]
    assert len(chart.days) == 30


def test_a_period_in_progress_is_projected_itself(root):
    found = ahead(root, NOVEMBER)
    assert found.projection.about.startswith("Where November 2026 ends")
    narrow = NOVEMBER._replace(scope=NOVEMBER.scope._replace(values=(("team", ("chat",)),)))
    part = ahead(root, narrow)
    assert 0 < part.projection.ends[0].totals[0].middle < found.projection.ends[0].totals[0].middle
