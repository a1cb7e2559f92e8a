"""Prepaid accounts and closed months on a page, without a browser."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.load import load_files
from ingest.options import Options
from pricing.money import PICO
from pricing.prepaid import Account, Reading, TopUp
from tests.app_page import metric, table, texts
from tests.kept import made_once
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.month_close import list_closings
from warehouse.prepaid import add_account, add_reading, add_topup, list_prepaid

NOW = datetime(2026, 11, 21, 9)
AUTHOR = Author("ann", NOW)


def call(number: int, day: str) -> str:
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return json.dumps({"time": f"{day}T06:00:00Z", "seller": "stepfun", "team": "research", "response": answer}) + "\n"


def load(warehouse: Path, name: str, days: list[str], first: int) -> None:
    log = warehouse.parent / name
    log.write_text("".join(call(first + number, day) for number, day in enumerate(days)), encoding="utf-8")
    (found,) = load_files(warehouse, [log], Options(), now=NOW, tell=silent)
    assert found.merged.loaded == len(days)


@pytest.fixture
def filled(tmp_warehouse, monkeypatch):
    """A call of 0.20 USD a day."""
    days = [*["2026-10-30"] * 2, *(f"2026-11-{day:02}" for day in range(1, 22))]
    made_once(tmp_warehouse, "app_books", lambda: load(tmp_warehouse, "log.jsonl", days, 0))
    monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(tmp_warehouse))
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
    return tmp_warehouse


def script() -> None:
    from app.components.answers import open_desk
    from app.components.month_close import show_month_close
    from app.components.page import Run
    from app.components.prepaid import show_prepaid
    from app.session import warehouse_folder
    from warehouse.scope import Scope

    with open_desk(warehouse_folder(None)) as desk:
        run = Run(desk, desk.choices(), Scope(), None, None)
        show_prepaid(run)
        show_month_close(run)


def opened() -> AppTest:
    return checked(AppTest.from_function(script, default_timeout=30).run())


def checked(test: AppTest) -> AppTest:
    assert not test.exception and not test.error, [*test.exception, *test.error]
    return test


def press(test: AppTest, *labels: str) -> AppTest:
    """Press the last button of the last name. Those before it opened the dialog that it stands in: they are pressed
    along, because a test runs the whole page, and not the dialog alone.
    """
    *openers, label = labels
    for opener in openers:
        next(button for button in test.button if button.label == opener).click()
    [*_, found] = [button for button in test.button if button.label == label]
    return found.click().run()


def fill(test: AppTest, **values: str) -> None:
    for label, value in values.items():
        [*_, found] = [box for box in test.text_input if box.label == label.replace("_", " ")]
        found.input(value)


def test_what_is_left_when_it_runs_out_and_what_makes_it_last(filled):
    number = add_account(filled, Account(0, "Main", "stepfun", "USD"), AUTHOR, tell=silent)
    add_topup(filled, TopUp(0, number, datetime(2026, 11, 1), 10 * PICO, PICO // 2), AUTHOR, tell=silent)
    add_reading(filled, Reading(0, number, datetime(2026, 11, 10, 23), 7 * PICO), AUTHOR, tell=silent)
    test = opened()
    assert metric(test, "Left") == "$4.80" and metric(test, "Adjusted") == "−$1.00"
    assert "80% band:" in texts(test) and "fees $0.5000" in texts(test)
    assert list(table(test, "Difference")["Difference"]) == ["−$1.00", "–"]
    assert list(table(test, "Who")["What"])[:2] == ["reading 1 added", "topup 1 added"]


def test_without_an_account_the_page_says_what_one_is_for(filled):
    assert [info.proto.title for info in opened().info] == ["No prepaid account"]


def test_an_account_a_top_up_and_a_balance_are_entered_and_taken_out(filled):
    test = press(opened(), "Add an account")
    fill(test, Name="Main", Who_does_this="bob")
    checked(press(test, "Add an account", "Add"))
    test = press(opened(), "Top-up")
    fill(test, Credited="10", Fee_beside_it="0.50", Who_does_this="bob")
    checked(press(test, "Top-up", "Enter"))
    test = press(opened(), "Balance")
    fill(test, Shown_as_left="ten", Who_does_this="bob")
    test = press(test, "Balance", "Enter")
    assert "is no amount" in texts(test)
    fill(test, Shown_as_left="9.90")
    checked(press(test, "Balance", "Enter"))
    found = list_prepaid(filled, tell=silent)
    assert found.accounts[0][1:4] == ("Main", "stepfun", "USD")
    assert (found.topups[0].credited_at, found.topups[0].fee) == (datetime(2026, 11, 21), PICO // 2)
    assert (found.readings[0].read_at, found.readings[0].pico) == (NOW, PICO * 99 // 10)
    test = press(opened(), "Remove")
    assert [box.options[0] for box in test.selectbox if box.label == "Entry"] == ["Top-up 1 of 2026-11-21, $10.00"]
    checked(press(test, "Remove", "Remove"))
    assert list_prepaid(filled, tell=silent).topups == ()
    checked(press(test, "Undo"))
    assert list_prepaid(filled, tell=silent) == found


def test_a_month_is_closed_shown_under_both_views_and_reopened(filled):
    test = opened()
    assert list(table(test, "As closed")["State"]) == ["open, if closed now"] * 2
    test = press(test, "Close 2026-10")
    assert "**2026-10** will be frozen: $0.4000." in texts(test)
    assert "- No invoice of 2026-10 was entered: nothing was held against it." in texts(test)
    fill(test, Who_does_this="bob")
    checked(press(test, "Close 2026-10", "Close 2026-10"))
    (closing,) = list_closings(filled, tell=silent)
    assert (closing.month, closing.who, closing.incomplete) == (date(2026, 10, 1), "bob", None)
    load(filled, "late.jsonl", ["2026-10-30"], 100)
    months = table(opened(), "As closed")
    assert list(months["As closed"]) == ["$4.40", "$0.4000"]
    assert list(months["Adjustments in it"]) == ["$0.2000", "–"]
    assert list(months["As it is now"]) == ["$4.20", "$0.6000"]
    assert list(months["Became known later"]) == ["–", "$0.2000"]
    test = press(opened(), "Reopen 2026-10")
    fill(test, Who_does_this="bob")
    test = press(test, "Reopen 2026-10", "Reopen 2026-10")
    assert "Say why." in texts(test)
    fill(test, Why="too early")
    checked(press(test, "Reopen 2026-10", "Reopen 2026-10"))
    (closing,) = list_closings(filled, tell=silent)
    assert closing.reason == "too early"
    test = opened()
    checked(test.selectbox(key="close_month").select("2026-10").run())
    earlier = table(test, "It said")
    assert [list(earlier[name]) for name in ("It said", "Reopened by", "Why", "Lines", "Digest")] == [
        ["$0.4000"], ["bob"], ["too early"], ["verified"], [closing.digest]
    ]  # fmt: skip
    reopened, closed = table(test, "What")["What"]
    assert reopened == f"2026-10 reopened: too early. It said $0.4000, digest {closing.digest[:12]}"
    assert closed == f"2026-10 closed at $0.4000, digest {closing.digest[:12]}"


def test_a_month_that_is_not_over_is_closed_only_when_one_insists(filled):
    test = press(opened(), "Close 2026-10")
    checked(press(test, "Close 2026-10", "Close 2026-10"))
    test = press(opened(), "Close 2026-11")
    assert "It is not complete: it ends on 2026-11-30" in texts(test)
    test = press(test, "Close 2026-11", "Close 2026-11")
    assert "Tick the box" in texts(test)
    test.checkbox[-1].check()
    checked(press(test, "Close 2026-11", "Close 2026-11"))
    assert [each.incomplete is None for each in list_closings(filled, tell=silent)] == [True, False]


def test_an_account_that_ran_out_after_the_data_ended_is_drawn_as_far_as_they_go(filled, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_NOW", datetime(2026, 12, 20, 9).isoformat())
    number = add_account(filled, Account(0, "Main", "stepfun", "USD"), AUTHOR, tell=silent)
    add_topup(filled, TopUp(0, number, datetime(2026, 11, 1), 5 * PICO), AUTHOR, tell=silent)
    test = opened()
    assert metric(test, "Runs out") == "by now"
    assert "today is 2026-12-20: the days since then are projected" in texts(test)
    (chart,) = (json.loads(each.proto.spec) for each in test.get("plotly_chart"))
    assert next(trace["x"][-1] for trace in chart["data"] if trace.get("name") == "Left") == "2026-11-21"
