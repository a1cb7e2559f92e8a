"""`tollbook pull` against sellers' APIs on this machine: what it asks, what it keeps, and what comes of it."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ingest.pull import http
from ingest.pull.openai import COSTS
from ingest.pull.plan import SETTLED_AFTER, settled_days
from tests.seller_api import KEY, activity, completions, cost, messages, selling
from tests.tollbook_command import Tollbook
from warehouse.asked import Asked
from warehouse.connection import open_reader
from warehouse.locks import take_if_free

NOW = "2026-11-22T09:00:00Z"
FIRST = date(2026, 11, 19)
COMPLETIONS = ("openai", "--what", "completions", "--since", FIRST)


@pytest.fixture
def api(monkeypatch):
    for name in ("OPENAI_ADMIN_KEY", "ANTHROPIC_ADMIN_KEY", "OPENROUTER_API_KEY"):
        monkeypatch.setenv(name, KEY)
    for name in ("OPENROUTER_MANAGEMENT_KEY", "OPENROUTER_PROVISIONING_KEY", "ANTHROPIC_ADMIN_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(http, "pause", lambda seconds: None)
    with selling() as api:
        yield api


@pytest.fixture
def tollbook(tmp_path, capsys):
    return Tollbook(tmp_path / "w", capsys)


def pull(tollbook: Tollbook, api, *arguments: object, now: str = NOW, code: int = 0) -> dict:
    """Run a pull at some time; returns what it says as JSON."""
    given = ["--now", now, "pull", "--base-url", api.url(), *arguments]
    assert tollbook(*given, "--json") == code, tollbook.err
    return json.loads(tollbook.out)


def sums(tollbook: Tollbook, columns: str = "cast(start_at as date), model_served, input, output") -> list[tuple]:
    with open_reader(tollbook.warehouse) as reader:
        return reader.rows(f"select {columns} from usage where granularity = 'bucket' order by all")


def kept(tollbook: Tollbook) -> list[Path]:
    return sorted((tollbook.warehouse / "pulled").rglob("*.jsonl"))


def test_openai_is_asked_page_by_page_and_what_it_says_stands_beside_the_calls(tollbook, api):
    api.days["usage/completions"] = {FIRST: [completions("gpt-5-mini", 100, 10)]}
    api.days["costs"] = {FIRST: [cost("gpt-5-mini, input", 0.25), cost("gpt-5-mini, output", 0.5)]}
    api.page_size = 2
    said = pull(tollbook, api, "openai", "--since", FIRST)
    others = ("embeddings", "moderations", "images", "audio_speeches", "audio_transcriptions")
    assert [(step["what"], step["requests"]) for step in said["asked"]] == [
        (name, 2) for name in ("completions", *others, "costs")
    ]
    assert [(load["read"], load["new"]) for load in said["loads"]] == [(3, 3)]
    path, query = api.asked[0]
    assert path == "/v1/organization/usage/completions"
    assert query["start_time"] == ["1795046400"] and query["end_time"] == ["1795305600"]
    assert query["group_by"] == ["model", "project_id", "api_key_id", "batch", "service_tier"]
    (row,) = tollbook.rows("sums")
    assert (row["model"], row["sums"]["input"], row["sums"]["cost"]) == ("gpt-5-mini", 100, "0.75")


def test_anthropic_is_asked_with_its_own_headers_and_its_cents_are_cents(tollbook, api):
    api.days["usage_report/messages"] = {FIRST: [messages("claude-sonnet-5", 100, 10)]}
    own = {
        "amount": "123.45",
        "currency": "USD",
        "description": "Claude Sonnet 5 Usage - Input",
        "model": "claude-sonnet-5",
    }
    api.days["cost_report"] = {FIRST: [own]}
    pull(tollbook, api, "anthropic", "--since", FIRST)
    assert api.asked[0][1]["starting_at"] == ["2026-11-19T00:00:00Z"]
    assert api.asked[0][1]["ending_at"] == ["2026-11-22T00:00:00Z"]
    (row,) = tollbook.rows("sums")
    assert (row["sums"]["input"], row["sums"]["cost"]) == (100, "1.2345")


def test_openrouter_is_asked_day_by_day_and_no_further_back_than_it_answers(tollbook, api):
    api.days["activity"] = {FIRST: [activity(FIRST, "stepfun/step-3.7-flash", 3, 0.5)]}
    said = pull(tollbook, api, "openrouter", "--since", "2026-01-01", "--what", "activity")
    (step,) = said["asked"]
    assert (step["since"], step["until"], step["requests"]) == ("2026-10-23", "2026-11-21", 30)
    assert "OpenRouter answers for 30 days: asking from 2026-10-23 on" in tollbook.err
    (row,) = tollbook.rows("sums")
    assert (row["model"], row["sums"]["requests"], row["sums"]["cost"]) == ("stepfun/step-3.7-flash", 3, "0.5")


def test_a_day_is_asked_for_again_until_it_is_settled_and_never_after(tollbook, api):
    pull(tollbook, api, "openai", "--what", "costs", "--since", "2026-11-01")
    asked = []
    for more in ((), ("--until", "2026-11-14"), ("--until", "2026-11-14", "--again"), ("--until", "2026-11-23")):
        arguments = ["--now", "2026-11-23T09:00:00Z", "pull", "openai", "--what", "costs", "--dry-run", *more]
        asked.append([(step["since"], step["until"]) for step in tollbook.json(*arguments)["would_ask"]])
    # The 14th was over for a week when it was asked for.
    days = ("2026-11-15", "2026-11-22")
    assert asked == [[days], [], [("2026-11-01", "2026-11-14")], [(days[0], "2026-11-23")]]


def test_calls_of_a_day_that_the_seller_bills_nothing_of_are_ours_only(tollbook, api, tmp_path):
    log = tmp_path / "calls.jsonl"
    call = _call(0).replace("openrouter.ai/api", "api.openai.com")
    log.write_text(call.replace("stepfun/step-3.7-flash", "gpt-5-mini"))
    tollbook.load(log)
    pull(tollbook, api, "openai", "--since", FIRST, "--what", "costs")
    assert tollbook("reconcile") == 0, tollbook.err
    assert "openai, USD, 2026-11-19 to 2026-11-21 (UTC)" in tollbook.out
    assert "ours only" in tollbook.out and "No invoice" not in tollbook.out


def test_a_day_is_settled_a_week_after_its_end():
    end = datetime(2026, 11, 2) + SETTLED_AFTER
    day, now = date(2026, 11, 1), datetime(2026, 11, 22)
    asked = [
        Asked("costs", COSTS.grouped_by, day, at) for at in (end, end - timedelta(seconds=1), datetime(2027, 1, 1))
    ]
    assert [settled_days(COSTS, [each], now) for each in asked] == [{day}, set(), set()]


def test_a_warehouse_is_made_again_from_the_kept_answers(tollbook, api, tmp_path, capsys):
    api.days["costs"] = {FIRST: [cost("gpt-5-mini, input", 0.25)]}
    api.days["usage/embeddings"] = {}
    pull(tollbook, api, "openai", "--since", FIRST, "--what", "embeddings,costs")
    other = Tollbook(tmp_path / "other", capsys)
    assert other("ingest", tollbook.warehouse / "pulled") == 0, other.err
    assert other.rows("sums") == tollbook.rows("sums")


def test_a_dry_run_asks_nothing_and_needs_no_key(tollbook, api, monkeypatch):
    monkeypatch.delenv("OPENAI_ADMIN_KEY")
    said = pull(tollbook, api, "openai", "--since", "2026-10-01", "--what", "costs", "--dry-run")
    assert [(step["since"], step["until"]) for step in said["would_ask"]] == [
        ("2026-10-01", "2026-10-31"),
        ("2026-11-01", "2026-11-21"),
    ]
    assert api.asked == [] and not tollbook.warehouse.exists()
    assert tollbook("pull", "openai", "--since", "2026-10-01") == 2
    assert "no key: set OPENAI_ADMIN_KEY in the environment" in tollbook.err


def test_generations_are_asked_for_calls_without_a_billed_cost_newest_first(tollbook, api, tmp_path):
    log = tmp_path / "calls.jsonl"
    log.write_text("".join(_call(number) for number in range(4)) + _call(4, cost=0.01))
    tollbook.load(log)
    api.generations = {f"gen-{number}": _generation(number) for number in (0, 1, 3)}
    said = pull(tollbook, api, "openrouter", "--since", FIRST, "--what", "generation", "--most", 3)
    assert [query["id"] for _, query in api.asked] == [["gen-3"], ["gen-2"], ["gen-1"]]
    (step,) = said["asked"]
    assert (step["requests"], step["unknown"], said["loads"][0]["new"]) == (3, 1, 2)
    text = "".join(path.read_text() for path in kept(tollbook))
    assert "ada@example.com" not in text and "secret-referer" not in text
    # What the seller did not know a day after the call, it never will: it is not asked for again.
    pull(tollbook, api, "openrouter", "--since", FIRST, "--what", "generation")
    assert api.paths()[3:] == ["/v1/generation"] and api.asked[3][1]["id"] == ["gen-0"]
    with open_reader(tollbook.warehouse) as reader:
        billed = reader.rows("select count(*) from usage where counted and cost_reported_kind = 'billed'")
    assert billed == [(4,)]


def _call(number: int, **billed: float) -> str:
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110, **billed}
    answer = {"id": f"gen-{number}", "provider": "StepFun", "model": "stepfun/step-3.7-flash", "usage": usage}
    time = f"2026-11-20T09:0{number}:00Z"
    return json.dumps({"time": time, "base_url": "https://openrouter.ai/api/v1", "response": answer}) + "\n"


def _generation(number: int) -> dict:
    counts = {"native_tokens_prompt": 100, "native_tokens_completion": 10, "native_tokens_cached": 0}
    told = {"external_user": "ada@example.com", "http_referer": "secret-referer", "total_cost": 0.0002}
    names = {"id": f"gen-{number}", "model": "stepfun/step-3.7-flash", "provider_name": "StepFun"}
    return {**names, "created_at": f"2026-11-20T09:0{number}:00.5Z", **counts, **told}


def test_two_pulls_of_one_seller_do_not_run_at_once(tollbook, api):
    (tollbook.warehouse / "pulled" / "openai").mkdir(parents=True)
    lock = take_if_free(tollbook.warehouse / "pulled" / "openai" / "pull.lock")
    assert lock
    with lock:
        assert tollbook("pull", *COMPLETIONS, "--base-url", api.url()) == 2
    assert "another pull of openai is running" in tollbook.err and api.asked == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody",), "there are openrouter, openai, anthropic"),
        (("openai", "--since", "yesterday"), "--since: 'yesterday' is no day"),
        (("openai", "--since", "2026-11-22"), "is after --until 2026-11-21"),
        (("openai", "--until", "2027-01-01"), "is a day to come"),
        (("openai", "--what", "usage,prices"), "'prices' is no report of OpenAI: there are usage, completions"),
        (("openai",), "say from which day on"),
        (("openai", "--since", "2026-11-01", "--base-url", "http://gateway.example/v1"), "over https only"),
        (("openai", "--since", "2026-11-01", "--base-url", "https://a:b@gateway.example/v1"), "no user"),
        (("openai", "--since", "2026-11-01", "--base-url", "ftp://gateway.example"), "is no address"),
        (("openai", "--since", "2026-11-01", "--base-url", "https://exa mple/v1"), "is no address"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(tollbook, api, arguments, said):
    assert tollbook("--now", NOW, "pull", *arguments) == 2
    assert said in tollbook.err and "Traceback" not in tollbook.err


def test_a_key_that_is_none_is_not_shown(tollbook, api, monkeypatch):
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin line\nfeed")
    assert tollbook("--now", NOW, "pull", "openai", "--since", "2026-11-01") == 2
    assert "OPENAI_ADMIN_KEY holds no key" in tollbook.err and "feed" not in tollbook.err
