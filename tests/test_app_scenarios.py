"""The Scenarios page: it opens with a question answered, its controls answer at once, and links say it all."""

import json
import re
import shutil
from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from app.cli import run
from app.components.formats import money
from app.scenario_link import read_link, write_link
from app.scenarios import what_if
from planning.scenario import read_scenario, write_scenario
from tests.app_page import metric, opener, table, texts
from warehouse.connection import silent
from warehouse.scenarios import list_scenarios
from warehouse.scope import EVERYTHING

NOW = datetime(2026, 11, 22, 9)
MOVE = {
    "kind": "move",
    "where": {"seller": "novita", "model": "stepfun/step-3.7-flash"},
    "seller": "openrouter",
    "model": "deepseek/deepseek-v4-flash",
    "share": "1",
}
HALF = {"name": "Half cache", "changes": [{"kind": "cache", "times": "0.5"}]}


def calls():
    """Dear ones at Novita, cheaper ones of another model at OpenRouter, and some of unknown cost."""
    routes = (("novita", "stepfun/step-3.7-flash", 40), ("openrouter", "deepseek/deepseek-v4-flash", 10))
    for seller, model, number in (*routes, ("nim", "step-3.7-flash", 3)):
        for each in range(number):
            cached = {"prompt_tokens_details": {"cached_tokens": 6_000}} if seller != "nim" else {}
            usage = {"prompt_tokens": 10_000, "completion_tokens": 2_500, "total_tokens": 12_500, **cached}
            yield {
                "time": f"2026-11-{10 + each % 10:02}T10:{each:02}:00Z",
                "seller": seller,
                "team": "chat" if each % 2 else "search",
                "request": {"model": model},
                "response": {"id": f"{seller}-{each}", "object": "chat.completion", "usage": usage},
            }


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in calls()))
    assert run(["--warehouse", str(folder / "warehouse"), "--now", NOW.isoformat(), "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


def cost_of(root, document, scope=EVERYTHING):
    (found,) = what_if(root, [read_scenario(document)], scope, NOW, tell=silent)
    return money(found.result.cost["USD"], "USD")


def shown(test: AppTest) -> dict:
    """The document in the page's own URL."""
    link = test.query_params["scenario"]
    return read_link(link if isinstance(link, str) else link[0])


def pick(test: AppTest, kind: str, key: str, value: object) -> AppTest:
    getattr(test, kind)(key=key).set_value(value).run()
    assert not test.exception and not test.error, [*test.exception, *test.error]
    return test


def test_it_opens_with_the_dearest_calls_where_they_are_cheapest(opened, loaded):
    test = opened(loaded, "scenarios")
    assert "What if all calls of stepfun/step-3.7-flash at novita went to deepseek/deepseek-v4-flash" in texts(test)
    assert "That it does the work as well is not said." in texts(test)
    assert metric(test, "In this scenario") == cost_of(loaded, {"name": "first", "changes": [MOVE]})
    assert metric(test, "Coverage") == "94.3%"
    assert "scenario" not in test.query_params
    # A text that stands alone in a page's file would be written on the page.
    assert "too long for a heading" not in texts(test)


def test_the_waterfall_goes_from_as_billed_to_the_scenario(opened, loaded):
    test = opened(loaded, "scenarios")
    bars = json.loads(test.get("plotly_chart")[0].proto.spec)["data"][0]
    assert bars["y"][0] == "As priced" and bars["y"][-1] == "Scenario" and "Mix" in bars["y"]
    assert sum(bars["x"][:-1]) == pytest.approx(bars["x"][-1])


def test_a_slider_moves_the_result_and_the_link(opened, loaded):
    test = pick(opened(loaded, "scenarios"), "slider", "move_share", 50)
    half = {"name": "half", "changes": [MOVE | {"share": "0.5"}]}
    assert metric(test, "In this scenario") == cost_of(loaded, half)
    assert shown(test)["changes"] == half["changes"]
    pick(test, "slider", "change_volume", 200)
    assert shown(test)["changes"][1:] == [{"kind": "volume", "times": "2"}]
    pick(test, "slider", "change_volume", 100)
    assert shown(test)["changes"] == half["changes"]


def test_a_link_says_everything_and_a_broken_one_says_so(opened, loaded):
    document = {"name": "Half cache", "changes": [*HALF["changes"], {"kind": "volume", "times": "2"}]}
    test = opened(loaded, "scenarios", scenario=write_link(document))
    assert "What if the cache share were 0.5 times what it is, and there were 2 times" in texts(test)
    assert metric(test, "In this scenario") == cost_of(loaded, document)
    assert "The link holds no whole scenario" in texts(opened(loaded, "scenarios", scenario="cut"))


def test_what_no_control_shows_stays_and_can_be_taken_out(opened, loaded):
    second = MOVE | {"where": {"seller": "stepfun"}}
    team = {"kind": "volume", "times": "3", "where": {"team": "chat"}}
    document = {"name": "Two moves", "changes": [MOVE, {"kind": "cache", "share": "0.9"}, second, team]}
    test = opened(loaded, "scenarios", scenario=write_link(document))
    assert "all calls of stepfun went to" in texts(test) and "3 times the calls of team chat" in texts(test)
    assert metric(test, "In this scenario") == cost_of(loaded, document)
    test.button(key="drop_2").click().run()
    left = {**document, "changes": [document["changes"][place] for place in (0, 1, 3)]}
    assert shown(test) == write_scenario(read_scenario(left))


def test_changes_beside_the_move_can_be_about_some_calls(opened, loaded):
    test = pick(opened(loaded, "scenarios"), "slider", "change_discount", 10)
    route = next(each for each in test.selectbox(key="change_about").options if each.startswith("deepseek"))
    test.selectbox(key="change_about").select(route).run()
    assert shown(test)["changes"][1]["where"] == {"seller": "openrouter", "model": "deepseek/deepseek-v4-flash"}
    assert metric(test, "In this scenario") == cost_of(loaded, shown(test))


def test_more_can_be_changed(opened, loaded):
    test = opened(loaded, "scenarios")
    pick(test, "selectbox", "change_output_cap", "256")
    pick(test, "selectbox", "change_retries", "1.2")
    pick(test, "toggle", "change_drop_failed", True)
    pick(test, "text_input", "rate_output", "0.20")
    pick(test, "selectbox", "rates_day", "Each call's own day")
    document = shown(test)
    assert [each["kind"] for each in document["changes"][1:]] == ["output_cap", "retries", "drop_failed", "rates"]
    assert document["rates_as_of"] == "own"
    assert metric(test, "In this scenario") == cost_of(loaded, document)


def test_what_cannot_be_computed_is_said_and_the_controls_stay(opened, loaded):
    test = pick(opened(loaded, "scenarios"), "text_input", "rate_output", "cheap")
    assert "cheap" in texts(test) and test.slider(key="change_volume").value == 100


def test_figures_by_team_and_in_no_scope_at_all(opened, loaded):
    rows = table(opened(loaded, "scenarios", seller="novita"), "Scenario")
    assert list(rows["Seller"]) == ["novita", "openrouter"]
    test = opened(loaded, "scenarios")
    test.segmented_control(key="scenario_by").set_value("Team").run()
    assert set(table(test, "Scenario")["Team"]) == {"chat", "search"}
    assert "No call in scope" in texts(opened(loaded, "scenarios", seller="novita", model="step-3.7-flash"))


def test_the_break_even_is_said(opened, loaded):
    test = opened(loaded, "scenarios", show="Break-even")
    assert re.search(r"Output tokens per task there: cheaper below (about )?\*\*[\d.]+×\*\*", texts(test))
    slider = next(each for each in test.selectbox if each.label == "How far may this go")
    slider.select("volume").run()
    assert "Volume: cheaper below" in texts(test)


def test_a_scenario_is_saved_opened_by_its_name_compared_and_removed(opened, loaded, tmp_path):
    root = shutil.copytree(loaded, tmp_path / "warehouse")
    test = opened(root, "scenarios", scenario=write_link(HALF), period="Last 30 days", team="chat")
    press(test, "Save")
    next(each for each in test.text_input if each.label == "Who does this").set_value("ann")
    press(test, "Save", last=True)
    (saved,) = list_scenarios(root, tell=silent)
    assert (saved.name, saved.owner, saved.demo) == ("Half cache", "ann", False)
    assert saved.document == HALF | {"where": {"team": "chat"}, "last_days": 30}
    assert "Half cache" in test.query_params["saved"]

    again = opened(root, "scenarios", saved="Half cache")
    assert "What if the cache share were 0.5 times what it is?" in texts(again)
    assert "rates and calls are the same since" in texts(again)
    compared = opened(root, "scenarios", show="Compare")
    assert list(table(compared, "Comes to")["Scenario"]) == ["The one on this page", "Half cache"]
    assert "is stale" not in texts(compared) and "Data through 2026-11-" in texts(compared)
    more = tmp_path / "more.jsonl"
    more.write_text("".join(json.dumps(each | {"time": "2026-11-12T11:30:00Z", "response": None}) + "\n"
                            for each in list(calls())[:2]))  # fmt: skip
    assert run(["--warehouse", str(root), "--now", NOW.isoformat(), "ingest", str(more)]) == 0
    assert "'Half cache' is stale: since it was saved by ann" in texts(opened(root, "scenarios", show="Compare"))
    assert "No scenario of this name" in texts(opened(root, "scenarios", saved="Gone"))


def test_of_quick_changes_the_last_one_stays_though_the_browser_still_names_the_one_before(opened, loaded):
    """What a browser sends with a second change is the address from before the first."""
    test = opened(loaded, "scenarios", scenario=write_link(HALF))
    before = test.query_params["scenario"]
    pick(test, "slider", "change_volume", 150)
    assert shown(test)["changes"][1:] == [{"kind": "volume", "times": "1.5"}]
    test.query_params["scenario"] = before
    pick(test, "slider", "change_volume", 200)
    assert shown(test)["changes"][1:] == [{"kind": "volume", "times": "2"}]
    test.query_params["scenario"] = before
    assert shown(test.run()) == HALF, "a link that is opened says what is shown"


def test_the_cache_share_of_now_is_that_of_the_calls_asked_about(opened, loaded):
    asked = {"name": "nim", "where": {"seller": "nim"}, "changes": [{"kind": "volume", "times": "2"}]}
    labels = {"all": "now 56.6%", "nim": "now 0.0%"}
    documents = {"all": {**asked, "where": {}}, "nim": asked}
    for name, document in documents.items():
        test = opened(loaded, "scenarios", scenario=write_link(document))
        assert labels[name] in next(each.label for each in test.slider if each.key == "change_cache")


def test_what_loses_its_known_cost_is_no_saving(opened, loaded):
    away = {**MOVE, "seller": "nim", "model": "step-3.7-flash"}
    test = opened(loaded, "scenarios", scenario=write_link({"name": "away", "changes": [away]}))
    # Only the ten calls of the other model have a known cost on both sides.
    assert metric(test, "Difference") == "$0.00"
    assert "of calls known on both sides" in texts(test)
    assert "USD unknown" not in texts(test)


def press(test: AppTest, label: str, *, last: bool = False) -> None:
    """The first or the last button of this label."""
    found = [each for each in test.button if each.label == label]
    found[-1 if last else 0].click().run()
    assert not test.exception and not test.error, [*test.exception, *test.error]


def test_under_a_link_that_leads_nowhere_stand_no_figures(opened, loaded):
    test = opened(loaded, "scenarios", saved="Gone")
    assert "No scenario of this name" in texts(test) and not test.metric
    press(test, "Show the page without the link")
    assert metric(test, "In this scenario") == cost_of(loaded, {"name": "first", "changes": [MOVE]})
