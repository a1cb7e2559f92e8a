"""A backup is one state, whole and checked; a restore puts exactly that in place, and keeps what stood there."""

import fcntl
import json
import shutil
import tarfile
from datetime import datetime
from pathlib import Path

import pytest
import zstandard

from ingest.heartbeat import Heartbeat
from tests.tollbook_command import Tollbook
from tests.warehouse_child import Trap
from tests.warehouse_state import child, is_free, load_here, loading, spool_of, state_of, write_log
from warehouse import backup as module
from warehouse.backup import make_backup
from warehouse.backup_form import MANIFEST
from warehouse.connection import open_reader
from warehouse.copies import log_of
from warehouse.errors import WarehouseError, WarehouseMissing, WarehouseUnwritable
from warehouse.folder import Folder
from warehouse.restore import check_backup, restore

NOW = datetime(2026, 11, 22, 9, 30)


def quiet(message: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A warehouse with a card of its own and a segment that waits; and a backup of it."""
    folder = tmp_path_factory.mktemp("base")
    root = folder / "w"
    load_here(root, write_log(folder / "first.jsonl", range(90)))
    (root / "rate_cards").mkdir()
    (root / "rate_cards" / "own.yaml").write_text("seller: own\n", encoding="utf-8")
    (root / "received" / "otlp").mkdir(parents=True)
    (root / "received" / "otlp" / "segment").write_text("a line\n", encoding="utf-8")
    make_backup(root, folder / "kept.tar.zst", now=NOW, tell=quiet)
    return folder


@pytest.fixture
def root(base, tmp_path):
    return shutil.copytree(base / "w", tmp_path / "w")


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


KEPT = {"state.duckdb", "usage.duckdb", "tollbook.toml", "rate_cards/own.yaml", "received/otlp/segment"}


def test_an_archive_and_a_folder_hold_the_same(root, tmp_path, base):
    made = make_backup(root, tmp_path / "folder", now=NOW, tell=quiet)
    assert names_in(made.path) == KEPT | {MANIFEST}
    assert check_backup(made.path).files.keys() == check_backup(base / "kept.tar.zst").files.keys()
    assert made.manifest.databases["usage"].rows["usage"] == 90
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []
    assert (base / "kept.tar.zst").stat().st_mode & 0o777 == 0o600
    assert made.path.stat().st_mode & 0o777 == 0o700


def test_a_restored_warehouse_is_the_one_that_was_backed_up_and_loads_go_on(base, tmp_path):
    root = tmp_path / "new" / "w"
    done = restore(base / "kept.tar.zst", root, force=False, now=NOW, tell=quiet)
    assert (done.aside, done.upgraded) == (None, ())
    assert state_of(root) == state_of(base / "w")
    assert Folder(root).settings() == Folder(base / "w").settings()
    assert spool_of(root) == []
    assert (root / "received" / "otlp" / "segment").read_text() == "a line\n"
    (again,) = load_here(root, base / "first.jsonl")
    assert again.note == "already loaded"


def test_what_stood_there_is_kept(base, root):
    (root / "tollbook.toml").write_text("salt = 'another'\n", encoding="utf-8")
    before = state_of(root)
    with pytest.raises(WarehouseError, match="--force puts it aside"):
        restore(base / "kept.tar.zst", root, force=False, now=NOW, tell=quiet)
    log_of(root / "usage.duckdb").touch()
    done = restore(base / "kept.tar.zst", root, force=True, now=NOW, tell=quiet)
    assert state_of(root) == state_of(base / "w")
    assert Folder(root).settings() == Folder(base / "w").settings()
    assert done.aside and names_in(done.aside) == KEPT | {"usage.duckdb.wal"}
    log_of(done.aside / "usage.duckdb").unlink()
    assert state_of(done.aside) == before
    assert is_free(root)


def test_a_backup_while_a_load_runs_is_the_state_before_or_after(root, base, tmp_path):
    log = write_log(tmp_path / "next.jsonl", range(90, 150))
    trap = Trap("before sql:insert_usage", signal=None, pause_s=1.0)
    with loading(root, log, trap=trap) as process:
        process.wait_for("reading")
        made = make_backup(root, tmp_path / "meanwhile", now=NOW, tell=quiet)
        outcome = process.outcome()
    assert outcome is not None and outcome.error is None
    assert made.manifest.databases["usage"].rows["usage"] in (90, 150)
    restore(made.path, tmp_path / "there", force=False, now=NOW, tell=quiet)
    assert state_of(tmp_path / "there") in (state_of(base / "w"), state_of(root))


def test_the_log_that_a_crash_left_is_in_the_backup(root, base, tmp_path):
    """Killed after the commit and before the checkpoint: the rows are in the log beside the file."""
    log = write_log(tmp_path / "next.jsonl", range(90, 150))
    with loading(root, log, trap=Trap("before statement:checkpoint")) as process:
        assert process.outcome() is None
    assert log_of(root / "usage.duckdb").stat().st_size > 0
    made = make_backup(root, tmp_path / "after", now=NOW, tell=quiet)
    assert made.manifest.databases["usage"].rows["usage"] == 150
    assert names_in(made.path) == KEPT | {MANIFEST}


@pytest.mark.parametrize("damage", ["cut", "byte", "file", "missing", "newer", "path", "link", "none"])
def test_a_damaged_backup_is_refused_and_changes_nothing(damage, base, root, tmp_path):
    before = state_of(root)
    with pytest.raises(WarehouseError, match=DAMAGE[damage]):
        restore(damaged(damage, base / "kept.tar.zst", tmp_path), root, force=True, now=NOW, tell=quiet)
    assert state_of(root) == before
    assert not list(root.glob("replaced-*")) and not (tmp_path / "outside").exists()


DAMAGE = {
    "cut": "is damaged",
    "byte": "damaged",
    "file": "tollbook.toml is not what its backup.json says",
    "missing": "rate_cards/own.yaml is missing",
    "newer": "made by a newer Tollbook",
    "path": "is no name of a file in a warehouse",
    "link": "is no plain file",
    "none": "no such backup",
}


def damaged(damage: str, archive: Path, tmp_path: Path) -> Path:
    bad = tmp_path / "bad.tar.zst"
    content = archive.read_bytes()
    if damage == "cut":
        bad.write_bytes(content[: len(content) // 2])
    elif damage == "byte":
        bad.write_bytes(content[:20000] + bytes([content[20000] ^ 255]) + content[20001:])
    elif damage != "none":
        folder = tmp_path / "bad"
        with zstandard.open(archive, "rb") as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
            tar.extractall(folder, filter="data")
        _edit(folder, damage)
        bad = folder
        if damage == "link":
            bad = tmp_path / "linked.tar.zst"
            with zstandard.open(bad, "wb") as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
                tar.add(folder / MANIFEST, MANIFEST)
                link = tarfile.TarInfo("tollbook.toml")
                link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
                tar.addfile(link)
    return bad


def _edit(folder: Path, damage: str) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    if damage == "file":
        (folder / "tollbook.toml").write_bytes((folder / "tollbook.toml").read_bytes()[:-1] + b"#")
    elif damage == "missing":
        (folder / "rate_cards" / "own.yaml").unlink()
    elif damage == "newer":
        manifest["databases"]["usage"]["migrations"].append("2099_01_01_unheard_of")
    elif damage == "path":
        manifest["files"]["../outside"] = manifest["files"]["tollbook.toml"]
    (folder / MANIFEST).write_text(json.dumps(manifest))


def kill_between_renames(answers, source: Path, root: Path, nth: int) -> None:
    """Restore, and die before the nth file changes its place."""
    import os
    import signal

    from warehouse.restore import restore

    real, passed = Path.rename, []

    def rename(self: Path, target: Path) -> Path:
        passed.append(target)
        if len(passed) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, target)

    setattr(Path, "rename", rename)  # noqa: B010 - it takes the place of a method
    restore(source, root, force=True, now=NOW, tell=quiet)
    answers.send("restored")


@pytest.mark.parametrize("nth", [4, *(pytest.param(n, marks=pytest.mark.long) for n in (1, 2, 3, 5, 6, 7, 8, 9, 10))])
def test_a_restore_that_is_killed_is_finished_by_the_next(nth, base, root):
    load_here(root, write_log(root.with_name("more.jsonl"), range(90, 100)))
    with child(kill_between_renames, base / "kept.tar.zst", root, nth) as process:
        process.process.join(60)
        assert process.process.exitcode == -9
    assert is_free(root)
    for database in ("usage", "state"):
        with pytest.raises(WarehouseError, match="a restore into .* was cut off"), open_reader(root, database):
            pass
    restore(base / "kept.tar.zst", root, force=False, now=NOW, tell=quiet)
    assert state_of(root) == state_of(base / "w")
    kept = [path for path in root.glob("replaced-*/usage.duckdb")]
    assert kept, "what stood there is still there"


def test_no_room_is_said_beforehand(root, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1 << 40, 1 << 40, 1 << 20))
    with pytest.raises(WarehouseUnwritable, match="the backup takes"):
        make_backup(root, tmp_path / "b.tar.zst", now=NOW, tell=quiet)
    assert not list(tmp_path.glob("*b.tar.zst*"))


def test_a_backup_that_fails_leaves_nothing(root, tmp_path, monkeypatch):
    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "pack", fail)
    with pytest.raises(WarehouseUnwritable, match="No space left"):
        make_backup(root, tmp_path / "b.tar.zst", now=NOW, tell=quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["w"]


def test_what_a_killed_backup_left_is_swept_and_one_under_way_is_not(root, tmp_path):
    for name in ("dead", "alive"):
        draft = tmp_path / f".tollbook-backup-{name}.partial"
        (draft / "files").mkdir(parents=True)
        (draft / "claim").touch()
    with (tmp_path / ".tollbook-backup-alive.partial" / "claim").open("a+") as claim:
        fcntl.flock(claim, fcntl.LOCK_EX)
        make_backup(root, tmp_path / "b.tar.zst", now=NOW, tell=quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".tollbook-backup-alive.partial", "b.tar.zst", "w"]


def kill_packing(answers, root: Path, to: Path) -> None:
    """Back up, and die when the files are copied."""
    import os
    import signal

    setattr(module, "pack", lambda *given: os.kill(os.getpid(), signal.SIGKILL))  # noqa: B010 - it dies there
    make_backup(root, to, now=NOW, tell=quiet)


@pytest.mark.long
def test_a_killed_backup_is_none_and_the_next_one_sweeps(root, tmp_path):
    with child(kill_packing, root, tmp_path / "b.tar.zst") as process:
        process.process.join(60)
        assert process.process.exitcode == -9
    assert len(list(tmp_path.glob(".tollbook-backup-*.partial"))) == 1 and not (tmp_path / "b.tar.zst").exists()
    make_backup(root, tmp_path / "b.tar.zst", now=NOW, tell=quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.zst", "w"]


def test_cards_that_are_linked_into_the_warehouse_are_in_the_backup(root, tmp_path):
    """Prices hang on them."""
    (tmp_path / "team.yaml").write_text("seller: team\n", encoding="utf-8")
    (root / "rate_cards" / "team.yaml").symlink_to(tmp_path / "team.yaml")
    made = make_backup(root, tmp_path / "folder", now=NOW, tell=quiet)
    assert (made.path / "rate_cards" / "team.yaml").read_text(encoding="utf-8") == "seller: team\n"


def test_a_restore_waits_for_those_who_load_by_themselves(base, root):
    """A watch or a receiver would go on with what was moved aside."""
    before = state_of(root)
    heartbeat = Heartbeat(root, "watch", ["/var/log/llm"], now=NOW)
    with pytest.raises(WarehouseError, match=r"tollbook watch /var/log/llm \(process \d+\) .* stop that, restore"):
        restore(base / "kept.tar.zst", root, force=True, now=NOW, tell=quiet)
    heartbeat.path.unlink()
    with pytest.raises(WarehouseError, match=r"the process that holds .*watch.*lock"):
        restore(base / "kept.tar.zst", root, force=True, now=NOW, tell=quiet)
    assert state_of(root) == before and not list(root.glob("replaced-*"))
    heartbeat.ended(NOW)
    assert restore(base / "kept.tar.zst", root, force=True, now=NOW, tell=quiet).aside


def test_a_restore_does_not_change_files_under_a_load_that_has_begun(base, root):
    """It knows by their numbers the files that were loaded here; the backup's are others."""
    with Folder(root).scratch(), pytest.raises(WarehouseError, match="something is loaded into"):
        restore(base / "kept.tar.zst", root, force=True, now=NOW, tell=quiet)
    assert not Folder(root).restoring.exists() and not list(root.glob("replaced-*"))
    restore(base / "kept.tar.zst", root, force=True, now=NOW, tell=quiet)


def test_the_commands_say_what_they_did(root, tmp_path, tollbook: Tollbook):
    tollbook.warehouse = root
    made = tollbook.json("backup", tmp_path)
    assert Path(made["path"]).parent == tmp_path and made["records"] == 90
    assert tollbook("backup", made["path"]) == 2 and "is there already" in tollbook.err
    assert tollbook("restore", made["path"], "--dry-run") == 0 and "is whole: of" in tollbook.err
    assert tollbook("restore", made["path"]) == 2
    assert tollbook.json("restore", made["path"], "--force")["aside"]
    tollbook.warehouse = tmp_path / "nothing"
    assert tollbook("backup") == 2 and "there is no warehouse" in tollbook.err
    with pytest.raises(WarehouseMissing):
        make_backup(tmp_path, None, now=NOW, tell=quiet)
