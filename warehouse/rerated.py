"""What the latest recorded re-rate says that calls cost: where it is about the very calls that are asked for."""

from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.rerate_runs import RUN_DIMENSIONS, Run, rerated_by, runs
from warehouse.scope import EVERYTHING, Scope, condition
from warehouse.sqlfiles import sql

Key = tuple[str | None, str | None, str | None]
"""Seller, model and currency."""


class LatestRun(NamedTuple):
    """A run, and what it found for each seller, model and currency of which it holds every call; in pico-units."""

    run: Run
    costs: dict[Key, int]


def latest_run(reader: Reader, scope: Scope = EVERYTHING) -> LatestRun | None:
    """The newest run; None where there is none, or where the scope is by something that runs do not keep.

    A seller's model of which the run lacks a call, because it was loaded later or was out of its scope, is left out:
    the sum of a part would look like the whole.
    """
    known = runs(reader)
    if not known or not scope.dimensions <= set(RUN_DIMENSIONS):
        return None
    newest = known[0]
    where, parameters = condition(scope)
    text = sql("run_covered").replace("and true", f"and {where}")
    covered = {tuple(row) for row in reader.rows(text, {**parameters, "run_id": newest.run_id})}
    costs: dict[Key, int] = {}
    for row in rerated_by(reader, newest.run_id, ("seller", "model"), scope):
        seller, model = row.group
        if (seller, model) in covered and row.new_cost is not None:
            key = (seller, model, row.new_currency)
            costs[key] = costs.get(key, 0) + row.new_cost
    return LatestRun(newest, costs)
