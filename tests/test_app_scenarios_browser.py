"""The Scenarios page in a real Chromium, as wide as a phone: a slider moves the figures, and the link says it all."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from app.cli import run
from scripts.running import running_app
from tests.test_app_scenarios import NOW, calls

READY_MS = 30_000

# The journeys go through this page in every run.
pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def page(tmp_path_factory, chromium) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("scenarios")
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in calls()))
    assert run(["--warehouse", str(folder / "warehouse"), "--now", NOW.isoformat(), "ingest", str(log)]) == 0
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("TOLLBOOK_NOW", NOW.isoformat())
        with running_app(folder / "warehouse") as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 390, "height": 2600})
            page.set_default_timeout(READY_MS)
            expect.set_options(timeout=READY_MS)
            page.goto(f"{address}/scenarios")
            yield page
            browser.close()


def test_a_slider_moves_the_figures_and_the_link_brings_them_back(page):
    difference = page.get_by_test_id("stMetricValue").nth(2)
    expect(difference).to_be_visible()
    before = difference.inner_text()
    slider = page.get_by_role("slider", name="Share moved").first
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(difference).not_to_have_text(before)
    expect(page).to_have_url(re.compile(r"[?&]scenario="))
    expect(page.get_by_text("What if 99% of the calls")).to_be_visible()
    after = difference.inner_text()
    # However many changes there are, a slider keeps the keyboard.
    for name in ("Volume", "Cache share"):
        page.get_by_role("slider", name=name).first.focus()
        for _ in range(2):
            page.keyboard.press("ArrowLeft")
            expect(difference).not_to_have_text(after)
            after = difference.inner_text()

    page.goto(page.url)
    expect(page.get_by_text("What if 99% of the calls")).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").nth(2)).to_have_text(after)
    expect(page.get_by_role("figure", name=re.compile("as priced to .*Cache"))).to_be_visible()
    width = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth")
    assert width <= 390, f"the page is {width} pixels wide on a phone"
