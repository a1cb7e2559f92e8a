"""The Forecast page: the commands' figures, horizons, parts, the backtest, and what people say of the past."""

import json
import shutil
from datetime import date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from app.cli import run
from app.components.formats import money
from app.forecasts import forecast_of
from app.proposed import enter
from planning.events import Event
from planning.glance import month_of
from tests.app_page import metric, opener, table, texts
from tests.test_cli_forecast import calls, short_log
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.events import list_events

NOW = datetime(2026, 11, 22, 9)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forecast")
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in calls()))
    assert run(["--warehouse", str(folder / "warehouse"), "--now", NOW.isoformat(), "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture
def filled(loaded, tmp_warehouse):
    shutil.copytree(loaded, tmp_warehouse)
    return tmp_warehouse


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


def press(test: AppTest, label: str) -> AppTest:
    """The first button of this label, and what comes of it."""
    button = next(each for each in test.button if each.label == label)
    button.click().run()
    assert not test.exception and not test.error, [*test.exception, *test.error]
    return test


def test_the_cards_have_the_figures_of_the_command(opened, filled):
    test = opened(filled, "forecast")
    (total,) = forecast_of(filled, NOW, month_of(NOW.date()), None, tell=silent).total
    assert metric(test, "November 2026") == money(total.middle, "USD")
    assert metric(test, "Spent so far") == money(total.spent, "USD")
    assert metric(test, "Run-rate") == money(total.run_rate, "USD")
    assert metric(test, "October 2026") == money(total.before, "USD")
    assert f"projected, 80%: {money(total.low, 'USD')} to {money(total.high, 'USD')}" in texts(test)
    assert "learnt from 61 whole days, 2026-09-21 to 2026-11-20" in texts(test)


def test_the_chart_has_a_dashed_line_and_a_band(opened, filled):
    test = opened(filled, "forecast")
    figure = json.loads(test.get("plotly_chart")[0].proto.spec)
    traces = {trace.get("name"): trace for trace in figure["data"]}
    assert traces["Projected"]["line"]["dash"] == "dash"
    assert traces["80% band"]["fill"] == "tonexty"
    assert traces["Projected"]["x"][-1] == "2026-11-30" and traces["Billed"]["x"][-1] == "2026-11-20"
    added_up = opened(filled, "forecast", view="Added up")
    names = [trace.get("name") for trace in json.loads(added_up.get("plotly_chart")[0].proto.spec)["data"]]
    assert {"Run-rate", "Period before"} <= set(names)


def test_a_link_opens_another_horizon_and_a_part_of_the_traffic(opened, filled):
    december = opened(filled, "forecast", horizon="Next month")
    assert metric(december, "Run-rate") == "–" and "so far, it is not over" in texts(december)
    team = opened(filled, "forecast", of="Team chat")
    (whole,) = forecast_of(filled, NOW, month_of(NOW.date()), "team", tell=silent).total
    assert metric(team, "November 2026") != money(whole.middle, "USD")
    assert "Where it comes from" not in texts(team)


def test_the_parts_are_listed_dearest_first(opened, filled):
    parts = table(opened(filled, "forecast", part="Team"), "Share")
    assert list(parts["Team"]) == ["chat", "search"]
    assert sum(parts["Share"]) == pytest.approx(1)


def test_the_backtest_stands_below(opened, filled):
    test = opened(filled, "forecast")
    assert "8 past forecasts of" in texts(test) and "The 80% band held what came" in texts(test)
    assert list(table(test, "Run-rate's error")["Horizon"]) == ["7 days", "30 days", "Month's end"]


def test_a_proposal_waits_for_an_answer_and_asks_who_gives_it(opened, filled):
    test = opened(filled, "forecast")
    assert "Did something happen? 2 questions" in texts(test)
    assert "Nothing here changes the forecast until you confirm it." in texts(test)
    assert "Confirmed, it would end at $" in texts(test)
    press(test, "It was a launch")
    assert "**Launch, from 2026-11-14** · team chat: confirmed." in texts(test)
    assert [each.label for each in test.text_input] == ["Note", "Who does this"]
    assert list_events(filled, tell=silent) == []


def test_what_was_marked_is_on_the_time_line_and_no_question_any_more(opened, filled):
    before = metric(opened(filled, "forecast"), "November 2026")
    launch = Event(0, "launch", date(2026, 11, 14), None, team="chat", note="new app")
    enter(filled, launch, Author("ann", NOW), tell=silent)
    enter(
        filled,
        launch._replace(kind="outage", last=date(2026, 11, 14), state="dismissed"),
        Author("ann", NOW),
        tell=silent,
    )
    test = opened(filled, "forecast")
    assert metric(test, "November 2026") != before
    assert "Did something happen? 2 questions" not in texts(test)
    assert "**Launch, from 2026-11-14** · team chat · new app" in texts(test)
    assert "The forecast learns its level from that day on." in texts(test)
    assert "It was none, and changes nothing." in texts(test)
    assert marks(test) == ["launch"]
    # It is on the time line of those whom it is about.
    assert marks(opened(filled, "forecast", of="Team search")) == []
    press(test, "Remove")
    assert "every forecast from now on is made as if it had not happened" in texts(test)


def marks(test: AppTest) -> list[str]:
    """The words on the time line."""
    figure = json.loads(test.get("plotly_chart")[0].proto.spec)
    return [label["text"] for label in figure["layout"].get("annotations", [])]


def test_too_short_a_history_is_no_forecast(opened, tmp_warehouse, tmp_path):
    log = short_log(tmp_path, "stepfun", 2)
    assert run(["--warehouse", str(tmp_warehouse), "--now", NOW.isoformat(), "ingest", str(log)]) == 0
    test = opened(tmp_warehouse, "forecast")
    assert "no forecast: as in its last days" in texts(test)
    assert "Not known yet: 1 whole day of history; 21 are needed." in texts(test)
    assert "a projection needs 3" in texts(test)


def test_traffic_without_a_price_has_nothing_to_forecast(opened, tmp_warehouse, tmp_path):
    log = short_log(tmp_path, "nim", 20)
    assert run(["--warehouse", str(tmp_warehouse), "--now", NOW.isoformat(), "ingest", str(log)]) == 0
    assert "No rate prices it" in texts(opened(tmp_warehouse, "forecast"))


def test_old_data_is_said_to_be_old(monkeypatch, filled):
    test = opener(monkeypatch, datetime(2026, 12, 20, 9))(filled, "forecast")
    assert "The newest data is of 2026-11-21, today is 2026-12-20: the days since then are projected, too." in texts(
        test
    )
    far = opener(monkeypatch, datetime(2029, 1, 20, 9))(filled, "forecast")
    assert "is more than a year after the newest data" in texts(far)
