"""Which tags of the logs are dimensions of the rollups: those that the settings promote."""

import json

import duckdb

from warehouse.connection import Reader


def promoted_of(reader: Reader) -> tuple[str, ...]:
    """The tags that the rollups were built with, in order of name; any other is asked of the calls themselves."""
    return promoted_in(reader.connection)


def promoted_in(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The same, of a database that is held for writing."""
    known = connection.execute("select value from meta where name = 'promoted_tags'").fetchone()
    return tuple(json.loads(known[0])) if known else ()


def keep_promoted(connection: duckdb.DuckDBPyConnection, tags: tuple[str, ...]) -> None:
    """Make these the database's own; what was built with others is to be built anew."""
    connection.execute("delete from meta where name = 'promoted_tags'")
    connection.execute("insert into meta values ('promoted_tags', $tags)", {"tags": json.dumps(tags)})
