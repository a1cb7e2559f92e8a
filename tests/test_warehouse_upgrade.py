"""A warehouse of an older version is brought up to date by whoever reads it first, and keeps what it holds."""

import json
from datetime import datetime

import pytest

from tests.tollbook_command import Tollbook
from warehouse import migrate
from warehouse.connection import open_reader, open_staging, open_writer
from warehouse.errors import WarehouseOld, WarehouseUnwritable
from warehouse.folder import Folder
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
    assert tollbook("evaluations", "--json") == 0
    assert "up to date" not in tollbook.err


def test_where_it_cannot_be_written_it_says_so(old, monkeypatch):
    def refuse(self):
        raise WarehouseUnwritable(old, "read-only")

    monkeypatch.setattr(Folder, "scratch", refuse)
    with pytest.raises(WarehouseUnwritable, match="read-only"):
        bring_up_to_date(old, now=NOW, tell=quiet)
