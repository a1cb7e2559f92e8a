"""All of it or none."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what the block did, or roll it back when it raises."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.interrupt()  # after a Ctrl-C the statement may still run, and a rollback would wait for it
        connection.rollback()
        raise
    connection.commit()
