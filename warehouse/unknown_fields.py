"""Usage fields that Tollbook does not know: by source, seller and model, in how many records and where first."""

from datetime import datetime
from typing import NamedTuple

import duckdb

from warehouse.connection import Reader
from warehouse.sqlfiles import run, sql


class UnknownField(NamedTuple):
    """One usage field that nobody reads, of one seller's model in one source."""

    source: str
    seller: str | None
    model: str | None
    field: str
    """Dotted path inside the usage object; ``[]`` after the name of a list."""
    records: int
    first_at: datetime
    last_at: datetime
    example: str | None
    """What stood there once. None: no number and no plain word."""
    path: str
    """The file of the earliest record that has it."""
    line: int


def unknown_fields(reader: Reader) -> tuple[UnknownField, ...]:
    """Every one, those of most records first."""
    return tuple(UnknownField(*row) for row in reader.rows(sql("unknown_fields")))


def fields_of_load(usage: duckdb.DuckDBPyConnection) -> tuple[tuple[str, int], ...]:
    """The fields that the load just merged has, each with its records, most records first."""
    return tuple(run(usage, "unknown_of_load").fetchall())
