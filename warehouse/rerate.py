"""Re-rating: the same calls under other rates, cell by cell of the rollups; calls one by one where a rate cuts a cell.

What comes of it is left in temporary tables of the connection: ``run_result``, a row per cell and rate found, and
``run_row``, a row per call of the cells that were cut. Whether a call is charged at all stays as it was billed, and so
does the reading of its tokens.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import duckdb

from pricing.rates import Rate
from warehouse.rates import put_rows, rate_rows, span_rows
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import run, sql, statements

CELL_DIMENSIONS = frozenset({"day", "seller", "model", "team", "org", "region", "unpriced_reason"})
"""Dimensions by which whole cells can be told apart; a scope by others is read call by call."""


class Basis(NamedTuple):
    """The rates of a re-rate."""

    kind: str
    """``card``, ``known-at`` or ``unpriced``."""
    name: str
    """The card's file, or the moment, for people."""
    rates: Sequence[Rate]
    keeps: bool
    """Calls that none of the rates is about stay as they were billed. False: they have no rate then."""
    is_present: bool = False
    """The rates are what the cards say now, which the warehouse may not have been told yet."""

    @property
    def digest(self) -> str:
        """Of every rate and of when it holds: equal ones give equal results."""
        said = sorted((rate.digest, str(rate.valid_until), rate.strings, rate.precedence) for rate in self.rates)
        return hashlib.sha256(json.dumps([self.keeps, said]).encode()).hexdigest()[:32]


class Change(NamedTuple):
    """What calls of one day, model and team cost before and after; costs in pico-units, None: unknown.

    ``requests`` counts calls that found another rate or none, ``all_requests`` those that kept theirs too.
    """

    day: date
    seller: str | None
    model: str | None
    team: str | None
    currency: str | None
    cost: int | None
    new_currency: str | None
    new_cost: int | None
    requests: int
    all_requests: int
    reason: str | None
    """Why the cost is unknown now."""


class Total(NamedTuple):
    """A sum in one currency; of calls without a price (currency and cost None) their number alone."""

    currency: str | None
    cost: int | None
    requests: int


class Outcome(NamedTuple):
    """What a re-rate comes to."""

    changes: list[Change]
    """By day, seller, model and team; all of the scope, what stayed equal too."""
    before: list[Total]
    after: list[Total]
    requests: int
    changed: int
    """Calls with another rate, or none."""
    row_by_row: int
    """Calls that were looked at one by one, because a rate cuts their cell."""
    traffic_digest: str
    """Of the calls in scope and what they were billed."""


def rerate(connection: duckdb.DuckDBPyConnection, basis: Basis, scope: Scope, zone: str) -> Outcome:
    """Find what the calls in scope cost under other rates; nothing is stored."""
    _put_rates(connection, basis.rates)
    by_row = bool(scope.dimensions - CELL_DIMENSIONS)
    cells = scope._replace(values=tuple(value for value in scope.values if value[0] in CELL_DIMENSIONS))
    where, parameters = condition(cells)
    values = {**parameters, "unpriced": basis.kind == "unpriced"}
    statements(connection, sql("run_cells").replace("and true", f"and {where}"), values)
    _find(connection, by_row)
    where, parameters = condition(scope)
    text = _on_run(sql("run_rows")).replace("where true", f"where {where}")
    statements(connection, text, {**parameters, "zone": zone})
    statements(connection, sql("run_results"), {"keeps": basis.keeps})
    return _outcome(connection)


def put_sums(connection: duckdb.DuckDBPyConnection, scope: Scope, zones: Sequence[str]) -> bool:
    """Put together the calls in scope for ``rerate_sums``; False where whole cells cannot tell which are in scope.

    ``zones``: on whose clocks some rate has hours of its own.
    """
    if not scope.dimensions <= CELL_DIMENSIONS:
        return False
    where, parameters = condition(scope)
    statements(connection, sql("run_sums").replace("and true", f"and {where}"), {**parameters, "zones": list(zones)})
    return True


def rerate_sums(connection: duckdb.DuckDBPyConnection, bases: Sequence[Sequence[Rate]]) -> list[list[Change] | None]:
    """What ``rerate`` changes of the calls put together, under the rates of each basis as if in force at all times.

    The days of the changes say nothing. None for a basis that cuts what was put together: hours, or calls, have to be
    looked at then. All are asked at once: each statement takes longer to begin than to answer for one more basis.
    """
    named = [rate._replace(seller=f"{number}:{rate.seller}") for number, rates in enumerate(bases) for rate in rates]
    _put_rates(connection, named)
    run(connection, "run_cells_of_sums", {"bases": len(bases)})
    _find(connection, by_row=False)
    cut = {number for (number,) in run(connection, "run_cut_bases", {"bases": len(bases)}).fetchall()}
    run(connection, "run_no_rows")
    statements(connection, sql("run_results"), {"keeps": False})
    changes: list[list[Change]] = [[] for _ in bases]
    for change in _changes(connection):
        number, _, seller = str(change.seller).partition(":")
        changes[int(number)].append(change._replace(seller=seller or None))
    return [None if number in cut else found for number, found in enumerate(changes)]


def _put_rates(connection: duckdb.DuckDBPyConnection, rates: Sequence[Rate]) -> None:
    put_rows(connection, "card_rates", rate_rows(rates))
    run(connection, "run_rates")
    put_rows(connection, "run_spans", span_rows(rates))


def _find(connection: duckdb.DuckDBPyConnection, by_row: bool) -> None:
    statements(connection, _on_run(sql("run_found")), {"row_by_row": by_row})


def _on_run(text: str) -> str:
    """The statement that looks rates up, on the rates of the re-rate."""
    return text.replace("rate_span", "run_span").replace("rate_scope", "run_scope")


def _outcome(connection: duckdb.DuckDBPyConnection) -> Outcome:
    counted = run(connection, "run_counts").fetchone()
    assert counted is not None
    requests, changed, row_by_row, digest = counted
    before = [_total(row) for row in run(connection, "run_total_before").fetchall()]
    after = [_total(row) for row in run(connection, "run_total_after").fetchall()]
    return Outcome(_changes(connection), before, after, requests, changed, row_by_row, digest)


def _changes(connection: duckdb.DuckDBPyConnection) -> list[Change]:
    changes = [Change(*row) for row in run(connection, "run_changes").fetchall()]
    return [change._replace(cost=_int(change.cost), new_cost=_int(change.new_cost)) for change in changes]


def _total(row: tuple[str | None, object, int]) -> Total:
    return Total(row[0], _int(row[1]), row[2])


def _int(value: object) -> int | None:
    return None if value is None else int(str(value))
