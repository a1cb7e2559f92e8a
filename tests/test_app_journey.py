"""A newcomer's first minutes in a real Chromium: the demo, a log of their own, the dearest task, a rejected line."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError, expect, sync_playwright

from scripts.running import AT_REST, running_app
from warehouse.connection import open_reader

READY_S = 45
DEMO_S = 120
DROPS = 3

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two calls of one dear task, and a line that broke off."""
    usage = {"prompt_tokens": 40_000_000, "completion_tokens": 900_000, "total_tokens": 40_900_000}
    lines = [
        json.dumps(
            {
                "time": f"2026-11-21T10:00:0{step}Z",
                "seller": "stepfun",
                "task": "quarter-report",
                "step": step,
                "response": {
                    "id": f"own-{step}",
                    "object": "chat.completion",
                    "model": "step-3.7-flash",
                    "usage": usage,
                },
            }
        )
        for step in (1, 2)
    ]
    path = tmp_path / "our-gateway.jsonl"
    path.write_text("\n".join([*lines, lines[0][:60]]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """An export that no source knows."""
    path = tmp_path / "export.csv"
    path.write_text(
        "call id,started,model name,tokens in,tokens out\n"
        "c-1,2026-11-20 10:15:02,step-3.7-flash,100,20\n"
        "c-2,2026-11-20 10:15:09,step-3.7-flash,400,90\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def address(tmp_warehouse: Path) -> Iterator[str]:
    """The app on a port of its own, over a folder that is not there yet."""
    with running_app(tmp_warehouse) as address:
        yield address


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    """A page that fails its test when it asks anyone but this machine."""
    strangers: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 1600})
        page.set_default_timeout(READY_S * 1000)
        expect.set_options(timeout=READY_S * 1000)
        page.on("request", lambda request: strangers.append(request.url) if is_strange(request.url) else None)
        yield page
        browser.close()
    assert strangers == []


def is_strange(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def go_to(page: Page, menu: str, name: str) -> None:
    page.get_by_text(menu, exact=True).first.click()
    page.get_by_role("menuitem", name=name).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def drop(page: Page, path: Path) -> None:
    """Drop a file on the place for logs, as from a folder's window; again where the page was just made anew."""
    for _ in range(DROPS):
        drop_once(page, path)
        with suppress(TimeoutError):
            page.get_by_role("button", name="Load 1 file").wait_for(timeout=READY_S * 1000 / DROPS)
            return


def drop_once(page: Page, path: Path) -> None:
    files = page.evaluate_handle(
        """([name, text]) => {
            const data = new DataTransfer();
            data.items.add(new File([text], name));
            return data;
        }""",
        [path.name, path.read_text(encoding="utf-8")],
    )
    page.get_by_test_id("stFileUploaderDropzone").first.dispatch_event("drop", {"dataTransfer": files})


def load_a_table_of_their_own(page: Page, path: Path) -> None:
    """Drop a table that no source knows, say what its columns are, look at the preview, and load it."""
    drop(page, path)
    page.get_by_role("button", name="Load 1 file").click()
    expect(page.get_by_text(f"No source knows {path.name}.")).to_be_visible()
    expect(page.get_by_text("cached_tokens: say where cached tokens stand", exact=True)).to_be_visible()
    for guess in ("time", "model_served", "prompt", "completion"):
        page.get_by_role("button", name=re.compile(f"^{guess} ←")).click()
        expect(page.get_by_role("textbox", name="The mapping")).to_have_value(re.compile(f"^  {guess}:", re.MULTILINE))
    page.get_by_text("Not in this file", exact=True).click()
    expect(page.get_by_text("the first 2 of 2 records")).to_be_visible()
    page.get_by_role("button", name="Load with this mapping").click()
    expect(page.get_by_text(f"No source knows {path.name}.")).not_to_be_visible()
    expect(page.get_by_text("What came of it")).to_be_visible()


@pytest.mark.parametrize("table_too", [False, pytest.param(True, marks=pytest.mark.long)], ids=["log", "log and table"])
def test_a_newcomer_gets_from_nothing_to_the_reason_for_a_rejected_line(
    page, address, log, table, tmp_warehouse, table_too
):
    page.goto(address)
    expect(page.get_by_text("Nothing is loaded yet")).to_be_visible()
    page.get_by_role("button", name="Load the demo").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    expect(page.get_by_text("Where the money goes")).to_be_visible(timeout=DEMO_S * 1000)
    expect(page.get_by_text("Demo data: made-up traffic, not yours.")).to_be_visible()

    go_to(page, "Evidence", "Imports")
    drop(page, log)
    page.get_by_role("button", name="Load 1 file").click()
    expect(page.get_by_text("What came of it")).to_be_visible()
    expect(page.get_by_text("our-gateway.jsonl:3").first).to_be_visible()
    expect(page.get_by_text("mixed with your own logs")).to_be_visible()
    if table_too:
        load_a_table_of_their_own(page, table)

    go_to(page, "Spend", "Tasks")
    tasks = page.get_by_test_id("stDataFrame")
    expect(tasks).to_be_visible()
    # What stands above may still grow, and a click on a table that is being drawn anew is lost.
    page.wait_for_function(AT_REST)
    tasks.click(position={"x": 20, "y": 52})
    expect(page.get_by_role("heading", name="quarter-report")).to_be_visible()
    expect(page.get_by_text("2 calls, to the last digit")).to_be_visible()

    go_to(page, "Evidence", "Imports")
    expect(page.get_by_role("heading", name="Rejected lines")).to_be_visible()
    expect(page.get_by_text(re.compile("The line was cut off"))).to_be_visible()
    with open_reader(tmp_warehouse) as reader:
        own = reader.rows("select path, loaded from ingest_file where not demo")
    assert {Path(path).name: loaded for path, loaded in own} == {log.name: 2} | ({table.name: 2} if table_too else {})
