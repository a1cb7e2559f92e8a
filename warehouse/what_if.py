"""Traffic as scenarios take it: calls on equal terms, from the rollups, and call by call where a rate cuts a cell."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from pricing.traffic_cells import Billed, Cell
from warehouse.connection import Reader
from warehouse.rates import put_rows
from warehouse.rerate import CELL_DIMENSIONS
from warehouse.scope import DAY_DIMENSIONS, DETAIL_DIMENSIONS, Scope, condition
from warehouse.sqlfiles import sql, statements
from warehouse.traffic import zone_of

if TYPE_CHECKING:
    import pyarrow as pa


class Edges(NamedTuple):
    """Where the rates that calls of one seller and model may take begin or end: no cell may hold both sides."""

    seller: str | None
    model: str | None
    times: tuple[datetime, ...] = ()
    """Instants, naive UTC."""
    weeks: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Per zone, minutes of the week on its wall clock."""
    sizes: tuple[int, ...] = ()
    """Sizes of all input, in tokens: the first that is on the other side."""
    lacks: int = 0
    """Meters that some rate does not sell, a bit each in METERS order: calls that use one are kept apart."""
    moves: bool = False
    """Its calls may go elsewhere: those that nobody prices here and that say their tokens count as ``no rate``."""


class Reading(NamedTuple):
    """How traffic is to be read. Equal ones give equal cells."""

    edges: tuple[Edges, ...] = ()
    by_failure: bool = False
    """Calls that failed are kept apart."""
    caps: tuple[int, ...] = ()
    """Lengths of answers, in tokens, that are counted up to."""


class Pair(NamedTuple):
    """A seller and model with calls in scope, and their first and last billing day."""

    seller: str | None
    model: str | None
    first: date
    last: date


class Cells(NamedTuple):
    """The traffic of a scope."""

    rows: tuple[Cell, ...]
    rates: dict[int, Billed]
    from_rows: int
    """Calls that were read one by one."""


def traffic_pairs(reader: Reader, scope: Scope) -> tuple[Pair, ...]:
    """The sellers and models that have calls in scope."""
    where, parameters = condition(scope)
    text = sql("what_if_pairs")
    if not scope.dimensions <= CELL_DIMENSIONS:
        text = text.replace("from usage_hour", "from usage_row")
    return tuple(Pair(*row) for row in reader.rows(text.replace("where true", f"where {where}"), parameters))


def traffic_cells(reader: Reader, scope: Scope, reading: Reading) -> Cells:
    """The calls in scope, kept apart as far as the reading asks."""
    put_rows(reader.connection, "what_if_edges", _edge_rows(reading.edges))
    where, parameters = condition(scope)
    values = {**parameters, "zone": zone_of(reader), "by_failure": reading.by_failure, "cap": None}
    if not scope.dimensions <= CELL_DIMENSIONS or reading.by_failure or reading.caps:
        whole: list[tuple[Any, ...]] = []
        cut = [_rows(reader, "what_if_row", where, {**values, "cap": cap}) for cap in reading.caps or (None,)]
    else:
        whole, is_cut = _whole(reader, reading, where, parameters)
        cut = [_rows(reader, "what_if_cut_row", "true", values)] if is_cut else [[]]
    rows = [_cell(row, None, ()) for row in whole]
    singly = [_cell(same[0], same[0][18], tuple(same) if reading.caps else ()) for same in zip(*cut, strict=True)]
    rates = _billed_rates(reader, [*rows, *singly])
    cells = tuple([row._replace(cost=_cost(row, rates)) for row in rows] + singly)
    return Cells(cells, rates, sum(row.requests for row in singly))


def _whole(
    reader: Reader, reading: Reading, where: str, parameters: dict[str, Any]
) -> tuple[list[tuple[Any, ...]], bool]:
    """The cells that no rate cuts, and whether there are others: sums over all hours, where none is cut by anything."""
    if not any(edge.times or edge.weeks for edge in reading.edges):
        sums = reader.rows(sql("what_if_sums").replace("where true", f"where {where}"), parameters)
        if not any(row[18] for row in sums):
            return sums, False
    statements(reader.connection, sql("what_if_cells").replace("where true", f"where {where}"), parameters)
    is_cut = reader.row("select coalesce(bool_or(is_cut), false) from what_if_cell")
    return reader.rows(sql("what_if_whole")), bool(is_cut and is_cut[0])


def _cost(row: Cell, rates: dict[int, Billed]) -> int | None:
    """What whole cells were billed: their sums at their rate."""
    if row.kind == "free":
        return 0
    if row.kind != "rated" or row.rate_id is None:
        return None
    return sum(count * (pico or 0) for count, pico in zip(row.counts, rates[row.rate_id].pico, strict=True))


def effort_tokens(reader: Reader, scope: Scope) -> tuple[tuple[str, int, int], ...]:
    """Charged calls and their output tokens by reasoning effort; ``""``: of calls that say none."""
    where, parameters = condition(scope)
    text = sql("what_if_effort").replace("and true", f"and {where}")
    if not scope.dimensions <= {*DAY_DIMENSIONS, *DETAIL_DIMENSIONS}:
        text = text.replace("from usage_day_detail", "from usage_row")
    return tuple((str(row[0]), int(row[1]), int(row[2])) for row in reader.rows(text, parameters))


def charged_attempts(reader: Reader, scope: Scope) -> tuple[int, int]:
    """Charged tries in scope, and the calls that they are tries of."""
    where, parameters = condition(scope)
    row = reader.row(sql("what_if_attempts").replace("and true", f"and {where}"), parameters)
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _rows(reader: Reader, source: str, where: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    text = sql("what_if_rows").replace("from what_if_row u", f"from {sql(source)} u")
    text = text.replace("where true", f"where {where}")
    named = reader.connection.extract_statements(text)[0].named_parameters
    return reader.rows(text, {name: values[name] for name in named})


def _cell(row: Sequence[Any], cost: Any, same: tuple[Sequence[Any], ...]) -> Cell:
    lengths = tuple((int(each[19]), int(each[20])) for each in same)
    billed = None if cost is None else int(cost)
    counts = tuple(int(count) for count in row[21:])
    return Cell._make((*row[:13], tuple(row[13]), *row[14:17], row[17], billed, counts, lengths))


def _billed_rates(reader: Reader, cells: Sequence[Cell]) -> dict[int, Billed]:
    wanted = sorted({row.rate_id for row in cells if row.rate_id is not None})
    found = reader.rows(sql("what_if_rates"), {"rates": wanted})
    return {rate_id: Billed(digest, currency, tuple(pico)) for rate_id, digest, currency, pico in found}


def _edge_rows(edges: Sequence[Edges]) -> "pa.Table":
    import pyarrow as pa

    week = pa.list_(pa.struct([("zone", pa.string()), ("edges", pa.list_(pa.int32()))]))
    schema = pa.schema(
        [("seller", pa.string()), ("model", pa.string()), ("times", pa.list_(pa.timestamp("us"))), ("weeks", week)]
        + [("sizes", pa.list_(pa.int64())), ("lacks", pa.int32()), ("moves", pa.bool_())]
    )
    rows = [
        {**edge._asdict(), "weeks": [{"zone": zone, "edges": list(minutes)} for zone, minutes in edge.weeks]}
        for edge in edges
    ]
    return pa.Table.from_pylist(rows, schema=schema)
