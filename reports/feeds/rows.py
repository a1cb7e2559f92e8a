"""The rows of each feed, from what the warehouse holds."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from pricing.charges import Charge
from pricing.money import format_pico
from reports.feeds.exact import as_feed, decimal_text, rows_as_feed
from reports.feeds.feed import Feed
from warehouse.connection import Reader
from warehouse.feeds import calls_in_batches, tasks_in_batches
from warehouse.outcomes import Outcome
from warehouse.recurring import recurring_by
from warehouse.scope import Scope

if TYPE_CHECKING:
    import pyarrow as pa


class Basis(NamedTuple):
    """What feeds are made from. What no feed that is asked for needs may be empty."""

    reader: Reader
    scope: Scope
    today: date
    charges: Sequence[Charge] = ()
    outcomes: Mapping[str, Outcome] = {}
    budgets: Sequence[tuple[Any, ...]] = ()
    """Rows of the feed of budgets, without the decimal numbers."""


def read_feed(feed: Feed, basis: Basis) -> "Iterator[pa.RecordBatch]":
    """A feed's rows, so many at a time."""
    match feed.name:
        case "usage_day" | "coverage" | "rates" as name:
            return as_feed(feed, calls_in_batches(basis.reader, name, basis.scope))
        case "tasks":
            found = tasks_in_batches(basis.reader, basis.scope)
            return as_feed(feed, (_with_outcomes(batch, basis.outcomes) for batch in found))
        case "recurring":
            return rows_as_feed(feed, _recurring(basis))
        case "budgets":
            return rows_as_feed(feed, basis.budgets)
    raise KeyError(feed.name)


def _with_outcomes(batch: "pa.RecordBatch", outcomes: Mapping[str, Outcome]) -> "pa.RecordBatch":
    """Tasks with how they ended, and with their costs as text."""
    import pyarrow as pa

    found = [outcomes.get(task) for task in batch["task"].to_pylist()] if outcomes else [None] * len(batch)
    batch = batch.set_column(batch.schema.get_field_index("costs"), "costs", _costs_as_text(batch))
    columns = {
        "resolved": pa.array([each and each.resolved for each in found], pa.bool_()),
        "score": pa.array([each and each.score for each in found], pa.float64()),
        "kind": pa.array([each and each.kind for each in found], pa.string()),
        "work": pa.array([each and each.work for each in found], pa.string()),
        "outcome_source": pa.array([each and each.source for each in found], pa.string()),
    }
    for name, column in columns.items():
        batch = batch.append_column(name, column)
    return batch


def _costs_as_text(batch: "pa.RecordBatch") -> "pa.Array":
    """Costs by currency as JSON: those of one currency, as nearly all are, column by column, the others one by one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = batch["currency"].dictionary_encode()
    names = pa.array([json.dumps(name) for name in codes.dictionary.to_pylist()], pa.string()).take(codes.indices)
    one = pc.binary_join_element_wise("{", names, ': "', decimal_text(batch["cost_pico"]), '"}', "")
    is_other = pc.is_null(one)
    others = [_as_text(each) for each in batch["costs"].filter(is_other).to_pylist()]
    return pc.replace_with_mask(one, is_other, pa.array(others, pa.string()))


def _as_text(costs: Iterable[tuple[str, Any]] | None) -> str:
    return json.dumps({code: format_pico(int(pico)) for code, pico in sorted(costs or ())})


def _recurring(basis: Basis) -> list[tuple[Any, ...]]:
    rows = []
    for charge in basis.charges:
        for row in recurring_by([charge], ["day"], basis.scope, today=basis.today):
            whose = (charge.org, charge.team, charge.project, charge.seller)
            said = (charge.charge_id, charge.name, charge.kind, *whose, row.currency, row.cost, charge.source)
            rows.append((row.group[0], *said))
    return sorted(rows, key=lambda row: row[:2])
