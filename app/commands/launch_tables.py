"""What a launch plan comes to, as tables for people and as one object for programs."""

import shlex
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import typer

from app.commands.launch_acts import told
from app.figures import UNKNOWN, count, rounded, things
from app.launches import Launch
from app.session import plain_table, print_table
from planning.launch import Band, PlanDay
from planning.launch_actual import Actual
from planning.launch_plan import inputs_of, write_launch_plan
from pricing.money import format_pico

WIDEST = 8
"""Inputs of the tornado that a table shows."""
EVERY = (1, 7, 14, 30, 60, 90, 120, 180, 270, 365, 540)
"""Days that a table shows, beside the last."""
HEADS = ("P10", "P50", "P90", "P99")


def print_launch(launch: Launch, stale: str | None, asked: str | None) -> None:
    """The total, its days, kinds and widest inputs, and what they rest on.

    ``asked`` is what the plan is called on the command line: a file or a saved name; None: it cannot be asked again.
    """
    plan, found = launch.plan, launch.simulation
    _print_bands(
        f"{plan.name}: {plan.start} to {plan.last}, in {plan.currency}",
        [("all days", _amounts(found.total)), ("calls", _counts(found.calls))],
        _headline(launch, stale),
    )
    _print_bands("\nBy day", [_day_row(launch, number) for number in _shown(plan.days)], ())
    if len(found.kinds) > 1:
        _print_bands("\nBy kind of task", [(part.name, _amounts(part.cost)) for part in found.kinds], ())
    _print_tornado(launch)
    if asked is not None:
        typer.echo(f"\nWhether rate limits hold on its busiest day: tollbook capacity --plan {shlex.quote(asked)}")


def print_actual(launch: Launch, actual: Actual, stale: str | None) -> None:
    """Each day seen beside the plan, and what both say of the days to come."""
    plan, blend = launch.plan, actual.blend
    if not any(row.calls for row in actual.days):
        why = "no whole day of {} to {} is in the data yet."
        if actual.days:
            why = "no call of {} to {} is the launch's: is launched: written in the plan as it is in the logs?"
        print_table(plain_table(), f"{plan.name}: {why.format(plan.start, plan.last)}")
        return
    typer.echo(f"{plan.name}: actual against plan, in {plan.currency}")
    table = plain_table()
    for head in ("day", "billed", "plan P10", "plan P50", "plan P90", "below it", "calls"):
        table.add_column(head, justify="left" if head == "day" else "right", no_wrap=True)
    for row in actual.days:
        low, middle, high, _ = _amounts(row.planned)
        billed, below = (_money(row.cost), f"{100 * row.below:.0f}%") if row.is_known else (UNKNOWN, UNKNOWN)
        table.add_row(str(row.day), billed, low, middle, high, below, count(row.calls))
    unpriced = sum(row.unpriced for row in actual.days)
    notes = ["Below it: the share of the plan's draws whose day was cheaper."]
    if unpriced:
        notes.append(
            f"{things(unpriced, 'call')} of unknown cost: in no amount billed, which is too low by theirs. The days to "
            "come are reckoned as if they had cost what the others did."
        )
    print_table(table, *notes)
    if blend is None:
        return
    said = "" if blend.over_budget is None else f" Budget {plan.budget}: exceeded by {_chance(blend.over_budget)}."
    _print_bands(
        f"\nAll days of the plan, after {things(blend.seen_days, 'whole day')}",
        [("plan and days seen", _amounts(blend.total)), ("plan alone", _amounts(launch.simulation.total))],
        [
            f"Billed so far {_money(blend.spent)}: {100 * blend.level:.0f}% of the plan's middle.{said}",
            f"At the rate of the last days alone it would be {_money(blend.run_rate)}.",
            *([stale] if stale else []),
        ],
    )


def as_object(launch: Launch, actual: Actual | None, stale: str | None) -> dict[str, Any]:
    """Everything as one object."""
    plan, found = launch.plan, launch.simulation
    document = {
        "plan": write_launch_plan(plan),
        "filled": {each.name: each.guess.model_dump(exclude_none=True) for each in launch.filled},
        "currency": plan.currency,
        "draws": found.draws,
        "seed": found.seed,
        "total": _object(found.total),
        "calls": found.calls._asdict(),
        "at_likely": format_pico(found.at_likely),
        "at_likely_rank": found.at_likely_rank,
        "budget": plan.budget,
        "over_budget": found.over_budget,
        "contingency": format_pico(found.contingency),
        "days": [_day_object(day) for day in found.days],
        "kinds": [
            {"kind": part.name, "cost": _object(part.cost), "calls": part.calls._asdict()} for part in found.kinds
        ],
        "tornado": [
            swing._asdict()
            | {"span": swing.span._asdict(), "at_low": format_pico(swing.at_low), "at_high": format_pico(swing.at_high)}
            for swing in found.tornado
        ],
        "rates": [_rate_object(each) for each in launch.priced_by],
        "notes": list(launch.notes),
        "stale": stale,
    }
    return document if actual is None else document | {"actual": _actual_object(actual)}


def _headline(launch: Launch, stale: str | None) -> Iterator[str]:
    plan, found = launch.plan, launch.simulation
    if stale:
        yield stale
    likely = f"Everything at its likely value: {_money(found.at_likely)}, no percentile"
    yield f"{likely}: {_chance(found.at_likely_rank)} of the draws are below it."
    if plan.budget is not None and found.over_budget is not None:
        yield f"Budget {plan.budget}: exceeded by {_chance(found.over_budget)} of the draws."
    yield f"Contingency suggested: {_money(found.contingency)}, from P50 to P90."
    for leg in launch.exchanged:
        yield f"{'/'.join(leg.pair)} of {leg.known}: {leg.source}."
    for each in launch.priced_by:
        rate = each.rate
        yield f"{each.model} at {each.seller}: {rate.source}, checked {rate.checked} ({rate.confidence})."
    yield from launch.notes
    sources = [each.guess.source for each in inputs_of(found.plan) if each.guess.has_spread]
    told_by = ", ".join(f"{sources.count(name)} {name}" for name in ("measured", "claim", "guess") if name in sources)
    yield f"{count(found.draws)} draws, seed {found.seed}; inputs with spread: {told_by or 'none'}. Estimates."


def _print_bands(title: str, rows: list[tuple[str, tuple[str, ...]]], notes: Any) -> None:
    typer.echo(title)
    table = plain_table()
    table.add_column("", overflow="fold")
    heads = HEADS if all(len(cells) == len(HEADS) for _, cells in rows) else (*HEADS, "P50 so far", "P90 so far")
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for name, cells in rows:
        table.add_row(name, *cells)
    print_table(table, *notes)


def _print_tornado(launch: Launch) -> None:
    found = launch.simulation.tornado
    if not found:
        return
    typer.echo("\nWhat moves the middle of the total most")
    table = plain_table()
    for head in ("input", "source", "low to high (likely)", "P50 at low", "P50 at high"):
        table.add_column(head, justify="right" if head.startswith("P50") else "left", overflow="fold")
    guesses = {each.name: each.guess for each in inputs_of(launch.simulation.plan)}
    for swing in found[:WIDEST]:
        said = told(guesses[swing.name]) if swing.name in guesses else "all points together"
        table.add_row(swing.name, swing.source, said, _money(swing.at_low), _money(swing.at_high))
    rest = len(found) - WIDEST
    print_table(table, *([f"{things(rest, 'input')} more, each with a smaller effect."] if rest > 0 else []))


def _shown(days: int) -> list[int]:
    return sorted({*(day for day in EVERY if day < days), days})


def _day_row(launch: Launch, number: int) -> tuple[str, tuple[str, ...]]:
    day = launch.simulation.days[number - 1]
    so_far = _amounts(day.cumulative)
    return f"day {number}, {day.day}", (*_amounts(day.cost), so_far[1], so_far[2])


def _amounts(band: Band) -> tuple[str, ...]:
    return tuple(_money(pico) for pico in band)


def _counts(band: Band) -> tuple[str, ...]:
    return tuple(count(value) for value in band)


def _money(pico: int) -> str:
    return rounded(Fraction(pico))


def _chance(share: float) -> str:
    """``12%``; only none of it is 0%, only all of it 100%."""
    if 0 < share < 0.005:
        return "less than 1%"
    return "more than 99%" if 0.995 <= share < 1 else f"{100 * share:.0f}%"


def _object(band: Band) -> dict[str, str | None]:
    return {name: format_pico(value) for name, value in band._asdict().items()}


def _day_object(day: PlanDay) -> dict[str, Any]:
    return {
        "day": str(day.day),
        "cost": _object(day.cost),
        "cumulative": _object(day.cumulative),
        "calls": day.calls._asdict(),
    }


def _rate_object(priced: Any) -> dict[str, Any]:
    rate = priced.rate
    return {
        "seller": priced.seller,
        "model": priced.model,
        "tier": priced.tier,
        "source": rate.source,
        "checked": str(rate.checked),
        "confidence": rate.confidence,
        "card": rate.card,
    }


def _actual_object(actual: Actual) -> dict[str, Any]:
    blend = actual.blend
    rows = [
        row._asdict()
        | {"day": str(row.day), "planned": _object(row.planned)}
        | ({"cost": format_pico(row.cost)} if row.is_known else {"cost": None, "below": None})
        for row in actual.days
    ]
    if blend is None:
        return {"days": rows, "blend": None}
    amounts = {name: format_pico(getattr(blend, name)) for name in ("spent", "plan_total", "run_rate")}
    days: list[tuple[date, Band]] = list(blend.days)
    ahead = [{"day": str(day), "cost": _object(cost)} for day, cost in days]
    return {"days": rows, "blend": blend._asdict() | amounts | {"total": _object(blend.total), "days": ahead}}
