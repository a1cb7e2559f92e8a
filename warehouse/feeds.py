"""What feeds hold of calls, rates and tasks: long answers, so many rows at a time, always in the same order."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from warehouse.connection import Reader
from warehouse.overview_tasks import put_tasks_in_scope
from warehouse.scope import DAY_DIMENSIONS, DETAIL_DIMENSIONS, Scope, condition
from warehouse.sqlfiles import sql

if TYPE_CHECKING:
    import pyarrow as pa

CALL_DIMENSIONS = tuple(name for name in (*DAY_DIMENSIONS, *DETAIL_DIMENSIONS) if name != "day")
"""What feeds of calls can be narrowed by: what the rollups know."""
TASK_DIMENSIONS = ("seller", "model", "team")
"""What tasks can be narrowed by: those with a call of it, each of them whole."""


CallFeed = Literal["usage_day", "coverage", "rates"]


def calls_in_batches(reader: Reader, what: CallFeed, scope: Scope) -> "Iterator[pa.RecordBatch]":
    """Calls of a scope, added up as the feed of that name has them; raises KeyError for a dimension of rows alone."""
    if unknown := scope.dimensions - {*CALL_DIMENSIONS, "day"}:
        raise KeyError(min(unknown))
    where, parameters = condition(scope)
    text = sql(f"feed_{what}").replace("where true", f"where {where}").replace("and true", f"and {where}")
    return reader.batches(text, parameters)


def tasks_in_batches(reader: Reader, scope: Scope) -> "Iterator[pa.RecordBatch]":
    """Tasks that began in a period and have a call of what the scope wants, in the order in which they began."""
    if unknown := scope.dimensions - {*TASK_DIMENSIONS}:
        raise KeyError(min(unknown))
    put_tasks_in_scope(reader, scope)
    return reader.batches(sql("feed_tasks"))
