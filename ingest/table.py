"""Rows of a table, CSV under a header or Parquet: each a record of its own, with the line where it begins."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.document import Mistake, Value
from ingest.prepare import LONGEST_LINE
from ingest.problem import IngestError

PARQUET = b"PAR1"
DELIMITERS = ",;\t|"
NOTHING = frozenset({"", "none", "null", "nan", "nat", "<na>", "\\n"})
"""What tools write into a cell that holds nothing; told without case."""
LONGEST_NAME = 80
BATCH_ROWS = 10_000

csv.field_size_limit(LONGEST_LINE)


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet, by its first bytes."""
    with path.open("rb") as file:
        return file.read(4) == PARQUET


def header_of(text: str) -> tuple[str, ...]:
    """The column names on the first line of a text; empty when it is no header."""
    first = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")
    if not first or first.lstrip()[0] in "{[":
        return ()
    cells = [name.strip() for name in next(csv.reader([first], delimiter=_delimiter(first)))]
    # Data frames leave the column of their row numbers without a name, sheets the one after a last delimiter.
    names = tuple(name or f"column {number}" for number, name in enumerate(cells, start=1))
    plain = all(len(name) <= LONGEST_NAME and not _is_number(name) for name in names)
    return names if plain and sum(map(bool, cells)) > 1 and len(set(names)) == len(names) else ()


def read_csv(path: Path) -> Iterator[Value | Mistake]:
    """Every row under a CSV file's header, as texts by column; a cell that holds nothing is left out."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        line = 1
        while (first := file.readline()) and not first.strip():
            line += 1
        names = header_of(first)
        # Strict: text after a closing quote is a mistake, not a part of the cell.
        rows = csv.reader(file, delimiter=_delimiter(first), strict=True)
        yield from _rows(rows, names, line + 1)


def _rows(rows: Any, names: tuple[str, ...], first_line: int) -> Iterator[Value | Mistake]:
    line = first_line
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            yield Mistake(f"not CSV: {error}", line)
            line = first_line + rows.line_num
            continue
        if cells is None:
            return
        if cells and len(cells) != len(names):
            yield Mistake(f"{len(cells)} cells under a header of {len(names)} columns", line)
        elif any("\ufffd" in cell for cell in cells):
            yield Mistake("not UTF-8", line)
        elif any(cells):
            yield Value(_filled(names, cells), line)
        line = first_line + rows.line_num


def _filled(names: tuple[str, ...], cells: list[str]) -> dict[str, str]:
    trimmed = zip(names, map(str.strip, cells), strict=True)
    return {name: cell for name, cell in trimmed if cell.lower() not in NOTHING}


def _delimiter(header: str) -> str:
    """The delimiter that a header uses most."""
    return max(DELIMITERS, key=header.count)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def read_parquet(path: Path) -> Iterator[Value | Mistake]:
    """Every row of a Parquet file, as values by column; its number, from 1, stands for the line."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                for row in _in_microseconds(batch).to_pylist():
                    number += 1
                    yield Value({name: value for name, value in row.items() if value is not None}, number)
    except (pa.ArrowException, ValueError, OSError) as error:
        raise IngestError(f"{path.name}: Parquet that cannot be read: {str(error).splitlines()[0]}") from error


def _in_microseconds(batch: Any) -> Any:
    """Times of nanoseconds cut to microseconds: Python has none finer."""
    import pyarrow as pa

    fields = [
        field.with_type(pa.timestamp("us", field.type.tz))
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns"
        else field
        for field in batch.schema
    ]
    return pa.Table.from_batches([batch]).cast(pa.schema(fields), safe=False)
