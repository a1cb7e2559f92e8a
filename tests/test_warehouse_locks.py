"""One writer or many readers: whoever waits is told for whom, and nobody waits for the dead."""

import errno
import gzip
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import portalocker
import pytest

import warehouse.connection
from tests.warehouse_child import NOW, Trap, hold_open
from tests.warehouse_state import child, is_free, load_here, loading, spool_of, state_of, write_log
from warehouse.connection import open_reader, open_staging, open_writer
from warehouse.errors import UnsafeFolder, WarehouseBusy
from warehouse.folder import Folder
from warehouse.locks import check_locks_work

HOLDING = Trap("before sql:insert_usage", signal=None, pause_s=60.0)
SLOW = Trap("before sql:insert_usage", signal=None, pause_s=1.5)


class Scene(NamedTuple):
    """A warehouse with one file in it, and two more logs."""

    root: Path
    one: Path
    two: Path


@pytest.fixture
def scene(tmp_path: Path, tmp_warehouse: Path) -> Scene:
    load_here(tmp_warehouse, write_log(tmp_path / "zero.jsonl", range(50)))
    one = write_log(tmp_path / "one.jsonl", range(40, 90))
    return Scene(tmp_warehouse, one, write_log(tmp_path / "two.jsonl", range(80, 140), rough=True))


@pytest.fixture
def messages() -> list[str]:
    return []


def wait_until_held(root: Path) -> None:
    """Until a writer stands in the warehouse."""
    gate = root / "usage.gate.lock"
    while "loading" not in gate.read_text():
        time.sleep(0.01)


def test_a_second_writer_waits_for_the_first_and_says_for_whom(scene, tmp_path):
    shutil.copytree(scene.root, tmp_path / "in turn")
    load_here(tmp_path / "in turn", scene.one, scene.two)
    with loading(scene.root, scene.one, trap=SLOW) as first:
        wait_until_held(scene.root)
        with loading(scene.root, scene.two) as second:
            one, two = first.outcome(), second.outcome()
            expected = f"waiting for process {first.pid} (loading one.jsonl) to finish with the usage database"
    assert one and two and [load.merged.loaded for load in one.loads + two.loads] == [40, 52]
    assert not any("waiting" in message for message in first.told)
    assert expected in second.told
    assert state_of(scene.root) == state_of(tmp_path / "in turn")


@pytest.mark.parametrize("again", [False, True])
def test_two_processes_that_load_one_file_store_its_rows_once(again, scene):
    with loading(scene.root, scene.one, trap=SLOW, again=again) as first:
        wait_until_held(scene.root)
        with loading(scene.root, scene.one, again=again) as second:
            one, two = first.outcome(), second.outcome()
    assert one and two
    assert one.loads[0].merged.loaded == 40
    assert (two.loads[0].merged.loaded, two.loads[0].note) == (0, None if again else "already loaded")
    with open_reader(scene.root) as reader:
        assert reader.row("select count(*), count(distinct record_key) from usage") == (90, 90)
    assert spool_of(scene.root) == []


def test_a_file_that_another_process_loaded_meanwhile_is_not_stored_again(scene):
    """Both have read it, and read of it in no manifest, before either stores it."""
    both_read = Trap("before call:warehouse.connection.open_writer", signal=None, pause_s=2.0)
    with (
        loading(scene.root, scene.one, trap=both_read) as first,
        loading(scene.root, scene.one, trap=both_read) as second,
    ):
        outcomes = [first.outcome(), second.outcome()]
    loads = sorted((outcome.loads[0].merged.loaded, outcome.loads[0].note or "") for outcome in outcomes if outcome)
    assert loads == [(0, "already loaded"), (40, "")]
    assert state_of(scene.root)["ingest_file"][0] == 2


def test_loads_at_the_same_time_leave_each_others_scratch_alone(scene):
    """Each sweeps what the dead left; the living hold a lock on theirs."""
    pause = Trap("after call:ingest.prepare.survey", signal=None, pause_s=1.0)
    packed = scene.one.with_suffix(".gz")
    packed.write_bytes(gzip.compress(scene.one.read_bytes()))
    with loading(scene.root, packed, trap=pause) as first:
        while not spool_of(scene.root):
            time.sleep(0.01)
        with loading(scene.root, scene.two) as second:
            outcomes = [second.outcome(), first.outcome()]
    loads = [outcome.loads[0] for outcome in outcomes if outcome]
    assert [load.error for load in loads] == [None, None]
    # Ten calls are in both files; which of the two brings them depends on who is done first.
    assert sum(load.merged.loaded for load in loads) == 92
    assert spool_of(scene.root) == []


def test_a_reader_that_waits_says_for_whom(scene, messages):
    with loading(scene.root, scene.one, trap=SLOW) as writer:
        wait_until_held(scene.root)
        with open_reader(scene.root, tell=messages.append) as reader:
            rows = reader.row("select count(*) from usage")
        assert writer.outcome() is not None
    assert messages == [f"waiting for process {writer.pid} (loading one.jsonl) to finish with the usage database"]
    assert rows == (90,)


def test_a_writer_that_waits_for_readers_says_so(scene):
    with loading(scene.root, scene.one) as writer:
        with open_reader(scene.root):
            assert writer.wait_for("waiting") == "waiting for readers to finish with the usage database"
        outcome = writer.outcome()
    assert outcome and outcome.loads[0].merged.loaded == 40


def test_no_new_reader_overtakes_a_writer_that_waits(scene, monkeypatch):
    """Else a few pollers keep every load out."""
    monkeypatch.setattr(warehouse.connection, "READ_WAIT_S", 0.3)
    with open_reader(scene.root), loading(scene.root, scene.one) as writer:
        writer.wait_for("waiting for readers")
        with pytest.raises(WarehouseBusy), open_reader(scene.root):
            pass


def test_waiting_ends_with_the_name_of_the_holder(scene, monkeypatch):
    monkeypatch.setattr(warehouse.connection, "READ_WAIT_S", 0.3)
    # It has read its log by the time that the other one holds the warehouse.
    late = Trap("before call:warehouse.connection.open_writer", signal=None, pause_s=1.5)
    with loading(scene.root, scene.two, trap=late, WRITE_WAIT_S=0.3) as second:
        second.wait_for("reading")
        with loading(scene.root, scene.one, trap=HOLDING) as writer:
            wait_until_held(scene.root)
            by = rf"usage database is held by process {writer.pid} \(loading one.jsonl\); gave up after 0 s"
            with pytest.raises(WarehouseBusy, match=by), open_reader(scene.root):
                pass
            outcome = second.outcome()
    assert outcome and re.match(f"WarehouseBusy: the {by}", outcome.error or "")


def test_the_locks_of_a_killed_process_are_free(scene, messages):
    with loading(scene.root, scene.one, trap=HOLDING) as writer:
        wait_until_held(scene.root)
        writer.process.kill()
        writer.process.join()
        with open_reader(scene.root, tell=messages.append) as reader:
            assert reader.row("select count(*) from usage") == (50,)
    assert is_free(scene.root)
    assert messages == []


def test_a_folder_whose_locks_do_not_work_is_refused(scene, monkeypatch):
    """Some network shares grant every lock."""
    monkeypatch.setattr(portalocker, "lock", lambda file, flags: None)
    before = scene.root.joinpath("usage.duckdb").read_bytes()
    with pytest.raises(UnsafeFolder, match="locks do not work"):
        load_here(scene.root, scene.one)
    assert scene.root.joinpath("usage.duckdb").read_bytes() == before
    with pytest.raises(UnsafeFolder), open_staging(Folder(scene.root)):
        pass


def test_a_folder_without_locks_is_refused_at_once(scene, monkeypatch):
    """Other shares grant none, which is not the same as a lock that somebody holds."""

    def refuse(file: object, flags: object) -> None:
        raise portalocker.LockException(OSError(errno.ENOLCK, "No locks available"))

    monkeypatch.setattr(portalocker, "lock", refuse)
    with pytest.raises(UnsafeFolder), open_reader(scene.root):
        pass
    with pytest.raises(UnsafeFolder):
        load_here(scene.root, scene.one)


def test_the_check_of_locks_may_run_many_times_at_once(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(check_locks_work, [tmp_path] * 400))
    assert list(tmp_path.iterdir()) == []


def test_one_database_does_not_wait_for_the_other(scene):
    folder = Folder(scene.root)
    with loading(scene.root, scene.one, trap=HOLDING), open_staging(folder) as staging:
        wait_until_held(scene.root)
        with open_writer(folder, "state", staging, purpose="saving", now=NOW, tell=pytest.fail):
            staging.execute("insert into audit values (now()::timestamp, 'a', 'b', null, null)")


def test_a_program_that_knows_no_turnstile_is_named(scene):
    """Such as a database browser."""
    with child(hold_open, scene.root / "usage.duckdb") as other:
        assert other.hear() == "open"
        with pytest.raises(WarehouseBusy, match=f"is held by .*PID {other.pid}"), open_reader(scene.root):
            pass
        with loading(scene.root, scene.one) as writer:
            outcome = writer.outcome()
    assert outcome and outcome.error and re.match(f"WarehouseBusy: .* is held by .*PID {other.pid}", outcome.error)


def test_processes_that_read_spill_apart(scene):
    """In one folder they destroy each other's; what a killed one left is swept by the next load."""
    with open_reader(scene.root) as reader:
        ((ours,),) = reader.rows("select current_setting('temp_directory')")
    left = scene.root / "spool" / "read-usage-0123456789abcdef-1"
    left.mkdir()
    (left / "spilt.tmp").write_bytes(b"rows")
    assert Path(ours).parent == left.parent and Path(ours).name.startswith("read-usage-")
    load_here(scene.root, scene.one)
    assert spool_of(scene.root) == []
