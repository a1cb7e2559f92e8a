"""The filters that all pages have in common: their days, what a link asks for, and how they go from page to page."""

import json
from datetime import date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from app.components.filter_state import NARROW
from app.components.formats import money
from app.named_periods import CHOSEN, PERIODS, days_of
from ingest.load import load_files
from ingest.options import Options
from pricing.money import parse_signed_amount
from tests.app_page import metric, opener, table, texts
from tests.kept import made_once
from tests.tollbook_command import Tollbook
from warehouse.folder import Folder
from warehouse.saved_views import list_views

NOW = datetime(2026, 11, 22, 9)
TODAY = NOW.date()
CALLS = (
    ("2026-10-20", "support", "helpdesk"),
    ("2026-11-16", "support", "helpdesk"),
    ("2026-11-20", "support", "triage"),
    ("2026-11-21", "search", "triage"),
    ("2026-11-21", "search", None),
)


def line(number: int, day: str, team: str, project: str | None) -> str:
    usage = {"prompt_tokens": 1_000, "completion_tokens": 100, "total_tokens": 1_100}
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    call = {"time": f"{day}T10:00:00Z", "seller": "stepfun", "task": f"t-{number}", "team": team, "response": answer}
    return json.dumps({**call, **({"project": project} if project else {})}) + "\n"


@pytest.fixture
def filled(tmp_warehouse: Path) -> Path:
    def make() -> None:
        log = tmp_warehouse.parent / "calls.jsonl"
        log.write_text("".join(line(number, *call) for number, call in enumerate(CALLS)), encoding="utf-8")
        (load,) = load_files(tmp_warehouse, [log], Options(), now=NOW, tell=lambda text: None)
        assert load.merged.loaded == len(CALLS)

    return made_once(tmp_warehouse, "app_filters", make)


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


def go(test: AppTest, page: str) -> AppTest:
    test.switch_page(f"views/{page}.py").run()
    assert not test.exception and not test.error, [*test.exception, *test.error]
    return test


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("Yesterday", date(2026, 11, 21), date(2026, 11, 21)),
        ("Last 7 days", date(2026, 11, 16), TODAY),
        ("This month", date(2026, 11, 1), TODAY),
        ("Last month", date(2026, 10, 1), date(2026, 10, 31)),
        ("This quarter", date(2026, 10, 1), TODAY),
        ("Last quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("This year", date(2026, 1, 1), TODAY),
        ("All time", None, None),
    ],
)
def test_a_period_has_its_days(period, first, last):
    assert days_of(period, TODAY) == (first, last)


@given(st.sampled_from(PERIODS), st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.lists(st.dates(), max_size=2))
def test_a_period_ends_no_earlier_than_it_begins(period, today, chosen):
    first, last = days_of(period, today, chosen)
    assert (first is None) == (last is None)
    if first and last:
        assert first <= last
        assert period == CHOSEN or last <= today


def test_days_and_a_project_narrow_every_figure(opened, filled):
    test = opened(filled, "overview", days=["2026-11-16", "2026-11-20"])
    assert metric(test, "Requests") == "2"
    assert test.selectbox(key="period").value == CHOSEN
    test.multiselect(key="project").set_value(["triage"]).run()
    assert metric(test, "Requests") == "1"
    assert metric(go(test, "tasks"), "Tasks") == "1"
    (reset,) = [button for button in test.button if button.label == "Reset 2 filters"]
    reset.click().run()
    assert metric(test, "Tasks") == "5"
    assert not {"project", "period", "days"} & set(test.query_params)


def test_days_are_forgotten_with_their_period(opened, filled):
    test = opened(filled, "overview", days=["2026-11-16", "2026-11-20"])
    test.selectbox(key="period").select("All time").run()
    test.multiselect(key="team").set_value(["support"]).run()
    test.multiselect(key="team").set_value([]).run()
    assert metric(test, "Requests") == "5"


def test_what_a_link_asks_for_and_is_not_there_is_said(opened, filled):
    test = opened(filled, "overview", team=["support", "<b>gone*"], period="Last 3 days", days="soon")
    assert metric(test, "Requests") == "3"
    assert "what nothing here has: period Last 3 days, days soon, team <b>gone*" in texts(test)
    assert test.query_params["team"] == "support"
    go(test, "tasks")
    assert "what nothing here has" not in texts(test)


def test_a_page_that_filters_do_not_narrow_says_so_and_keeps_them(opened, filled):
    test = go(opened(filled, "overview", team="search", period="Last 7 days", project="triage"), "budgets")
    labels = [expander.label for expander in test.expander]
    assert "This page shows everything; other pages have 3 filters" in labels
    assert test.query_params["team"] == "search", "in the address of this page, too"
    go(test, "rates")
    assert "Not used by this page" in " ".join(expander.label for expander in test.expander)
    go(test, "overview")
    assert (metric(test, "Requests"), test.selectbox(key="period").value) == ("1", "Last 7 days")


def test_a_page_without_filters_set_says_nothing_of_them(opened, filled):
    test = opened(filled, "budgets")
    assert not test.multiselect and not [each for each in test.expander if "filter" in each.label]


def test_what_back_restored_is_undone_by_no_late_answer_of_the_page_left(opened, filled, monkeypatch):
    """Streamlit keeps the address and takes over what all controls of the page left were set to."""
    test = opened(filled, "tasks", team="support")
    assert metric(test, "Tasks") == "3"
    monkeypatch.setattr("app.components.filter_state.is_back_or_forward", lambda: True)
    test.run()
    monkeypatch.setattr("app.components.filter_state.is_back_or_forward", lambda: False)
    test.multiselect(key="team").set_value([]).run()
    assert (metric(test, "Tasks"), test.multiselect(key="team").value) == ("3", ["support"])
    # A change of the reader's own is in the address as well.
    test.query_params["team"] = ["search"]
    test.multiselect(key="team").set_value(["search"]).run()
    assert (metric(test, "Tasks"), test.multiselect(key="team").value) == ("2", ["search"])
    test.query_params.pop("team")
    test.multiselect(key="team").set_value([]).run()
    assert metric(test, "Tasks") == "5"


def test_back_from_a_page_that_was_not_there_yet_finds_the_filters(opened, filled, monkeypatch):
    """The browser then names no filters, and shows them nevertheless: figures of everything would stand under them."""
    test = opened(filled, "tasks", team="support")
    test = go(test, "budgets")
    monkeypatch.setattr("app.components.filter_state.is_back_or_forward", lambda: True)
    test.query_params.clear()
    test = go(test, "tasks")
    assert (metric(test, "Tasks"), test.multiselect(key="team").value) == ("3", ["support"])
    # Once more, it is a place in which no filter was set.
    test.query_params.clear()
    test.run()
    assert (metric(test, "Tasks"), test.multiselect(key="team").value) == ("5", [])


def test_a_link_sets_filters_and_leaves_the_others(opened, filled):
    test = opened(filled, "overview", team="support", period="Last 7 days", **{NARROW: "project=triage&period="})
    assert test.query_params == {"team": "support", "project": "triage"}
    assert metric(test, "Requests") == "1"


def test_a_link_asks_for_a_dimension_that_no_call_has(opened, filled):
    test = opened(filled, "overview", environment="prod", **{"tag:feature": "chat"})
    assert "what nothing here has: environment prod, feature chat" in texts(test)
    assert metric(test, "Requests") == "5"


ODD = '_a*b $1" 表'
"""A tag's name may be anything."""


@pytest.fixture
def tagged(tmp_warehouse: Path) -> Path:
    """Calls of three features; tags by which sums are kept."""
    Folder(tmp_warehouse).create()
    settings = Folder(tmp_warehouse).settings_file
    settings.write_text(f"promoted_tags = {json.dumps(['feature', ODD])}\n{settings.read_text()}", encoding="utf-8")
    log = tmp_warehouse.parent / "calls.jsonl"
    tags: tuple[dict[str, str], ...] = (
        {"feature": "chat"},
        {"feature": "chat", ODD: "<b>1*"},
        {"feature": "search"},
        {ODD: "2"},
        {},
    )
    lines = [json.loads(line(number, *call)) for number, call in enumerate(CALLS)]
    text = "".join(json.dumps(each | {"tags": tag}) + "\n" for each, tag in zip(lines, tags, strict=True))
    log.write_text(text, encoding="utf-8")
    (load,) = load_files(tmp_warehouse, [log], Options(), now=NOW, tell=lambda text: None)
    assert load.error is None
    return tmp_warehouse


def test_a_promoted_tag_narrows_as_the_command_line_does(opened, tagged, capsys):
    tollbook = Tollbook(tagged, capsys)
    (asked,) = tollbook.costs("--where", "tag:feature=chat", "--by", "model")
    test = opened(tagged, "overview", team="support")
    test.multiselect(key="tag:feature").set_value(["chat"]).run()
    assert metric(test, "Requests") == str(asked["requests"]) == "2"
    assert metric(test, "Spend") == money(parse_signed_amount(asked["cost"]), "USD")
    labels = [expander.label.replace("\\", "") for expander in test.expander]
    assert "More filters: feature chat" in labels
    go(test, "explore")
    assert "chat" in test.query_params["tag:feature"]
    assert table(test, "Total")["Total"].tolist()[-1] == money(parse_signed_amount(asked["cost"]), "USD")
    assert metric(go(test, "tasks"), "Tasks") == "2"
    test.multiselect(key=f"tag:{ODD}").set_value(["<b>1*"]).run()
    assert metric(test, "Tasks") == "1"


def test_a_view_saved_of_chosen_days_and_two_projects_opens_as_it_was(opened, filled):
    days = ["2026-11-16", "2026-11-21"]
    test = opened(filled, "explore", days=days, project=["helpdesk", "triage"], rows="team")
    next(button for button in test.button if button.label == "Save").click().run()
    next(box for box in test.text_input if box.label == "Name").input("Two")
    next(button for button in test.button if button.label == "Save" and button.form_id).click().run()
    (kept,) = list_views(filled, tell=lambda text: None)
    assert kept.document["period"] == "2026-11-16..2026-11-21"
    test = opened(filled, "explore", team="search")
    assert not test.multiselect(key="project").value
    next(box for box in test.selectbox if box.label == "Open a saved view").select("Two").run()
    assert test.multiselect(key="project").value == ["helpdesk", "triage"]
    assert (test.multiselect(key="team").value, test.query_params["at"]) == ([], "2026-11-16..2026-11-21")


def linking() -> None:
    """A page of its own, with what links say."""
    import streamlit as st

    from app.components.filter_state import KEPT
    from app.components.links import address_of

    st.session_state[KEPT] = {"team": ("search",), "period": ("Last 7 days",), "seller": ()}
    st.text(address_of("overview"))
    st.text(address_of("explore", filters={"team": "a&b=c", "period": ""}, by="model"))


def test_an_address_holds_the_filters_and_what_a_link_sets():
    test = AppTest.from_function(linking).run()
    assert not test.exception
    first, second = (urlsplit(text.value) for text in test.text)
    assert (first.path, parse_qs(first.query)) == ("/", {"team": ["search"], "period": ["Last 7 days"]})
    assert (second.path, parse_qs(second.query)) == ("/explore", {"team": ["a&b=c"], "by": ["model"]})
