"""Reads the SQL files of this package; values reach them as parameters only."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

HERE = Path(__file__).parent
INCLUDE = re.compile(r"^-- include: (\w+)\n", re.MULTILINE)


@cache
def sql(name: str) -> str:
    """The text of ``sql/NAME.sql``; a line ``-- include: OTHER`` stands for the text of ``sql/OTHER.sql``."""
    text = (HERE / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return INCLUDE.sub(lambda found: sql(found[1]), text)


def run(
    connection: duckdb.DuckDBPyConnection, name: str, values: dict[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Execute the statements of ``sql/NAME.sql``, each with those of the values that it names."""
    return statements(connection, sql(name), values or {})


def statements(connection: duckdb.DuckDBPyConnection, text: str, values: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Execute the statements of a text, each with those of the values that it names."""
    for statement in connection.extract_statements(text):
        connection.execute(statement, {key: values[key] for key in statement.named_parameters})
    return connection


@cache
def migrations(database: str) -> list[tuple[str, str]]:
    """``(name, text)`` of a database's migrations, oldest first: names begin with their date."""
    folder = HERE / "migrations" / database
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))]
