"""A load's tables in the staging database: lines staged in SQL, lines read again, and the batch made of both."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from pricing.usage import FLAVOURS
from warehouse.sqlfiles import run
from warehouse.staging import Statement, reading_columns

LEAST_OBJECT = 8 << 20
"""Longest JSON object that a file may hold without telling so, in bytes: a block of the survey."""

MOST_HELD = 20_000
"""Rows of a batch that is made before it is merged."""
LOOKS_LIKE_A_KEY = r"^(sk|pk|rk|gsk|xai|hf|nvapi|ghp|AIza|AKIA)[-_]?[A-Za-z0-9_\-]{12,}|^eyJ[A-Za-z0-9_\-]{10,}"
"""A key's alias that is a key itself is hashed, never stored."""


class Route(NamedTuple):
    """What one base URL says: its clean form, and the seller and region it belongs to."""

    base_url: str
    clean_url: str | None
    seller: str | None
    region: str | None


class Given(NamedTuple):
    """What the command says of every record that does not say it itself."""

    seller: str | None = None
    base_url: str | None = None
    time: datetime | None = None
    team: str | None = None
    project: str | None = None
    tags: tuple[tuple[str, str], ...] = ()


class Place(NamedTuple):
    """Where the readings come from."""

    source: str
    file_mark: str
    """What tells the file from another one: for records that nothing else identifies."""
    first_line: int
    salt: str


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty tables for the next file: lines read again, lines that cannot be read, line numbers."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in reading_columns().items())
    connection.execute(f"create or replace temp table reread ({columns})")
    run(connection, "load_tables")


def stage_lines(
    connection: duckdb.DuckDBPyConnection, statement: Statement, path: Path, *, longest: int, given: Given
) -> int:
    """Read a file of JSON lines into ``stage``; returns its rows, one for each non-blank line, in order."""
    connection.execute(
        statement.text,
        {
            "structure": statement.structure,
            "path": _literal_path(path),
            "longest": max(LEAST_OBJECT, longest + 1024),
            "given_time": given.time,
            **statement.values,
        },
    )
    row = connection.execute("select count(*) from stage").fetchone()
    assert row is not None
    return int(row[0])


def stage_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    """An empty ``stage``, for a file whose every record is read in Python."""
    connection.execute(
        "create or replace temp table stage as "
        "select * exclude (line), false as plain, 0::ubigint as usage_shape from reread limit 0"
    )


def doubtful_lines(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Ordinals, from 0, of the staged lines that are to be read again."""
    return [ordinal for (ordinal,) in connection.execute("select rowid from stage where not plain").fetchall()]


def count_left_out(connection: duckdb.DuckDBPyConnection) -> int:
    """How many of the staged lines are no calls."""
    row = connection.execute("select count(*) from stage where plain is null").fetchone()
    assert row is not None
    return int(row[0])


def left_out_lines(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Numbers, from 1, of the staged lines that are no calls."""
    return [line for (line,) in run(connection, "left_out_lines").fetchall()]


def usage_shapes(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """The shapes of the plain lines' usage, by the ordinal of the first line of each."""
    return dict(run(connection, "usage_shapes").fetchall())


def doubt_shapes(connection: duckdb.DuckDBPyConnection, shapes: Sequence[int]) -> None:
    """Have every line whose usage is of these shapes read again."""
    run(connection, "doubt_shapes", {"shapes": list(shapes)})


def add_readings(connection: duckdb.DuckDBPyConnection, readings: Sequence[dict[str, Any]]) -> None:
    """Append what was read in Python."""
    import pyarrow as pa

    schema = pa.schema([(name, _arrow_type(pa, kind)) for name, kind in reading_columns().items()])
    table = pa.Table.from_pylist(list(readings), schema=schema)
    connection.register("more_readings", table)
    connection.execute("insert into reread by name select * from more_readings")
    connection.unregister("more_readings")


def add_problems(connection: duckdb.DuckDBPyConnection, problems: Sequence[tuple[int, str, str]]) -> None:
    """Append lines that cannot be read: line, reason, redacted text."""
    import pyarrow as pa

    columns = list(zip(*problems, strict=True))
    table = pa.table({"line": pa.array(columns[0], pa.int64()), "reason": columns[1], "text": columns[2]})
    connection.register("more_problems", table)
    connection.execute("insert into problem select line, reason, text from more_problems")
    connection.unregister("more_problems")


def add_evaluations(connection: duckdb.DuckDBPyConnection, evaluations: Sequence[tuple[Any, ...]]) -> None:
    """Append verdicts on answers, in the order of the columns of ``evaluation_found``."""
    import pyarrow as pa

    kinds = (pa.string(), pa.string(), pa.float64(), *[pa.string()] * 4, pa.timestamp("us"))
    columns = [pa.array(column, kind) for column, kind in zip(zip(*evaluations, strict=True), kinds, strict=True)]
    connection.register("more_evaluations", pa.table(columns, names=[f"c{number}" for number in range(len(kinds))]))
    connection.execute("insert into evaluation_found select * from more_evaluations")
    connection.unregister("more_evaluations")


def number_lines(connection: duckdb.DuckDBPyConnection, lines: Sequence[int]) -> None:
    """Say which line each ordinal is: for files with blank lines."""
    import pyarrow as pa

    table = pa.table({"line": pa.array(lines, pa.int64()), "ordinal": pa.array(range(len(lines)), pa.int64())})
    connection.register("numbers", table)
    connection.execute("insert into line_number select ordinal, line from numbers")
    connection.unregister("numbers")


def base_urls(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The base URLs of the readings."""
    return [url for (url,) in run(connection, "distinct_base_urls").fetchall()]


def normalise(connection: duckdb.DuckDBPyConnection, place: Place, given: Given) -> None:
    """Make ``batch`` of the readings, in the usage table's words, and ``batch_key``: what of it is to be stored."""
    _fill_flavours(connection)
    said = {name: getattr(given, name) for name in ("seller", "base_url", "team", "project")}
    tags = {"tag_names": [name for name, _ in given.tags], "tag_values": [value for _, value in given.tags]}
    for name, value in {**place._asdict(), **said, **tags, "key_pattern": LOOKS_LIKE_A_KEY}.items():
        connection.execute(f"set variable load_{name} = $value", {"value": value})
    run(connection, "normalise")
    run(connection, "batch_key")


def hold_batch(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the batch now and not while it is merged: who reads waits for that. For loads that fit into memory."""
    row = connection.execute("select count(*) from batch_key").fetchone()
    assert row is not None
    if row[0] <= MOST_HELD:
        run(connection, "hold_batch")


def fill_routes(connection: duckdb.DuckDBPyConnection, routes: Sequence[Route]) -> None:
    """Say which seller each base URL of the readings belongs to."""
    if routes:
        connection.executemany("insert into route values (?, ?, ?, ?)", [list(route) for route in routes])


def fill_people(connection: duckdb.DuckDBPyConnection, salt: str) -> None:
    """Hash each user of the readings with the warehouse's salt."""
    run(connection, "hash_people", {"salt": salt})


def rejects_by_reason(connection: duckdb.DuckDBPyConnection) -> dict[int, list[tuple[str, int, int]]]:
    """Why lines could not be read, by the number of the file in the load: each reason, its lines, the first of them."""
    found: dict[int, list[tuple[str, int, int]]] = {}
    for number, *reason in run(connection, "rejects_by_reason").fetchall():
        found.setdefault(number, []).append((reason[0], reason[1], reason[2]))
    return found


def count_buckets(connection: duckdb.DuckDBPyConnection) -> int:
    """How many of the readings are sums of several calls."""
    row = connection.execute("select count(*) from reread where granularity = 'bucket'").fetchone()
    assert row is not None
    return int(row[0])


def count_samples(connection: duckdb.DuckDBPyConnection) -> int:
    """How many of the readings are of counters."""
    row = connection.execute("select count(*) from reread where counter is not null").fetchone()
    assert row is not None
    return int(row[0])


def is_of_a_nameless_server(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether some counter was read of a server that neither the log nor the command names."""
    return run(connection, "nameless_servers").fetchone() is not None


def drop_outer(connection: duckdb.DuckDBPyConnection) -> int:
    """Leave out what is no call, and calls that repeat what another one inside them says; returns how many."""
    if connection.execute("select 1 from reread where inside_text is not null limit 1").fetchone() is None:
        return 0
    run(connection, "outer_calls")
    row = connection.execute("select count(*) from outer_call").fetchone()
    assert row is not None
    connection.execute("delete from batch_key where place in (select place from outer_call)")
    return int(row[0])


def _fill_flavours(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [[f.name, f.cache_inside_input, f.reasoning_inside_output] for f in FLAVOURS.values()]
    connection.executemany("insert into flavour values (?, ?, ?)", rows)


def _literal_path(path: Path) -> str:
    """A path that DuckDB does not take for a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def _arrow_type(pa: Any, kind: str) -> Any:
    simple = {
        "varchar": pa.string(),
        "bigint": pa.int64(),
        "integer": pa.int32(),
        "boolean": pa.bool_(),
        "timestamp": pa.timestamp("us"),
    }
    return simple[kind] if kind in simple else pa.map_(pa.string(), pa.string())
