"""The app over millions of requests in a real Chromium: visits, a filter's change, memory, jumps, what is too pale."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts.running import AT_REST, Started, started_app

ROOT = Path(__file__).parents[1]
CHOOSE = Path(__file__).with_name("web.js").read_text(encoding="utf-8")
LOOKS = (ROOT / "tests" / "page_looks.js").read_text(encoding="utf-8")
PAGES = ("overview", "explore", "tasks", "budgets", "forecast")
FILTERED = ("overview", "explore", "tasks")
"""Pages that show what the period says; the others have periods of their own."""
PERIODS = ("Last 7 days", "Last 30 days", "Last 90 days", "All time")
ROUNDS = 4
SESSIONS = 10
WAIT_MS = 120_000
FADE_MS = 2000
JUMPS = """() => {
  window.jumped = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((each) => {
    if (!each.hadRecentInput) window.jumped += each.value;
  })).observe({ type: "layout-shift", buffered: true });
}"""


class Visit(NamedTuple):
    """How long one page took to be there, and what came over the wire."""

    figures_s: float
    complete_s: float
    mib: float
    files: int


@contextmanager
def serving(warehouse: Path) -> Iterator[Started]:
    """The app over a warehouse, on the day after its last."""
    _, last = json.loads((warehouse / "built.json").read_text())
    today = date.fromisoformat(last) + timedelta(days=1)
    with started_app(warehouse, TOLLBOOK_NOW=today.isoformat()) as app:
        yield app


def held_mib(server: Started) -> float:
    """What a server holds in memory."""
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def table(warehouse: Path, calls: int) -> list[str]:
    """The results, for RESULTS.md."""
    chromium = subprocess.run(["sh", ROOT / "scripts" / "chromium"], capture_output=True, text=True, check=True)
    before = os.getloadavg()[0]
    with serving(warehouse) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.stdout.strip(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_init_script(f"({JUMPS})()")
        visits = _visits(browser, context, served)
        changes = _changes(context, served)
        sessions = _sessions(context, served)
        looks = _looks(browser, served)
        browser.close()
    return [
        f"## Web: the app over {calls:,} calls",
        "",
        f"A real Chromium on the same {os.cpu_count()} cores as the server; load of the machine before the run:",
        f"{before:.1f}, after it {os.getloadavg()[0]:.1f}. Goals: a filter's change p50 at most 0.6 s and p95 1.0 s,",
        "under 1 MiB a session.",
        "",
        *visits,
        *changes,
        *sessions,
        *looks,
    ]


def _visits(browser: Browser, context: BrowserContext, served: Started) -> list[str]:
    """Of somebody who has never been there, first as the first of all, and of one who comes again."""
    found = {"the first after the server's start": _visit(context, served.address)}
    other = browser.new_context(viewport={"width": 1440, "height": 900})
    found["the first of another reader"] = _visit(other, served.address)
    other.close()
    found["again"] = _visit(context, served.address)
    rows = [
        f"| {name} | {each.figures_s:.1f} | {each.complete_s:.1f} | {each.mib:.2f} | {each.files} |"
        for name, each in found.items()
    ]
    title = "| visit of the overview | first figures s | all there s | MiB transferred | files |"
    return [title, "|---|---|---|---|---|", *rows, ""]


def _visit(context: BrowserContext, url: str) -> Visit:
    page = context.new_page()
    transferred: list[float] = []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda file: transferred.append(file["encodedDataLength"]))
    began = time.perf_counter()
    page.goto(url)
    page.get_by_test_id("stMetric").first.wait_for(timeout=WAIT_MS)
    figures_s = time.perf_counter() - began
    page.wait_for_function(AT_REST, timeout=WAIT_MS)
    complete_s = time.perf_counter() - began
    page.close()
    return Visit(figures_s, complete_s, sum(transferred) / 2**20, len(transferred))


def _changes(context: BrowserContext, served: Started) -> list[str]:
    """Of the period, in turn; and how far each page jumped while it came."""
    rows = []
    for name in PAGES:
        page = _opened(context, served, name)
        jumped = page.evaluate("window.jumped")
        cells = ["–"] * 4
        if name in FILTERED:
            taken = [_change(page, PERIODS[turn % len(PERIODS)]) for turn in range(ROUNDS * len(PERIODS))]
            cells = [cell for part in ("page", "all") for cell in _spread([each[part] for each in taken])]
        rows.append(f"| {name.capitalize()} | {' | '.join(cells)} | {jumped:.3f} |")
        print(rows[-1])
        page.close()
    return [
        f"From the choice of a period until the page shows it, and until its slower parts do: {ROUNDS} times each of",
        f"{len(PERIODS)} periods, of which the first is in no cache. *Jumps*: Chromium's layout shift while the page",
        "came (good: at most 0.1). Budgets and Forecast have periods of their own.",
        "",
        "| page | p50 s | p95 s | all parts: p50 s | p95 s | jumps |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def _opened(context: BrowserContext, served: Started, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{served.address}/{'' if name == 'overview' else name}")
    page.wait_for_function(AT_REST, timeout=WAIT_MS)
    return page


def _change(page: Page, period: str) -> dict[str, float]:
    """Choose a period."""
    page.get_by_role("combobox", name="Period").first.click()
    option = page.get_by_role("option", name=period, exact=True)
    option.wait_for()
    taken: dict[str, float] = option.evaluate(CHOOSE)
    return taken


def _spread(taken_ms: list[float]) -> list[str]:
    return [f"{median(taken_ms) / 1000:.2f}", f"{quantiles(taken_ms, n=20)[-1] / 1000:.2f}"]


def _sessions(context: BrowserContext, served: Started) -> list[str]:
    """Memory of each further reader, and how long all wait who load the page at once."""
    first = _opened(context, served, "overview")
    before = held_mib(served)
    pages = [_opened(context, served, "overview") for _ in range(SESSIONS)]
    each_mib = (held_mib(served) - before) / SESSIONS
    began = time.perf_counter()
    for page in pages:
        page.keyboard.press("r")
    taken = []
    for page in pages:
        page.wait_for_function(AT_REST, timeout=WAIT_MS)
        taken.append(time.perf_counter() - began)
        page.close()
    first.close()
    return [
        f"The server holds {before:.0f} MiB with one reader of the overview, and {each_mib:.2f} MiB more with each of",
        f"{SESSIONS} others. When {SESSIONS} run it anew at once, all have it after {max(taken):.1f} s.",
        "",
    ]


def _looks(browser: Browser, served: Started) -> list[str]:
    """What is too pale, cut off or wider than a phone."""
    looks = {"light": (1440, "light"), "dark": (1440, "dark"), "390 px": (390, "light")}
    rows = []
    for label, (width, scheme) in looks.items():
        is_dark = scheme == "dark"
        context = browser.new_context(
            viewport={"width": width, "height": 2000},
            color_scheme="dark" if is_dark else "light",
            is_mobile=width < 600,
            has_touch=width < 600,
        )
        pale, beyond = 0, 0
        for name in PAGES:
            page = _opened(context, served, name)
            # What was drawn last is still fading in.
            page.wait_for_timeout(FADE_MS)
            found = page.evaluate(LOOKS)
            # The chosen option in the dark: Streamlit's white on the button's colour; it is framed, too.
            pale += len([text for text in found["pale"] if not (text["isChosen"] and is_dark)])
            beyond = max(beyond, found["beyond"])
            page.close()
        rows.append(f"| {label} | {pale} | {beyond} |")
        context.close()
    return ["| all five pages | texts under AA | px beyond the window |", "|---|---|---|", *rows, ""]
