"""What a question is about: a period, and values of dimensions. Every figure is asked through a scope."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

DAY_DIMENSIONS = ("day", "seller", "model", "team")
"""Dimensions of ``usage_day``."""
DETAIL_DIMENSIONS = (
    "source",
    "gateway",
    "base_url",
    "region",
    "upstream_provider",
    "operation",
    "model_requested",
    "role",
    "service_tier",
    "unpriced_reason",
    "usage_status",
    "http_status",
    "error_category",
    "finish_reason",
    "reasoning_effort",
    "org",
    "project",
    "environment",
    "application",
    "key_alias",
)
"""Dimensions that ``usage_day_detail`` has beside those of a day."""
ROW_DIMENSIONS = ("task", "session_id", "user_hash")
"""Dimensions that only the rows themselves have."""
DIMENSIONS = DAY_DIMENSIONS + DETAIL_DIMENSIONS + ROW_DIMENSIONS
TAG = "tag:"
"""How a tag of the logs is named as a dimension: ``tag:feature``."""


class Scope(NamedTuple):
    """A period of billing days, both ends included, and the values wanted of some dimensions."""

    since: date | None = None
    until: date | None = None
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """An empty value stands for calls whose logs name none."""

    @property
    def dimensions(self) -> set[str]:
        """The dimensions that the scope narrows."""
        return {name for name, _ in self.values}


EVERYTHING = Scope()
"""All the traffic there is."""


def is_dimension(name: str) -> bool:
    """Whether traffic can be told apart by this: a dimension by its name, or any tag."""
    return name in DIMENSIONS or (name.startswith(TAG) and name != TAG)


def column_of(name: str) -> str:
    """A dimension's name as a column's: a tag, which may be called anything, by the hex digits of its name."""
    return f"tag_{name.removeprefix(TAG).encode().hex()}" if name.startswith(TAG) else name


def expression_of(name: str) -> str:
    """A dimension as an expression on a table of calls: a tag stands in their map of tags."""
    if not name.startswith(TAG):
        return name
    return f"tags[decode(from_hex('{name.removeprefix(TAG).encode().hex()}'))]"


def table_for(dimensions: set[str], promoted: Collection[str] = ()) -> str:
    """The narrowest table that knows these dimensions, and the tags that are promoted."""
    if dimensions <= set(DAY_DIMENSIONS):
        return "usage_day_priced"
    if dimensions <= {*DAY_DIMENSIONS, *DETAIL_DIMENSIONS, *(f"{TAG}{name}" for name in promoted)}:
        return "usage_day_detail_priced"
    if dimensions <= {"task", "seller", "model", "team"}:
        return "task_rate_priced"
    return "usage_row_priced"


def condition(scope: Scope) -> tuple[str, dict[str, Any]]:
    """The scope as a condition on a table's columns, with its parameters."""
    parts, parameters = ["true"], dict[str, Any]()
    if scope.since:
        parts.append("day >= $since")
        parameters["since"] = scope.since
    if scope.until:
        parts.append("day <= $until")
        parameters["until"] = scope.until
    for name, wanted in scope.values:
        if not is_dimension(name):
            raise KeyError(name)
        parts.append(f"list_contains(${column_of(name)}, coalesce(cast({expression_of(name)} as varchar), ''))")
        parameters[column_of(name)] = list(wanted)
    return " and ".join(parts), parameters


def row_condition(scope: Scope) -> tuple[str, dict[str, Any]]:
    """The same for calls themselves: with bounds in instants, two days wide of the zone, by which parts are skipped."""
    text, parameters = condition(scope)
    if scope.since:
        text += " and start_at >= cast($since as timestamp) - interval 2 day"
    if scope.until:
        text += " and start_at < cast($until as timestamp) + interval 3 day"
    return text, parameters
