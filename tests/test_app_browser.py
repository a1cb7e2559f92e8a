"""The way a reader takes through the app, in a real Chromium: overview, tasks, the dearest, its steps."""

import json
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from ingest.load import load_files
from ingest.options import Options
from scripts.running import AT_REST, running_app

PROBE = re.compile(r"/tasks/_stcore/(health|host-config)$")
"""What Streamlit asks for below a page before it finds itself at the root: the only 404 there may be."""
READY_S = 30

pytestmark = pytest.mark.browser


def calls() -> Iterator[dict]:
    """Three tasks, the second of which has most steps."""
    for task, steps in (("ticket-1", 2), ("ticket-2", 5), ("ticket-3", 1)):
        for step in range(1, steps + 1):
            usage = {"prompt_tokens": 1_000 * step, "completion_tokens": 500, "total_tokens": 1_000 * step + 500}
            yield {
                "time": f"2026-11-{10 + steps:02}T10:00:{step:02}Z",
                "seller": "stepfun",
                "task": task,
                "step": step,
                "team": "support",
                "request": {"model": "step-3.7-flash"},
                "response": {"id": f"{task}-{step}", "object": "chat.completion", "usage": usage},
            }


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """The app, on a port of its own, over a small warehouse."""
    folder = tmp_path_factory.mktemp("browser")
    log = folder / "calls.jsonl"
    log.write_text("".join(json.dumps(call) + "\n" for call in calls()), encoding="utf-8")
    now = datetime(2026, 11, 22)
    (load,) = load_files(folder / "warehouse", [log], Options(), now=now, tell=lambda text: None)
    assert load.merged.loaded == 8
    with running_app(folder / "warehouse") as address:
        yield address


@pytest.fixture(scope="module")
def context(chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 1600})
        context.set_default_timeout(READY_S * 1000)
        expect.set_options(timeout=READY_S * 1000)
        yield context
        browser.close()


@pytest.fixture
def page(context) -> Iterator[Page]:
    """A page that fails its test when it asks anyone but this machine, or finds an error."""
    page = context.new_page()
    strangers: list[str] = []
    failed: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: strangers.append(request.url) if is_strange(request.url) else None)
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert strangers == []
    assert [url for url in failed if not PROBE.search(url)] == []
    assert [text for text in errors if "404" not in text] == []


def is_strange(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def test_a_link_opens_one_task(page, address):
    """Stands first: a link must open even as the first thing after the app has started."""
    page.goto(f"{address}/tasks?task=ticket-1")
    expect(page.get_by_role("heading", name="ticket-1")).to_be_visible()
    expect(page.get_by_text("2 calls, to the last digit")).to_be_visible()
    expect(page.get_by_text("Exactly 0.00175 USD")).to_be_visible()


def test_from_the_overview_to_the_steps_of_the_dearest_task(page, address):
    page.goto(f"{address}/?team=support")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    expect(page.get_by_text("Where the money goes")).to_be_visible()
    expect(page.get_by_role("figure", name=re.compile("Spend per day in USD"))).to_be_visible()
    expect(page.get_by_role("heading", name="Needs a person")).to_be_visible()
    page.wait_for_function(AT_REST)
    expect(page.get_by_text("Still looking through the calls")).to_have_count(0)
    page.get_by_text("Spend", exact=True).first.click()
    page.get_by_role("menuitem", name="Tasks").click()
    expect(page.get_by_text("Dearest tasks")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/tasks\?team=support$"))
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    page.mouse.click(box["x"] + 20, box["y"] + 52)
    expect(page.get_by_role("heading", name="ticket-2")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/tasks\?team=support&task=ticket-2$"))
    expect(page.get_by_text("5 calls, to the last digit")).to_be_visible()
    page.get_by_role("button", name="All tasks").click()
    expect(page).to_have_url(re.compile(r"/tasks\?team=support$"))
