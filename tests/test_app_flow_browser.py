"""Filters and the browser's history in a real Chromium: what the address says is what the page shows.

Streamlit writes addresses and reads them on Back and Forward in the browser alone: no test without one sees it.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from ingest.load import load_files
from ingest.options import Options
from scripts.screenshots import running_app

READY_S = 45
CALLS = {"support": 5, "search": 3}
"""Calls of each team."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def address(tmp_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The app, on a port of its own, over calls of two teams, on the day after them."""
    monkeypatch.setenv("TOLLBOOK_NOW", "2026-11-22T09:00:00Z")
    log, lines = tmp_warehouse.parent / "calls.jsonl", []
    for team, calls in CALLS.items():
        for number in range(calls):
            usage = {"prompt_tokens": 1_000, "completion_tokens": 100, "total_tokens": 1_100}
            answer = {"id": f"{team}-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
            call = {"time": f"2026-11-2{number % 2}T10:00:00Z", "seller": "stepfun", "task": f"{team}-{number}"}
            lines.append(json.dumps(call | {"team": team, "response": answer}) + "\n")
    log.write_text("".join(lines), encoding="utf-8")
    (load,) = load_files(tmp_warehouse, [log], Options(), now=datetime(2026, 11, 22), tell=lambda text: None)
    assert load.merged.loaded == sum(CALLS.values())
    with running_app(tmp_warehouse) as address:
        yield address


@pytest.fixture
def context(chromium: str) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 1600})
        context.set_default_timeout(READY_S * 1000)
        expect.set_options(timeout=READY_S * 1000)
        yield context
        browser.close()


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


def go_to(page: Page, menu: str, name: str) -> None:
    page.get_by_text(menu, exact=True).first.click()
    page.get_by_role("menuitem", name=name).click()


def choose_team(page: Page, team: str) -> None:
    page.get_by_test_id("stMultiSelect").filter(has_text="Team").get_by_role("combobox").click()
    page.get_by_role("option", name=team, exact=True).click()
    page.keyboard.press("Escape")


def test_filters_go_along_to_every_page_and_back(context, address):
    page = context.new_page()
    page.goto(address)
    shows(page, "", "Overview", (), "8")
    choose_team(page, "support")
    shows(page, "", "Overview", ("support",), "5")
    go_to(page, "Spend", "Explore")
    shows(page, "explore", "Explore", ("support",), None)
    go_to(page, "Spend", "Tasks")
    shows(page, "tasks", "Tasks", ("support",), "5")
    go_to(page, "Plan", "Budgets")
    expect(page.get_by_text("This page shows everything; other pages have 1 filter")).to_be_visible()
    page.go_back()
    shows(page, "tasks", "Tasks", ("support",), "5")
    page.go_back()
    shows(page, "explore", "Explore", ("support",), None)
    page.go_forward()
    shows(page, "tasks", "Tasks", ("support",), "5")
    page.reload()
    shows(page, "tasks", "Tasks", ("support",), "5")
    second = context.new_page()
    second.goto(page.url)
    shows(second, "tasks", "Tasks", ("support",), "5")
    second.close()
