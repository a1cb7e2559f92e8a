"""Recorded re-rates: a run is kept beside what was billed, for ever; and the rates of calls that had none."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from pricing.usage import FLAVOURS
from warehouse.audit import keep_audit
from warehouse.connection import Reader, open_reader, open_staging, open_writer
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.rates import read_cards, sync_rates
from warehouse.rerate import Basis, Outcome, Total, rerate
from warehouse.rollups import follow_fill, follow_settings
from warehouse.scope import EVERYTHING, Scope, condition
from warehouse.sqlfiles import run, sql, statements
from warehouse.transaction import transaction

RUN_DIMENSIONS = ("day", "seller", "model", "team", "org", "region", "tier")
"""What a recorded run can be asked by."""


class Label(NamedTuple):
    """What a record of a re-rate says beside its figures."""

    name: str
    who: str
    scope: str
    """The scope in the command line's words."""
    now: datetime
    tell: Tell


class Run(NamedTuple):
    """A recorded re-rate."""

    run_id: int
    name: str
    kind: str
    basis: str
    basis_digest: str
    scope: str
    traffic_digest: str
    who: str
    run_at: datetime
    data_through: datetime | None
    requests: int
    changed: int
    row_by_row: int
    before: list[Total]
    after: list[Total]


class Fill(NamedTuple):
    """Calls that had no rate and were priced, in place and once, in one currency; the cost in pico-units."""

    filled_at: datetime
    who: str
    scope: str
    currency: str | None
    requests: int
    cost: int | None
    first_at: datetime
    last_at: datetime
    """Of the calls themselves."""


class Rerated(NamedTuple):
    """What a recorded run found for one group; costs in pico-units, None: unknown."""

    group: tuple[Any, ...]
    currency: str | None
    cost: int | None
    new_currency: str | None
    new_cost: int | None
    requests: int
    """Calls with another rate than they were billed at."""
    all_requests: int
    reason: str | None


def preview(root: Path, basis: Basis, scope: Scope, *, tell: Tell) -> Outcome:
    """What a re-rate would come to; raises WarehouseError."""
    with open_reader(root, tell=tell) as reader:
        zone = _zone_of(reader)
        return rerate(reader.connection, basis, scope, zone)


def record(root: Path, basis: Basis, scope: Scope, label: Label, *, expected: Outcome) -> Run:
    """Record a re-rate; raises WarehouseError when the calls in scope are no longer those that were shown."""
    folder = Folder(root)
    with (
        open_staging(folder) as staging,
        open_writer(folder, "usage", staging, purpose="a re-rate", now=label.now, tell=label.tell),
    ):
        follow_settings(staging, folder.settings())
        if basis.is_present:
            sync_rates(staging, read_cards(folder), label.now, label.who)
        with transaction(staging):
            outcome = _with_known_rates(staging, basis, scope, label.now)
            if outcome.traffic_digest != expected.traffic_digest:
                raise WarehouseError(
                    "calls were loaded since the difference was shown; nothing was recorded, ask again"
                )
            values = _values(basis, label, outcome, _next_run(staging))
            run(staging, "keep_run", {**values, "keeps": basis.keeps})
            after = {name: str(values[name]) for name in ("basis_digest", "traffic_digest", "scope")}
            keep_audit(staging, f"re-rate {values['run_id']} recorded", who=label.who, now=label.now, after=after)
        rows = run(staging, "runs").fetchall()
    return _run(rows[0])


def fill_unpriced(root: Path, scope: Scope, label: Label) -> int:
    """Price calls that had no rate and have one now, in place and once, with their rollups; returns how many."""
    folder = Folder(root)
    cards = read_cards(folder)
    zone = folder.settings().billing_zone
    with (
        open_staging(folder) as staging,
        open_writer(folder, "usage", staging, purpose="pricing what had no rate", now=label.now, tell=label.tell),
    ):
        follow_settings(staging, folder.settings())
        sync_rates(staging, cards, label.now, label.who)
        with transaction(staging):
            run(staging, "touched_tables")
            run(staging, "load_tables")
            rows = [[f.name, f.cache_inside_input, f.reasoning_inside_output] for f in FLAVOURS.values()]
            staging.executemany("insert into flavour values (?, ?, ?)", rows)
            where, parameters = condition(scope)
            text = sql("find_fills").replace("where true", f"where {where}")
            statements(staging, text, {**parameters, "zone": zone})
            run(staging, "keep_fills", {"now": label.now, "who": label.who, "scope": label.scope, "zone": zone})
            follow_fill(staging, zone)
            row = staging.execute("select count(*) from fill where how <> 'unknown' and counted").fetchone()
            assert row is not None
            after = {"calls": row[0], "scope": label.scope}
            keep_audit(staging, "calls without a rate priced", who=label.who, now=label.now, after=after)
    return int(row[0])


def runs(reader: Reader) -> list[Run]:
    """Every recorded re-rate, newest first."""
    return [_run(row) for row in reader.rows(sql("runs"))]


def fills(reader: Reader) -> list[Fill]:
    """Every time that calls without a rate were priced, newest first."""
    return [
        Fill(at, who, scope, currency, int(requests), _int(cost), first_at, last_at)
        for at, who, scope, currency, requests, cost, first_at, last_at in reader.rows(sql("fills"))
    ]


def rerated_by(reader: Reader, run_id: int, dimensions: Sequence[str], scope: Scope = EVERYTHING) -> list[Rerated]:
    """What a run found, by RUN_DIMENSIONS; raises KeyError for another dimension."""
    for name in (*dimensions, *scope.dimensions):
        if name not in RUN_DIMENSIONS:
            raise KeyError(name)
    where, parameters = condition(scope)
    columns = "".join(f"{name}, " for name in dimensions)
    text = sql("run_rerated").replace("and true", f"and {where}").replace("select\n", f"select\n    {columns}")
    rows = reader.rows(text, {**parameters, "run_id": run_id})
    count = len(dimensions)
    return [_rerated(tuple(row[:count]), row[count:]) for row in rows]


def _rerated(group: tuple[Any, ...], values: tuple[Any, ...]) -> Rerated:
    currency, cost, new_currency, new_cost, requests, all_requests, reason = values
    return Rerated(group, currency, _int(cost), new_currency, _int(new_cost), requests, all_requests, reason)


def _with_known_rates(connection: duckdb.DuckDBPyConnection, basis: Basis, scope: Scope, now: datetime) -> Outcome:
    """The re-rate, once the warehouse knows its rates by a number of their own."""
    zone = connection.execute("select value from meta where name = 'billing_zone'").fetchone()
    outcome = rerate(connection, basis, scope, zone[0] if zone else "UTC")
    fresh = connection.execute("select count(*) from run_rate where rate_id < 0").fetchone()
    if fresh == (0,):
        return outcome
    run(connection, "add_rates", {"now": now, "active": False})
    return rerate(connection, basis, scope, zone[0] if zone else "UTC")


def _values(basis: Basis, label: Label, outcome: Outcome, run_id: int) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "name": label.name,
        "kind": basis.kind,
        "basis": basis.name,
        "basis_digest": basis.digest,
        "scope": label.scope,
        "traffic_digest": outcome.traffic_digest,
        "who": label.who,
        "now": label.now,
        "requests": outcome.requests,
        "changed": outcome.changed,
        "row_by_row": outcome.row_by_row,
        "total_before": _written(outcome.before),
        "total_after": _written(outcome.after),
    }


def _written(totals: Sequence[Total]) -> str:
    """Amounts as text: a JSON number loses digits elsewhere."""
    return json.dumps([[t.currency, None if t.cost is None else str(t.cost), t.requests] for t in totals])


def _read(text: str) -> list[Total]:
    return [Total(currency, _int(cost), requests) for currency, cost, requests in json.loads(text)]


def _run(row: tuple[Any, ...]) -> Run:
    return Run._make((*row[:13], _read(row[13]), _read(row[14])))


def _next_run(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("select coalesce(max(run_id), 0) + 1 from rerate_run").fetchone()
    assert row is not None
    return int(row[0])


def _zone_of(reader: Reader) -> str:
    row = reader.row("select value from meta where name = 'billing_zone'")
    return str(row[0]) if row else "UTC"


def _int(value: Any) -> int | None:
    return None if value is None else int(value)
