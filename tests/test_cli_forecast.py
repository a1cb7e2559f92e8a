"""`tollbook forecast` and `tollbook event`: figures with a band, what they rest on, and what people say of the past."""

import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.cli import run
from app.outlook import Outlook
from planning.prices import Change

NOW = ("--now", "2026-11-22T09:00:00Z")
FIRST = date(2026, 9, 21)
DAYS = 62
"""Whole days up to and with 2026-11-21."""


def calls():
    """Two teams, at 0.20 USD per million input tokens; chat is tripled from the 14th on, and silent on one day."""
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        weekend = 0.5 if day.weekday() >= 5 else 1
        teams = {"search": 12 + number % 3, "chat": (24 if day >= date(2026, 11, 14) else 8) + number % 2}
        for team, count in teams.items():
            if (team, day) == ("search", date(2026, 10, 14)):
                continue
            for each in range(round(count * weekend)):
                usage = {"prompt_tokens": 500_000, "completion_tokens": 0, "total_tokens": 500_000}
                answer = {"id": f"{team}-{number}-{each}", "object": "chat.completion", "model": "step-3.7-flash"}
                time = f"{day}T10:{each:02}:00Z"
                yield {"time": time, "seller": "stepfun", "team": team, "response": answer | {"usage": usage}}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forecast")
    log = folder / "log.jsonl"
    late: dict[str, object] = {"time": "2026-11-22T08:00:00Z", "seller": "stepfun", "team": "chat"}
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    late["response"] = {"id": "late", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    log.write_text("".join(json.dumps(each) + "\n" for each in (*calls(), late)))
    assert run(["--warehouse", str(folder / "warehouse"), *NOW, "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture
def filled(loaded, tollbook):
    shutil.copytree(loaded, tollbook.warehouse)
    return tollbook


def ask(tollbook, *arguments: object) -> dict:
    return tollbook.json(*NOW, *arguments)


def test_a_month_is_forecast_from_what_was_billed_and_what_may_come(filled):
    found = ask(filled, "forecast")
    (total,) = found["total"]
    assert found["period"] == {"name": "November 2026", "first": "2026-11-01", "last": "2026-11-30"}
    (spent,) = ask(filled, "cost", "--since", "2026-11-01")["total"]
    assert total["spent"] == spent["cost"]
    low, projected, high = (float(total[name]) for name in ("low", "projected", "high"))
    assert float(total["spent"]) < low < projected < high
    assert found["history"] == {"first": "2026-09-21", "last": "2026-11-21", "days": 62}
    assert total["last_period_whole"] and total["chance_above_last_period"] > 0.5
    assert found == ask(filled, "forecast")


def test_the_parts_add_up_on_every_path_and_are_listed_dearest_first(filled):
    found = ask(filled, "forecast", "--by", "team")
    assert [row["name"] for row in found["rows"]] == ["chat", "search"]
    assert sum(float(row["spent"]) for row in found["rows"]) == pytest.approx(float(found["total"][0]["spent"]))
    assert filled(*NOW, "forecast", "--by", "team") == 0
    assert "team" in filled.out and "80% band" in filled.out and "62 whole days of data" in filled.out


def test_other_periods(filled):
    december = ask(filled, "forecast", "--month", "2026-12")["total"][0]
    assert (december["spent"], december["run_rate"]) == ("0", None)
    assert ask(filled, "forecast", "--quarter")["period"]["name"] == "Q4 2026"
    ahead = ask(filled, "forecast", "--until", "2026-11-28")
    assert ahead["period"]["first"] == "2026-11-22" and ahead["total"][0]["spent"] == "0.2"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--month", "2026-10"), "October 2026 is over: tollbook cost --since 2026-10-01 --until 2026-10-31 says"),
        (("--month", "soon"), "--month: 'soon' is no month; write it as in 2026-12"),
        (("--until", "2026-11-01"), "--until: 2026-11-01 is before the first day to forecast, 2026-11-22"),
        (("--until", "2029-11-01"), "is more than a year after the newest data"),
        (("--quarter", "--month", "2026-12"), "give one of --month, --quarter and --until"),
        (("--by", "day"), "--by: there is no 'day'; there are model, team, seller"),
    ],
)
def test_a_mistake_is_one_plain_line(filled, arguments, words):
    assert filled(*NOW, "forecast", *arguments) == 2
    assert words in filled.err and filled.err.count("\n") == 1


def test_without_traffic_it_says_what_to_do(tollbook):
    assert tollbook("forecast") == 2
    assert "there is no warehouse in" in tollbook.err


def short_log(folder: Path, seller: str, days: int) -> Path:
    """A call a day of one seller."""
    log = folder / f"{seller}.jsonl"
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    lines = [
        {
            "time": f"2026-11-{day:02}T10:00:00Z",
            "seller": seller,
            "response": {
                "id": f"{seller}-{day}",
                "object": "chat.completion",
                "model": "step-3.7-flash",
                "usage": usage,
            },
        }
        for day in range(1, days + 1)
    ]
    log.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return log


def test_too_short_a_history_is_no_forecast_and_has_no_band(tollbook, tmp_path):
    ask(tollbook, "ingest", short_log(tmp_path, "stepfun", 2))
    found = ask(tollbook, "forecast")
    (total,) = found["total"]
    assert (total["low"], total["high"], total["chance_above_last_period"]) == (None, None, None)
    assert total["projected"] == "6" and total["without_forecast"] != "0"
    (left_out,) = found["without_forecast"]
    assert "a projection needs 3" in left_out["why"]
    assert tollbook(*NOW, "forecast", "--backtest") == 0
    assert "no forecast" in tollbook.out and "It is taken to go on as in its last days" in tollbook.out
    assert "1 whole day of history; 21 are needed" in tollbook.out


def test_traffic_without_a_price_has_no_amount(tollbook, tmp_path):
    ask(tollbook, "ingest", short_log(tmp_path, "nim", 20))
    assert ask(tollbook, "forecast")["total"] == []
    assert tollbook(*NOW, "forecast") == 0 and "Nothing of it has a price" in tollbook.out


def test_a_rate_that_changes_within_the_period_is_named(tollbook, tmp_path):
    ask(tollbook, "ingest", short_log(tmp_path, "stepfun", 21))
    before = ask(tollbook, "forecast")
    (tollbook.warehouse / "rate_cards").mkdir(exist_ok=True)
    (tollbook.warehouse / "rate_cards" / "cut.yaml").write_text(CUT)
    after = ask(tollbook, "forecast")
    assert before["rate_changes"] == []
    assert [change["at"] for change in after["rate_changes"]] == ["2026-11-26T00:00:00Z"]
    # The days from the 26th on cost half.
    assert float(after["total"][0]["high"]) < float(before["total"][0]["high"])
    assert tollbook(*NOW, "forecast") == 0
    assert (
        "From 2026-11-26T00:00:00Z another rate of stepfun for step-3.7-flash (https://example.com/cut" in tollbook.out
    )


CUT = """\
seller: stepfun
models:
  step-3.7-flash:
    - valid_from: 2026-11-26T00:00:00Z
      currency: USD
      per_mtok: {input: "0.10", cache_read: "0.02", output: "0.60"}
      source: https://example.com/cut
      checked: 2026-11-20
      confidence: official
"""


def test_the_backtest_stands_beside_the_forecast(filled):
    found = ask(filled, "forecast", "--backtest")
    scores = {score["horizon"]: score for score in found["backtest"]}
    assert set(scores) == {"7 days", "30 days", "month's end"}
    week = scores["7 days"]
    assert week["forecasts"] == len(week["trials"]) == 8
    assert week["covered"] <= 8 and week["median_error"] is not None
    assert filled(*NOW, "forecast", "--backtest") == 0
    assert "median error of the total" in filled.out and "in 80% band" in filled.out


def proposals(tollbook) -> dict[str, dict]:
    return {row["kind"]: row for row in ask(tollbook, "event", "propose")["rows"]}


def test_what_seems_to_have_happened_is_proposed_with_its_forecast(filled):
    found = proposals(filled)
    assert found.keys() == {"launch", "outage"}
    launch = found["launch"]
    assert (launch["first"], launch["team"], launch["seller"]) == ("2026-11-14", "chat", None)
    (as_it_is,), (confirmed,) = launch["as_it_is"], launch["if_confirmed"]
    assert as_it_is["projected"] == ask(filled, "forecast")["total"][0]["projected"]
    assert as_it_is["projected"] != confirmed["projected"]
    outage = found["outage"]
    assert (outage["first"], outage["last"], outage["team"]) == ("2026-10-14", "2026-10-14", "search")


def test_a_proposal_changes_nothing_until_it_is_confirmed(filled):
    before, launch = ask(filled, "forecast"), proposals(filled)["launch"]
    (entered,) = ask(filled, "event", "confirm", launch["name"], "--who", "ann", "--note", "new app")["rows"]
    assert (entered["event_id"], entered["state"], entered["note"]) == (1, "confirmed", "new app")
    after = ask(filled, "forecast")
    assert before["events"] == [] and before["proposals"] == 2
    assert after["events"] == [1] and after["proposals"] == 1
    assert after["total"][0]["projected"] == launch["if_confirmed"][0]["projected"]
    assert ask(filled, "event", "remove", 1)["removed"]["kind"] == "launch"
    assert ask(filled, "forecast")["total"] == before["total"]


def test_a_dismissed_proposal_is_not_made_again(filled):
    before, launch = ask(filled, "forecast"), proposals(filled)["launch"]
    ask(filled, "event", "dismiss", launch["name"])
    assert proposals(filled).keys() == {"outage"}
    assert ask(filled, "forecast")["total"] == before["total"]
    assert filled(*NOW, "event") == 0 and "dismissed" in filled.out
    assert filled(*NOW, "event", "confirm", launch["name"]) == 2
    assert f"there is no proposal '{launch['name']}'; there are" in filled.err


def test_proposals_are_told_in_words(filled):
    assert filled(*NOW, "event", "propose") == 0
    assert "launch, from 2026-11-14: team chat" in filled.out
    assert "as it is" in filled.out and "if confirmed" in filled.out
    assert "With all of them confirmed, the month ends at" in filled.out


def test_zeros_at_the_end_are_a_question_that_only_a_person_answers(tollbook, tmp_path):
    """One team goes on, the other is silent for a week."""
    log = tmp_path / "silent.jsonl"
    held = [each for each in calls() if each["team"] == "search" or each["time"] < "2026-11-14"]
    log.write_text("".join(json.dumps(each) + "\n" for each in held))
    ask(tollbook, "ingest", log)
    (asked,) = [row for row in ask(tollbook, "event", "propose")["rows"] if row["team"] == "chat"]
    assert asked["choices"] == ["outage", "ended"] and "is a log not loaded yet?" in asked["why"]
    assert tollbook(*NOW, "event", "confirm", asked["name"]) == 2
    assert "say it: --as outage or --as ended" in tollbook.err
    assert tollbook(*NOW, "event", "confirm", asked["name"], "--as", "launch") == 2
    (ended,) = ask(tollbook, "event", "confirm", asked["name"], "--as", "ended")["rows"]
    assert (ended["kind"], ended["first"], ended["last"]) == ("ended", "2026-11-14", None)
    (row,) = [row for row in ask(tollbook, "forecast", "--by", "team")["rows"] if row["name"] == "chat"]
    assert row["spent"] == row["high"]


def test_an_outage_is_left_out(filled):
    before = ask(filled, "forecast")
    outage = ("event", "add", "outage", "--first", "2026-11-20", "--last", "2026-11-21", "--team", "search")
    (row,) = ask(filled, *outage)["rows"]
    assert (row["first"], row["last"]) == ("2026-11-20", "2026-11-21")
    assert ask(filled, "forecast")["total"] != before["total"]
    assert ask(filled, "forecast")["total"][0]["spent"] == before["total"][0]["spent"]


def test_what_has_ended_is_forecast_no_more(filled):
    ask(filled, "event", "add", "ended", "--first", "2026-11-22", "--team", "search")
    (row,) = [row for row in ask(filled, "forecast", "--by", "team")["rows"] if row["name"] == "search"]
    assert row["spent"] == row["projected"] == row["high"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "party", "--first", "2026-11-01"), "KIND: there is no 'party'; there are launch, migration"),
        (("add", "launch", "--first", "2026-11-01", "--last", "2026-11-02"), "a launch has a first day alone"),
        (("add", "outage", "--first", "2026-11-02", "--last", "2026-11-01"), "is after the last day"),
        (("add", "outage", "--first", "2026-12-02"), "2026-12-02 is after the newest day with data, 2026-11-22"),
        (("add", "outage", "--first", "2026-11-02", "--team", "x"), "--team: there is no 'x'; there are chat, search"),
        (("remove", "7"), "there is no event 7; none was entered"),
        (("confirm", "zzzz"), "there is no proposal 'zzzz'; there are"),
    ],
)
def test_a_mistake_about_an_event_is_one_plain_line(filled, arguments, words):
    assert filled(*NOW, "event", *arguments) == 2
    assert words in filled.err and filled.err.count("\n") == 1


def test_a_rate_begins_on_a_day_of_the_billing_zone():
    """At midnight of December 1 in Shanghai it is still November in UTC."""
    change = Change(datetime(2026, 11, 30, 16), "stepfun", "step-3.7-flash", None)
    empty = Outlook._make([None] * len(Outlook._fields))._replace(changes=(change,))
    last = date(2026, 11, 30)
    found = {zone: empty._replace(zone=zone).changes_through(last) for zone in ("UTC", "Asia/Shanghai")}
    assert found == {"UTC": (change,), "Asia/Shanghai": ()}


def test_amounts_past_what_a_projection_holds_are_one_plain_line(filled, monkeypatch):
    monkeypatch.setattr("planning.projection.MOST", 1)
    assert filled(*NOW, "forecast") == 2
    assert "past what a projection holds" in filled.err and filled.err.count("\n") == 1
