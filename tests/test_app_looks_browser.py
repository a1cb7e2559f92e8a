"""How pages look in a real Chromium: nothing too pale, cut off, too wide for a phone or out of order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.running import AT_REST, running_app

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[1]
MEASURE = (ROOT / "tests" / "page_looks.js").read_text(encoding="utf-8")
PAGES = sorted(path.stem for path in (ROOT / "app" / "views").glob("[a-z]*.py"))
READY_MS = 60_000
QUIET_MS = 1500
TABS = 14
"""How often the keyboard goes on: past the menu, the filters and the first controls."""
FEW = 7
"""What even the page with fewest controls passes in so many steps."""
CHOSEN_IN_DARK = 3.8
"""Streamlit writes on its main button in white and the chosen option in the button's colour: on a dark page both
cannot have 4.5. The button has it; the chosen option is framed and shaded, too."""
SHOWN = """async () => {
  const around = [];
  for (let each = document.activeElement; each && around.length < 4; each = each.parentElement) around.push(each);
  around.forEach((each) => each.style.setProperty("transition", "none", "important"));
  const signs = () => around.map((each) => {
    const style = getComputedStyle(each);
    return [style.outlineStyle, style.boxShadow, style.borderTopColor, style.color, style.backgroundColor].join();
  }).join();
  const drawn = () => new Promise((done) => setTimeout(done, 150));
  await drawn();
  const held = signs();
  around[0].blur();
  await drawn();
  const free = signs();
  around[0].focus({ preventScroll: true });
  return held !== free;
}"""
"""Whether the element that has the keyboard, or what surrounds it, looks different from when it has not."""


class Look(NamedTuple):
    """The window in which a page is looked at."""

    scheme: str
    width: int


LIGHT, DARK, PHONE = Look("light", 1440), Look("dark", 1440), Look("light", 390)


@pytest.fixture(scope="module")
def browser(chromium) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(demo_warehouse_for_reports) -> Iterator[str]:
    with running_app(demo_warehouse_for_reports) as address:
        yield address


def opened(browser: Browser, look: Look, url: str) -> Page:
    """The page when all of it is there."""
    is_phone = look == PHONE
    page = browser.new_context(
        viewport={"width": look.width, "height": 2000},
        color_scheme="dark" if look == DARK else "light",
        is_mobile=is_phone,
        has_touch=is_phone,
    ).new_page()
    page.goto(url)
    page.get_by_role("heading", level=1).wait_for(timeout=READY_MS)
    page.wait_for_timeout(QUIET_MS)
    page.wait_for_function(AT_REST, timeout=READY_MS)
    page.wait_for_timeout(QUIET_MS)
    return page


def faults_of(page: Page, look: Look) -> list[Any]:
    """All that is wrong with how a page looks."""
    found = page.evaluate(MEASURE)
    enough = CHOSEN_IN_DARK if look == DARK else 4.5
    faults = [text for text in found["pale"] if not (text["isChosen"] and text["contrast"] >= enough)]
    faults += [
        f"{name}: {found[name]}" for name in ("jumps", "beyond", "undescribed", "cut", "tabindexes") if found[name]
    ]
    return faults if found["titles"] == 1 else [*faults, f"{found['titles']} titles"]


def test_tasks_can_be_read_on_a_phone(browser, address):
    page = opened(browser, PHONE, f"{address}/tasks")
    assert faults_of(page, PHONE) == []
    page.context.close()


@pytest.mark.long
@pytest.mark.parametrize("look", [LIGHT, DARK, PHONE], ids=["light", "dark", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_read_in_every_look(browser, address, name, look):
    page = opened(browser, look, f"{address}/{'' if name == 'overview' else name}")
    assert faults_of(page, look) == []
    page.context.close()


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_goes_down_the_page_and_is_seen(browser, address, name):
    page = opened(browser, LIGHT, f"{address}/{'' if name == 'overview' else name}")
    passed: list[str] = []
    for _ in range(TABS):
        page.keyboard.press("Tab")
        # The page's own frame is scrolled by keys, and a table draws in its canvas where the keyboard is.
        if page.evaluate("document.activeElement.matches('main,canvas,body,section')"):
            continue
        label = page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")[:30]
        assert page.evaluate(SHOWN), f"nothing shows that {label!r} has the keyboard"
        passed.append(label)
    assert len(passed) >= FEW
    page.context.close()
