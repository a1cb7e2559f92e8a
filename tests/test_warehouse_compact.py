"""A compacted database holds exactly what the old one held, in the same order, and one whole file is always there."""

import shutil
from datetime import datetime

import pytest

from tests.tollbook_command import Tollbook
from tests.warehouse_child import Trap, die_compacting
from tests.warehouse_state import child, is_free, load_here, rebuilt_state, spool_of, state_of, write_log
from warehouse.compact import ANEW, compact, room_inside
from warehouse.connection import open_reader
from warehouse.deletion import Which, delete
from warehouse.entries import Author
from warehouse.errors import WarehouseError, WarehouseUnwritable
from warehouse.sqlfiles import run

NOW = datetime(2026, 11, 22)
POINTS = (
    "before statement:copy from database",
    "after statement:copy from database",
    "after statement:checkpoint anew",
    "after sql:catalog_of",
    "after statement:detach anew",
    "before call:warehouse.copies.sync_folder",
)


def quiet(message: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A warehouse of which most was deleted."""
    root = tmp_path_factory.mktemp("base") / "w"
    load_here(root, write_log(root.with_name("log.jsonl"), range(8000)))
    with open_reader(root) as reader:
        ((cut,),) = reader.rows("select start_at from usage order by start_at limit 1 offset 7700")
    delete(root, Which(None, cut), Author("ann", NOW), closed=(), tell=quiet)
    return root


@pytest.fixture
def root(base, tmp_path):
    return shutil.copytree(base, tmp_path / "w")


def order(root):
    with open_reader(root) as reader:
        return reader.rows("select record_key from usage")


def test_it_is_smaller_and_the_same(root, tmp_path):
    before, rows = state_of(root), order(root)
    size, free = room_inside(root, "usage", tell=quiet)
    assert 0 < free < size
    done = compact(root, "usage", now=NOW, tell=quiet)
    assert (done.before, done.after) == (size + 12288, (root / "usage.duckdb").stat().st_size)
    assert done.after < done.before - free // 2
    assert (state_of(root), order(root)) == (before, rows)
    assert rebuilt_state(root, tmp_path / "rebuilt") == before
    assert spool_of(root) == [] and is_free(root)
    load_here(root, write_log(tmp_path / "next.jsonl", range(8000, 8010)))
    # A second time there is nothing to gain, and the file stays.
    inode = (root / "usage.duckdb").stat().st_ino
    again = compact(root, "usage", now=NOW, tell=quiet)
    assert again.before == again.after or again.after < again.before
    assert (again.before != again.after) or (root / "usage.duckdb").stat().st_ino == inode


@pytest.mark.parametrize(
    "point", [POINTS[4], *(pytest.param(p, marks=pytest.mark.long) for p in (*POINTS[:4], POINTS[5]))]
)
def test_killed_at_any_moment_one_whole_file_is_there(point, base, root):
    with child(die_compacting, root, Trap(point)) as process:
        process.process.join(60)
        assert process.process.exitcode == -9
    assert is_free(root)
    assert state_of(root) == state_of(base)
    compact(root, "usage", now=NOW, tell=quiet)
    assert state_of(root) == state_of(base)
    assert spool_of(root) == []


def test_what_is_not_equal_does_not_take_its_place(root, base, monkeypatch):

    def differ(connection, name, values=None):
        if name == "catalog_of" and values == {"name": ANEW}:
            values = {"name": "memory"}
        return run(connection, name, values)

    monkeypatch.setattr("warehouse.compact.run", differ)
    with pytest.raises(WarehouseError, match="not equal to the old one"):
        compact(root, "usage", now=NOW, tell=quiet)
    assert state_of(root) == state_of(base)


def test_no_room_is_said_beforehand(root, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1 << 40, 1 << 40, 1 << 20))
    with pytest.raises(WarehouseUnwritable, match="writing the usage database anew takes"):
        compact(root, "usage", now=NOW, tell=quiet)


def test_the_command_says_bytes_before_and_after(root, tollbook: Tollbook):
    tollbook.warehouse = root
    (usage, state) = tollbook.rows("compact", "--dry-run")
    assert usage["free"] > 0 and state["database"] == "state"
    assert tollbook("compact") == 0 and "bytes after" in tollbook.out
