"""A team without logs: the recorder in a script, `watch` beside it, and a page that shows what the calls cost."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from scripts.running import running_app
from tests.sellers import Plan, Tokens, serving

ROOT = Path(__file__).parents[1]
COMMAND = "import sys; from app.cli import main; sys.argv = ['tollbook', *sys.argv[1:]]; main()"
WITHIN_S = 60
"""So soon after the call its cost is on the page."""
TOKENS = Tokens(100_000, 50_000, None, None, 20_000, 0)
COST = "$0.0450"
"""At stepfun's rates of 0.20, 0.04 and 1.15 USD per million tokens."""
SCRIPT = """
import json, os
import openai
import tollbook_capture

client = openai.OpenAI(api_key="not-a-key", base_url=os.environ["SELLER"])
tollbook_capture.record(client, directory=os.environ["CAPTURED"])

with tollbook_capture.task("first-ticket", team="search"):
    client.chat.completions.create(
        model="step-3.7-flash",
        messages=[{"role": "user", "content": "hello"}],
        extra_headers=json.loads(os.environ["PLAN"]),
    )
"""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@contextmanager
def watching(warehouse: Path, *arguments: str) -> Iterator[None]:
    """`tollbook watch`, ended by SIGTERM as a service manager would: it has to take that for a good end."""
    command = [sys.executable, "-c", COMMAND, "--warehouse", str(warehouse), "watch", *arguments]
    watch = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield
        assert watch.poll() is None, watch.stderr and watch.stderr.read()
    finally:
        watch.terminate()
        _, said = watch.communicate(timeout=60)
    assert watch.returncode == 0, said


def test_a_call_is_on_the_page_within_a_minute(tmp_path, tmp_warehouse, chromium):
    captured = tmp_path / "captured"
    captured.mkdir()
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with (
        serving() as sellers,
        watching(tmp_warehouse, str(captured), "--every=1", "--seller=stepfun"),
        running_app(tmp_warehouse) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 1400})
        page.goto(f"{address}")
        # Nobody reloads this page: it fills by itself.
        expect(page.get_by_text("Nothing is loaded yet")).to_be_visible(timeout=60_000)
        plan = Plan(tokens=TOKENS)
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "capture"),
            "SELLER": sellers.url("stepfun"),
            "CAPTURED": str(captured),
            "PLAN": json.dumps(plan.headers()),
        }
        subprocess.run([sys.executable, str(script)], cwd=tmp_path, env=environment, check=True, timeout=60)
        called = time.monotonic()
        spend = page.get_by_test_id("stMetricValue").first
        expect(spend).to_contain_text(COST, timeout=WITHIN_S * 1000)
        assert time.monotonic() - called < WITHIN_S
        browser.close()
