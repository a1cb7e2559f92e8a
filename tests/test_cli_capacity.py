"""``tollbook capacity``: own calls replayed and at other rates, classes, tiers, what fits, and what to do next."""

import json
import shutil
from datetime import datetime, timedelta

import pytest

from app.cli import run

NOW = ("--now", "2026-11-22T09:00:00Z")
START = datetime(2026, 11, 20, 10)
NOVITA = "stepfun/step-3.7-flash"


def call(number, seconds, prompt=1000, output=100, max_tokens=500, **own):
    """A call that is answered in two seconds."""
    usage = {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": NOVITA, "usage": usage}
    at = (START + timedelta(seconds=seconds)).isoformat() + "Z"
    asked = {"max_tokens": max_tokens} if max_tokens else {}
    return {"time": at, "seller": "novita", "latency_ms": 2000, "request": asked, "response": answer} | own


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A burst of 40 within a minute, then one a minute for an hour; two are too long, one says no max_tokens."""
    folder = tmp_path_factory.mktemp("capacity")
    calls = [call(number, number) for number in range(40)]
    calls += [call(40 + number, 200 + 60 * number) for number in range(60)]
    calls += [call(100, 4000, prompt=262_000, output=500), call(101, 4100, prompt=262_000)]
    calls += [call(102, 4200, max_tokens=0)]
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in calls))
    assert run(["--warehouse", str(folder / "warehouse"), *NOW, "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture
def loaded(warehouse, tollbook):
    shutil.copytree(warehouse, tollbook.warehouse)
    return tollbook


def test_own_calls_are_replayed(loaded):
    found = loaded.json(*NOW, "capacity", "--seller", "novita", "--model", "step-3.7-flash")
    assert (found["seller"], found["model"], found["calls"]["replayed"]) == ("novita", NOVITA, True)
    assert (found["calls"]["count"], found["calls"]["first"]) == (103, "2026-11-20T10:00:00Z")
    (row,) = found["rows"]
    assert row["over"] == pytest.approx(10 / 103)
    assert [(use["kind"], use["peak"]) for use in row["limits"]] == [("rpm", 40), ("tpm", 262_500)]
    assert (row["binds_first"], row["tpm_never_binds"], found["needed"]) == ("rpm", True, None)
    # The 31st of the burst waits until the first is a minute old; so does each of the ten.
    assert row["wait_seconds"]["longest"] == 30 and row["wait_seconds"]["share_waiting"] == pytest.approx(10 / 103)


def test_what_the_limit_lets_one_spend_to_the_last_digit(loaded):
    found = loaded.json(*NOW, "capacity", "--seller", "novita")
    (row,) = found["rows"]
    # 101 calls of 1,000 in, two of 262,000; 102 answers of 100 tokens, one of 500.
    mean = (101 * 1000 + 2 * 262_000) * 0.20e-6 + (102 * 100 + 500) * 1.15e-6
    assert float(found["call_cost"]) == pytest.approx(mean / 103)
    assert float(row["spend"]["per_month"]) == pytest.approx(30 * 1440 * 30 * mean / 103)
    assert found["dearest_call"] == {"input_tokens": 6144, "output_tokens": 256_000, "cost": "0.2956288"}
    assert row["most_spend"] == {"per_minute": "8.868864", "per_day": "12771.16416", "per_month": "383134.9248"}


def test_what_does_not_fit_and_what_max_tokens_allow(loaded):
    found = loaded.json(*NOW, "capacity", "--seller", "novita")
    fit = found["fit"]
    assert (fit["calls"], fit["limited"], fit["over_context"], fit["asked_over_context"]) == (103, 102, 1, 2)
    # Of 262,000 tokens of input 144 are left; one call may answer as long as the model does.
    assert fit["allowed"] == 100 * 500 + 500 + 144 + 256_000


def test_for_people_the_page_says_that_tokens_never_bind(loaded):
    assert loaded(*NOW, "capacity", "--seller", "novita") == 0
    assert "T1: 50,000,000 tokens a minute can never bind before 30 requests" in loaded.out
    assert "7,864,320 tokens a minute" in loaded.out
    assert "No tier known here holds" in loaded.out and "12,771.16 a day" in loaded.out


def test_limits_typed_in_and_another_sellers(loaded):
    typed = loaded.json(*NOW, "capacity", "--seller", "novita", "--rpm", "100", "--concurrency", "2")
    (row,) = typed["rows"]
    assert (row["tier"], row["rpm"], typed["needed"]) == ("as typed in", 100, "as typed in")
    assert [(use["kind"], use["peak"]) for use in row["limits"]] == [("rpm", 40), ("concurrency", 2)]
    moved = loaded.json(
        *NOW, "capacity", "--seller", "stepfun-cn", "--model", "step-3.7-flash", "--traffic-seller", "novita"
    )
    assert [row["tier"] for row in moved["rows"]] == ["V0", "V1", "V2", "V3", "V4", "V5"]
    assert (moved["needed"], moved["currency"], moved["rows"][1]["reached_by"]) == ("V1", "CNY", "100 CNY paid in")


def test_own_calls_at_another_rate_and_too_few_of_them(loaded, tmp_path):
    assert loaded(*NOW, "capacity", "--seller", "novita", "--calls-per-day", "5000") == 2
    assert "103 own calls are too few" in loaded.err and "give a class" in loaded.err
    more = [call(1000 + number, 7 * number) for number in range(200)]
    (tmp_path / "more.jsonl").write_text("".join(json.dumps(each) + "\n" for each in more))
    assert loaded(*NOW, "ingest", tmp_path / "more.jsonl") == 0
    shares = []
    for count in (2000, 20_000, 60_000):
        found = loaded.json(*NOW, "capacity", "--seller", "novita", "--calls-per-day", count)
        assert not found["calls"]["replayed"]
        shares.append(found["rows"][0]["over"])
    assert shares == sorted(shares) and shares[0] < 0.2 < shares[-1]
    assert found["rows"][0]["queue_grows"] and found["rows"][0]["wait_seconds"] is None


def test_a_class_needs_no_warehouse(tollbook):
    asked = ("capacity", "--seller", "novita", "--model", "step-3.7-flash", "--class", "code")
    assert tollbook(*NOW, *asked) == 2 and "calls per day" in tollbook.err
    found = tollbook.json(*NOW, *asked, "--calls-per-day", 10_000, "--hours", 10)
    assert found["calls"]["class"] == "code" and "AzurePublicDataset" in found["calls"]["source"]
    assert 0.3 < found["rows"][0]["over"] < 0.5 and found["fit"] is None
    assert any("CC-BY-4.0" in note for note in found["notes"])
    again = tollbook.json(*NOW, *asked, "--calls-per-day", 10_000, "--hours", 10)
    assert again == found


def test_what_nobody_knows_is_said(loaded):
    for asked, said in (
        (("--seller", "groq", "--model", "x"), "give --rpm, --tpm or --concurrency"),
        (("--seller", "nobody"), "no model fits that"),
        (("--class", "none", "--calls-per-day", "10"), "there are steady, chat, agent, code"),
        (("--tier", "T9"), "there are T1"),
        (("--input-tokens", "10"), "together"),
        (("--seller", "stepfun-cn", "--model", "step-3.7-flash"), "there are no calls of step-3.7-flash"),
    ):
        assert loaded(*NOW, "capacity", *asked) == 2, asked
        assert said in loaded.err


PLAN = """
name: Help desk
start: 2026-12-01
days: 10
users: 4000
adoption: {curve: points, points: [{day: 1, share: 0.5}]}
sessions: 1
tasks: 2
kinds:
  short_text: {share: 0.5, input_tokens: 1000, output_tokens: 100, cache_share: 0.5}
  tool_call: {share: 0.5, steps: 3, input_tokens: 5000, output_tokens: 300}
routes:
  - {seller: novita, model: stepfun/step-3.7-flash, share: 0.75}
  - {seller: deepinfra, model: stepfun-ai/Step-3.7-Flash, share: 0.25}
"""


def test_a_launch_plan_is_held_against_the_limits(tollbook, tmp_path):
    (tmp_path / "plan.yaml").write_text(PLAN)
    asked = ("capacity", "--plan", tmp_path / "plan.yaml", "--seller", "novita", "--class", "chat")
    found = tollbook.json(*NOW, *asked)
    # 2,000 users a day, 2 tasks of 2 calls in the mean: 8,000 calls, three quarters of them there.
    assert found["calls"]["per_minute"] == pytest.approx(6000 / 1440)
    # A quarter of the calls is short, the rest are calls of tools.
    mean = (0.25 * 500 + 0.75 * 5000) * 0.20e-6 + 0.25 * 500 * 0.04e-6 + (0.25 * 100 + 0.75 * 300) * 1.15e-6
    assert float(found["call_cost"]) == pytest.approx(mean, rel=1e-3)
    assert found["plan"] == "Help desk" and found["busiest_day"] is not None
    assert tollbook(*NOW, *asked) == 0
    assert tollbook.out.startswith(
        f"Help desk: 6,000 calls of this route on its busiest day, {found['busiest_day']} (P90)\n"
    )
    assert tollbook(*NOW, *asked, "--calls-per-day", 10) == 2 and "not both" in tollbook.err
    assert tollbook(*NOW, "capacity", "--plan", tmp_path / "none.yaml") == 2 and "no such file" in tollbook.err
    assert tollbook(*NOW, "capacity", "--plan", "Nobody's") == 2 and "Nobody's" in tollbook.err
    assert tollbook(*NOW, *asked[:3], "--seller", "groq") == 2 and "the plan has no such route" in tollbook.err


def test_where_no_tier_holds_it_says_what_would(loaded):
    asked = ("capacity", "--class", "code", "--calls-per-day", 10_000, "--seller", "novita", "--hours", 10)
    found = loaded.json(*NOW, *asked)
    (would, calm), _ = found["would_take"]["rpm"].values(), found["would_take"]["tpm"]
    assert found["needed"] is None and calm is None
    assert found["notes"][0].endswith(f"over a limit. It would take {would:,} requests/min.")
    enough = loaded.json(*NOW, *asked, "--rpm", would)
    short = loaded.json(*NOW, *asked, "--rpm", would - 1)
    assert enough["needed"] and short["needed"] is None


def test_where_traffic_grows_each_way_has_its_own_limit(loaded):
    asked = ("capacity", "--seller", "novita", "--class", "code", "--calls-per-day", 1_000_000)
    found = loaded.json(*NOW, *asked)
    would, calm = found["would_take"]["rpm"].values()
    assert found["needed"] is None and 30 < calm < would
    assert "No tier known here holds, however the traffic grows: each has" in found["notes"][0]
    assert f"It would take {would:,} requests/min if every burst grows" in found["notes"][0]
    assert f", {calm:,} requests/min if it grows by users who come independently." in found["notes"][0]


def test_of_a_tier_that_was_chosen_nothing_is_said_of_others(loaded):
    asked = ("capacity", "--seller", "stepfun-cn", "--model", "step-3.7-flash", "--tier", "V0")
    found = loaded.json(*NOW, *asked, "--class", "chat", "--calls-per-day", 200_000)
    assert "V0 does not hold: it has more than" in found["notes"][0]


def test_a_saved_plan_goes_by_its_name(loaded, tmp_path):
    (tmp_path / "plan.yaml").write_text(PLAN)
    asked = ("--seller", "novita", "--class", "chat")
    of_file = loaded.json(*NOW, "capacity", "--plan", tmp_path / "plan.yaml", *asked)
    assert loaded(*NOW, "launch", str(tmp_path / "plan.yaml"), "--save") == 0, loaded.err
    assert loaded.json(*NOW, "capacity", "--plan", "Help desk", *asked) == of_file
