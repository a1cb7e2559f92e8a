"""The page of launches: a first P50 without any history, inputs that move everything, saved and shared plans."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.cli import run
from app.components.formats import money
from app.components.launch_keep import days_csv
from app.launch_starts import start_of
from app.launches import actual_of, launch_of
from app.scenario_link import read_link, write_link
from planning.launch_plan import read_launch_plan, write_launch_plan
from tests.app_page import metric, opener, table, texts
from tests.launch_log import log_lines
from warehouse.connection import open_reader, silent

FEW = 1000
"""Draws: enough for a page."""
NOW = datetime(2026, 11, 22, 9)
PLAN = write_launch_plan(
    read_launch_plan(
        start_of("Coding agent", date(2026, 11, 22)) | {"name": "Code review", "budget": "2000", "days": 30}
    )
)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.components.launch_data.DRAWS", FEW)
    return opener(monkeypatch, NOW)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of four weeks of one team's calls, as far as they came by now."""
    root = tmp_path_factory.mktemp("launch")
    log = root / "log.jsonl"
    log.write_text("".join(json.dumps(line) + "\n" for line in log_lines() if line["time"] < NOW.isoformat()))
    assert run(["--warehouse", str(root / "warehouse"), "--now", NOW.isoformat(), "ingest", str(log)]) == 0
    return root / "warehouse"


def link_of(test: AppTest) -> dict:
    return read_link(link_text(test))


def link_text(test: AppTest) -> str:
    given = test.query_params["launch"]
    return given if isinstance(given, str) else given[0]


def number(test: AppTest, label: str):
    return next(each for each in test.number_input if each.label == label)


def test_a_first_answer_without_any_history(opened, tmp_path: Path):
    test = opened(tmp_path / "nothing", "launch")
    assert metric(test, "P50").startswith("$")
    assert {each.label for each in test.metric} == {
        "P50", "P90", "P99", "Over budget", "Contingency", "All at likely",
    }  # fmt: skip
    assert "no percentile" in texts(test)
    assert f"{FEW:,} draws" in texts(test)
    assert [chart.proto.id for chart in test.get("plotly_chart")]
    assert "launch" not in test.query_params
    assert not (tmp_path / "nothing").exists()


def test_an_input_moves_everything_and_the_link_says_it(opened, tmp_path: Path):
    test = opened(tmp_path, "launch")
    before = metric(test, "P50")
    number(test, "Users").set_value(4000.0).run()
    assert metric(test, "P50") != before
    assert link_of(test)["users"] == {"low": 2000, "likely": 4000, "high": 10000}
    low = next(each for each in test.number_input if each.label == "Low" and each.value == 2000)
    low.set_value(3000.0).run()
    assert link_of(test)["users"]["low"] == 3000
    again = opened(tmp_path, "launch", launch=link_text(test))
    assert metric(again, "P50") == metric(test, "P50")
    assert number(again, "Users").value == 4000


def test_a_saved_plan_opens_by_its_name_with_the_figures_that_a_command_has(opened, loaded: Path):
    test = opened(loaded, "launch", launch=write_link(PLAN))
    next(each for each in test.button if each.label == "Save").click().run()
    next(each for each in test.text_input if each.label == "Who does this").set_value("ann")
    next(each for each in test.button if each.proto.form_id == "launch_save").click().run()
    assert test.query_params["plan"] in ("Code review", ["Code review"])
    test = opened(loaded, "launch", plan="Code review")
    assert "Saved" in [button.label for button in test.button]
    launch = launch_of(loaded, read_launch_plan(PLAN), NOW, draws=FEW, tell=silent)
    total = launch.simulation.total
    assert [metric(test, name) for name in ("P50", "P90", "P99")] == [money(pico, "USD") for pico in total[1:]]
    assert metric(test, "All at likely") == money(launch.simulation.at_likely, "USD")
    assert metric(test, "Over budget").endswith("%")
    number(test, "Days").set_value(20).run()
    assert "plan" not in test.query_params
    assert link_of(test)["days"] == 20
    assert days_csv(launch).count("\n") == 31


def test_the_records_fill_what_they_can_say(opened, loaded: Path):
    test = opened(loaded, "launch", start="Coding agent")
    assert "Your records say" in texts(test)
    test.button(key="launch_use_records").click().run()
    kind = link_of(test)["kinds"]["tool_call"]
    assert kind["steps"] == kind["input_tokens"] == "measured"
    assert number(test, "Steps").value == 3
    number(test, "Steps").set_value(4.0).run()
    assert link_of(test)["kinds"]["tool_call"]["steps"] == 4
    assert "measured" in table(test, "Source")["Source"].tolist()


def test_days_that_came_stand_beside_the_plan(opened, loaded: Path):
    running = PLAN | {"start": "2026-11-09", "days": 20}
    test = opened(loaded, "launch", launch=write_link(running), section="Actual")
    assert "Say above which calls" in texts(test)
    next(each for each in test.selectbox if each.label == "Team").set_value("assist").run()
    assert link_of(test)["launched"] == {"team": "assist"}
    found = actual(loaded, running | {"launched": {"team": "assist"}})
    assert metric(test, "Spent so far") == money(found.blend.spent, "USD")
    assert metric(test, "Now expected") == money(found.blend.total.p50, "USD")
    assert len(table(test, "Billed")) == len(found.days) == 12


def actual(root: Path, document: dict):
    launch = launch_of(root, read_launch_plan(document), NOW, draws=FEW, tell=silent)
    with open_reader(root, tell=silent) as reader:
        return actual_of(reader, launch, NOW.date())


def test_what_has_no_price_says_so_and_can_still_be_changed(opened, tmp_path: Path):
    nowhere = PLAN | {"routes": [{"seller": "novita", "model": "no-such-model"}]}
    test = opened(tmp_path, "launch", launch=write_link(nowhere))
    assert not test.metric
    assert "no-such-model" in texts(test)
    next(each for each in test.selectbox if each.label == "Model").set_value("stepfun/step-3.7-flash").run()
    assert metric(test, "P50").startswith("$")


def test_adoption_through_points_is_one_input_of_what_it_hangs_on(opened, tmp_path: Path):
    points = [{"day": day, "share": {"low": low, "likely": 2 * low, "high": 0.9}} for day, low in ((1, 0.1), (30, 0.2))]
    test = opened(tmp_path, "launch", launch=write_link(PLAN | {"adoption": {"curve": "points", "points": points}}))
    assert number(test, "Active on day 30, %").value == 40
    charts = [json.loads(chart.proto.spec)["layout"] for chart in test.get("plotly_chart")]
    assert any("Active users" in layout["yaxis"].get("ticktext", ()) for layout in charts)


def test_a_broken_link_and_an_unknown_name_are_told(opened, tmp_path: Path):
    assert "no whole plan" in texts(opened(tmp_path, "launch", launch="eNq1VMt"))
    assert "No plan of this name" in texts(opened(tmp_path, "launch", plan="gone"))


def test_kinds_come_and_go_and_parts_are_switched_on(opened, tmp_path: Path):
    test = opened(tmp_path, "launch", start="Mixed product")
    next(each for each in test.button if each.label == "Video").click().run()
    assert "video" in link_of(test)["kinds"]
    assert number(test, "Tokens a video").value == 8000
    next(each for each in test.button if each.label == "Remove video").click().run()
    assert "video" not in link_of(test)["kinds"]
    next(each for each in test.toggle if each.label == "A larger model answers some").set_value(True).run()
    assert link_of(test)["escalation"]["model"] == "stepfun/step-3.7-flash"
    number(test, "Short text, %").set_value(60.0).run()
    shares = [kind["share"] for kind in link_of(test)["kinds"].values()]
    assert sum(share["likely"] if isinstance(share, dict) else share for share in shares) == pytest.approx(1)
    assert not test.exception
