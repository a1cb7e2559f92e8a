"""Anomalies on the command line: what fires, what is said of it, and that it is told once."""

import json
import shutil
from datetime import date, timedelta

import duckdb
import pytest

from app.cli import run
from tests.receiver import receiving
from warehouse.alerts import told_alerts

FIRST, DAYS = date(2026, 9, 1), 70
LAST = FIRST + timedelta(days=DAYS - 1)
NOW = f"{LAST + timedelta(days=1)}T12:00:00Z"


def call(day: date, number: int, team: str, tokens: int, **others: object) -> dict:
    usage = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens}
    answer = {"id": f"{day}-{team}-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return {"time": f"{day}T10:00:{number:02}Z", "seller": "stepfun", "team": team, "response": answer, **others}


def of_day(number: int, search: int, support: int) -> list[dict]:
    """Calls of a million tokens by two teams; a weekend has half of them."""
    day = FIRST + timedelta(days=number)
    part = 0.5 if day.weekday() > 4 else 1 + 0.02 * (number % 3)
    return [
        call(day, place, team, int(1_000_000 * part))
        for team, calls in (("search", search), ("support", support))
        for place in range(calls)
    ]


def written(folder, days: dict[int, tuple[int, int]]):
    """A log in which a day has 10 and 10 calls unless told otherwise; one more call begins the day after."""
    calls = [each for number in range(DAYS) for each in of_day(number, *days.get(number, (10, 10)))]
    calls.append(call(FIRST + timedelta(days=DAYS), 0, "search", 10))
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in calls))
    return log


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Search cost four times as much on the last day but one; support stopped on the last."""
    folder = tmp_path_factory.mktemp("anomalies")
    log = written(folder, {DAYS - 2: (40, 10), DAYS - 1: (10, 0)})
    assert run(["--warehouse", str(folder / "warehouse"), "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture
def filled(loaded, tollbook):
    shutil.copytree(loaded, tollbook.warehouse)
    return tollbook


def look(tollbook, *arguments: object) -> int:
    return tollbook("--now", NOW, "anomalies", *arguments)


def rows(tollbook, *arguments: object) -> dict:
    look(tollbook, "--json", *arguments)
    return json.loads(tollbook.out)


def told(tollbook) -> set[tuple[str, str]]:
    return {(alert.subject, alert.what) for alert in told_alerts(tollbook.warehouse, tell=lambda message: None)}


def test_a_fourfold_day_and_a_stop_are_told_once(filled):
    assert look(filled) == 1
    assert f"team search: {LAST - timedelta(days=1)} cost" in filled.out
    assert f"team support: nothing on {LAST}" in filled.out
    assert "look at: tollbook cost --by day,model" in filled.out
    assert "--where 'team=search'" in filled.out
    assert look(filled) == 0
    assert "Nothing new is unusual." in filled.out
    assert look(filled, "--quiet") == 0
    assert filled.out == ""


def test_what_was_told_is_shown_by_all_which_remembers_nothing(filled):
    assert look(filled, "--all") == 1
    assert told(filled) == set()
    assert look(filled) == 1
    assert ("team=support USD", "stopped") in told(filled)
    assert look(filled, "--all") == 1
    assert "(told before)" in filled.out


def test_an_episode_is_told_on_its_first_day_alone(filled):
    spike = LAST - timedelta(days=1)
    assert look(filled, "--day", spike) == 1
    found = rows(filled, "--day", LAST)["rows"]
    assert ("search", "more") not in {(row["name"], row["direction"]) for row in found}


def test_json_says_what_happened_and_what_drove_it(filled):
    found = rows(filled, "--all")
    (search,) = [row for row in found["rows"] if row["name"] == "search"]
    assert (search["by"], search["rule"], search["day"]) == ("team", "day", str(LAST - timedelta(days=1)))
    assert float(search["cost"]) == pytest.approx(4 * float(search["expected"]), rel=0.15)
    assert search["drivers"][0]["cause"] == "requests"
    everything = next(row for row in found["rows"] if row["by"] == "all" and row["direction"] == "more")
    assert {"team", "requests"} <= {driver["cause"] for driver in everything["drivers"]}
    # The one model and the one seller have the same traffic as the whole.
    assert {scope["by"] for scope in found["scopes"]} == {"all", "team"}
    assert all(scope["smallest_day_factor"] > 1 for scope in found["scopes"])


def test_scopes_and_a_least_amount_can_be_chosen(filled):
    assert {row["by"] for row in rows(filled, "--all", "--by", "team")["rows"]} == {"team"}
    assert rows(filled, "--all", "--least", "1000")["rows"] == []
    assert look(filled, "--by", "colour") == 2
    assert "--by takes all, model, team, seller" in filled.err
    assert look(filled, "--least", "much") == 2


def test_a_quiet_time_is_quiet(filled):
    assert look(filled, "--day", LAST - timedelta(days=2), "--days", "30") == 0
    assert "Nothing is unusual." in filled.out
    assert "x1." in filled.out  # what could be found


def test_calls_that_stop_coming_are_told_though_no_day_was_loaded(filled):
    assert filled("--now", f"{LAST + timedelta(days=5)}T00:00:00Z", "anomalies", "--all") == 1
    assert "either the traffic stopped, or its logs were not loaded" in filled.out
    assert filled.out.count("no calls since") == 1


def test_a_marked_event_is_no_anomaly(filled):
    spike = LAST - timedelta(days=1)
    assert filled("event", "add", "backfill", "--first", spike, "--team", "search", "--who", "ann") == 0, filled.err
    assert "search" not in {row["name"] for row in rows(filled, "--all")["rows"]}


def test_short_history_is_no_judgement(tollbook, tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for number in range(9) for each in of_day(number, 3, 3)))
    tollbook.load(log)
    assert tollbook("--now", f"{FIRST + timedelta(days=9)}T12:00:00Z", "anomalies") == 0
    assert f"Nothing could be judged: on {FIRST + timedelta(days=7)}, 7 of 28 days of history." in tollbook.out
    assert "is unusual" not in tollbook.out


def test_without_a_price_nothing_is_judged(tollbook, tmp_path):
    log = tmp_path / "log.jsonl"
    text = "".join(json.dumps(each) + "\n" for number in range(9) for each in of_day(number, 3, 3))
    log.write_text(text.replace("step-3.7-flash", "no-such-model"))
    tollbook.load(log)
    assert tollbook("--now", f"{FIRST + timedelta(days=9)}T12:00:00Z", "anomalies") == 0
    assert "Nothing could be judged: no call has a price" in tollbook.out and "is unusual" not in tollbook.out
    assert rows(tollbook)["why_not"] == "no call has a price: tollbook rates unpriced"


def test_a_day_that_is_not_whole_is_told_to_be_the_last_whole_one(filled):
    look(filled, "--day", LAST + timedelta(days=1))
    assert f"this looks at the last whole one, {LAST}" in filled.err


def test_without_a_whole_day_it_says_so(tollbook, tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(call(FIRST, 0, "search", 10)) + "\n")
    tollbook.load(log)
    assert tollbook("anomalies") == 2
    assert "there is no whole day of data yet" in tollbook.err


def test_what_fired_is_sent_and_told_once(filled):
    with receiving() as receiver:
        assert look(filled, "--notify", receiver.url(), "--quiet") == 1
        (message,) = receiver.took
        assert message["title"].startswith("Tollbook: ")
        assert "team support: nothing on" in message["message"]
        assert look(filled, "--notify", receiver.url()) == 0
        assert len(receiver.took) == 1


def test_what_was_not_delivered_is_told_again_and_no_address_is_shown(filled, monkeypatch):
    with receiving() as receiver:
        receiver.answer = 500
        monkeypatch.setenv("TOLLBOOK_NOTIFY", receiver.url("a-secret?retry=0"))
        assert look(filled) == 3
        assert "TOLLBOOK_NOTIFY: address 1 (json) did not take the notification" in filled.err
        assert "secret" not in filled.out + filled.err
        assert told(filled) == set()
        receiver.answer = 200
        assert look(filled) == 1
    assert told(filled)


def test_an_address_that_nobody_knows_is_a_mistake_that_is_not_repeated(filled):
    assert look(filled, "--notify", "carrier-pigeon://secret") == 2
    assert "--notify: address 1 is none that Apprise knows" in filled.err
    assert "secret" not in filled.err
    assert look(filled, "--all", "--notify", "json://localhost") == 2


def test_no_address_is_written_anywhere(filled):
    with receiving() as receiver:
        assert look(filled, "--notify", receiver.url("a-secret-token")) == 1
    held = [path for path in filled.warehouse.rglob("*") if path.is_file() and b"a-secret-token" in path.read_bytes()]
    assert held == []


def test_an_older_state_database_has_nothing_told(filled):
    with duckdb.connect(str(filled.warehouse / "state.duckdb")) as connection:
        connection.execute("drop table if exists alert_sent")
        connection.execute("delete from migration where name like '%alerts%'")
    assert look(filled) == 1
