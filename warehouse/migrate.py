"""Brings a database to the newest schema: each migration in a transaction, its name kept."""

from datetime import datetime

import duckdb

from warehouse.errors import WarehouseNewer
from warehouse.sqlfiles import migrations, run
from warehouse.transaction import transaction


def pending(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """Names of the migrations that this database has not seen; raises WarehouseNewer where it has seen others."""
    applied = applied_names(connection)
    known = [name for name, _ in migrations(database)]
    if unknown := applied - set(known):
        raise WarehouseNewer(database, min(unknown))
    return [name for name in known if name not in applied]


def applied_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the migrations this database has seen."""
    known = run(connection, "has_migration_table").fetchone()
    if not known:
        return set()
    return {name for (name,) in connection.execute("select name from migration").fetchall()}


def migrate(connection: duckdb.DuckDBPyConnection, database: str, *, now: datetime) -> list[str]:
    """Apply what is pending; returns the names applied. Raises WarehouseNewer."""
    todo = pending(connection, database)
    run(connection, "create_migration_table")
    for name, text in migrations(database):
        if name in todo:
            with transaction(connection):
                connection.execute(text)
                connection.execute("insert into migration values ($name, $now)", {"name": name, "now": now})
    return todo
