"""What the page of imports says of calls that two logs saw, and how pairs that seem to be one call are joined."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.jobs import RUN, start_confirm
from ingest.load import load_files
from ingest.options import Options
from tests.kept import made_once
from warehouse.batch import Given
from warehouse.connection import open_reader
from warehouse.locks import Turnstile
from warehouse.sighting_links import undo

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 22, 9)
PATIENCE_S = 60
AT = 1_795_000_000
MODEL = "stepfun/step-3.7-flash"


def usage(tokens: int, **more: float) -> dict[str, Any]:
    return {"prompt_tokens": tokens, "completion_tokens": 10, "total_tokens": tokens + 10, **more}


def answer(number: int, name: str | None = None) -> dict[str, Any]:
    told = {"object": "chat.completion", "created": AT + 60 * number, "provider": "StepFun", "model": MODEL}
    return {"id": name or f"gen-{number}", **told, "usage": usage(1_000 + number, cost=0.0004)}


def envelope(number: int, name: str | None = None) -> dict[str, Any]:
    return {"seller": "openrouter", "time": AT + 60 * number, "response": answer(number, name)}


def load(root: Path, source: str, entries: list[dict[str, Any]]) -> None:
    path = root.parent / f"{source}.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    options = Options(Given(seller="openrouter"), source=source)
    (loaded,) = load_files(root, [path], options, now=NOW, tell=lambda text: None)
    assert loaded.error is None and not loaded.merged.rejected


@pytest.fixture
def pairs(tmp_warehouse: Path) -> Path:
    """Three calls under one id in two logs; two under two ids; one that the first log alone has."""

    def make() -> None:
        load(tmp_warehouse, "openrouter", [answer(number) for number in range(1, 7)])
        own = [envelope(1), envelope(2), envelope(6), envelope(4, "own-4"), envelope(5, "own-5")]
        load(tmp_warehouse, "openai_compatible", own)

    return made_once(tmp_warehouse, "app_sightings", make)


@pytest.fixture
def imports(monkeypatch):
    """`imports(warehouse)`: the page as the reader first sees it."""

    def open_page(warehouse: Path) -> AppTest:
        monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(warehouse))
        monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
        test = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=30)
        return sound(test.switch_page("views/imports.py").run())

    return open_page


def sound(test: AppTest) -> AppTest:
    assert not test.exception and not test.error, [*test.exception, *test.error]
    return test


def press(test: AppTest, label: str) -> AppTest:
    (button,) = [button for button in test.button if button.label == label]
    button.click()
    return sound(test.run())


def texts(test: AppTest) -> str:
    elements = [*test.header, *test.subheader, *test.markdown, *test.caption, *test.warning, *test.success]
    return " ".join(str(element.value) for element in elements).replace("\\", "")


def calls(test: AppTest) -> str:
    return next(str(metric.value) for metric in test.metric if metric.label == "Calls")


def test_pairs_are_taken_for_one_call_in_two_steps(imports, pairs):
    test = imports(pairs)
    assert calls(test) == "8"
    assert "2 pairs seem to be one call and are counted twice" in texts(test)
    (table,) = [frame.value for frame in test.dataframe if "The other" in frame.value.columns]
    assert list(table["One"]) == [
        "openai_compatible openai_compatible.jsonl:5",
        "openai_compatible openai_compatible.jsonl:4",
    ]
    assert list(table["Reported"]) == ["$0.000400"] * 2

    test = press(press(test, "Take them for one call"), "No, leave them")
    assert calls(test) == "8" and "will leave every figure" not in texts(test)

    test = press(test, "Take them for one call")
    assert "2 calls and what they cost will leave every figure" in texts(test)
    assert "tollbook sightings --undo KEY" in texts(test)
    test = press(test, "Yes, count each pair once")
    assert test.session_state["job"].done.wait(PATIENCE_S)
    test = sound(test.run())
    assert calls(test) == "6" and "Confirmed 2 proposals. To take one back: " in texts(test)
    assert "seem to be one call" not in texts(test)
    assert undo(pairs, str(table["Key"].iloc[0]), now=NOW, tell=lambda text: None) == 1
    assert "1 pair seems to be one call and is counted twice" in texts(sound(test.run()))


def test_while_others_hold_the_warehouse_nothing_is_changed_and_the_page_says_why(pairs, monkeypatch):
    monkeypatch.setattr("app.jobs.RUN", "import warehouse.connection as c; c.WRITE_WAIT_S = 0.1; " + RUN)
    with Turnstile(pairs, "usage").writing("a long load", timeout_s=1, tell=lambda text: None):
        job = start_confirm(pairs)
        assert job.done.wait(PATIENCE_S)
    assert job.after_failure == "Nothing was changed"
    assert job.failure and "a long load" in job.failure and "Traceback" not in job.failure


def test_what_one_log_alone_has_is_counted_and_said(imports, pairs):
    said = texts(imports(pairs))
    assert "openai_compatible and openrouter, billed by openrouter" in said
    # Between the first and the last call that both saw: one is missing, two are under ids of their own.
    assert "In both: 3 · Only in openai_compatible: 2 calls, **2 of them charged or unknown**" in said
    assert "Only in openrouter: 3 calls, **3 of them charged or unknown**" in said
    assert "a gateway that loses rows" in said


def test_where_both_have_the_same_there_is_nothing_to_do(imports, tmp_warehouse):
    load(tmp_warehouse, "openrouter", [answer(1), answer(2)])
    load(tmp_warehouse, "openai_compatible", [envelope(1), envelope(2)])
    said = texts(imports(tmp_warehouse))
    assert "no call that cost something stands in one log alone" in said and "seem to be" not in said


def test_sums_of_days_are_named_and_in_no_figure(imports, pairs, tmp_path):
    days = tmp_path / "days.json"
    shutil.copy(ROOT / "tests" / "golden" / "ingest" / "openrouter_daily" / "days.in.json", days)
    (loaded,) = load_files(pairs, [days], Options(), now=NOW, tell=lambda text: None)
    test = imports(pairs)
    with open_reader(pairs) as reader:
        ((sums,),) = reader.rows("select count(*) from usage where granularity = 'bucket'")
    assert sums == loaded.merged.loaded > 0
    assert f"{sums} daily sums of openrouter_daily, kept for reconciliation, in no figure." in texts(test)
    assert calls(test) == "8"


def test_sums_stand_beside_the_calls_of_their_day(imports, tmp_warehouse, tmp_path):
    load(tmp_warehouse, "openai_compatible", [envelope(1)])
    days = tmp_path / "days.json"
    shutil.copy(ROOT / "tests" / "golden" / "ingest" / "openrouter_daily" / "days.in.json", days)
    list(load_files(tmp_warehouse, [days], Options(), now=NOW, tell=lambda text: None))
    test = imports(tmp_warehouse)
    (table,) = [frame.value for frame in test.dataframe if "What" in frame.value.columns]
    assert list(table["What"][:3]) == ["openrouter_daily", "calls", "difference"]
    assert int(table["Requests"][0]) - int(table["Requests"][1]) == int(table["Requests"][2])
    assert "Sums beside calls" in texts(test)
