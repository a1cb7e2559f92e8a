"""Rewrites the pictures in docs/img from the real app on the demo: `make screenshots`.

A warehouse of one's own can stand in for the demo: `scripts/screenshots.py --warehouse DIR`.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "img"
START_S = 60
SETTLE_MS = 2500
"""Time for charts to have drawn themselves, after everything else is there."""
UNFOLD_MS = 1000
COMMAND = "import sys; from app.cli import main; sys.argv = ['tollbook', '--warehouse', *sys.argv[1:]]; main()"


class Shot(NamedTuple):
    """One picture: its name, the page, what is on it when it is complete, the theme, the width in pixels."""

    name: str
    path: str
    wait_for: str
    scheme: str
    width: int
    is_drawn: bool = True
    """It has a chart or a table."""


SHOTS = (
    Shot("overview-light", "/", "Where the money goes", "light", 1440),
    Shot("overview-dark", "/", "Where the money goes", "dark", 1440),
    Shot("overview-phone", "/", "Where the money goes", "light", 390),
    Shot("tasks-light", "/tasks", "Dearest tasks", "light", 1440),
    Shot("tasks-dark", "/tasks", "Dearest tasks", "dark", 1440),
    Shot("tasks-phone", "/tasks", "Dearest tasks", "light", 390),
    Shot("escalation-light", "/tasks?section=Escalation", "What usage cannot tell", "light", 1440),
    Shot("escalation-dark", "/tasks?section=Escalation", "What usage cannot tell", "dark", 1440),
    Shot("escalation-phone", "/tasks?section=Escalation", "What usage cannot tell", "light", 390),
    Shot("effort-light", "/effort?evaluation=effort-tiers", "Plan an evaluation", "light", 1440),
    Shot("effort-dark", "/effort?evaluation=effort-tiers", "Plan an evaluation", "dark", 1440),
    Shot("effort-phone", "/effort?evaluation=effort-tiers", "Plan an evaluation", "light", 390),
    Shot("budgets-light", "/budgets", "All budgets, worst first", "light", 1440),
    Shot("budgets-dark", "/budgets", "All budgets, worst first", "dark", 1440),
    Shot("budgets-phone", "/budgets", "All budgets, worst first", "light", 390),
    Shot("budget-light", "/budgets?budget=1", "Thresholds", "light", 1440),
    Shot("forecast-light", "/forecast", "Mark an event", "light", 1440),
    Shot("forecast-dark", "/forecast", "Mark an event", "dark", 1440),
    Shot("forecast-phone", "/forecast", "Mark an event", "light", 390),
    Shot("scenarios-light", "/scenarios", "Where it changes", "light", 1440),
    Shot("scenarios-dark", "/scenarios", "Where it changes", "dark", 1440),
    Shot("scenarios-phone", "/scenarios", "Where it changes", "light", 390),
    Shot("launch-light", "/launch", "What it hangs on", "light", 1440),
    Shot("launch-dark", "/launch", "What it hangs on", "dark", 1440),
    Shot("launch-phone", "/launch", "What it hangs on", "light", 390),
    Shot("checkup-light", "/checkup", "The same on the command line", "light", 1440, is_drawn=False),
    Shot("checkup-dark", "/checkup", "The same on the command line", "dark", 1440, is_drawn=False),
    Shot("checkup-phone", "/checkup", "The same on the command line", "light", 390, is_drawn=False),
    Shot("rates-light", "/rates", "Needs attention", "light", 1440),
    Shot("rates-dark", "/rates", "Needs attention", "dark", 1440),
    Shot("rates-phone", "/rates", "Needs attention", "light", 390),
    Shot("imports-light", "/imports", "Seen twice", "light", 1440),
    Shot("imports-dark", "/imports", "Seen twice", "dark", 1440),
    Shot("imports-phone", "/imports", "Seen twice", "light", 390),
    Shot("reconciliation-light", "/reconciliation", "Import an invoice", "light", 1440),
    Shot("reconciliation-dark", "/reconciliation", "Import an invoice", "dark", 1440),
    Shot("reconciliation-phone", "/reconciliation", "Import an invoice", "light", 390),
    Shot("claims-light", "/claims", "Nothing here measures these", "light", 1440),
    Shot("claims-dark", "/claims", "Nothing here measures these", "dark", 1440),
    Shot("claims-phone", "/claims", "Nothing here measures these", "light", 390),
    Shot("reports-light", "/reports", "NAME is what it is called", "light", 1440, is_drawn=False),
    Shot("reports-dark", "/reports", "NAME is what it is called", "dark", 1440, is_drawn=False),
    Shot("reports-phone", "/reports", "NAME is what it is called", "light", 390, is_drawn=False),
)


@contextmanager
def running_app(warehouse: Path) -> Iterator[str]:
    """The app on a free port, for as long as the block lasts; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app.served", str(port)]
    environment = {**os.environ, "TOLLBOOK_WAREHOUSE": str(warehouse)}
    app = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until_up(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        app.terminate()
        app.wait()


def wait_until_up(port: int) -> None:
    """Wait for the app's first answer; raises TimeoutError."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"the app did not start within {START_S} s")


def take(browser: Browser, address: str, shot: Shot) -> None:
    """Take one picture of the whole page."""
    is_phone = shot.width < 600
    context = browser.new_context(
        viewport={"width": shot.width, "height": 900},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        device_scale_factor=2 if is_phone else 1,
        is_mobile=is_phone,
        has_touch=is_phone,
    )
    page = context.new_page()
    page.goto(address + shot.path)
    page.get_by_text(shot.wait_for).wait_for(timeout=START_S * 1000)
    if shot.is_drawn:
        page.locator(".js-plotly-plot .main-svg, [data-testid=stDataFrame]").first.wait_for(timeout=START_S * 1000)
    # What unfolds has its height only when it has done so.
    page.wait_for_timeout(UNFOLD_MS)
    height = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    # As high as its content: the page scrolls inside itself, so that a picture of it all needs a window of that height.
    page.set_viewport_size({"width": shot.width, "height": int(height)})
    page.mouse.move(0, 0)
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=IMAGES / f"{shot.name}.png")
    context.close()
    print(f"docs/img/{shot.name}.png")


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description="Rewrite the pictures in docs/img from the real app.")
    parser.add_argument("--warehouse", type=Path, help="show this warehouse instead of the demo")
    parser.add_argument("names", nargs="*", metavar="NAME", help="take these alone [default: all]")
    arguments = parser.parse_args()
    given, shots = arguments.warehouse, [shot for shot in SHOTS if shot.name in (arguments.names or [shot.name])]
    chromium = subprocess.run(["sh", ROOT / "scripts" / "chromium"], capture_output=True, text=True)
    if chromium.returncode:
        sys.exit(chromium.stderr.strip())
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        if given is None:
            command = [sys.executable, "-c", COMMAND, scratch, "demo"]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with running_app(given or Path(scratch)) as address, sync_playwright() as playwright:
            path = chromium.stdout.strip()
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            for shot in shots:
                take(browser, address, shot)
            browser.close()


if __name__ == "__main__":
    main()
