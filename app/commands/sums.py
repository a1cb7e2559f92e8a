"""``tollbook sums``: what sellers' own sums and servers' counters say, beside the calls."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import scope_of
from app.figures import count, money, plain, things
from app.session import plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from warehouse.sums import Said, SumRow, Sums


def sums(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Only sums of this source.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day, as in 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day; it counts.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Sellers' own sums and servers' counters, beside the calls of the same seller, model and day (UTC).

    The difference is what the sums say beyond the calls. Sums are in no figure of cost or usage.
    """
    from ingest.registry import get_source
    from warehouse.connection import open_reader
    from warehouse.sums import read_sums

    session = session_of(context)
    scope = scope_of(since, until, [])
    if source:
        get_source(source)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        found = read_sums(reader, source=source, since=scope.since, until=scope.until)
    if as_json:
        print_json({"rows": [_as_object(row) for row in found.rows], "aside": found.aside})
    else:
        _print(found)


def _print(found: "Sums") -> None:
    table = plain_table()
    table.add_column("day", no_wrap=True)
    for name in ("seller", "model", "what"):
        table.add_column(name, overflow="fold")
    for name in ("requests", "input", "cached", "output", "cost"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.rows:
        model = "all models" if row.all_models else row.model or "–"
        table.add_row(str(row.day), row.seller or "–", model, row.source, *_cells(row.sums))
        table.add_row("", "", "", "calls", *_cells(row.calls))
        table.add_row("", "", "", "difference", *_cells(row.difference), style="bold")
    print_table(table, *notes_on(found), spare=("cached", "seller"))


def notes_on(found: "Sums") -> list[str]:
    """What a reader has to know of the table above."""
    if not found.rows:
        return ["No sums there: docs/sources.md says which exports hold some."]
    notes = ["The difference is what the sums say beyond the calls. Days are in UTC."]
    unpriced = sum(row.unpriced for row in found.rows)
    lacking = sum(row.without_usage for row in found.rows)
    if unpriced:
        notes.append(f"{things(unpriced, 'call')} of unknown cost: in no amount.")
    if lacking:
        notes.append(f"{things(lacking, 'call')} without usage: in no count of tokens.")
    if found.aside:
        notes.append(f"{things(found.aside, 'bucket')} left aside that say the same, in smaller steps or other groups.")
    return notes


def _cells(said: "Said") -> list[str]:
    counts = (said.requests, said.input, said.cache_read, said.output)
    return [*("–" if number is None else count(number) for number in counts), _money(said)]


def _money(said: "Said") -> str:
    return "–" if said.cost is None else money(said.cost, said.currency)


def _as_object(row: "SumRow") -> dict[str, Any]:
    sides = {"sums": row.sums, "calls": row.calls, "difference": row.difference}
    return {
        "source": row.source,
        "seller": row.seller,
        "model": row.model,
        "all_models": row.all_models,
        "day": plain(row.day),
        **{name: {**said._asdict(), "cost": format_pico(said.cost)} for name, said in sides.items()},
        "unpriced": row.unpriced,
        "without_usage": row.without_usage,
    }
