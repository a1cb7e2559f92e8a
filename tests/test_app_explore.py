"""The page Explore without a browser: figures as the warehouse has them, and every way in, on and back."""

import csv
import json
import shutil
from decimal import Decimal

import pytest

from app.components.explore_download import Asked, file_of
from app.components.explore_state import Shown
from app.components.formats import money
from app.explore_place import narrowed, place_of
from app.explore_view import View
from pricing.money import to_decimal
from tests.app_page import opener, table, texts
from tests.test_app_pages import NOW, fill
from warehouse.connection import open_reader
from warehouse.cost import cost_by
from warehouse.explore import calls_of, explored
from warehouse.saved_views import list_views
from warehouse.scope import Scope

ODD = ["<script>alert(1)</script>", "=cmd()", "$x$ *y* _z_", "部署" * 30, "%{x} &amp;"]


@pytest.fixture(scope="module")
def filled(begun, tmp_path_factory):
    """One warehouse for all: nothing here changes it."""
    warehouse = shutil.copytree(begun, tmp_path_factory.mktemp("explore") / "warehouse")
    fill(warehouse)
    return warehouse


@pytest.fixture
def opened(monkeypatch, filled):
    open_page = opener(monkeypatch, NOW)
    return lambda **params: open_page(filled, "explore", **params)


def chosen(test, label, option):
    (found,) = [box for box in test.selectbox if box.label == label]
    found.select(option).run()
    assert not test.exception and not test.error


def pressed(test, label):
    (found,) = [button for button in test.button if button.label == label]
    found.click().run()
    assert not test.exception
    return test


def labels(test):
    return [button.label for button in test.button]


def said(test):
    found = {name: value if isinstance(value, list) else [value] for name, value in test.query_params.items()}
    return {name: values[-1] for name, values in found.items() if values}


def chart(test):
    return json.loads(test.get("plotly_chart")[0].proto.spec)


def test_the_table_adds_up_to_what_the_warehouse_says(opened, filled):
    test = opened(columns="team", step="none")
    with open_reader(filled) as reader:
        (dollars,) = [row.cost for row in cost_by(reader, ()) if row.currency == "USD"]
        by_team = {row.group[0]: row.cost for row in cost_by(reader, ["team"]) if row.currency == "USD"}
    shown = table(test, "Total")
    assert list(shown["Model"])[-1] == "Total"
    # Two calls have no known cost: a sum is at least what is known.
    assert list(shown["Total"])[-1] == f"≥ {money(dollars, 'USD')}"
    assert money(by_team["support"], "USD") in "".join(shown[shown["Model"] == "Total"].iloc[0])
    assert "CN¥" in texts(test)


def test_other_figures_are_of_all_currencies(opened):
    shown = table(opened(measure="requests", rows="seller", step="none"), "Total")
    assert dict(zip(shown["Seller"], shown["Total"], strict=True)) == {
        "stepfun": "4",
        "novita": "1",
        "stepfun-cn": "1",
        "nim": "1",
        "Total": "7",
    }


def test_a_ratio_is_one_of_sums_and_drawn_as_lines(opened):
    test = opened(measure="cache_share", rows="team", step="day")
    shown = table(test, "Total")
    # 26,000 of 37,000 tokens: the mean of the days' shares would be another figure.
    assert dict(zip(shown["Team"], shown["Total"], strict=True))["support"] == "70.3%"
    assert {trace["type"] for trace in chart(test)["data"]} == {"scatter"}


def test_the_way_leads_from_all_days_to_one_request_and_back(opened):
    test = opened(step="month", rows="seller")
    assert "Cost per month by seller" in texts(test)
    chosen(test, "Open a month", "Nov 2026")
    assert said(test)["at"] == "2026-11" and "per day" in texts(test)
    chosen(test, "Open a day", "Fri 20 Nov 2026")
    assert "per hour" in texts(test) and labels(test)[:2] == ["All days", "November 2026"]
    chosen(test, "Open an hour", "20 Nov 2026, 10:00 to 11:00")
    assert "3 requests" in texts(test)
    next(box for box in test.selectbox if box.label == "Open a request").select_index(0).run()
    assert "What its cost is made of" in texts(test)
    pressed(test, "All requests")
    pressed(test, "November 2026")
    assert said(test) == {"rows": "seller", "at": "2026-11"}
    pressed(test, "All days")
    assert said(test) == {"rows": "seller"}


def test_a_row_leaves_one_value_alone_and_is_told_by_another_dimension(opened):
    test = opened(rows="team", step="none")
    chosen(test, "Look into one team", "search")
    assert said(test)["where"] == "team=search"
    assert list(table(test, "Model")["Model"]) == ["step-3.7-flash", "stepfun/step-3.7-flash", "Total"]
    pressed(test, "Team\\: search")
    assert "where" not in said(test)


def test_calls_whose_logs_name_no_value_can_be_looked_into(opened):
    test = opened(rows="project", step="none")
    assert table(test, "Project")["Project"][0] == "no project"
    chosen(test, "Look into one project", "no project")
    assert said(test)["where"] == "project="
    assert "In all $" in texts(test)


def test_a_request_shows_what_its_cost_is_made_of_to_the_last_digit(opened, filled):
    with open_reader(filled) as reader:
        page = calls_of(reader, Scope(values=(("seller", ("novita",)),)), limit=1)
    call = page.calls[0]
    test = opened(requests="yes", request=f"{call.at.isoformat()}~{call.record_key}")
    cost = table(test, "Rate")
    assert list(cost["Meter"]) == ["Input", "Output", "Per request", "Total"] or "Input" in list(cost["Meter"])
    amounts = [text.removesuffix(" USD") for text in cost["Cost"][:-1] if text != "–"]
    assert cost["Cost"].iloc[-1].endswith(" USD") and amounts
    assert "Rate from" in texts(test) and "Prompts, answers and keys are not kept" in texts(test)
    assert "Open its task" in " ".join(labels(test))


def test_a_request_of_unknown_cost_says_why(opened, filled):
    with open_reader(filled) as reader:
        (call,) = calls_of(reader, Scope(values=(("seller", ("nim",)),)), limit=1).calls
    test = opened(request=f"{call.at.isoformat()}~{call.record_key}")
    assert "The cost is **unknown**: self-hosted" in texts(test)


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"measure": "luck"}, "there is no measure 'luck'"),
        ({"rows": "planet"}, "there is no dimension 'planet'"),
        ({"step": "decade"}, "there is no step 'decade'"),
        ({"at": "soon"}, "'soon' is no period"),
        ({"where": "team"}, "'team' picks no value"),
    ],
)
def test_a_link_that_cannot_be_shown_says_why_and_shows_the_usual(opened, params, why):
    test = opened(**params)
    assert why in texts(test) and "Cost per" in texts(test)


def test_a_link_to_a_request_that_is_not_there_says_so(opened):
    for name in ("nothing", "2026-11-20T10:00:00~" + 32 * "0"):
        assert "hold no such request" in texts(opened(request=name))


def test_where_nothing_is_left_the_way_back_is_offered(opened):
    test = opened(at="2025-01", rows="team")
    assert "leave no call together" in texts(test)
    pressed(test, "Show all days")
    assert said(test) == {"rows": "team"}


def test_names_of_logs_are_nothing_but_text(monkeypatch, warehouse_begun):
    calls = [("stepfun", "step-3.7-flash", "2026-11-20", "t", name, (1_000, 0, 100)) for name in ODD]
    fill(warehouse_begun, calls)
    test = opener(monkeypatch, NOW)(warehouse_begun, "explore", rows="team", step="none")
    assert set(ODD) < set(table(test, "Team")["Team"])
    spec = test.get("plotly_chart")[0].proto.spec
    assert "<script>" not in spec and "%{x}" not in spec
    chosen(test, "Look into one team", ODD[0])
    assert said(test)["where"] == f"team={ODD[0]}"
    assert "\\<script\\>" in " ".join(labels(test))


def test_a_view_is_saved_opened_elsewhere_renamed_and_removed(monkeypatch, warehouse_begun):
    fill(warehouse_begun)
    open_page = opener(monkeypatch, NOW)
    test = open_page(warehouse_begun, "explore", rows="team", columns="model", at="2026-11", where="seller=stepfun")
    pressed(test, "Save")
    next(box for box in test.text_input if box.label == "Name").input("Teams <b>now</b>")
    next(button for button in test.button if button.label == "Save" and button.form_id).click().run()
    assert not test.exception and not test.error
    (kept,) = list_views(warehouse_begun, tell=lambda text: None)
    assert kept.name == "Teams <b>now</b>" and kept.document["period"] == "2026-11"
    assert kept.document["filters"] == {"seller": ["stepfun"]}

    other = open_page(warehouse_begun, "explore")
    chosen(other, "Open a saved view", "Teams <b>now</b>")
    assert said(other)["rows"] == "team" and said(other)["at"] == "2026-11" and said(other)["seller"] == "stepfun"
    pressed(other, "Rename a view")
    next(box for box in other.text_input if box.label == "New name").input("Teams")
    next(button for button in other.button if button.label == "Save" and button.form_id).click().run()
    pressed(other, "Remove a view")
    assert "can be put back at once" in texts(other)
    assert [each.name for each in list_views(warehouse_begun, tell=lambda text: None)] == ["Teams"]
    next(button for button in other.button if button.label == "Remove").click().run()
    assert list_views(warehouse_begun, tell=lambda text: None) == []
    pressed(other, "Undo")
    assert [each.name for each in list_views(warehouse_begun, tell=lambda text: None)] == ["Teams"]


@pytest.mark.parametrize("at", [None, "2026-11-20T10"])
def test_what_is_taken_along_is_what_is_shown(filled, at):
    found = Shown(View("cost", "team", "seller", None), place_of(at, ()))
    asked = Asked(filled, found.view, narrowed(Scope(), found.place), found)
    lines = [line for line in file_of(asked, NOW, "csv").decode().splitlines() if not line.startswith("#")]
    costs = [Decimal(row["cost"]) for row in csv.DictReader(lines) if row["currency"] == "USD" and row["cost"]]
    with open_reader(filled) as reader:
        rows = explored(reader, ("model",), asked.scope, step="hour")
    hours = [row for row in rows if at is None or f"{row.group[0]:%Y-%m-%dT%H}" == at]
    assert costs and sum(costs) == to_decimal(sum(row.cost or 0 for row in hours if row.currency == "USD"))
