"""The Forecast page in a real Chromium: a proposal is confirmed in its dialog, and an event is marked by hand."""

import json
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from app.cli import run
from scripts.running import running_app
from tests.test_cli_forecast import calls
from warehouse.connection import silent
from warehouse.events import list_events

NOW = datetime(2026, 11, 22, 9)
READY_MS = 30_000

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forecast")
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in calls()))
    assert run(["--warehouse", str(folder / "warehouse"), "--now", NOW.isoformat(), "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture(scope="module")
def page(warehouse, chromium) -> Iterator[Page]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("TOLLBOOK_NOW", NOW.isoformat())
        with running_app(warehouse) as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1440, "height": 1800})
            page.set_default_timeout(READY_MS)
            expect.set_options(timeout=READY_MS)
            page.goto(f"{address}/forecast")
            yield page
            browser.close()


def test_a_proposal_is_confirmed_and_an_event_is_marked(page, warehouse):
    page.get_by_role("button", name="It was a launch").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note").fill("new app")
    dialog.get_by_role("textbox", name="Who does this").fill("ann")
    dialog.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("new app")).to_be_visible()
    expect(page.get_by_role("button", name="It was a launch")).to_have_count(0)
    (launch,) = list_events(warehouse, tell=silent)
    assert (launch.kind, launch.team, launch.note, launch.state) == ("launch", "chat", "new app", "confirmed")

    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("It was none, and changes nothing.")).to_be_visible()

    # While the page is laid out anew, what it was still stands beside it.
    expect(page.get_by_role("button", name="Mark an event")).to_have_count(1)
    page.get_by_role("button", name="Mark an event").click()
    page.get_by_role("dialog").get_by_role("button", name="Mark it").click()
    expect(page.get_by_text("Launch, from 2026-11-21")).to_be_visible()
    assert [event.state for event in list_events(warehouse, tell=silent)] == ["confirmed", "dismissed", "confirmed"]
