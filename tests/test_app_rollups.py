"""Pages that sum ask the rollups: of the calls themselves they ask only when the newest began and what calls name."""

import re
from datetime import datetime

import pytest
import streamlit as st

from tests.app_page import opener
from warehouse.connection import Reader
from warehouse.sqlfiles import sql

SUMS = ("explore", "tasks", "budgets", "forecast", "rates", "scenarios", "reports")
"""The other pages look at single calls: at doubts, failures, second sightings, speeds, lengths."""
CALLS = re.compile(r"\b(?:from|join)\s+usage(?:_row\w*|_priced\w*)?\b")
NEWEST_OF_AN_HOUR = re.compile(r"select max\(start_at\) from usage where start_at >= \$hour")
SHORT = {sql("traffic_end"), sql("row_dimension_counts")}
"""Of few columns, and asked once for each state of the data."""
NOW = datetime(2026, 11, 23)


@pytest.mark.parametrize("page", SUMS)
def test_what_a_page_sums_is_summed_already(demo_warehouse_for_reports, monkeypatch, page):
    asked: list[str] = []
    for name in ("rows", "columns", "batches", "row"):
        ask = getattr(Reader, name)

        def noted(reader, text, *given, ask=ask, **named):
            asked.append(text)
            return ask(reader, text, *given, **named)

        monkeypatch.setattr(Reader, name, noted)
    # What another test asked would not be asked again.
    st.cache_data.clear()
    opener(monkeypatch, NOW)(demo_warehouse_for_reports, page)
    of_calls = [text for text in asked if CALLS.search(text) and not NEWEST_OF_AN_HOUR.search(text)]
    assert [text for text in of_calls if text not in SHORT] == []


def test_a_page_of_single_calls_would_be_seen():
    assert CALLS.search(sql("loop_batch")) and CALLS.search(sql("missing_usage"))
    assert not CALLS.search("select requests from usage_day join usage_hour using (rate_id)")
