"""A warehouse of an older version is brought up to date by whoever reads it first, and keeps what it holds."""

import json
import shutil
from datetime import datetime

import pytest

from tests.tollbook_command import Tollbook
from warehouse import migrate
from warehouse.backup import make_backup
from warehouse.connection import open_reader, open_staging, open_writer
from warehouse.errors import WarehouseOld, WarehouseUnwritable
from warehouse.folder import Folder
from warehouse.restore import restore
from warehouse.sqlfiles import migrations
from warehouse.upgrade import bring_up_to_date

NOW = datetime(2026, 11, 22)


def quiet(message):
    """Nobody listens."""


@pytest.fixture
def old(tmp_path, monkeypatch):
    """A warehouse whose databases have seen their first migration alone."""
    folder = Folder(tmp_path / "warehouse")
    folder.create()
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "migrations", lambda database: migrations(database)[:1])
        for database in ("usage", "state"):
            with open_staging(folder) as staging, open_writer(folder, database, staging, purpose="test", now=NOW):
                pass
    return folder.root


def test_reading_says_that_it_is_old(old):
    with pytest.raises(WarehouseOld), open_reader(old):
        pass


def test_it_is_brought_up_to_date_once(old):
    assert bring_up_to_date(old, now=NOW, tell=quiet) == ["usage", "state"]
    assert bring_up_to_date(old, now=NOW, tell=quiet) == []
    with open_reader(old) as reader:
        assert migrate.pending(reader.connection, "usage") == []


def test_a_command_does_it_and_goes_on(old, tollbook: Tollbook):
    tollbook.warehouse = old
    assert tollbook("tasks", "--json") == 0, tollbook.err
    assert json.loads(tollbook.out)["rows"] == []
    assert tollbook.err.count("bringing it up to date") == 2
    assert tollbook.err.count("database as it was is kept as") == 2
    assert tollbook("evaluations", "--json") == 0
    assert "up to date" not in tollbook.err


def test_a_copy_from_before_is_kept_and_only_the_newest_three(old):
    was = (old / "usage.duckdb").read_bytes()
    backups = old / "backups"
    backups.mkdir()
    for day in range(10, 14):
        (backups / f"usage-before-upgrade-202611{day}T000000Z.duckdb").touch()
    told: list[str] = []
    bring_up_to_date(old, now=NOW, tell=told.append)
    kept = sorted(path.name for path in backups.iterdir())
    assert kept == [
        "state-before-upgrade-20261122T000000Z.duckdb",
        "usage-before-upgrade-20261112T000000Z.duckdb",
        "usage-before-upgrade-20261113T000000Z.duckdb",
        "usage-before-upgrade-20261122T000000Z.duckdb",
    ]
    assert (backups / kept[3]).read_bytes() == was
    assert any(kept[3] in message for message in told)
    assert (backups / kept[3]).stat().st_mode & 0o777 == 0o600


def test_the_copy_just_made_stays_by_a_clock_that_is_behind_and_what_was_cut_off_goes(old):
    backups = old / "backups"
    backups.mkdir()
    for day in range(24, 27):
        (backups / f"usage-before-upgrade-202611{day}T000000Z.duckdb").touch()
    for end in ("draft", "draft.wal"):
        (backups / f"usage-before-upgrade-20261101T000000Z.{end}").touch()
    bring_up_to_date(old, now=NOW, tell=quiet)
    assert sorted(path.name for path in backups.glob("usage-*")) == [
        f"usage-before-upgrade-202611{day}T000000Z.duckdb" for day in (22, 25, 26)
    ]


def test_a_writer_keeps_one_too(old):
    with open_staging(Folder(old)) as staging, open_writer(Folder(old), "state", staging, purpose="test", now=NOW):
        pass
    assert [path.name for path in (old / "backups").iterdir()] == ["state-before-upgrade-20261122T000000Z.duckdb"]


def test_without_room_for_the_copy_nothing_is_upgraded(old, monkeypatch):
    was = (old / "usage.duckdb").read_bytes()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1 << 40, 1 << 40, 1 << 20))
    with pytest.raises(WarehouseUnwritable, match="the copy that is kept before an upgrade takes"):
        bring_up_to_date(old, now=NOW, tell=quiet)
    assert (old / "usage.duckdb").read_bytes() == was


def test_a_backup_of_an_older_one_is_restored_and_brought_up_to_date(old, tmp_path):
    made = make_backup(old, tmp_path / "old.tar.zst", now=NOW, tell=quiet)
    done = restore(made.path, tmp_path / "new", force=False, now=NOW, tell=quiet)
    assert done.upgraded == ("usage", "state")
    with open_reader(tmp_path / "new") as reader:
        assert reader.rows("select * from usage") == []


def test_where_it_cannot_be_written_it_says_so(old, monkeypatch):
    def refuse(self):
        raise WarehouseUnwritable(old, "read-only")

    monkeypatch.setattr(Folder, "scratch", refuse)
    with pytest.raises(WarehouseUnwritable, match="read-only"):
        bring_up_to_date(old, now=NOW, tell=quiet)
