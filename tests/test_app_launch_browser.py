"""The Launch page in a real Chromium: what stands behind a click is there, and follows the likely value."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from scripts.running import running_app

READY_MS = 30_000

# The journeys go through this page in every run.
pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def page(tmp_path_factory, chromium) -> Iterator[Page]:
    with sync_playwright() as playwright, running_app(tmp_path_factory.mktemp("launch")) as address:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 1400})
        page.set_default_timeout(READY_MS)
        expect.set_options(timeout=READY_MS)
        page.goto(f"{address}/launch")
        yield page
        browser.close()


def bounds(page: Page, said: str):
    """Low and high in the window behind what a button says: the window before it may still be fading."""
    window = page.get_by_role("dialog", name=said)
    return (window.get_by_role("spinbutton", name=name, exact=True) for name in ("Low", "High"))


def test_low_and_high_stand_behind_a_click_and_follow_the_likely_value(page: Page):
    page.get_by_role("button", name="500 – 2,500 · guess").click()
    low, high = bounds(page, "500 – 2,500 · guess")
    expect(low).to_have_value("500")
    high.fill("4000")
    high.press("Enter")
    # The click's window stays, for the next figure of the same input.
    expect(page.get_by_role("button", name="500 – 4,000 · guess")).to_be_visible()
    low, _ = bounds(page, "500 – 4,000 · guess")
    expect(low).to_be_visible()
    page.keyboard.press("Escape")
    expect(low).to_be_hidden()

    first = page.get_by_test_id("stMetricValue").first.inner_text()
    page.get_by_label("Users", exact=True).fill("2000")
    page.get_by_label("Users", exact=True).press("Enter")
    expect(page.get_by_test_id("stMetricValue").first).not_to_have_text(first)
    page.get_by_role("button", name="1,000 – 8,000 · guess").click()
    low, high = bounds(page, "1,000 – 8,000 · guess")
    expect(low).to_have_value("1000")
    expect(high).to_have_value("8000")
    expect(page).to_have_url(re.compile("launch="))
