"""Schema changes: each once, each whole, and never back."""

from datetime import datetime

import duckdb
import pytest

from warehouse import migrate as module
from warehouse.errors import WarehouseError
from warehouse.migrate import applied_names, migrate, pending
from warehouse.sqlfiles import migrations

NOW, LATER = datetime(2026, 11, 22), datetime(2026, 12, 1)
FIRST = ("2026_11_22_first", "create table one (a integer); insert into one values (1);")
SECOND = ("2026_12_01_second", "alter table one add column b integer; update one set b = a + 1;")
BROKEN = ("2026_12_02_broken", "create table two (a integer); insert into one values (5, 5); select no_such_column;")


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def set_list(monkeypatch, *found: tuple[str, str]) -> None:
    monkeypatch.setattr(module, "migrations", lambda database: list(found))


@pytest.mark.parametrize("database", ["usage", "state"])
def test_a_new_database_gets_every_migration_once(connection, database):
    names = [name for name, _ in migrations(database)]
    assert names == sorted(names)
    assert migrate(connection, database, now=NOW) == names
    assert migrate(connection, database, now=LATER) == []
    assert applied_names(connection) == set(names)
    assert {at for (at,) in connection.execute("select applied_at from migration").fetchall()} == {NOW}


def test_what_is_new_is_applied_in_order_to_what_is_there(connection, monkeypatch):
    set_list(monkeypatch, FIRST)
    migrate(connection, "usage", now=NOW)
    set_list(monkeypatch, FIRST, SECOND)
    assert pending(connection, "usage") == [SECOND[0]]
    assert migrate(connection, "usage", now=LATER) == [SECOND[0]]
    assert connection.execute("from one").fetchall() == [(1, 2)]
    assert connection.execute("from migration order by all").fetchall() == [(FIRST[0], NOW), (SECOND[0], LATER)]


def test_a_failing_migration_leaves_the_former_state(connection, monkeypatch):
    set_list(monkeypatch, FIRST, SECOND, BROKEN)
    with pytest.raises(duckdb.BinderException, match="no_such_column"):
        migrate(connection, "usage", now=NOW)
    assert connection.execute("from one").fetchall() == [(1, 2)]
    assert applied_names(connection) == {FIRST[0], SECOND[0]}
    tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    assert tables == {"one", "migration"}
    # Repaired, it goes on from there.
    set_list(monkeypatch, FIRST, SECOND, (BROKEN[0], "create table two (a integer)"))
    assert migrate(connection, "usage", now=LATER) == [BROKEN[0]]


def test_a_database_of_a_newer_program_is_refused(connection, monkeypatch):
    set_list(monkeypatch, FIRST, SECOND)
    migrate(connection, "usage", now=NOW)
    set_list(monkeypatch, FIRST)
    with pytest.raises(WarehouseError, match=rf"the usage database.*newer.*{SECOND[0]}.*upgrade"):
        migrate(connection, "usage", now=LATER)
    assert applied_names(connection) == {FIRST[0], SECOND[0]}


def test_an_empty_database_has_seen_nothing(connection):
    assert applied_names(connection) == set()
