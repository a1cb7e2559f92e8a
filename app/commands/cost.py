"""``tollbook cost``: what traffic cost, by any dimensions."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.figures import count, instant, money, plain, share, things
from app.session import UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from warehouse.connection import Reader
    from warehouse.cost import CostRow, Coverage
    from warehouse.scope import Scope


def cost(
    context: typer.Context,
    by: Annotated[
        str,
        typer.Option(metavar="DIMENSIONS", help="With commas between them: model, team, seller, day, task, ..."),
    ] = "model",
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day, as in 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day; it counts.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="DIMENSION=VALUE", help="Only this; repeat it for more values or dimensions."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What traffic cost, by any dimensions.

    One row per group and currency. Calls without a price are a row of their own, never 0.
    """
    from warehouse.connection import open_reader
    from warehouse.cost import cost_by, coverage_of

    session = session_of(context)
    dimensions = known_dimensions(by.split(","))
    scope = scope_of(since, until, where or [])
    with open_reader(session.warehouse, tell=session.tell) as reader:
        rows = in_order(dimensions, cost_by(reader, dimensions, scope))
        total = cost_by(reader, [], scope)
        coverage = coverage_of(reader, scope)
        demo = demo_notes(reader)
    if as_json:
        print_json(as_object(dimensions, rows, total, coverage))
    else:
        _print_rows(dimensions, rows, total, [*notes_on(coverage, total), *demo])


def known_dimensions(names: Sequence[str]) -> list[str]:
    """The dimensions asked for; raises UserMistake naming those there are."""
    from warehouse.scope import DIMENSIONS

    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    for name in wanted:
        if name not in DIMENSIONS:
            raise UserMistake(f"there is no dimension {name!r}; there are {', '.join(DIMENSIONS)}")
    return wanted


def scope_of(since: str | None, until: str | None, where: Sequence[str]) -> "Scope":
    """The scope that the options describe; raises UserMistake."""
    from warehouse.scope import Scope

    wanted: dict[str, list[str]] = {}
    for item in where:
        name, equals, value = item.partition("=")
        if not equals:
            raise UserMistake(f"--where takes dimension=value, not {item!r}")
        wanted.setdefault(known_dimensions([name])[0], []).append(value)
    first, last = _day("--since", since), _day("--until", until)
    if first and last and first > last:
        raise UserMistake(f"--since {first} is after --until {last}")
    return Scope(first, last, tuple((name, tuple(found)) for name, found in wanted.items()))


def in_order(dimensions: Sequence[str], rows: "list[CostRow]") -> "list[CostRow]":
    """Rows as they come, dearest first within a currency; where days are asked for, day by day."""
    if "day" not in dimensions:
        return rows
    place = list(dimensions).index("day")
    return sorted(rows, key=lambda row: (row.currency is None, row.currency or "", row.group[place]))


def as_object(
    dimensions: Sequence[str], rows: "Sequence[CostRow]", total: "Sequence[CostRow]", coverage: "Coverage"
) -> dict[str, Any]:
    """The JSON object of every command that answers with money: decimal strings, one row per currency."""
    return {
        "rows": [{**dict(zip(dimensions, map(plain, row.group), strict=True)), **_money(row)} for row in rows],
        "total": [{"currency": row.currency, "cost": format_pico(row.cost)} for row in total if row.currency],
        "coverage": coverage.share,
        "data_through": instant(coverage.data_through),
    }


def _money(row: "CostRow") -> dict[str, Any]:
    return {
        "currency": row.currency,
        "cost": format_pico(row.cost),
        "cost_low": format_pico(row.cost_low),
        "cost_high": format_pico(row.cost_high),
        "requests": row.requests,
        "unpriced": row.unpriced,
        "errors": row.errors,
        "needs_review": row.review,
        "partial": row.partial,
        "input": row.input,
        "cache_read": row.cache_read,
        "cache_written": row.cache_written,
        "output": row.output,
        "reasoning": row.reasoning,
        "cost_reported": format_pico(row.cost_reported),
        "cost_reported_currency": row.reported_currency,
    }


def _day(option: str, text: str | None) -> date | None:
    """The day that an option names; raises UserMistake."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UserMistake(f"{option}: {text!r} is no day; write it as in 2026-11-01") from None


def _print_rows(
    dimensions: Sequence[str], rows: "Sequence[CostRow]", total: "Sequence[CostRow]", notes: Sequence[str]
) -> None:
    table = plain_table()
    for name in dimensions:
        table.add_column(name, overflow="fold")
    for name in ("cost", "requests", "unpriced", "input", "from cache", "output"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*map(_name, row.group), *_cells(row))
    if dimensions:
        for row in total:
            table.add_row(*["total", *[""] * (len(dimensions) - 1)], *_cells(row), style="bold")
    print_table(table, *notes, spare=("output", "from cache", "input"))


def _name(value: Any) -> str:
    return "–" if value is None else str(value)


def _cells(row: "CostRow") -> list[str]:
    whole = row.input + row.cache_read + row.cache_written
    return [
        money(row.cost, row.currency),
        count(row.requests),
        count(row.unpriced),
        count(whole),
        share(row.cache_read, whole),
        count(row.output),
    ]


def notes_on(coverage: "Coverage", total: "Sequence[CostRow]") -> list[str]:
    """What a reader has to know of the figures above: coverage, bands, age."""
    if not coverage.requests:
        return ["No calls there."]
    known = coverage.requests - coverage.unpriced
    notes = [
        f"Cost is known for {count(known)} of {things(coverage.requests, 'call')} ({share(known, coverage.requests)})."
    ]
    for row in total:
        if row.review and row.cost_low is not None and (row.cost_low, row.cost_high) != (row.cost, row.cost):
            notes.append(
                f"{things(row.review, 'call')} under review: the total lies between "
                f"{money(row.cost_low, row.currency)} and {money(row.cost_high, row.currency)}."
            )
    if coverage.partial:
        notes.append(f"{things(coverage.partial, 'call')} cut off: the cost of what was seen, at least.")
    if coverage.data_through:
        checked = (
            f"; oldest rate checked {coverage.checked_from}" if coverage.checked_from else "; no rate priced any of it"
        )
        notes.append(f"Data through {instant(coverage.data_through)}{checked}.")
    return notes


def demo_notes(reader: "Reader") -> list[str]:
    """That made-up calls are among the figures, where they are."""
    from warehouse.demo import demo_state

    state = demo_state(reader)
    if not state.demo_files:
        return []
    which = "Demo data, made up" if not state.other_files else "Demo calls, made up, are among yours"
    return [f"{which}: tollbook demo --remove takes them out."]
