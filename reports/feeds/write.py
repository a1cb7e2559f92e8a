"""Writes a feed: its rows once, into every format asked for, and the description that says what they are.

The description is written last: a feed whose description does not fit its files was cut off.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pricing.money import format_pico
from reports.feeds.exact import plain_instants
from reports.feeds.feed import TYPES, Feed, schema_of
from reports.written import replacing, write_file

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("parquet", "csv")
COST = "cost_pico"
Write = Callable[["pa.RecordBatch"], None]


class Target(NamedTuple):
    """Where a feed goes, and what its description says beside its columns."""

    folder: Path
    period: str
    """As file names have it."""
    formats: Sequence[str]
    about: dict[str, Any]
    """Of JSON's types: period, scope, through when the data goes."""


class Written(NamedTuple):
    """A file that was written."""

    path: Path
    format: str
    size_bytes: int
    sha256: str


class Sums(NamedTuple):
    """What was written, added up: for whoever checks that nothing was lost on the way."""

    rows: int
    totals: dict[str, int]
    """``cost`` in pico-units, by currency."""


def write_feed(feed: Feed, batches: "Iterable[pa.RecordBatch]", target: Target) -> tuple[list[Written], Sums]:
    """Write a feed; every file is there whole, or the one of before is. Raises ReportError."""
    paths = {each: target.folder / f"{stem_of(feed, target)}.{each}" for each in target.formats}
    with ExitStack() as open_files:
        drafts = {each: open_files.enter_context(replacing(path)) for each, path in paths.items()}
        with ExitStack() as writers:
            opened = [OPEN[each](draft, feed) for each, draft in drafts.items()]
            sums = _write_all(feed, batches, [writers.enter_context(each).write for each in opened])
    written = [_measured(path, each) for each, path in paths.items()]
    path = target.folder / f"{stem_of(feed, target)}.schema.json"
    write_file(path, _described(feed, target, written, sums))
    return [*written, _measured(path, "schema")], sums


def stem_of(feed: Feed, target: Target) -> str:
    """How the files of a feed begin."""
    return f"tollbook-{feed.name}-{target.period}"


class Opened(Protocol):
    """A file under way, in one format."""

    def __enter__(self) -> "Opened":
        """Nothing is to be done: it is open."""

    def __exit__(self, *error: object) -> None:
        """Write what is left, and close."""

    def write(self, batch: "pa.RecordBatch") -> None:
        """Write rows."""


class Parquet:
    """Writes each batch as a row group."""

    def __init__(self, path: Path, feed: Feed) -> None:
        import pyarrow.parquet as pq

        self._writer = pq.ParquetWriter(path, schema_of(feed), compression="zstd")

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.close()

    def write(self, batch: "pa.RecordBatch") -> None:
        """Write one row group."""
        self._writer.write_batch(batch)


class Csv:
    """Writes each row as a line: text in quotes, and what is null as nothing at all."""

    def __init__(self, path: Path, feed: Feed) -> None:
        import pyarrow as pa
        import pyarrow.csv

        empty = plain_instants(pa.RecordBatch.from_pylist([], schema_of(feed)))
        self._writer = pyarrow.csv.CSVWriter(path, empty.schema)

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.close()

    def write(self, batch: "pa.RecordBatch") -> None:
        """Write lines."""
        self._writer.write_batch(plain_instants(batch))


OPEN: dict[str, Callable[[Path, Feed], Opened]] = {"parquet": Parquet, "csv": Csv}


def _write_all(feed: Feed, batches: "Iterable[pa.RecordBatch]", writes: Sequence[Write]) -> Sums:
    rows, totals = 0, dict[str, int]()
    has_cost = any(each.name == COST for each in feed.columns)
    for batch in batches:
        for write in writes:
            write(batch)
        rows += batch.num_rows
        if has_cost:
            _add(totals, batch)
    return Sums(rows, totals)


def _add(total: dict[str, int], batch: "pa.RecordBatch") -> None:
    """Add the costs of a batch, by currency; what is unknown is in none."""
    import pyarrow as pa

    table = pa.table({"currency": batch["currency"], "pico": batch[COST]})
    for row in table.group_by("currency").aggregate([("pico", "sum")]).to_pylist():
        if row["currency"] is not None and row["pico_sum"] is not None:
            total[row["currency"]] = total.get(row["currency"], 0) + int(row["pico_sum"])


def _measured(path: Path, written_as: str) -> Written:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Written(path, written_as, path.stat().st_size, digest)


def _described(feed: Feed, target: Target, written: Sequence[Written], sums: Sums) -> bytes:
    description = {
        "feed": feed.name,
        "version": feed.version,
        "row": feed.grain,
        **target.about,
        "rows": sums.rows,
        "cost": {code: format_pico(pico) for code, pico in sorted(sums.totals.items())},
        "files": [
            {"name": each.path.name, "format": each.format, "bytes": each.size_bytes, "sha256": each.sha256}
            for each in written
        ],
        "columns": [
            {
                "name": column.name,
                "type": TYPES[column.kind][0],
                "csv": TYPES[column.kind][1],
                "unit": column.unit,
                "nullable": column.nullable,
                "meaning": column.meaning,
            }
            for column in feed.columns
        ],
    }
    return (json.dumps(description, ensure_ascii=False, indent=2) + "\n").encode()
