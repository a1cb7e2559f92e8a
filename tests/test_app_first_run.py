"""An empty warehouse greets on every page with three ways in, and the first figures are explained until closed."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components.first_answer import PROMISED
from app.components.formats import money
from app.jobs import Job
from tests.app_page import MAIN, texts
from tests.test_app_pages import CALLS, fill
from warehouse.connection import open_reader
from warehouse.cost import cost_by, coverage_of

NOW = datetime(2026, 11, 22, 9)
PAGES = re.findall(r'st\.Page\("views/(\w+)\.py"', MAIN.read_text(encoding="utf-8"))
OF_THEIR_OWN = {"launch"}
"""Pages that have something to say before anything is loaded."""


@pytest.fixture
def app(monkeypatch, tmp_warehouse) -> AppTest:
    monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(tmp_warehouse))
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
    return AppTest.from_file(str(MAIN), default_timeout=30)


def test_every_page_of_an_empty_warehouse_has_the_three_ways_in(app, tmp_warehouse):
    for page in PAGES:
        app.switch_page(f"views/{page}.py").run()
        assert not app.exception and not app.error, page
        if page in OF_THEIR_OWN:
            continue
        assert "Nothing is loaded yet" in [title.value for title in app.header], page
        assert "Load the demo" in [button.label for button in app.button]
        assert app.file_uploader
        commands = [code.value for code in app.code]
        assert f"tollbook --warehouse {tmp_warehouse} watch /var/log/llm" in commands
        assert [command for command in commands if command.endswith(" collect")]
        assert not app.metric
    assert not tmp_warehouse.exists(), "looking at a page makes no warehouse"


def test_a_path_with_a_space_can_be_copied(monkeypatch, tmp_path, app):
    monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(tmp_path / "my calls"))
    assert f"tollbook --warehouse '{tmp_path}/my calls' collect" in [code.value for code in app.run().code]


def test_the_demo_is_one_click_away(app, tmp_warehouse, monkeypatch):
    begun: list[Path] = []

    def start(root: Path) -> Job:
        begun.append(root)
        return Job("Loading the demo", after_cancel="Nothing of it is in the warehouse.")

    monkeypatch.setattr("app.components.welcome.start_demo", start)
    (button,) = [button for button in app.run().button if button.label == "Load the demo"]
    button.click().run()
    assert begun == [tmp_warehouse]
    (button,) = [button for button in app.button if button.label == "Load the demo"]
    assert button.disabled, "one load at a time"


def test_the_first_figures_are_explained_until_closed(app, tmp_warehouse):
    app.run()
    fill(tmp_warehouse)
    said = texts(app.run())
    assert "Your first answer" in said and f"{len(CALLS)} calls from 1 file" in said
    with open_reader(tmp_warehouse) as reader:
        costs = {row.currency: row.cost for row in cost_by(reader, ()) if row.currency}
        unpriced = coverage_of(reader).unpriced
    assert f"{money(costs['CNY'], 'CNY')} and {money(costs['USD'], 'USD')}" in said
    assert f"Of **{unpriced} calls** (28.6%) the cost is unknown" in said
    assert "Your first answer" in texts(app.switch_page("views/rates.py").run())
    (close,) = [button for button in app.button if button.label == "Close"]
    close.click().run()
    assert "Your first answer" not in texts(app) and app.session_state[PROMISED] is False


def test_who_opens_a_warehouse_with_figures_is_told_nothing(app, tmp_warehouse):
    fill(tmp_warehouse, CALLS[:2])
    assert "Your first answer" not in texts(app.run())
