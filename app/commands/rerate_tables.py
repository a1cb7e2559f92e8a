"""Re-rates as tables for people and as objects for programs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.figures import UNKNOWN, count, instant, money, plain, things
from app.rerate_difference import Difference, Part, beside_difference, differences_of
from app.session import plain_table, print_table
from pricing.money import format_pico

if TYPE_CHECKING:
    from warehouse.rerate import Basis, Change, Outcome, Total
    from warehouse.rerate_runs import Fill, Rerated, Run

LONGEST = 40
"""Rows that a table shows before it says how many more there are."""


def print_differences(basis: "Basis", outcome: "Outcome") -> None:
    """What changes, by day, model and team, and the totals."""
    changed = [change for change in outcome.changes if change.requests]
    table = plain_table()
    for name in ("day", "seller", "model", "team"):
        table.add_column(name, overflow="fold")
    for name in ("calls", "as priced", "re-rated", "difference"):
        table.add_column(name, justify="right", no_wrap=True)
    for change in changed[:LONGEST]:
        place = [str(change.day), *(name or "–" for name in (change.seller, change.model, change.team))]
        table.add_row(*place, count(change.requests), *_amounts(change))
    differences = differences_of(outcome)
    for total in _sums(outcome, differences):
        table.add_row("total", "", "", "", *total, style="bold")
    notes = [f"{things(outcome.changed, 'call')} of {outcome.requests:,} in scope: another rate, {_meaning(basis)}."]
    if len(changed) > LONGEST:
        notes.insert(0, f"{len(changed) - LONGEST} more rows; --json has all of them.")
    if outcome.row_by_row:
        one_by_one = things(outcome.row_by_row, "call")
        notes.append(f"{one_by_one} looked at one by one: several rates are in force around them.")
    for currency, found in differences.items():
        notes += beside_difference(found, currency, money)
    lost = sorted({change.reason for change in changed if change.new_cost is None and change.reason})
    if lost:
        notes.append(f"Unknown now: {'; '.join(lost)}.")
    print_table(table, *notes, spare=("team", "seller"))


def print_runs(runs: "Sequence[Run]") -> None:
    """The recorded runs, newest first."""
    table = plain_table()
    for name in ("run", "name", "scope", "who", "when"):
        table.add_column(name, overflow="fold")
    for name in ("calls", "changed", "as priced", "re-rated"):
        table.add_column(name, justify="right", no_wrap=True)
    for run in runs:
        when = instant(run.run_at) or ""
        sums = [", ".join(_sum(total) for total in totals if total.currency) for totals in (run.before, run.after)]
        table.add_row(
            str(run.run_id), run.name, run.scope, run.who, when, count(run.requests), count(run.changed), *sums
        )
    print_table(table, *([] if runs else ["No re-rate was recorded yet: tollbook rerate --help."]))


def print_fills(fills: "Sequence[Fill]") -> None:
    """When calls that had no rate were given one, the newest first; nothing where that never happened."""
    if not fills:
        return
    table = plain_table("Calls that had no rate, priced in place and once")
    for name in ("when", "scope", "who"):
        table.add_column(name, overflow="fold")
    for name in ("calls", "cost", "first call", "last call"):
        table.add_column(name, justify="right", no_wrap=True)
    for fill in fills:
        when, first, last = (instant(at) or "" for at in (fill.filled_at, fill.first_at, fill.last_at))
        cost = money(fill.cost, fill.currency)
        table.add_row(when, fill.scope, fill.who, count(fill.requests), cost, first, last)
    print_table(table, spare=("first call", "last call"))


def print_run(run: "Run", dimensions: Sequence[str], rows: "Sequence[Rerated]") -> None:
    """One run beside what was billed."""
    table = plain_table()
    for name in dimensions:
        table.add_column(name, overflow="fold")
    for name in ("calls", "other rate", "as priced", "re-rated", "difference"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        group = ["–" if value is None else str(value) for value in row.group]
        table.add_row(*group, count(row.all_requests), count(row.requests), *_amounts(row))
    print_table(
        table,
        f"Run {run.run_id}, {run.name}: {run.scope}; recorded by {run.who} at {instant(run.run_at)}.",
        f"Rates {run.basis_digest}, calls {run.traffic_digest}, data through {instant(run.data_through)}.",
        "What was billed is unchanged.",
    )


def differences_as_object(basis: "Basis", outcome: "Outcome") -> dict[str, Any]:
    """A re-rate that was not recorded, or its difference."""
    return {
        "kind": basis.kind,
        "basis": basis.name,
        "basis_digest": basis.digest,
        "traffic_digest": outcome.traffic_digest,
        "rows": [_change(change) for change in outcome.changes],
        "total": {"as_billed": _totals(outcome.before), "rerated": _totals(outcome.after)},
        "differences": [_difference(currency, found) for currency, found in differences_of(outcome).items()],
        "requests": outcome.requests,
        "changed": outcome.changed,
        "row_by_row": outcome.row_by_row,
    }


def run_as_object(run: "Run") -> dict[str, Any]:
    """A recorded run."""
    plain_fields = {name: plain(value) for name, value in run._asdict().items() if name not in ("before", "after")}
    return {**plain_fields, "total": {"as_billed": _totals(run.before), "rerated": _totals(run.after)}}


def fill_as_object(fill: "Fill") -> dict[str, Any]:
    """When calls that had no rate were priced, in one currency."""
    return {**{name: plain(value) for name, value in fill._asdict().items()}, "cost": format_pico(fill.cost)}


def rerated_as_object(dimensions: Sequence[str], row: "Rerated") -> dict[str, Any]:
    """One group of a recorded run."""
    group = dict(zip(dimensions, map(plain, row.group), strict=True))
    return {**group, **_money(row), "requests": row.requests, "all_requests": row.all_requests, "reason": row.reason}


def _change(change: "Change") -> dict[str, Any]:
    place = {"day": plain(change.day), "seller": change.seller, "model": change.model, "team": change.team}
    counts = {"requests": change.requests, "all_requests": change.all_requests, "reason": change.reason}
    return {**place, **_money(change), **counts}


def _money(row: "Change | Rerated") -> dict[str, Any]:
    return {
        "currency": row.currency,
        "cost": format_pico(row.cost),
        "new_currency": row.new_currency,
        "new_cost": format_pico(row.new_cost),
    }


def _difference(currency: str, found: Difference) -> dict[str, Any]:
    """Of calls priced on both sides, and what is in no difference."""
    parts = {"lost": found.lost, "gained": found.gained, "left": found.left}
    return {
        "currency": currency,
        "difference": format_pico(found.both),
        **{name: _part(part) for name, part in parts.items()},
    }


def _part(part: Part) -> dict[str, Any]:
    return {"requests": part.calls, "cost": format_pico(part.pico)}


def _totals(totals: "Sequence[Total]") -> list[dict[str, Any]]:
    return [{"currency": t.currency, "cost": format_pico(t.cost), "requests": t.requests} for t in totals]


def _amounts(row: "Change | Rerated") -> list[str]:
    known = row.cost is not None and row.new_cost is not None and row.currency == row.new_currency
    difference = (row.new_cost or 0) - (row.cost or 0)
    return [
        money(row.cost, row.currency),
        money(row.new_cost, row.new_currency),
        _signed(difference, row.currency) if known else "–",
    ]


def _sums(outcome: "Outcome", differences: Mapping[str, Difference]) -> list[list[str]]:
    """One row per currency: calls that changed, the sums of all of the scope, and how those priced by both differ."""
    before = {total.currency: total for total in outcome.before}
    after = {total.currency: total for total in outcome.after}
    changed: dict[str | None, int] = defaultdict(int)
    for change in outcome.changes:
        changed[change.new_currency] += change.requests
    found: list[list[str]] = []
    for currency in sorted({*before, *after}, key=lambda name: (name is None, name or "")):
        old, new = before.get(currency), after.get(currency)
        if currency is None:
            lines = [things(total.requests, "call") if total else "none" for total in (old, new)]
            found.append([count(changed[currency]), *(f"{UNKNOWN}: {line}" for line in lines), "–"])
            continue
        amounts = [money(total.cost or 0 if total else 0, currency) for total in (old, new)]
        both = differences[currency].both
        found.append([count(changed[currency]), *amounts, "–" if both is None else _signed(both, currency)])
    return found


def _sum(total: "Total") -> str:
    return money(total.cost, total.currency)


def _signed(pico: int, currency: str | None) -> str:
    return money(pico, currency) if pico <= 0 else f"+{money(pico, currency)}"


def _meaning(basis: "Basis") -> str:
    if basis.kind == "card":
        return f"under {basis.name}; the others stay as they were priced"
    if basis.kind == "unpriced":
        return "in place of none; calls with a price are not touched"
    return f"as known at {basis.name}"
