"""What a page does when data comes in while it is read: says so, shows it on request, or by itself where wanted."""

from streamlit.testing.v1 import AppTest

from tests.test_app_pages import CALLS, fill
from warehouse.overview import edition_of

SCRIPT = """
import os
from pathlib import Path
from app.components.live import say_what_comes
from warehouse.overview import edition_of
import streamlit as st

root = Path(os.environ["TOLLBOOK_WAREHOUSE"])
st.session_state.setdefault("shown", edition_of(root))
say_what_comes(root, st.session_state["shown"])
"""


def page(warehouse, monkeypatch) -> AppTest:
    monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(warehouse))
    return AppTest.from_string(SCRIPT, default_timeout=30).run()


def test_new_data_is_said_and_nothing_else(tmp_warehouse, monkeypatch):
    fill(tmp_warehouse, CALLS[:2], name="first")
    test = page(tmp_warehouse, monkeypatch)
    assert not test.caption and not test.button and not test.toggle
    fill(tmp_warehouse, CALLS[2:4], name="second")
    test.run()
    assert [each.value for each in test.caption] == ["New data has come in since these figures."]
    assert [each.label for each in test.button] == ["Show it"]
    assert test.toggle[0].value is False


def test_whoever_wants_it_live_is_told_so(tmp_warehouse, monkeypatch):
    fill(tmp_warehouse, CALLS[:2], name="first")
    test = page(tmp_warehouse, monkeypatch)
    fill(tmp_warehouse, CALLS[2:4], name="second")
    test.run().toggle[0].set_value(True)
    # The page would be shown anew with the newest figures; here they stay old, so what is shown is made new by hand.

    test.session_state["shown"] = edition_of(tmp_warehouse)
    test.run()
    assert [each.value for each in test.caption] == ["New data is shown as it comes."]
    assert test.toggle[0].value is True and not test.button
