"""Brings a database to the newest schema: each migration in a transaction, its name kept."""

from datetime import datetime

import duckdb

from warehouse.errors import WarehouseError
from warehouse.sqlfiles import migrations, run
from warehouse.transaction import transaction


def pending(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """Names of the migrations that this database has not seen."""
    applied = applied_names(connection)
    return [name for name, _ in migrations(database) if name not in applied]


def applied_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the migrations this database has seen."""
    known = run(connection, "has_migration_table").fetchone()
    if not known:
        return set()
    return {name for (name,) in connection.execute("select name from migration").fetchall()}


def migrate(connection: duckdb.DuckDBPyConnection, database: str, *, now: datetime) -> list[str]:
    """Apply what is pending; returns the names applied.

    Raises WarehouseError when the database knows a migration that this program does not: it is newer.
    """
    unknown = applied_names(connection) - {name for name, _ in migrations(database)}
    if unknown:
        raise WarehouseError(
            f"the {database} database was written by a newer Tollbook ({min(unknown)}); upgrade Tollbook"
        )
    run(connection, "create_migration_table")
    todo = pending(connection, database)
    for name, text in migrations(database):
        if name in todo:
            with transaction(connection):
                connection.execute(text)
                connection.execute("insert into migration values ($name, $now)", {"name": name, "now": now})
    return todo
