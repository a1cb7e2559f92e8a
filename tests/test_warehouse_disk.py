"""A full disk or a read-only folder ends a load with a clear message and the last good state; reading goes on."""

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import warehouse.connection
from tests.warehouse_child import NOW, Trap
from tests.warehouse_state import State, load_here, loading, spool_of, state_of, write_log
from warehouse.connection import open_reader, open_staging, open_writer
from warehouse.errors import WarehouseUnwritable
from warehouse.folder import Folder

KIB = 1024
LITTLE = (16, 32, 64, 256, 512, 1_024, 1_536, 1_792, 2_304, 2_560, 3_072, 4_096)
"""From no room for a name in a lock to all that is needed, in KiB."""
UNTOUCHED = "nothing was changed, the last good state is intact"
KEPT = "what was loaded is kept"


class Scene(NamedTuple):
    """A warehouse with one file in it, the next file, plain and packed, and the states before and after it."""

    base: Path
    log: Path
    packed: Path
    before: State
    after: State


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("scene")
    log = write_log(folder / "next.jsonl", range(300, 2_300), repeated=range(250, 300), rough=True)
    packed = folder / "next.jsonl.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    load_here(folder / "base", write_log(folder / "first.jsonl", range(300)))
    shutil.copytree(folder / "base", folder / "complete")
    load_here(folder / "complete", log)
    return Scene(folder / "base", log, packed, state_of(folder / "base"), state_of(folder / "complete"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MiB of its own; only root may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=0755", "tmpfs", str(disk)]
    mounted = shutil.which("mount") and subprocess.run(command, capture_output=True, text=True)
    if not mounted or mounted.returncode:
        why = mounted.stderr.strip() if mounted else "there is no mount"
        pytest.skip(f"no small disk to fill: mounting a tmpfs takes root ({why})")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def remount(disk: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", str(disk)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fill a disk up to so many free bytes."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    ballast.write_bytes(b"\0" * (free - left))
    return ballast


def error_of(root: Path, log: Path, trap: Trap | None = None, **settings: Any) -> str | None:
    """The message with which a load ends; None: it succeeds. It ends by itself, without a traceback."""
    with loading(root, log, trap=trap, **settings) as process:
        outcome = process.outcome()
    assert outcome is not None, "it ended without a word"
    return outcome.error


def assert_last_good_state(scene: Scene, root: Path, error: str) -> None:
    """The message is one plain line, and what it says of the state is so."""
    line = rf"WarehouseUnwritable: cannot write to {re.escape(str(root))}: [^\n]+; ({UNTOUCHED}|{KEPT})"
    assert re.fullmatch(line, error)
    assert state_of(root) == (scene.after if error.endswith(KEPT) else scene.before)
    assert spool_of(root) == []


def assert_loads(scene: Scene, root: Path, log: Path) -> None:
    load_here(root, log)
    # The manifest tells a packed file from a plain one.
    assert {**state_of(root), "ingest_file": 0} == {**scene.after, "ingest_file": 0}
    assert spool_of(root) == []


@pytest.mark.parametrize("left", [0, 2_048, *(pytest.param(left, marks=pytest.mark.long) for left in LITTLE)])
def test_a_load_onto_a_disk_with_little_room(left, scene, small_disk):
    root = small_disk / "warehouse"
    shutil.copytree(scene.base, root)
    ballast = fill(small_disk, left * KIB)
    error = error_of(root, scene.log)
    if left <= 64:
        assert error and error.endswith(UNTOUCHED)
    if error:
        assert "No space left on device" in error
        assert_last_good_state(scene, root, error)
    ballast.unlink()
    assert_loads(scene, root, scene.log)


def test_a_packed_log_that_does_not_fit_unpacked(scene, small_disk):
    root = small_disk / "warehouse"
    shutil.copytree(scene.base, root)
    ballast = fill(small_disk, 400 * KIB)
    error = error_of(root, scene.packed)
    assert error and "No space left on device" in error
    assert_last_good_state(scene, root, error)
    ballast.unlink()
    assert_loads(scene, root, scene.packed)


def test_a_load_whose_scratch_does_not_fit(small_disk, monkeypatch):
    """More rows than memory may hold are spilt."""
    monkeypatch.setattr(warehouse.connection, "WRITER_MEMORY", "60MB")
    root = small_disk / "warehouse"
    root.mkdir()
    fill(small_disk, 2_048 * KIB)
    with pytest.raises(WarehouseUnwritable, match=rf"no room for scratch files \(.+\); {UNTOUCHED}"):
        with open_staging(Folder(root)) as staging:
            staging.execute("create temp table rows as select hash(range)::varchar || range from range(6000000)")
    assert spool_of(root) == []


def test_a_database_whose_disk_is_full_is_let_go(small_disk):
    """It does not detach, and must not stay open behind the back of those who are let in next."""
    folder = Folder(small_disk / "warehouse")
    with open_staging(folder) as staging:
        with open_writer(folder, "usage", staging, purpose="making it", now=NOW):
            pass
        with pytest.raises(WarehouseUnwritable, match=KEPT):
            with open_writer(folder, "usage", staging, purpose="filling it", now=NOW):
                staging.execute("insert into meta select range, repeat('x', 100) from range(50000)")
                fill(small_disk, 0)
        with open_reader(folder.root) as reader:
            assert reader.row("select count(*) from meta") == (50_000,)


def test_a_first_load_onto_a_full_disk(scene, small_disk):
    root = small_disk / "warehouse"
    ballast = fill(small_disk, 0)
    error = error_of(root, scene.log)
    assert error and "No space left on device" in error
    assert state_of(root) == {}
    ballast.unlink()
    load_here(root, scene.log)
    assert state_of(root)["usage"][0] == 2_052
    assert [path.name for path in root.glob("tollbook*")] == ["tollbook.toml"]


@pytest.mark.parametrize(
    ("point", "more", "ending"),
    [
        ("before sql:insert_usage", 0, UNTOUCHED),
        ("before commit", 0, UNTOUCHED),
        ("before statement:checkpoint", 0, KEPT),
        pytest.param("before statement:checkpoint", 100 * KIB, KEPT, marks=pytest.mark.long),
        pytest.param("before sql:build_usage_hour", 0, UNTOUCHED, marks=pytest.mark.long),
    ],
)
def test_files_that_may_not_grow(point, more, ending, scene, tmp_warehouse):
    """The same without root: from a point of the load on, no file may grow past a size."""
    root = shutil.copytree(scene.base, tmp_warehouse)
    # The log that a commit writes is a file as well, and a small one.
    size = (root / "usage.duckdb").stat().st_size + more if "checkpoint" in point else 4 * KIB
    error = error_of(root, scene.log, Trap(point, file_limit=size))
    assert error and error.endswith(ending) and "File too large" in error
    assert_last_good_state(scene, root, error)
    assert_loads(scene, root, scene.log)


def test_a_read_only_folder_is_read_and_not_written(scene, small_disk):
    root = small_disk / "warehouse"
    shutil.copytree(scene.base, root)
    remount(small_disk, "ro")
    assert state_of(root) == scene.before
    with pytest.raises(WarehouseUnwritable, match=f"Read-only file system; {UNTOUCHED}"):
        load_here(root, scene.log)
    with open_reader(root):
        assert state_of(root) == scene.before, "many may read at a time"
    remount(small_disk, "rw")
    assert_loads(scene, root, scene.log)


def test_a_folder_without_permission_is_read_and_not_written(scene, tmp_warehouse):
    if os.geteuid() == 0:
        pytest.skip("root may write in any folder; a read-only mount is tested instead")
    root = shutil.copytree(scene.base, tmp_warehouse)
    places = [root, root / "spool", *root.glob("*.*")]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    try:
        assert state_of(root) == scene.before
        with pytest.raises(WarehouseUnwritable, match=f"Permission denied; {UNTOUCHED}"):
            load_here(root, scene.log)
    finally:
        for place in places:
            place.chmod(0o755 if place.is_dir() else 0o644)
    assert_loads(scene, root, scene.log)


def test_a_log_left_by_a_killed_load_is_read_in_a_read_only_folder(scene, small_disk):
    """Its last commit is in the database's log, which a reader replays without writing."""
    root = small_disk / "warehouse"
    shutil.copytree(scene.base, root)
    with loading(root, scene.log, trap=Trap("before statement:checkpoint")) as process:
        assert process.outcome() is None
    remount(small_disk, "ro")
    assert state_of(root) == scene.after


def test_a_log_that_cannot_be_read_is_not_the_warehouses_fault(scene, tmp_warehouse, tmp_path):
    """Such a file is reported as such, and the next one is loaded."""
    (tmp_path / "folder").mkdir()
    missing, folder, loaded = load_here(tmp_warehouse, tmp_path / "missing", tmp_path / "folder", scene.log)
    assert missing.error and "No such file" in missing.error
    assert folder.error and "Is a directory" in folder.error
    assert loaded.error is None and loaded.merged.loaded == 2_052
