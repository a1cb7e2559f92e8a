"""What a seller's API may do wrong, and a pull that is stopped: nothing is lost, doubled or half loaded."""

import json
import logging
import os
import random
import signal
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from ingest.pull import http
from ingest.pull.fetch import fetch_window
from ingest.pull.generations import fetch_generations, finish_generations
from ingest.pull.http import MOST_BYTES, TRIES, Api, Login
from ingest.pull.kept import Kept
from ingest.pull.openai import COSTS, OPENAI
from ingest.pull.openrouter import OPENROUTER
from ingest.pull.problem import PullError
from ingest.pull.report import Window
from tests.seller_api import KEY, SellerApi, as_json, completions, cost, fault, http_date, selling
from tests.tollbook_command import Tollbook
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22, 9)
WINDOW = Window(date(2026, 11, 1), date(2026, 11, 9))
ROOT = Path(__file__).parents[1]


@pytest.fixture
def api():
    with selling() as api:
        api.days["costs"] = {WINDOW.first: [cost("gpt-5-mini, input", 0.25)]}
        yield api


@pytest.fixture
def pauses(monkeypatch):
    found: list[float] = []
    monkeypatch.setattr(http, "pause", found.append)
    monkeypatch.setattr(random, "uniform", lambda low, high: high)
    return found


def fetch(api: SellerApi, folder: Path, key: str = KEY) -> list[str]:
    """Ask for the costs of nine days; returns what was told meanwhile."""
    told: list[str] = []
    login = Login("OPENAI_ADMIN_KEY", key)
    with Api(api.url(), login, OPENAI.headers(key), told.append) as asking:
        fetch_window(asking, Kept(folder, "openai"), COSTS, WINDOW, NOW)
    return told


@pytest.mark.parametrize(
    ("planned", "waited"),
    [
        ([fault(429, {"Retry-After": "7"})], [7.0]),
        ([fault(429, {"Retry-After": http_date(30), "Date": http_date()})], [30.0]),
        ([fault(429), fault(429), fault(429)], [1.0, 2.0, 4.0]),
        ([fault(429, {"Retry-After": "soon"})], [1.0]),
        ([fault(500), fault(503, {"Retry-After": "0"}), fault(529)], [1.0, 2.0, 4.0]),
        (["junk", "cut"], [1.0, 2.0]),
        ([(200, {}, b"[]"), (200, {"Content-Encoding": "gzip"}, b"no gzip")], [1.0, 2.0]),
    ],
    ids=["429", "429-date", "429-bare", "429-odd", "5xx", "broken", "strange"],
)
def test_what_may_pass_is_asked_again(api, tmp_path, pauses, planned, waited):
    api.faults = planned
    told = fetch(api, tmp_path)
    assert pauses == waited and len(told) == len(waited)
    assert len(api.asked) == len(waited) + 1


@pytest.mark.parametrize("planned", [fault(500), "cut", "junk", fault(429)])
def test_asking_again_has_an_end(api, tmp_path, pauses, planned):
    api.faults = [planned] * 99
    with pytest.raises(PullError, match=f"asked {TRIES} times"):
        fetch(api, tmp_path)
    assert len(api.asked) == TRIES and sum(pauses) < 120


def test_where_nobody_answers_the_other_reports_are_not_tried(tmp_path, capsys, pauses, monkeypatch):
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    with selling() as gone:
        pass
    tollbook = Tollbook(tmp_path / "w", capsys)
    assert tollbook("pull", "openai", "--since", "2026-11-01", "--base-url", gone.url()) == 2
    assert tollbook.err.endswith("not reached (ConnectError); asked 6 times. Run the command again later\n")
    assert len(pauses) == TRIES - 1


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        (fault(401, code="invalid_api_key"), "OPENAI_ADMIN_KEY is not taken: organization/costs answered 401"),
        (fault(401), "OPENAI_ADMIN_KEY is not taken"),
        (fault(403, code="missing_scope"), "may not read organization/costs: answered 403 .missing_scope."),
        (fault(400, message="no such group: sk-secret words"), "organization/costs answered 400$"),
        (fault(404), "check --base-url"),
        (fault(307, {"Location": "http://elsewhere.example/"}), "a key is not sent after it"),
        (fault(429, {"Retry-After": "7200"}), "asked again in 120 minutes"),
        (as_json({"object": "page"}), "no list `data`"),
        (as_json({"data": [{"start_time": 1}]}), "no list `results`"),
        (as_json({"data": [{"start_time": 1793491200, "end_time": 1793494800, "results": []}]}), "not one day"),
        (as_json({"data": [], "has_more": True}), "no `next_page`"),
        (as_json({"data": [], "note": KEY}), "holds the key itself"),
        ((200, {}, b" " * (MOST_BYTES + 1)), "longer than 64 MiB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_will_not_pass_is_said_at_once(api, tmp_path, pauses, planned, said):
    api.faults = [planned]
    with pytest.raises(PullError, match=said):
        fetch(api, tmp_path)
    assert pauses == [] and len(api.asked) == 1


@pytest.mark.parametrize(("way", "said"), [("circle", "in a circle"), ("endless", "28 pages and no end")])
def test_pages_without_an_end_are_given_up_and_not_loaded(api, tmp_path, way, said):
    setattr(api, way, True)
    with pytest.raises(PullError, match=said):
        fetch(api, tmp_path)
    assert Kept(tmp_path, "openai").answers() == []


def test_a_page_that_changed_meanwhile_is_taken_as_it_was_said_last(api, tmp_path, capsys, monkeypatch):
    """The seller moved the pages by a day: a bucket comes twice, with more in it."""
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    usage = api.days["usage/completions"] = {date(2026, 11, 1): [completions("m", 100, 1)]}
    again = {"start_time": 1793491200, "end_time": 1793577600, "results": [completions("m", 120, 1)]}
    first = api._page("usage/completions", {"start_time": ["1793491200"], "end_time": ["1793664000"], "limit": ["1"]})
    second = {"data": [again, {**again, "start_time": 1793577600, "end_time": 1793664000, "results": []}]}
    assert first["has_more"] and usage
    api.faults = [as_json(first), as_json(second)]
    tollbook = Tollbook(tmp_path / "w", capsys)
    days = ("--since", "2026-11-01", "--until", "2026-11-02", "--what", "completions")
    assert tollbook("--now", "2026-11-22", "pull", "openai", *days, "--base-url", api.url()) == 0, tollbook.err
    assert inputs(tollbook.warehouse) == [120]


def inputs(warehouse: Path) -> list[int]:
    with open_reader(warehouse) as reader:
        return [tokens for (tokens,) in reader.rows("select input from usage order by start_at, input")]


def test_one_report_that_is_refused_keeps_no_other_out_and_the_key_is_written_nowhere(
    api, tmp_path, capsys, caplog, monkeypatch, pauses
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    tollbook = Tollbook(tmp_path / "w", capsys)
    refused = fault(403, code="missing_scope", message=f"{KEY} may not")
    api.faults = [fault(429, message=KEY), refused]
    arguments = ("--now", NOW.isoformat(), "pull", "openai", "--since", "2026-11-01", "--base-url", api.url())
    assert tollbook(*arguments, "--what", "completions,costs") == 2
    said = tollbook.out + tollbook.err
    assert "may not read organization/usage/completions" in said and "not had" in said
    assert tollbook.rows("sums")[0]["sums"]["cost"] == "0.25"
    # Where the key is not taken at all, nothing more is asked.
    api.key, asked = "another", len(api.asked)
    assert tollbook(*arguments, "--again") == 2 and len(api.asked) == asked + 1
    said += tollbook.out + tollbook.err + caplog.text
    files = [path for path in tollbook.warehouse.rglob("*") if path.is_file()]
    assert KEY not in said and not [path for path in files if KEY.encode() in path.read_bytes()]
    folder = tollbook.warehouse / "pulled" / "openai"
    assert {path.stat().st_mode & 0o077 for path in folder.glob("*.jsonl")} == {0}


def test_a_call_that_cannot_be_had_does_not_keep_the_next_ones_out(api, tmp_path, pauses):
    calls = [(f"gen-{number}", NOW) for number in range(6)]
    api.generations = {name: {"id": name, "model": "m"} for name, _ in calls}
    api.faults = [as_json({"data": {"id": "gen-other"}})]
    kept, login = Kept(tmp_path, "openrouter"), Login("OPENROUTER_API_KEY", KEY)
    with Api(api.url(), login, OPENROUTER.headers(KEY), lambda message: None) as asking:
        found = fetch_generations(asking, kept, calls, NOW)
        assert "about no such call" in str(found.error)
        # Where the seller is gone, it ends.
        api.faults = [fault(500)] * 99
        assert "asked 6 times" in str(fetch_generations(asking, kept, calls, NOW).error)
    assert len(api.asked) == 6 + 3 * TRIES
    finish_generations(kept, NOW)
    (path,) = kept.answers()
    assert [json.loads(line)["data"]["id"] for line in path.read_text().splitlines()] == [name for name, _ in calls[1:]]


def test_another_days_sums_under_a_days_name_are_refused(api, tmp_path):
    (report,) = OPENROUTER.reports
    with pytest.raises(PullError, match="has sums of other days: 2026-10-31"):
        report.read({"data": [{"date": "2026-10-31"}]}, WINDOW, None)
    assert report.read({"data": [{"date": "2026-11-01 00:00:00"}]}, WINDOW, None).cursor == "2026-11-02"


def test_pages_of_a_pull_that_stopped_long_ago_are_not_gone_on_with(tmp_path):
    kept = Kept(tmp_path, "openai")
    kept.add_page("costs-1", 1, {"data": [1]}, datetime(2026, 11, 22, 7), "next")
    kept.add_page("costs-2", 1, {"data": [2]}, datetime(2026, 11, 22, 7), None)
    kept.add_page("costs-3", 1, {"data": [3]}, datetime(2026, 11, 22, 8, 30), "next")
    (kept.folder / ".asked.jsonl.0a.draft").write_text("{")
    kept.sweep(NOW)
    # What was whole is loaded, as it was said then; what is fresh goes on.
    assert [json.loads(path.read_text()) for path in kept.answers()] == [{"data": [2]}]
    assert [path.name for path in (kept.folder / "unfinished").iterdir()] == ["costs-3"]
    assert not list(kept.folder.glob(".*"))


def killed_pull(api: SellerApi, warehouse: Path, at: int | None) -> int:
    """Run a pull of nine days in three pages, killed while a page is asked for; None: not killed."""
    command = [sys.executable, "-c", "from app.cli import main; main()", "--warehouse", str(warehouse)]
    command += ["--now", NOW.isoformat(), "pull", "openai", "--base-url", api.url()]
    command += ["--since", "2026-11-01", "--until", "2026-11-09", "--what", "completions,costs"]
    environment = {**os.environ, "OPENAI_ADMIN_KEY": KEY, "TOLLBOOK_THREADS": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    before = len(api.asked)

    def kill(number: int) -> None:
        if at is not None and number - before == at:
            os.kill(process.pid, signal.SIGKILL)

    api.on_asked = kill
    process.communicate(timeout=300)
    return process.returncode


@pytest.mark.parametrize("kills", [(5,), pytest.param((1, 1, 2, 1, 2, 2), marks=pytest.mark.long)])
def test_a_pull_that_is_killed_between_pages_goes_on_there(api, tmp_path, kills):
    api.page_size = 3
    usage = api.days["usage/completions"] = {}
    for day in WINDOW.days():
        usage[day] = [completions("m", 1000 + day.day, 10)]
    got = 0
    for number in kills:
        assert killed_pull(api, tmp_path / "w", number) == -signal.SIGKILL
        got += number - 1
    before = len(api.asked)
    assert killed_pull(api, tmp_path / "w", None) == 0
    # Six pages in all: none that was there is asked for again.
    assert len(api.asked) - before == 6 - got
    assert [tokens for tokens in inputs(tmp_path / "w") if tokens] == [1000 + day.day for day in WINDOW.days()]
