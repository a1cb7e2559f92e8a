"""Brings rows to a feed's columns: exact amounts as text beside the whole numbers, instants with their zone."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from reports.feeds.feed import PICO_END, Feed, schema_of

if TYPE_CHECKING:
    import pyarrow as pa

DIGITS = 12
"""Of a pico-unit behind the point."""
ROWS = 50_000
INSTANT = "%Y-%m-%dT%H:%M:%SZ"
"""Seconds come with all six digits behind them."""


def as_feed(feed: Feed, batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    """Batches that hold what the feed does, or the pico-units that its decimal numbers are made from."""
    import pyarrow as pa

    schema = schema_of(feed)
    for batch in batches:
        there = set(batch.schema.names)
        columns = []
        for field in schema:
            if field.name in there:
                columns.append(batch[field.name].cast(field.type))
            else:
                columns.append(decimal_text(batch[f"{field.name}{PICO_END}"]))
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def rows_as_feed(feed: Feed, rows: Iterable[Sequence[Any]]) -> "Iterator[pa.RecordBatch]":
    """The same from rows of Python's values, without the decimal numbers: they are made here."""
    import pyarrow as pa

    schema = schema_of(feed)
    made = {each.name for each in feed.columns if f"{each.name}{PICO_END}" in schema.names}
    given = [field for field in schema if field.name not in made]
    held = list(rows)
    for first in range(0, len(held), ROWS):
        columns = zip(*held[first : first + ROWS], strict=True)
        arrays = [pa.array(values, _entered(field.type)) for field, values in zip(given, columns, strict=True)]
        yield from as_feed(feed, [pa.RecordBatch.from_arrays(arrays, [field.name for field in given])])


def _entered(kind: "pa.DataType") -> "pa.DataType":
    """Instants are naive here, as everywhere inside; the feed's own type says that they are UTC."""
    import pyarrow as pa

    return pa.timestamp("us") if pa.types.is_timestamp(kind) else kind


def decimal_text(pico: "pa.Array") -> "pa.Array":
    """Whole pico-units as decimal numbers, as ``pricing.money.format_pico`` writes them; null stays null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    digits = pc.utf8_lpad(pc.replace_substring(pico.cast(pa.string()), "-", ""), DIGITS + 1, "0")
    whole = pc.utf8_slice_codeunits(digits, 0, -DIGITS)
    behind = pc.utf8_rtrim(pc.utf8_slice_codeunits(digits, -DIGITS, None), "0")
    sign = pc.if_else(pc.less(pico, pa.scalar(0, pico.type)), "-", "")
    point = pc.if_else(pc.equal(behind, ""), "", ".")
    return pc.binary_join_element_wise(sign, whole, point, behind, "")


def plain_instants(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    """Instants as ISO 8601 with a ``Z``, for formats that have no type for them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = [
        pc.strftime(column.cast(pa.timestamp("us")), INSTANT) if pa.types.is_timestamp(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)
