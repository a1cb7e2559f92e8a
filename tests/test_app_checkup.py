"""The page Check-up and what Imports says of what loads by itself, without a browser."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from app.components.findings import PLACES, marked
from app.doctor import check_names
from ingest.load import load_files
from ingest.options import Options
from tests.app_page import metric, opener, texts
from tests.kept import made_once
from tests.test_cli_failures import STEPFUN, call, failed
from tests.test_doctor_findings import CHINA, heartbeat, named

NOW = datetime(2026, 11, 20, 12)


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


@pytest.fixture
def filled(tmp_warehouse: Path, tmp_path: Path) -> Path:
    calls = [
        call(0, **STEPFUN, key_alias="prod"),
        failed(1, 401, 90, **CHINA, key_alias="prod"),
        named("step-3.7-flash-20260601", 2),
        call(3, **STEPFUN, limit=None),
    ]
    log = tmp_path / "[calls](evil).jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in calls) + "no JSON\n")

    def make() -> None:
        list(load_files(tmp_warehouse, [log], Options(), now=NOW, tell=lambda text: None))

    made_once(tmp_warehouse, "app_checkup", make)
    heartbeat(tmp_warehouse, last_round="2026-11-20T11:59:58Z", last_load="2026-11-20T11:59:00Z")
    return tmp_warehouse


def test_the_page_shows_every_finding_with_what_to_do(opened, filled):
    test = opened(filled, "checkup")
    said = texts(test)
    assert (metric(test, "Need a person"), metric(test, "Worth a look"), metric(test, "Watching")) == ("4", "2", "1")
    assert metric(test, "In order") == str(len(check_names()) - 6)
    for name in ("Rejected lines", "Stale rates", "Near name", "Wrong region", "Failures", "No max_tokens"):
        assert f"**{name}**" in said
    assert "it is a key of StepFun's global region" in said and "`https://api.stepfun.ai/v1`" in said
    assert "[calls](evil).jsonl: 1 line, first line 5: not JSON" in said
    assert "[calls]" not in " ".join(str(each.value) for each in test.caption), "a file's name is no link"
    (card,) = test.code
    assert "step-3.7-flash-20260601:" in card.value


def test_every_place_that_a_finding_names_is_a_page():
    views = Path(__file__).parents[1] / "app"
    assert all((views / path).is_file() for _, path in PLACES.values())


def test_addresses_and_what_is_typed_are_code_and_the_rest_is_text():
    assert marked("set `checked`, at https://api.example.com/v1 (3).") == (
        "set `checked`, at `https://api.example.com/v1` \\(3\\)."
    )
    assert marked("team *all*: https://e.com.").startswith("team \\*all\\*") and marked("`a`") == "`a`"


def test_imports_show_what_loads_by_itself(opened, filled):
    heartbeat(filled, name="old", last_round="2026-11-19T11:59:58Z", paths=["/srv/logs"], error="no such folder")
    said = texts(opened(filled, "imports"))
    assert "Loads by itself" in said and "1 of 2 running" in said
    assert "/var/log/gateway" in said and "last loaded 2026-11-20 11:59 UTC: 40 calls since it started" in said
    assert "loaded nothing since it started" in said and "no such folder" in said
