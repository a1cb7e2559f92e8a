"""No page asks anyone but its server, and the server lets it: all pages in a real Chromium, every request recorded.

The journeys, which go with every run of the tests, say the same of the pages that they visit.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, sync_playwright

from scripts.running import AT_REST, running_app

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[1]
PAGES = sorted(path.stem for path in (ROOT / "app" / "views").glob("[a-z]*.py"))
READY_MS = 60_000
TITLE = "(title) => document.title.startsWith(title)"


@pytest.fixture(scope="module")
def page(chromium) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 1440, "height": 2000})
        browser.close()


def test_no_page_asks_anyone_but_its_server(demo_warehouse_for_reports, page):
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    with running_app(demo_warehouse_for_reports) as address:
        for name in PAGES:
            page.goto(f"{address}/{'' if name == 'overview' else name}")
            title = "Check-up" if name == "checkup" else name.capitalize()
            page.wait_for_function(TITLE, arg=title, timeout=READY_MS)
            page.wait_for_function(AT_REST, timeout=READY_MS)
        hosts = {urlsplit(url).netloc for url in asked if urlsplit(url).scheme not in ("data", "blob")}
        assert hosts == {urlsplit(address).netloc}
    assert any("/static/js/PlotlyChart" in url for url in asked)
    assert any(url.startswith("ws://") for url in asked)
    assert refused == []
