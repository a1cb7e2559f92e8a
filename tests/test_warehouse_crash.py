"""A load that dies, at any moment, leaves the warehouse as it was or complete; the next load makes it complete."""

import os
import random
import shutil
import signal
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.warehouse_child import Trap, be_interrupted
from tests.warehouse_state import (
    Child,
    State,
    child,
    is_free,
    load_here,
    loading,
    rebuilt_state,
    spool_of,
    state_of,
    write_log,
)
from warehouse.connection import open_reader

SOME = (
    "after call:ingest.prepare.survey",
    "before call:warehouse.batch.add_readings",
    "after sql:insert_usage",
    "before commit",
    "after statement:checkpoint",
)
OTHERS = (
    "after call:warehouse.batch.normalise",
    "after sql:drop_replaced",
    "after sql:build_task_rate",
    "after commit",
    "before call:ingest.prepare.survey",
    "before call:ingest.stage.stage_file",
    "after call:warehouse.batch.stage_lines",
    "after call:warehouse.batch.add_problems",
    "before call:warehouse.batch.normalise",
    "after call:warehouse.locks.check_locks_work",
    "after statement:attach",
    "before call:warehouse.migrate.migrate",
    "before call:warehouse.rates.sync_rates",
    "after call:warehouse.rates.sync_rates",
    "after sql:drop_batch_repeats",
    "after sql:repeats",
    "before sql:insert_usage",
    "before sql:touched_hours",
    "after sql:forget_hours",
    "after sql:build_usage_hour",
    "after sql:build_usage_day",
    "after sql:build_usage_day_detail",
    "after sql:forget_tasks",
    "after sql:build_task_cost",
    "after sql:build_dimension_value",
    "after sql:keep_rejects",
    "before sql:keep_file",
    "before statement:checkpoint",
    "before statement:detach",
    "after statement:detach",
)
FIRST_LOAD = (
    ("after call:warehouse.rates.read_cards", 1),
    # The state database comes first, then usage: each is made aside, and opened once it is there.
    *((point, nth) for point in ("after statement:attach", "after sql:create_migration_table") for nth in (1, 3)),
    *((point, nth) for point in ("after statement:checkpoint", "after statement:detach") for nth in (1, 2, 3)),
    *((f"{when} commit", nth) for nth in (1, 2, 3) for when in ("before", "after")),
    ("before call:warehouse.rates._store_sellers", 1),
    ("after sql:insert_usage", 1),
)
COMMITTED = {
    "after commit",
    "before statement:checkpoint",
    "after statement:checkpoint",
    "before statement:detach",
    "after statement:detach",
}
long = pytest.mark.long


class Scene(NamedTuple):
    """A warehouse with one file in it, and the next file: its rows, repeats and rejects touch all there is."""

    base: Path
    log: Path
    before: State
    after: State

    def copy(self, to: Path) -> Path:
        """The warehouse before the load, at a place of its own."""
        return shutil.copytree(self.base, to)


def make_scene(folder: Path, calls: int) -> Scene:
    log = write_log(folder / "next.jsonl", range(300, 300 + calls), repeated=range(250, 300), rough=True)
    load_here(folder / "base", write_log(folder / "first.jsonl", range(300)))
    shutil.copytree(folder / "base", folder / "complete")
    load_here(folder / "complete", log)
    return Scene(folder / "base", log, state_of(folder / "base"), state_of(folder / "complete"))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return make_scene(tmp_path_factory.mktemp("scene"), calls=300)


@pytest.fixture(scope="module")
def large_scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """One whose checkpoint writes a megabyte."""
    return make_scene(tmp_path_factory.mktemp("large"), calls=12_000)


def assert_whole(scene: Scene, root: Path, found: State) -> None:
    """``found`` is one of the two states, nobody holds a lock, and loading the file ends in the second state.

    Both states hold rollups that a full rebuild makes, by a test of their own.
    """
    assert found in (scene.before, scene.after)
    assert is_free(root)
    first, again = load_here(root, scene.log), load_here(root, scene.log)
    assert first[0].note == ("already loaded" if found == scene.after else None)
    assert again[0].note == "already loaded"
    assert state_of(root) == scene.after
    load_here(root, write_log(root.with_name("third.jsonl"), range(3)))
    assert spool_of(root) == [], "the next file that is read sweeps what the dead left"


def assert_killed(process: Child, by: int = signal.SIGKILL) -> None:
    assert process.outcome() is None, "the load ended: its trap was never reached"
    assert process.process.exitcode == -by


def test_the_next_file_touches_everything(scene):
    """Else a kill proves nothing: rows are new, replaced, already there and rejected; rollups change."""
    assert scene.before.keys() == scene.after.keys() - {"reject"}
    assert all(scene.before[name] != scene.after[name] for name in scene.before)
    loaded = scene.after["usage"][0] - scene.before["usage"][0]
    assert loaded == 302 and scene.after["reject"][0] == 2


def test_the_rollups_of_either_state_are_those_of_a_full_rebuild(scene, tmp_path):
    assert rebuilt_state(scene.base, tmp_path / "before") == scene.before
    assert rebuilt_state(scene.base.with_name("complete"), tmp_path / "after") == scene.after


@pytest.mark.parametrize("point", [*SOME, *(pytest.param(point, marks=long) for point in OTHERS)])
def test_a_load_killed_at(point, scene, tmp_warehouse):
    root = scene.copy(tmp_warehouse)
    with loading(root, scene.log, trap=Trap(point)) as process:
        assert_killed(process)
    found = state_of(root)
    assert found == (scene.after if point in COMMITTED else scene.before)
    assert_whole(scene, root, found)


@pytest.mark.parametrize(
    ("point", "nth"), [("before commit", 2), *(pytest.param(*point, marks=long) for point in FIRST_LOAD)]
)
def test_a_first_load_killed_at(point, nth, scene, tmp_warehouse, tmp_path):
    """There is no warehouse yet: the load makes it, and what it made so far is never in the way."""
    root = tmp_warehouse
    with loading(root, scene.log, trap=Trap(point, nth)) as process:
        assert_killed(process)
    found = state_of(root)
    (tmp_path / "complete").mkdir()
    # Users are hashed with a salt of each warehouse's own.
    shutil.copy(root / "tollbook.toml", tmp_path / "complete")
    load_here(tmp_path / "complete", scene.log)
    assert_whole(scene._replace(before={}, after=state_of(tmp_path / "complete")), root, found)


@long
@pytest.mark.parametrize("part", range(6))
def test_a_load_killed_in_the_middle_of_a_write_of_its_checkpoint(part, large_scene, tmp_warehouse):
    root = large_scene.copy(tmp_warehouse)
    limit = (root / "usage.duckdb").stat().st_size + part * 40_000 - 20_000
    trap = Trap("before statement:checkpoint", file_limit=limit, dies_of_it=True)
    with loading(root, large_scene.log, trap=trap) as process:
        assert_killed(process, signal.SIGXFSZ)
    found = state_of(root)
    assert found == large_scene.after
    assert_whole(large_scene, root, found)


@long
@pytest.mark.parametrize("seed", range(8))
def test_a_load_killed_at_any_moment(seed, large_scene, tmp_warehouse):
    root = large_scene.copy(tmp_warehouse)
    with loading(root, large_scene.log) as process:
        process.wait_for("reading")
        process.process.join(random.Random(seed).uniform(0.0, 1.2))
        process.process.kill()
        process.process.join()
    assert_whole(large_scene, root, state_of(root))


def test_a_load_killed_while_it_waits(scene, tmp_warehouse):
    root = scene.copy(tmp_warehouse)
    with open_reader(root), loading(root, scene.log) as process:
        process.wait_for("waiting for readers")
        process.process.kill()
        assert_killed(process)
    found = state_of(root)
    assert found == scene.before
    assert_whole(scene, root, found)


@pytest.mark.parametrize(
    "trap",
    [
        Trap("before call:warehouse.batch.normalise", signal=signal.SIGINT),
        Trap("before sql:insert_usage", signal=signal.SIGINT, after_s=0.002),
        Trap("after sql:build_task_rate", signal=signal.SIGINT),
        pytest.param(Trap("before sql:keep_file", signal=signal.SIGINT), marks=long),
        pytest.param(Trap("before call:warehouse.batch.add_readings", signal=signal.SIGINT), marks=long),
    ],
    ids=lambda trap: trap.point,
)
def test_ctrl_c_leaves_the_warehouse_as_it_was(trap, scene, tmp_warehouse):
    root = scene.copy(tmp_warehouse)
    with loading(root, scene.log, trap=trap) as process:
        outcome = process.outcome()
    assert outcome is not None and outcome.interrupted
    assert spool_of(root) == [], "what is interrupted tidies up"
    found = state_of(root)
    assert found == scene.before
    assert_whole(scene, root, found)


def test_ctrl_c_while_it_waits(scene, tmp_warehouse):
    root = scene.copy(tmp_warehouse)
    with open_reader(root), loading(root, scene.log) as process:
        process.wait_for("waiting for readers")
        os.kill(process.pid, signal.SIGINT)
        outcome = process.outcome()
    assert outcome is not None and outcome.interrupted
    assert spool_of(root) == []
    assert state_of(root) == scene.before


@pytest.mark.parametrize("writing", [False, True], ids=["reading", "writing"])
def test_ctrl_c_during_a_long_statement_ends_it_at_once(writing, scene, tmp_warehouse):
    """At any point of it, without waiting for what still runs in the database's own threads."""
    root = scene.copy(tmp_warehouse)
    for number in range(12):
        with child(be_interrupted, root, number * 0.015, writing) as process:
            assert process.hear() == "interrupted"
            process.process.join(10)
            assert process.process.exitcode == 0
    assert state_of(root) == scene.before
    assert is_free(root) and spool_of(root) == []
