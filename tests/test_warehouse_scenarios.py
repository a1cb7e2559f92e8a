"""Scenarios in the state database: saved by name, changed, removed; no change is undone by one who has not seen it."""

import json
from datetime import datetime

import duckdb
import pytest

from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.folder import Folder
from warehouse.scenarios import (
    Draft,
    Figures,
    get_scenario,
    list_scenarios,
    remove_demo_scenarios,
    remove_scenario,
    save_scenario,
    save_scenarios,
)

ANN = Author("ann", datetime(2026, 11, 22, 9))
BEN = Author("ben", datetime(2026, 11, 23, 9))
BILLED = 10**20
"""More pico-units than 64 bits hold, and than floating point tells apart."""
FIGURES = Figures({"USD": BILLED + 1, "CNY": 5}, {"USD": BILLED}, "r1", "d1", datetime(2026, 11, 22, 8))
HALF = Draft({"name": "Half cache", "changes": [{"kind": "cache", "share": "0.5"}]}, FIGURES)
MOVE = Draft({"name": "Move", "changes": []}, FIGURES, owner="finance")


@pytest.fixture
def root(tmp_warehouse):
    Folder(tmp_warehouse).create()
    return tmp_warehouse


def save(root, draft, author=ANN, **options):
    return save_scenario(root, draft, author, tell=silent, **options)


def audit(root) -> list[tuple]:
    with duckdb.connect(str(root / "state.duckdb"), read_only=True) as state:
        return state.execute("select who, what, before, after from audit order by rowid").fetchall()


def test_a_scenario_is_kept_as_it_was_saved(root):
    assert save(root, HALF)[:2] == (1, "added")
    assert save(root, MOVE)[:2] == (2, "added")
    half, move = list_scenarios(root, tell=silent)
    assert (half.name, half.owner, half.document, half.figures) == ("Half cache", "ann", HALF.document, FIGURES)
    assert (half.created_at, half.changed_at, half.changed_by, half.demo) == (ANN.now, ANN.now, "ann", False)
    assert move.owner == "finance"
    assert get_scenario(root, "Move", tell=silent) == get_scenario(root, "2", tell=silent) == move
    with pytest.raises(WarehouseError, match="there is no scenario 'Mvoe'; saved are 1 Half cache, 2 Move"):
        get_scenario(root, "Mvoe", tell=silent)


def test_what_is_saved_again_is_changed_and_told(root):
    save(root, HALF)
    assert save(root, HALF, BEN).what == "same"
    later = HALF._replace(figures=FIGURES._replace(data_digest="d2"))
    assert save(root, later, BEN).what == "refreshed"
    other = later._replace(document={"name": "Half cache", "changes": []})
    kept = save(root, other, BEN)
    assert (kept.number, kept.what, kept.before and kept.before.document) == (1, "changed", HALF.document)
    (now,) = list_scenarios(root, tell=silent)
    assert (now.owner, now.created_at, now.changed_at, now.changed_by) == ("ann", ANN.now, BEN.now, "ben")
    assert save(root, other._replace(owner="ben"), BEN).what == "changed"
    said = audit(root)
    assert [row[:2] for row in said] == [
        ("ann", "scenario 1 added"),
        ("ben", "scenario 1 refreshed"),
        ("ben", "scenario 1 changed"),
        ("ben", "scenario 1 changed"),
    ]
    before, after = (json.loads(text) for text in said[2][2:])
    assert (before["document"], after["document"]) == (HALF.document, other.document)
    assert before["billed"] == {"CNY": "5", "USD": str(BILLED + 1)}


def test_nobody_writes_over_a_change_that_they_have_not_seen(root):
    save(root, HALF)
    other = HALF._replace(document={"name": "Half cache", "changes": []})
    with pytest.raises(WarehouseError, match="'Half cache' was saved by ann at 2026-11-22 09:00 UTC: look at it"):
        save(root, other, BEN, over=None)
    assert save(root, other, BEN, over=ANN.now).what == "changed"
    with pytest.raises(WarehouseError, match="was saved by ben"):
        save(root, HALF, BEN, over=ANN.now)


def test_several_are_saved_all_or_none(root):
    with pytest.raises(WarehouseError, match="'7' is no name"):
        save_scenarios(root, [HALF, Draft({"name": "7"}, FIGURES)], ANN, tell=silent)
    assert list_scenarios(root, tell=silent) == []
    assert [kept.what for kept in save_scenarios(root, [HALF, MOVE], ANN, tell=silent)] == ["added", "added"]


@pytest.mark.parametrize("name", ["", " ", "12", "a.yaml", "b.YML", "c.json"])
def test_a_name_that_reads_as_something_else_is_refused(root, name):
    with pytest.raises(WarehouseError, match="is no name to find it by"):
        save(root, Draft({"name": name}, FIGURES))


def test_a_removed_scenario_is_in_no_list_and_its_number_is_never_given_again(root):
    save(root, HALF)
    assert remove_scenario(root, "Half cache", BEN, tell=silent).number == 1
    assert list_scenarios(root, tell=silent) == []
    assert save(root, HALF)[:2] == (2, "added")
    assert audit(root)[1][:2] == ("ben", "scenario 1 removed")
    with pytest.raises(WarehouseError, match="there is no scenario '1'; saved are 2 Half cache"):
        remove_scenario(root, "1", BEN, tell=silent)


def test_a_demo_takes_its_own_out_again_and_nothing_else(root):
    save(root, HALF._replace(demo=True))
    save(root, MOVE)
    assert remove_demo_scenarios(root, ANN, tell=silent) == 1
    assert remove_demo_scenarios(root, ANN, tell=silent) == 0
    assert [each.name for each in list_scenarios(root, tell=silent)] == ["Move"]


def test_a_demo_scenario_that_a_person_saves_is_theirs(root):
    save(root, HALF._replace(demo=True), Author("demo", ANN.now))
    assert save(root, HALF._replace(owner="ben"), BEN).what == "changed"
    assert remove_demo_scenarios(root, ANN, tell=silent) == 0


def test_without_a_warehouse_there_are_none_and_none_can_be_saved(tmp_warehouse):
    assert list_scenarios(tmp_warehouse, tell=silent) == []
    with pytest.raises(WarehouseMissing):
        save(tmp_warehouse, HALF)
