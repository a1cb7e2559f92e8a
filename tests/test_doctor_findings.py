"""What ``tollbook doctor`` says of keys, names, streams, sources and rejected lines; which checks it makes."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.doctor import check_names
from app.doctor_usage import ASK, TO_THE_END, _cure
from app.live import read_watchers
from tests.kept import empty
from tests.test_cli_failures import STEPFUN, call, failed
from warehouse.checkups import MissingUsage
from warehouse.locks import take_if_free

NOW = datetime(2026, 11, 20, 12)
AT = ("--now", "2026-11-20T12:00:00Z")
CHINA: dict[str, Any] = {"base_url": "https://api.stepfun.com/v1"}


@pytest.fixture(autouse=True)
def begun_here(tmp_warehouse: Path) -> None:
    """What each load here would begin with is there."""
    empty(tmp_warehouse)


def loaded(tollbook, tmp_path: Path, *calls: dict, name: str = "log.jsonl") -> None:
    log = tmp_path / name
    log.write_text("".join(json.dumps(each) + "\n" for each in calls))
    tollbook("ingest", log)


def found(tollbook, *checks: str) -> list[dict]:
    wanted = [part for check in checks for part in ("--check", check)]
    tollbook(*AT, "doctor", "--json", *wanted)
    return json.loads(tollbook.out)["findings"]


def named(model: str, second: int, **more) -> dict:
    made = call(second, **STEPFUN, **more)
    return made | {"response": made["response"] | {"model": model}}


# Keys


def test_a_key_of_the_other_region_is_told_by_where_it_was_answered(tollbook, tmp_path):
    loaded(
        tollbook,
        tmp_path,
        *(call(second, **STEPFUN, key_alias="search-prod") for second in range(3)),
        *(failed(second, 401, 90, **CHINA, key_alias="search-prod") for second in (10, 11)),
        # Without a key's name it is less sure.
        call(20, **STEPFUN, team="support"),
        failed(21, 401, 90, **CHINA, team="support"),
        # One that is answered in both regions is two keys, or was put right.
        call(30, **STEPFUN, key_alias="both"),
        call(31, **CHINA, key_alias="both"),
        failed(32, 401, 90, **CHINA, key_alias="both"),
        # One that is refused everywhere is no good anywhere.
        failed(40, 401, 90, **CHINA, key_alias="old"),
        failed(41, 401, 90, **STEPFUN, key_alias="old"),
        # An address that no card knows is told by its company.
        call(50, base_url="https://api.moonshot.ai/v1", key_alias="kimi"),
        failed(51, 401, 90, base_url="https://api.moonshot.cn/v1", key_alias="kimi"),
    )
    told = found(tollbook, "wrong-region", "refused-keys")
    wrong = [each["says"] for each in told if each["check"] == "wrong region"]
    assert len(wrong) == 3 and all(each["needs_person"] for each in told)
    assert wrong[0] == (
        "key search-prod was answered at https://api.stepfun.ai/v1 (3) and refused at https://api.stepfun.com/v1 (2): "
        "it is a key of StepFun's global region, not of its China one"
    )
    assert "calls of support was" not in wrong[2] and "seems to be one of StepFun's global region" in " ".join(wrong)
    assert "it is a key of Moonshot's global region" in " ".join(wrong)
    assert told[0]["fix"].startswith("set the client's base_url to https://api.stepfun.ai/v1")
    refused = [each["says"] for each in told if each["check"] == "refused keys"]
    assert sorted(said.split("refused")[0].strip() for said in refused) == [
        "1 of 1 attempt of key old",
        "1 of 1 attempt of key old",
        "1 of 2 attempts of key both",
    ]


# Names


def test_a_near_name_comes_with_the_card_that_prices_it(tollbook, tmp_path):
    loaded(
        tollbook,
        tmp_path,
        call(0, **STEPFUN),
        named("step-3.7-flash-20260601", 1),
        named("step-3.7-flahs", 2),
        named("step-3.8-flash", 3),
    )
    told = found(tollbook, "near-name", "no-rate")
    (no_rate,) = (each for each in told if each["check"] == "no rate")
    (near_date,) = (each for each in told if each["lines"])
    (near_typo,) = (each for each in told if each not in (no_rate, near_date))
    assert "near to it is step-3.7-flash (but for the date)" in near_date["says"]
    assert "near to it is step-3.7-flash (but for one letter or two)" in near_typo["says"]
    assert "step-3.8-flash at stepfun (1)" in no_rate["says"] and no_rate["calls"] == 1
    assert list(yaml.safe_load(near_date["lines"])["models"]) == ["step-3.7-flash-20260601"]
    hints = {row["model"]: row["near"] for row in tollbook.rows("rates", "unpriced")}
    assert hints["step-3.7-flahs"][0] == "step-3.7-flash", "the list of what is unpriced says the same"
    assert not [name for name in hints["step-3.8-flash"] if name.startswith("step-3.7")], (
        "another version is never near"
    )
    card = tollbook.warehouse / "rate_cards" / "stepfun-names.yaml"
    card.parent.mkdir(exist_ok=True)
    card.write_text(near_date["lines"])
    assert tollbook("rates", "validate", card) == 0, tollbook.out
    assert tollbook("rerate", "--unpriced", "--yes") == 0, tollbook.err
    rows = tollbook.json("cost", "--by", "model")["rows"]
    costs = {row["model"]: row["cost"] for row in rows}
    assert costs["step-3.7-flash-20260601"] == costs["step-3.7-flash"] is not None
    assert costs["step-3.8-flash"] is costs["step-3.7-flahs"] is None, "nothing else is priced by it"


# Lines and streams


def test_files_with_rejects_are_named_with_their_first_line_and_its_reason(tollbook, tmp_path):
    loaded(tollbook, tmp_path, call(0, **STEPFUN), name="good.jsonl")
    (tmp_path / "bad.jsonl").write_text(json.dumps(call(1, **STEPFUN)) + "\nno JSON\nneither\n")
    tollbook("ingest", tmp_path / "bad.jsonl")
    (told,) = found(tollbook, "rejected-lines")
    assert told["cases"][0].startswith("bad.jsonl: 2 lines, first line 2: not JSON")
    assert "Not JSON (2)" in told["says"] and told["fix"].startswith("the line was cut off")
    assert tollbook(*AT, "doctor", "--check", "rejected-lines") == 1
    assert "    - bad.jsonl: 2 lines" in tollbook.out


def test_each_way_of_logging_has_its_own_cure_for_streams_without_usage():
    def cure(seller: str | None, source: str, is_stream: bool | None = True, gateway: str | None = None):
        return _cure(MissingUsage(seller, source, gateway, is_stream, 1, 2))

    assert cure("novita", "openai_compatible")[1].startswith(ASK)
    name, fix, lines = cure("novita", "litellm")
    assert yaml.safe_load(lines or "") == {"general_settings": {"always_include_stream_usage": True}}
    assert (name, fix) == ("streams without usage", "have the proxy ask for it, in its config.yaml")
    assert cure("novita", "envoy_ai_gateway")[1] == ASK
    assert cure("openrouter", "otlp")[1] == cure("anthropic", "litellm")[1] == cure(None, "bedrock")[1] == TO_THE_END
    assert cure("novita", "litellm", is_stream=False)[0] == "answers without usage"
    assert ASK in cure("novita", "otlp", is_stream=None)[1], (
        "a log that does not tell streams from others may hold some"
    )
    assert "LITELLM_OTEL_V2" in cure(None, "otlp", is_stream=False, gateway="litellm")[1]
    assert "keeps no answer of a stream" in cure(None, "portkey_gateway", gateway="portkey")[1]


# What stopped


def daily(days: int, until: datetime, **more) -> list[dict]:
    made = []
    for number in range(days):
        at = until - timedelta(days=number)
        one = call(0, **STEPFUN, **more)
        body = one["response"] | {"id": f"{more.get('team')}-{number}"}
        made.append(one | {"time": at.isoformat() + "Z", "response": body})
    return made


@pytest.fixture
def stopped(tollbook, tmp_path):
    """Two teams for six weeks; one has been silent for five days."""
    loaded(tollbook, tmp_path, *daily(42, NOW, team="search"), *daily(37, NOW - timedelta(days=5), team="support"))
    return tollbook


def test_a_team_that_stopped_is_named_and_an_event_explains_it(stopped):
    (told,) = found(stopped, "stopped-sending")
    assert told["says"].startswith("no call of team support after 2026-11-15, 4 whole days, though others go on")
    assert not told["needs_person"]
    *_, command = told["fix"].split(": ")
    command = command.strip("`")
    assert command == "tollbook event add ended --first 2026-11-16 --team support"
    assert stopped(*AT, *command.split()[1:]) == 0, stopped.err
    assert found(stopped, "stopped-sending") == []


def test_no_call_at_all_needs_a_person_only_where_logs_are_followed(stopped):
    later = ("--now", "2026-11-26T12:00:00Z")
    assert stopped(*later, "doctor", "--check", "stopped-sending") == 0
    assert "no call at all since 2026-11-20T12:00:00Z, 5 whole days" in stopped.out
    assert "the last load was at" in stopped.out and "tollbook watch" in stopped.out
    heartbeat(stopped.warehouse, last_round="2026-11-26T11:59:58Z")
    assert stopped(*later, "doctor", "--check", "stopped-sending") == 1
    assert "logs are followed, and nothing new is in them" in stopped.out
    assert stopped("--now", "2027-03-01T12:00:00Z", "doctor", "--check", "stopped-sending") == 0
    assert stopped.out.startswith("Nothing found.")


# What loads by itself


def heartbeat(warehouse: Path, name: str = "gateway", **said: object) -> None:
    folder = warehouse / "watch"
    folder.mkdir(exist_ok=True)
    told = {"pid": 7, "paths": ["/var/log/gateway"], "started": "2026-11-20T08:00:00Z", "files": 2, "rows": 40, **said}
    (folder / f"{name}.json").write_text(json.dumps(told))


def test_a_watch_without_a_sign_of_life_is_told(tollbook, tmp_path):
    loaded(tollbook, tmp_path, call(0, **STEPFUN))
    heartbeat(tollbook.warehouse, last_round="2026-11-20T11:58:00Z")
    assert found(tollbook, "watch-lost") == []
    heartbeat(tollbook.warehouse, last_round="2026-11-20T11:40:00Z")
    (told,) = found(tollbook, "watch-lost")
    assert "watch of /var/log/gateway last looked at 2026-11-20T11:40:00Z" in told["says"]
    heartbeat(tollbook.warehouse, name="newer", last_round="2026-11-20T11:59:00Z")
    assert found(tollbook, "watch-lost") == [], "another one follows the same"


def test_whether_a_watch_lives_is_told_by_its_lock(tmp_path):
    heartbeat(tmp_path, last_round="2026-11-20T11:40:00Z", error="the disk is full")
    lock = tmp_path / "watch" / "gateway.lock"
    with take_if_free(lock) or pytest.fail("the lock is free"):
        (watcher,) = read_watchers(tmp_path, NOW)
        assert (watcher.state, watcher.error) == ("looking", "the disk is full"), "a long load is no end"
        assert read_watchers(tmp_path, NOW + timedelta(hours=1))[0].state == "lost", "one that hangs is none"
    heartbeat(tmp_path, last_round="2026-11-20T11:59:59Z")
    assert read_watchers(tmp_path, NOW)[0].state == "lost", "its lock is free: it died"


def test_a_watch_that_cannot_load_and_a_recorder_that_dropped_calls_are_told(tollbook, tmp_path):
    report = {"schema": "tollbook-capture/1", "time": "2026-11-20T10:00:00Z", "since": "2026-11-20T09:00:00Z"}
    loaded(tollbook, tmp_path, call(0, **STEPFUN), report | {"dropped": 17})
    heartbeat(tollbook.warehouse, last_round="2026-11-20T11:59:00Z", error="the disk is full")
    failing, dropped = found(tollbook, "watch-failing", "dropped-calls")
    assert failing["says"].endswith("cannot load, as it said at 2026-11-20T11:59:00Z: the disk is full")
    assert (dropped["calls"], dropped["unpriced"], dropped["needs_person"]) == (17, 17, True)
    assert dropped["cases"] == ["log.jsonl: 17 calls from 2026-11-20T09:00:00Z to 2026-11-20T10:00:00Z"]
    assert tollbook(*AT, "doctor", "--check", "dropped-calls", "--since", "2026-11-21") == 0


def test_heartbeats_are_read_for_what_they_are(tmp_path):
    heartbeat(tmp_path, last_round="2026-11-20T11:59:00+00:00", last_load=None)
    heartbeat(tmp_path, name="done", last_round="2026-11-20T09:00:00Z", ended="2026-11-20T09:00:00Z")
    (tmp_path / "watch" / "torn.json").write_text('{"pid": ')
    (tmp_path / "watch" / "odd.json").write_text("[1]")
    done, gateway = read_watchers(tmp_path, NOW)
    assert (done.state, gateway.state, gateway.kind, gateway.rows) == ("ended", "looking", "watch", 40)
    assert gateway.last_round == datetime(2026, 11, 20, 11, 59) and gateway.last_load is None
    assert read_watchers(tmp_path / "nowhere", NOW) == []


# Which checks


def test_checks_are_chosen_and_left_out_by_name(tollbook, tmp_path):
    loaded(tollbook, tmp_path, call(0), call(1, **STEPFUN, limit=None))
    assert {each["check"] for each in found(tollbook, "no seller", "no-max_tokens")} == {"no seller", "no max_tokens"}
    assert tollbook(*AT, "doctor", "--json", "--ignore", "no-seller", "--ignore", "stale rates") == 0
    told = json.loads(tollbook.out)
    assert "no max_tokens" in {each["check"] for each in told["findings"]}
    assert set(told["checks"]) == set(check_names()) - {"no seller", "stale rates"}
    assert tollbook("doctor", "--check", "no-rate", "--ignore", "no-rate") == 2, "nothing looked at is not in order"
    assert "no check is left" in tollbook.err
    assert tollbook("doctor", "--check", "nonsense") == 2
    assert "there is no check nonsense: watch-lost, watch-failing" in tollbook.err


def test_every_check_is_documented():
    guide = (Path(__file__).parents[1] / "docs" / "doctor.md").read_text(encoding="utf-8")
    table = "".join(line for line in guide.splitlines(keepends=True) if line.startswith("|"))
    assert [name for name in check_names() if name not in table] == []
