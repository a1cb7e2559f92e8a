"""Filters and the browser's history in a real Chromium: what the address says is what the page shows.

Streamlit writes addresses and reads them on Back and Forward in the browser alone: no test without one sees it.
"""

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from ingest.load import load_files
from ingest.options import Options
from scripts.running import AT_REST
from tests.journeys import Look, call, company

CALLS = {"support": 5, "search": 3}
"""Calls of each team."""
NOW = "2026-11-22T09:00:00Z"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def warehouse(tmp_warehouse: Path) -> Path:
    """Calls of two teams, on the two days before."""
    log = tmp_warehouse.parent / "calls.jsonl"
    lines = [
        call(f"{team}-{number}", f"2026-11-2{number % 2}T10:00:00Z", "stepfun", "step-3.7-flash", (1_000, 100),
             team=team, task=f"{team}-{number}")
        for team, calls in CALLS.items()
        for number in range(calls)
    ]  # fmt: skip
    log.write_text("".join(lines), encoding="utf-8")
    (load,) = load_files(tmp_warehouse, [log], Options(), now=datetime(2026, 11, 22), tell=lambda text: None)
    assert load.merged.loaded == sum(CALLS.values())
    return tmp_warehouse


def shows(page: Page, path: str, heading: str, teams: tuple[str, ...], figure: str | None) -> None:
    """The page, its filter, its figure and its address, all of the same teams."""
    expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_visible()
    if figure:
        expect(page.get_by_test_id("stMetricValue").filter(has_text=re.compile(f"^{figure}$")).first).to_be_visible()
    for team in CALLS:
        tag = page.get_by_test_id("stMultiSelect").get_by_text(team, exact=True)
        expect(tag).to_have_count(int(team in teams))
    expect(page).to_have_url(re.compile(rf"^http://[^/]+/{path}(\?|$)"))
    assert tuple(sorted(parse_qs(urlsplit(page.url).query).get("team", []))) == tuple(sorted(teams))


def choose_team(page: Page, team: str) -> None:
    page.get_by_test_id("stMultiSelect").filter(has_text="Team").get_by_role("combobox").click()
    page.get_by_role("option", name=team, exact=True).click()
    page.keyboard.press("Escape")


def test_filters_go_along_to_every_page_and_back(chromium, warehouse):
    with company(chromium, warehouse, NOW) as people:
        reader = people.reader(Look("light", 1440))
        page = reader.page
        reader.open()
        shows(page, "", "Overview", (), "8")
        choose_team(page, "support")
        shows(page, "", "Overview", ("support",), "5")
        reader.go("Spend", "Explore")
        shows(page, "explore", "Explore", ("support",), None)
        reader.go("Spend", "Tasks")
        shows(page, "tasks", "Tasks", ("support",), "5")
        reader.go("Plan", "Budgets")
        reader.sees("This page shows everything; other pages have 1 filter")
        page.go_back()
        shows(page, "tasks", "Tasks", ("support",), "5")
        page.go_back()
        shows(page, "explore", "Explore", ("support",), None)
        page.go_forward()
        shows(page, "tasks", "Tasks", ("support",), "5")
        page.reload()
        shows(page, "tasks", "Tasks", ("support",), "5")
        second = people.reader(Look("light", 1440))
        second.open(reader.link())
        shows(second.page, "tasks", "Tasks", ("support",), "5")


def test_back_from_a_page_that_has_not_come_yet(chromium, warehouse):
    """The browser then names no filters, and shows them nevertheless."""
    with company(chromium, warehouse, NOW) as people:
        for after_ms in (0, 100, 200, 300):
            reader = people.reader(Look("light", 1440))
            reader.open("/tasks?team=support")
            shows(reader.page, "tasks", "Tasks", ("support",), "5")
            reader.go("Plan", "Budgets")
            reader.page.wait_for_timeout(after_ms)
            reader.page.go_back()
            shows(reader.page, "tasks", "Tasks", ("support",), "5")
            reader.page.wait_for_function(AT_REST)
            shows(reader.page, "tasks", "Tasks", ("support",), "5")
