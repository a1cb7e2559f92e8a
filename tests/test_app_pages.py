"""The pages, without a browser: figures as the warehouse has them, filters, what is unknown, what went wrong."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components.formats import money
from ingest.load import load_files
from ingest.options import Options
from tests.kept import made_once
from warehouse.connection import open_reader, open_staging, open_writer
from warehouse.cost import cost_by, coverage_of
from warehouse.folder import Folder
from warehouse.overview import read_overview
from warehouse.overview_tasks import find_line, read_steps
from warehouse.scope import Scope

ROOT = Path(__file__).parents[1]
MAIN = ROOT / "app" / "main.py"
NOW = datetime(2026, 11, 22, 9)
CALLS = (
    # seller, model, day, task, team, tokens in / cached / out
    ("stepfun", "step-3.7-flash", "2026-10-20", "ticket-1", "support", (10_000, 8_000, 1_000)),
    ("stepfun", "step-3.7-flash", "2026-10-20", "ticket-1", "support", (12_000, 10_000, 700)),
    ("stepfun", "step-3.7-flash", "2026-11-19", "ticket-2", "search", (90_000, 0, 9_000)),
    ("novita", "stepfun/step-3.7-flash", "2026-11-20", "ticket-3", "search", (3_000, 0, 500)),
    ("stepfun-cn", "step-3.7-flash", "2026-11-20", "ticket-4", "support", (10_000, 8_000, 1_000)),
    ("nim", "step-3.7-flash", "2026-11-20", "ticket-5", "support", (5_000, 0, 500)),
    ("stepfun", "step-3.7-flash", "2026-11-21", "ticket-6", "search", None),
)


def envelope(name: str, number: int, call: tuple) -> dict:
    seller, model, day, task, team, tokens = call
    entry = {
        "time": f"{day}T10:00:{number:02}Z",
        "seller": seller,
        "task": task,
        "step": number,
        "team": team,
        "status": 200 if tokens else 504,
        "latency_ms": 1_500,
        "request": {"model": model},
    }
    if tokens:
        prompt, cached, completion = tokens
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": cached},
        }
        entry["response"] = {"id": f"{name}-{number}", "object": "chat.completion", "model": model, "usage": usage}
    else:
        entry["error"] = {"message": "timed out", "type": "timeout"}
    return entry


def fill(warehouse: Path, calls=CALLS, *, demo: bool = False, name: str = "calls") -> None:
    log = warehouse.parent / f"{name}.jsonl"
    lines = (json.dumps(envelope(name, number, call)) + "\n" for number, call in enumerate(calls, 1))
    log.write_text("".join(lines), encoding="utf-8")
    (load,) = load_files(warehouse, [log], Options(demo=demo), now=NOW, tell=lambda text: None)
    assert load.merged.loaded == len(calls), load


@pytest.fixture
def filled(tmp_warehouse: Path) -> Path:
    return made_once(tmp_warehouse, "app_pages", lambda: fill(tmp_warehouse))


@pytest.fixture
def opened(monkeypatch):
    """`opened(warehouse, task="ticket-1", page="views/tasks.py")`: the page as the reader first sees it."""

    def open_app(warehouse: Path, page: str | None = None, **params: str | list[str]) -> AppTest:
        monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(warehouse))
        monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
        test = AppTest.from_file(str(MAIN), default_timeout=30)
        if page:
            test.switch_page(page)
        for name, value in params.items():
            test.query_params[name] = value
        return checked(test.run())

    return open_app


def checked(test: AppTest) -> AppTest:
    assert not test.exception and not test.error, [*test.exception, *test.error]
    return test


def metrics(test: AppTest, label: str) -> list[str]:
    return [metric.value.replace("\\", "") for metric in test.metric if metric.label == label]


def texts(test: AppTest) -> str:
    elements = [*test.markdown, *test.caption, *test.info, *test.warning, *test.error]
    return " ".join(str(element.value) for element in elements).replace("\\", "")


def test_spend_is_the_warehouses_and_currencies_stay_apart(opened, filled):
    test = opened(filled)
    with open_reader(filled) as reader:
        costs = {row.currency: row.cost for row in cost_by(reader, ()) if row.currency}
        coverage = coverage_of(reader)
    assert metrics(test, "Spend") == [money(costs["USD"], "USD"), money(costs["CNY"], "CNY")]
    assert costs["CNY"] == 12_960_000_000
    assert metrics(test, "Requests") == [str(coverage.requests)]


def test_what_is_unknown_is_counted_and_never_shown_as_0(opened, filled):
    test = opened(filled)
    assert metrics(test, "Coverage") == ["71.4%"]
    assert "2 of unknown cost" in texts(test)
    table = test.dataframe[0].value
    by_seller = opened(filled, by="Seller").dataframe[0].value
    assert "$0.00" not in set(table["Spend"])
    (nim,) = by_seller[by_seller["Seller"] == "nim"].itertuples(index=False)
    assert nim.Spend == "unknown"
    assert "step-3.7-flash at nim (1)" in texts(test)


def test_a_filter_in_the_url_narrows_every_figure(opened, filled):
    test = opened(filled, team="search", period="Last 7 days")
    with open_reader(filled) as reader:
        scope = Scope(values=(("team", ("search",)),))
        (known,) = [row for row in cost_by(reader, (), scope) if row.currency]
    assert metrics(test, "Spend") == [money(known.cost, "USD")]
    assert metrics(test, "Requests") == ["3"]
    test.multiselect(key="team").set_value([]).run()
    assert metrics(checked(test), "Requests") == ["5"]
    test.selectbox(key="period").select("All time").run()
    assert metrics(checked(test), "Requests") == ["7"]


def test_filters_that_leave_nothing_say_so_and_can_be_cleared(opened, filled):
    test = opened(filled, seller="nim", team="search")
    assert "newest record is from 2026-11-21" in texts(test)
    test.button[0].click().run()
    assert metrics(checked(test), "Requests") == ["7"]


def test_the_page_of_tasks_counts_only_tasks_of_known_cost(opened, filled):
    test = opened(filled, "views/tasks.py")
    with open_reader(filled) as reader:
        overview = read_overview(reader, Scope())
    spreads = {spread.currency: spread for spread in overview.spreads}
    assert metrics(test, "Tasks") == ["6"]
    assert "4 of known cost" in texts(test)
    assert metrics(test, "Dearest") == [money(spreads[name].dearest, name) for name in ("USD", "CNY")]
    table = test.dataframe[0].value
    assert list(table["Task"])[:3] == ["ticket-2", "ticket-1", "ticket-3"]
    assert dict(zip(table["Task"], table["Cost"], strict=True))["ticket-6"] == "unknown"


def test_a_search_looks_through_the_tasks(opened, filled):
    test = opened(filled, "views/tasks.py")
    test.text_input(key="find").set_value("-3").run()
    assert list(checked(test).dataframe[0].value["Task"]) == ["ticket-3"]


def test_a_task_is_shown_step_by_step_to_the_last_digit(opened, filled):
    test = opened(filled, "views/tasks.py", task="ticket-1")
    assert [title.value for title in test.title] == ["ticket-1"]
    assert list(test.dataframe[0].value["Cost"]) == ["0.00187 USD", "0.001605 USD"]
    assert "Exactly 0.003475 USD" in texts(test)
    test.button[0].click().run()
    assert checked(test).title[0].value == "Tasks"


def test_the_parts_of_a_step_add_up_to_its_cost(filled):
    with open_reader(filled) as reader:
        line = find_line(reader, "ticket-1")
        assert line
        for step in read_steps(reader, line):
            parts = (step.input_cost, step.cache_read_cost, step.cache_written_cost, step.output_cost, step.unit_cost)
            assert sum(part or 0 for part in parts) == step.cost


def test_a_task_without_a_price_says_why(opened, filled):
    test = opened(filled, "views/tasks.py", task="ticket-5")
    assert metrics(test, "Cost") == ["unknown"]
    row = test.dataframe[0].value.iloc[0]
    assert (row["Cost"], row["Note"]) == ("unknown", "self-hosted: no token price")


def test_a_task_that_is_not_there_is_no_error(opened, filled):
    assert "No task has this name" in texts(opened(filled, "views/tasks.py", task="ticket-99"))


@pytest.mark.parametrize("page", [None, "views/tasks.py"])
def test_without_a_warehouse_the_page_says_what_to_do(opened, tmp_warehouse, page):
    assert "tollbook ingest PATH" in texts(opened(tmp_warehouse, page))


def test_an_empty_warehouse_says_what_to_do(opened, tmp_warehouse):
    folder = Folder(tmp_warehouse)
    folder.create()
    with open_staging(folder) as staging, open_writer(folder, "usage", staging, purpose="ingest", now=NOW):
        pass
    test = opened(tmp_warehouse)
    assert "tollbook ingest PATH" in texts(test)
    assert not test.metric


def test_while_a_load_runs_the_page_keeps_its_last_answer(opened, filled):
    test = opened(filled)
    folder = Folder(filled)
    with open_staging(folder) as staging, open_writer(folder, "usage", staging, purpose="ingest", now=NOW):
        test.run()
        assert metrics(checked(test), "Requests") == ["7"]
        assert "A load is running" in texts(test) and "(ingest)" in texts(test)
        (said,) = opened(filled, team="support").warning
        assert said.value == "This page shows its figures as soon as it is done."


def test_a_broken_file_is_one_plain_sentence(opened, filled, monkeypatch):
    (filled / "usage.duckdb").write_bytes(b"no database" * 1000)
    monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(filled))
    test = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not test.exception
    (error,) = test.error
    assert "usage.duckdb" in error.value and "Traceback" not in error.value


def test_the_demo_is_called_what_it_is(opened, tmp_warehouse):
    fill(tmp_warehouse, CALLS[:3], demo=True, name="demo")
    assert "Demo data: made-up traffic, not yours." in texts(opened(tmp_warehouse))
    fill(tmp_warehouse, CALLS[3:])
    assert "mixed with your own logs" in texts(opened(tmp_warehouse))


def test_no_folder_is_called_pages():
    """Streamlit would open a link to a page of it, as the first thing after a start, without main.py."""
    assert not (ROOT / "app" / "pages").exists()
