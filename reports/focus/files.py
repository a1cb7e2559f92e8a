"""Writes rows as Parquet and CSV, some thousands at a time: what a file takes in memory does not grow with it."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from pricing.money import format_pico
from reports.focus.columns import COLUMNS, FOCUS_VERSION, Kind, Row

BATCH = 20_000
"""Rows of one row group, and of what is held at a time."""
TYPES: dict[Kind, pa.DataType] = {
    "string": pa.string(),
    # Exact, and the public validator takes it. Who reads decimals as doubles has the exact cost in text beside it.
    "decimal": pa.decimal128(38, 12),
    "datetime": pa.timestamp("us", tz="UTC"),
    "json": pa.string(),
}
SCHEMA = pa.schema(
    [pa.field(column.name, TYPES[column.kind], nullable=column.nullable) for column in COLUMNS],
    metadata={"FocusVersion": FOCUS_VERSION},
)


class Writer(Protocol):
    """A file that takes rows."""

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows below those that are there."""


@contextmanager
def writing(path: Path, kind: str) -> Iterator[Writer]:
    """A file to write to, in one of ``FORMATS``."""
    with FORMATS[kind](path) as writer:
        yield writer


class _Parquet:
    def __init__(self, writer: Any) -> None:
        self.writer = writer

    def write(self, rows: Sequence[Row]) -> None:
        """One row group."""
        arrays = [_parquet_values([row[column.name] for row in rows], column.kind) for column in COLUMNS]
        self.writer.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA), row_group_size=BATCH)


class _Csv:
    def __init__(self, writer: Any) -> None:
        self.writer = writer

    def write(self, rows: Sequence[Row]) -> None:
        """One line a row."""
        self.writer.writerows([_csv_value(row[column.name], column.kind) for column in COLUMNS] for row in rows)


@contextmanager
def _parquet(path: Path) -> Iterator[Writer]:
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        yield _Parquet(writer)


@contextmanager
def _csv(path: Path) -> Iterator[Writer]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.name for column in COLUMNS)
        yield _Csv(writer)


FORMATS = {"parquet": _parquet, "csv": _csv}
"""How each format is written, by its name, which is the file's ending."""


def _parquet_values(values: list[Any], kind: Kind) -> Any:
    if kind != "decimal":
        return pa.array(values, TYPES[kind])
    # Whole numbers of 10^-12: the very digits that a decimal of this scale stores.
    whole = pa.array(values, pa.decimal128(38, 0))
    return pa.Array.from_buffers(TYPES[kind], len(whole), whole.buffers())


def _csv_value(value: Any, kind: Kind) -> str | None:
    """As FOCUS has it: UTC to the second; a decimal with its point, exact, so that no reader takes it for a count."""
    if kind == "decimal" and value is not None:
        text = format_pico(value) or ""
        return text if "." in text else f"{text}.0"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return None if value is None else str(value)
