"""``tollbook cost``: what traffic cost, by any dimensions."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from app.commands.conversion import conversion_notes, cost_in, rates_for, rates_used, shown, target_of
from app.commands.four_costs import lines_of, print_four, run_notes
from app.commands.recurring_rows import recurring_object, recurring_table
from app.figures import UNKNOWN, count, instant, money, plain, rounded, share, things
from app.present import today_of
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from pricing.fx import Converted
    from warehouse.connection import Reader
    from warehouse.converted import Cell
    from warehouse.cost import CostRow, Coverage
    from warehouse.recurring import RecurringRow
    from warehouse.scope import Scope


PER_REQUEST = "per request"
COUNTED = (PER_REQUEST, "requests", "unpriced", "input", "from cache", "output")
SPARE = ("output", "from cache", "input", PER_REQUEST)
"""Columns that a terminal too narrow goes without, the first of them first."""


class Answer(NamedTuple):
    """What ``tollbook cost`` answers with."""

    dimensions: list[str]
    rows: "list[CostRow]"
    total: "list[CostRow]"
    coverage: "Coverage"
    recurring: "list[RecurringRow]"
    recurring_total: "list[RecurringRow]"
    today: date
    """The last day on which recurring charges are counted."""
    target: str | None
    """The currency that figures are converted to. None: they are not."""
    converted: "dict[Cell, Converted]"
    totals_converted: "dict[Cell, Converted]"


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
    into: Annotated[
        str | None,
        typer.Option("--in", metavar="CODE", help="Show this currency, too, as in EUR; native: only as priced."),
    ] = None,
    four: Annotated[
        bool, typer.Option("--four", help="As priced, reported, re-rated and invoiced, and why they differ.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What traffic cost, by any dimensions.

    One row per group and currency. Calls without a price are a row of their
    own, never 0. Recurring charges are rows of their own, in no total of calls.
    """
    from warehouse.connection import open_reader

    session = session_of(context)
    dimensions = known_dimensions(by.split(","))
    scope = scope_of(since, until, where or [])
    if four:
        if into:
            raise UserMistake("--four shows amounts as they are: leave --in out")
        _show_four(session, scope, by.strip(), as_json)
        return
    target = target_of(session, into)
    follow_tags(session, {*dimensions, *scope.dimensions})
    with open_reader(session.warehouse, tell=session.tell) as reader:
        answer = _answer(session, reader, dimensions, scope, target)
        demo = demo_notes(reader)
    if as_json:
        print_json(_as_object(answer))
    else:
        _print(answer, demo)


def _show_four(session: Session, scope: "Scope", by: str, as_json: bool) -> None:
    from warehouse.connection import open_reader
    from warehouse.cost import coverage_of
    from warehouse.four_costs import notes_on_invoices
    from warehouse.invoices import list_invoices

    invoices = list_invoices(session.warehouse, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        lines = lines_of(reader, invoices, scope, by)
        notes = [*notes_on_invoices(lines, invoices, scope), *run_notes(reader, scope)]
        notes += [*notes_on(coverage_of(reader, scope), ()), *demo_notes(reader)]
    print_four(lines, notes, as_json=as_json)


def _answer(session: Session, reader: "Reader", dimensions: list[str], scope: "Scope", target: str | None) -> Answer:
    from warehouse.charges import list_charges
    from warehouse.converted import converted_by
    from warehouse.cost import cost_by, coverage_of
    from warehouse.recurring import recurring_by

    rows, total = in_order(dimensions, cost_by(reader, dimensions, scope)), cost_by(reader, [], scope)
    charges = list_charges(session.warehouse, tell=session.tell)
    today = today_of(session, reader)
    currencies = [*(row.currency for row in total), *(charge.currency for charge in charges)]
    rates = rates_for(session, target, currencies) if target else None
    to = (target, rates) if target and rates else None
    return Answer(
        dimensions,
        rows,
        total,
        coverage_of(reader, scope),
        recurring_by(charges, dimensions, scope, today=today, into=to),
        recurring_by(charges, [], scope, today=today, into=to),
        min(scope.until or today, today),
        target,
        converted_by(reader, dimensions, scope, *to) if to else {},
        converted_by(reader, [], scope, *to) if to else {},
    )


def known_dimensions(names: Sequence[str]) -> list[str]:
    """The dimensions asked for; raises UserMistake naming those there are."""
    from warehouse.scope import DIMENSIONS, is_dimension

    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    for name in wanted:
        if not is_dimension(name):
            raise UserMistake(
                f"there is no dimension {name!r}; there are {', '.join(DIMENSIONS)}, and tag:NAME of any tag"
            )
    return wanted


def follow_tags(session: Session, dimensions: "set[str]") -> None:
    """Build the sums by the tags that the settings promote, where a question is about one and they are not built."""
    from warehouse.scope import TAG

    if any(name.startswith(TAG) for name in dimensions):
        from warehouse.promotion import follow_promoted

        follow_promoted(session.warehouse, now=session.now, tell=session.tell)


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
    each = per_request(row)
    return {
        "currency": row.currency,
        "cost": format_pico(row.cost),
        "cost_low": format_pico(row.cost_low),
        "cost_high": format_pico(row.cost_high),
        "cost_per_request": None if each is None else format_pico(round(each)),
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


def _as_object(answer: Answer) -> dict[str, Any]:
    """The JSON object of ``tollbook cost``: that of every answer, with what is recurring and what is converted."""
    found = as_object(answer.dimensions, answer.rows, answer.total, answer.coverage)
    target = answer.target
    for row, told in zip(answer.rows, found["rows"], strict=True):
        told["kind"] = "usage"
        if target:
            told["converted"] = cost_in(answer.converted.get((row.group, row.currency or "")), target)
    if answer.recurring:
        found["rows"] += [recurring_object(answer.dimensions, row, target) for row in answer.recurring]
        found["recurring_total"] = [
            {"currency": row.currency, "cost": format_pico(row.cost)} for row in answer.recurring_total
        ]
    if target:
        usage, recurring = _wholes(answer)
        found["converted"] = {
            "total": cost_in(usage, target),
            "recurring_total": cost_in(recurring, target),
            "rates": rates_used(whole_of(usage, recurring)),
            "missing": [[currency, str(day)] for currency, day in sorted(whole_of(usage, recurring).missing)],
        }
    return found


def _wholes(answer: Answer) -> "tuple[Converted, Converted]":
    """All calls and all charges in the target currency, each rounded once."""
    charges = [row.converted for row in answer.recurring_total if row.converted]
    return whole_of(*answer.totals_converted.values()), whole_of(*charges)


def whole_of(*parts: "Converted") -> "Converted":
    """Several converted figures as one."""
    from warehouse.converted import whole

    return whole(parts)


def _print(answer: Answer, demo: Sequence[str]) -> None:
    dimensions, target = answer.dimensions, answer.target
    table = plain_table()
    for name in dimensions:
        table.add_column(name, overflow="fold")
    for name in ("cost", *([target] if target else []), *COUNTED):
        table.add_column(name, justify="right", no_wrap=True)
    for row in answer.rows:
        table.add_row(*map(_name, row.group), *_cells(row, target, answer.converted))
    if dimensions:
        for row in answer.total:
            heads = ["total", *[""] * (len(dimensions) - 1)]
            total = row._replace(group=())
            table.add_row(*heads, *_cells(total, target, answer.totals_converted), style="bold")
    print_table(table, *notes_on(answer.coverage, answer.total), *demo, spare=SPARE)
    if answer.recurring:
        spread = f"In no total of calls; spread over the days of their periods, counted through {answer.today}."
        print_table(recurring_table(dimensions, answer.recurring, answer.recurring_total, target), spread)
    if target:
        usage, recurring = _wholes(answer)
        print_table(plain_table(), *_sums_in(target, usage, recurring))


def _sums_in(target: str, usage: "Converted", recurring: "Converted") -> list[str]:
    """The sums in one currency, and whose rates they rest on."""
    sums = [f"{shown(usage)} {target} for calls"] if usage.legs or usage.exact is not None else []
    sums += [f"{shown(recurring)} {target} for recurring charges"] if recurring.exact is not None else []
    lines = [f"In all {' and '.join(sums)}."] if sums else []
    return [*lines, *conversion_notes(target, whole_of(usage, recurring))]


def _name(value: Any) -> str:
    return "–" if value is None else str(value)


def _cells(row: "CostRow", target: str | None, converted: "dict[Cell, Converted]") -> list[str]:
    whole, each = row.input + row.cache_read + row.cache_written, per_request(row)
    return [
        money(row.cost, row.currency),
        *([shown(converted.get((row.group, row.currency or "")))] if target else []),
        UNKNOWN if each is None else f"{rounded(each)} {row.currency}",
        count(row.requests),
        count(row.unpriced),
        count(whole),
        share(row.cache_read, whole),
        count(row.output),
    ]


def per_request(row: "CostRow") -> Fraction | None:
    """Known cost for each request whose cost is known, in pico-units; None where that is none."""
    known = row.requests - row.unpriced
    return Fraction(row.cost, known) if row.cost is not None and known else None


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
    if coverage.words:
        priced = sum(calls for _, calls in coverage.words)
        words = ", ".join(f"{word} {share(calls, priced)}" for word, calls in coverage.words)
        notes.append(f"On whose word the rates are: {words} of the priced calls.")
    return notes


def demo_notes(reader: "Reader") -> list[str]:
    """That made-up calls are among the figures, where they are."""
    from warehouse.demo import demo_state

    state = demo_state(reader)
    if not state.demo_files:
        return []
    which = "Demo data, made up" if not state.other_files else "Demo calls, made up, are among yours"
    return [f"{which}: tollbook demo --remove takes them out."]
