"""How many rows a question by several dimensions will have, before it is asked."""

from collections.abc import Sequence

from warehouse.connection import Reader
from warehouse.cost import table_of
from warehouse.scope import Scope, condition, expression_of, is_dimension
from warehouse.sqlfiles import sql

MONTH = "date_trunc('month', day)"


def count_groups(reader: Reader, dimensions: Sequence[str], scope: Scope) -> int:
    """Groups by dimensions (``month`` may be one), rate and costing; raises KeyError for a name that is none."""
    for name in dimensions:
        if name != "month" and not is_dimension(name):
            raise KeyError(name)
    where, parameters = condition(scope)
    columns = "".join(f"{MONTH if name == 'month' else expression_of(name)}, " for name in dimensions)
    table = table_of(reader, {*dimensions, *scope.dimensions, "day"} - {"month"}).removesuffix("_priced")
    text = sql("usage_groups").replace("distinct costing", f"distinct {columns}costing")
    text = text.replace("from usage_day_detail", f"from {table}").replace("where true", f"where {where}")
    (row,) = reader.rows(text, parameters)
    return int(row[0])
