"""What was used of each meter: quantities times rates are the cost, by any dimensions and from every table."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from pricing.meters import METERS
from tests.test_warehouse_cost import reader  # noqa: F401 - the fixture: a warehouse with every kind of call
from warehouse.cost import cost_by
from warehouse.metered import Metered, metered
from warehouse.scope import DIMENSIONS, EVERYTHING, Scope

SCOPES = (
    EVERYTHING,
    Scope(date(2026, 10, 31), date(2026, 11, 1), values=(("environment", ("prod",)), ("team", ("support",)))),
    Scope(values=(("task", ("t-1", "t-2")),)),
)


def by_currency(rows: list[Metered]) -> dict[tuple[Any, str | None], tuple[int | None, int]]:
    """Cost and calls per group and currency; None for those of unknown cost."""
    costs: dict[tuple[Any, str | None], int | None] = {}
    requests = Counter[tuple[Any, str | None]]()
    for row in rows:
        key = (row.group, row.currency)
        costs[key] = None if row.cost is None else (costs.get(key) or 0) + row.cost
        requests[key] += row.quantity if row.meter == "request" else 0
    return {key: (cost, requests[key]) for key, cost in costs.items()}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", DIMENSIONS)
def test_costs_and_calls_add_up_to_those_of_the_question_for_cost(reader, name, scope):  # noqa: F811
    asked = [(row.group, row.currency, row.cost, row.requests) for row in cost_by(reader, [name], scope)]
    wanted = {(group, currency): (cost, requests) for group, currency, cost, requests in asked}
    found = by_currency(metered(reader, [name], scope))
    assert found == wanted
    assert found or scope.values


def test_each_row_is_a_quantity_times_what_its_rate_says(reader):  # noqa: F811
    rates = {row[0]: row[1:] for row in reader.rows(f"select rate_id, currency, {', '.join(METERS)} from rate")}
    rows = metered(reader, ["day", "seller", "model", "team"])
    assert {row.costing for row in rows} == {"rated", "free", "unknown"}
    for row in rows:
        assert row.quantity != 0
        if row.costing != "rated":
            assert (row.pico, row.cost) == (None, 0 if row.costing == "free" else None)
            continue
        currency, *figures = rates[row.rate_id]
        assert (row.currency, row.pico) == (currency, figures[METERS.index(row.meter)])
        assert row.cost == row.quantity * (row.pico or 0)
    assert len({row[:5] for row in rows}) == len(rows)


def test_the_same_question_has_the_same_rows_from_every_table(reader):  # noqa: F811
    asked = metered(reader, ["seller", "team"])
    assert asked == metered(reader, ["seller", "team"])
    for more in ("day", "operation", "task"):
        sums = Counter[Any]()
        for row in metered(reader, ["seller", "team", more]):
            sums[(row.group[:2], *row[1:5], row.pico)] += row.quantity
        assert sums == {(row.group, *row[1:5], row.pico): row.quantity for row in asked}


def test_a_name_that_is_no_dimension_is_refused(reader):  # noqa: F811
    with pytest.raises(KeyError):
        metered(reader, ["colour"])
