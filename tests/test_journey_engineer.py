"""An engineer plans a launch in a real Chromium: a dropped log, a what-if, a plan, its limits, a link to share."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import Reader, call, company, in_every_look, shown
from tests.tollbook_command import Tollbook

NOW = "2026-11-04T09:00:00+00:00"
BEGIN = datetime(2026, 10, 20, 8)
TASKS, STEPS = 60, 4
LIMITED = ("stepfun", "step-3.7-flash")

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def calls() -> Iterator[str]:
    """Sixty tasks of four calls over fifteen days, each call larger than the one before."""
    for task in range(TASKS):
        for step in range(1, STEPS + 1):
            time = BEGIN + timedelta(hours=6 * task, minutes=step)
            usage = (20_000 * step + 100 * task, 800 + 10 * step)
            at = f"{time:%Y-%m-%dT%H:%M:%SZ}"
            where = {"task": f"ticket-{task}", "team": "support"}
            yield call(f"{task}-{step}", at, *LIMITED, usage, **where, step=step, latency_ms=900 + 10 * task)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The log of the pilot, as a file to be dropped."""
    path = tmp_path / "pilot.jsonl"
    path.write_text("".join(calls()), encoding="utf-8")
    return path


def load(reader: Reader, tollbook: Tollbook, log: Path) -> None:
    """Drop the log on the empty page, and read the first answer."""
    reader.open()
    reader.sees("Nothing is loaded yet")
    reader.drop(log)
    reader.press("Load 1 file")
    reader.sees("Your first answer")
    found = tollbook.json("cost")
    reader.sees(f"{TASKS * STEPS} calls from 1 file")
    reader.sees(shown(found["total"][0]["cost"]))
    reader.sees("The cost of every call is known.")


def ask_what_if(reader: Reader, tollbook: Tollbook) -> str:
    """Ask for twice the calls; returns what the scenario comes to, which the command line says as well."""
    reader.go("Plan", "Scenarios")
    slider = reader.page.get_by_role("slider", name="Volume").first
    before = reader.metric("In this scenario")
    expect(before).to_be_visible()
    was = before.inner_text()
    slider.focus()
    reader.page.keyboard.press("ArrowRight")
    expect(before).not_to_have_text(was)
    reader.press("File")
    (found,) = tollbook.rows("scenario", "run", reader.takes("Take as YAML", ".yaml"))
    reader.page.keyboard.press("Escape")
    reader.sees_metric("As priced", shown(found["billed"][0]["cost"]))
    reader.sees_metric("In this scenario", shown(found["cost"][0]["cost"]))
    reader.press("Save")
    dialog = reader.dialog("Save the scenario")
    dialog.get_by_label("Name", exact=True).fill("More calls")
    reader.press("Save", dialog)
    dialog.wait_for(state="detached")
    (saved,) = tollbook.rows("scenario", "run", "More calls")
    assert saved["cost"] == found["cost"]
    return shown(found["cost"][0]["cost"])


def plan_launch(reader: Reader, tollbook: Tollbook) -> str:
    """Fill the plan from the log; returns its P50, as the command line has it."""
    reader.go("Plan", "Launch")
    reader.sees("What is launched?")
    users = reader.page.get_by_label("Users", exact=True)
    p50 = reader.metric("P50")
    was = p50.inner_text()
    users.fill("40000")
    users.press("Enter")
    expect(p50).not_to_have_text(was)
    was = p50.inner_text()
    reader.press("Use my records")
    expect(p50).not_to_have_text(was)
    reader.press("Export")
    found = tollbook.json("launch", reader.takes("The plan (YAML)", ".yaml"))
    reader.page.keyboard.press("Escape")
    for name in ("p50", "p90", "p99"):
        reader.sees_metric(name.upper(), shown(found["total"][name]))
    return shown(found["total"]["p50"])


def see_limits(reader: Reader) -> None:
    """Hold the plan's busiest day against what the seller lets through."""
    reader.page.get_by_role("radio", name="Limits").click()
    reader.sees("Will the sellers' limits hold?")
    reader.sees("The plan's busiest day at its P90, 20")
    reader.sees("Over a limit")


@in_every_look
def test_an_engineer_plans_a_launch(look, tollbook, log, chromium, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_NOW", NOW)
    with company(chromium, tollbook.warehouse, NOW) as people:
        reader = people.reader(look)
        load(reader, tollbook, log)
        cost = ask_what_if(reader, tollbook)
        share(people.reader(look), reader.link(), {"In this scenario": cost})
        p50 = plan_launch(reader, tollbook)
        share(people.reader(look), reader.link(), {"P50": p50})
        see_limits(reader)


def share(other: Reader, link: str, figures: dict[str, str]) -> None:
    """Somebody else opens the link, and sees the same figures."""
    other.open(link)
    for label, value in figures.items():
        other.sees_metric(label, value)
