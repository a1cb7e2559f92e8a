"""The page Reports in a real Chromium: a chargeback is made, its pages are seen, its ledger is taken along."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from scripts.running import running_app
from tests.test_app_reports import NOW
from tests.test_cli_chargeback import loaded  # noqa: F401 - a fixture

READY_MS = 120_000

# The journeys go through this page in every run.
pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def page(loaded, chromium) -> Iterator[Page]:  # noqa: F811 - the fixture of that name
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("TOLLBOOK_NOW", NOW.isoformat())
        with running_app(loaded) as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 1600})
            page.set_default_timeout(READY_MS)
            expect.set_options(timeout=READY_MS)
            page.goto(f"{address}/reports?report=Chargeback")
            yield page
            browser.close()


def test_a_report_is_made_looked_at_and_taken_along(page, tmp_path):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.get_by_text("tollbook report chargeback --month=2026-10")).to_be_visible()
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_role("img", name=re.compile(r"Page 1 of [2-9] of the PDF"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile(r"\.csv")).click()
    assert download.value.suggested_filename == "tollbook-chargeback-2026-10.csv"
    taken = Path(download.value.path()).read_text(encoding="utf-8")
    assert {line["period"] for line in csv.DictReader(io.StringIO(taken))} == {"2026-10"}
    page.screenshot(path=tmp_path / "reports.png", full_page=True)
    page.get_by_role("button", name="Page 2", exact=True).click()
    expect(page.get_by_role("img", name=re.compile(r"Page 2 of [2-9] of the PDF"))).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 2600})
    expect(page.get_by_role("button", name="Make the report")).to_be_visible()
    page.screenshot(path=tmp_path / "reports-phone.png", full_page=True)
    width = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth")
    assert width <= 390, f"the page is {width} pixels wide on a phone"
    assert all("://127.0.0.1:" in url or url.startswith(("data:", "blob:")) for url in asked)
