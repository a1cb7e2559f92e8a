"""Events in the state database: entered, listed, removed, with the audit; a warehouse of before there were any."""

from datetime import date, datetime

import duckdb
import pytest

from planning.events import Event
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.events import EventRow, add_event, list_events, remove_event
from warehouse.folder import Folder

ANN = Author("ann", datetime(2026, 11, 22, 9))
OUTAGE = EventRow(0, "outage", date(2026, 11, 3), date(2026, 11, 4), "novita", None, "search", "page", "confirmed")
LAUNCH = EventRow(0, "launch", date(2026, 11, 9), None, None, None, None, None, "dismissed")


@pytest.fixture
def root(tmp_warehouse):
    Folder(tmp_warehouse).create()
    return tmp_warehouse


def test_a_row_is_an_event_of_planning():
    assert Event._make(OUTAGE) == Event(
        0, "outage", date(2026, 11, 3), date(2026, 11, 4), "novita", None, "search", "page", "confirmed"
    )
    assert Event._fields == EventRow._fields


def test_events_are_kept_with_who_entered_them(root):
    assert [add_event(root, each, ANN, tell=silent) for each in (OUTAGE, LAUNCH)] == [1, 2]
    assert list_events(root, tell=silent) == [OUTAGE._replace(event_id=1), LAUNCH._replace(event_id=2)]
    assert remove_event(root, 1, ANN, tell=silent) == OUTAGE._replace(event_id=1)
    assert [event.event_id for event in list_events(root, tell=silent)] == [2]
    assert add_event(root, OUTAGE, ANN, tell=silent) == 3
    with duckdb.connect(str(root / "state.duckdb"), read_only=True) as state:
        said = state.execute("select who, what from audit order by rowid").fetchall()
    assert said == [("ann", f"event {text}") for text in ("1 added", "2 added", "1 removed", "3 added")]


def test_what_is_not_there_cannot_be_removed(root):
    add_event(root, OUTAGE, ANN, tell=silent)
    with pytest.raises(WarehouseError, match="there is no event 7; entered are 1"):
        remove_event(root, 7, ANN, tell=silent)


def test_without_a_warehouse_there_are_no_events_and_none_can_be_entered(tmp_warehouse):
    assert list_events(tmp_warehouse, tell=silent) == []
    with pytest.raises(WarehouseMissing):
        add_event(tmp_warehouse, OUTAGE, ANN, tell=silent)
