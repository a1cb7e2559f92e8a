"""``tollbook failures``: what failed, how often and where, what it cost and how long it kept callers waiting."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import demo_notes, scope_of
from app.figures import UNKNOWN, count, money, share, things
from app.session import UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from analysis.failures import Failure
    from app.failing import Failures

FREE = "taken to cost nothing: no rule of the seller says so"


def failures(
    context: typer.Context,
    by: Annotated[
        str, typer.Option(metavar="NAMES", help="With commas between them: category, seller, region, base_url, status.")
    ] = "category,seller,base_url",
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day, as in 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day; it counts.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="DIMENSION=VALUE", help="Only this; repeat it for more values or dimensions."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Failed attempts: how often, what they cost, what they delayed."""
    from app.failing import failures_of
    from warehouse.connection import open_reader

    session = session_of(context)
    names = _names(by)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        found = failures_of(reader, scope_of(since, until, where or []))
        demo = demo_notes(reader)
    rows, total = found.by(names), next(iter(found.by([])), None)
    if as_json:
        print_json(_as_object(names, rows, total, found))
        return
    table = plain_table()
    for name in names:
        table.add_column(name, overflow="fold")
    for name in ("failures", "of attempts", "cost", "cost unknown", "delayed", "longest"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row.group), *_cells(row))
    if total and names:
        table.add_row("total", *[""] * (len(names) - 1), *_cells(total), style="bold")
    print_table(table, *notes_on(total, found), *demo, spare=("longest", "cost unknown"))


def _names(by: str) -> list[str]:
    """By what to tell failures apart; raises UserMistake."""
    from analysis.failures import BY

    named = {name.replace("http_", ""): name for name in BY} | {name: name for name in BY}
    wanted = list(dict.fromkeys(name.strip() for name in by.split(",") if name.strip()))
    for name in wanted:
        if name not in named:
            raise UserMistake(f"--by takes category, seller, region, base_url, status, not {name!r}")
    return [named[name] for name in wanted]


def _cells(row: "Failure") -> list[str]:
    return [
        count(row.failures),
        _share(row),
        _cost(row),
        count(row.unpriced),
        seconds(row.delay_ms),
        seconds(row.longest_ms),
    ]


def _share(row: "Failure") -> str:
    text = share(row.failures, row.attempts)
    return "<0.1%" if text == "0.0%" else text


def _cost(row: "Failure") -> str:
    """What is known to be charged: at least so much where the cost of some is unknown."""
    if not row.costs:
        return UNKNOWN if row.unpriced else "0"
    known = " + ".join(money(cost, currency) for currency, cost in row.costs.items())
    return f"≥ {known}" if row.unpriced else known


def seconds(milliseconds: int | None) -> str:
    """``1,234.5 s``; a dash where nothing is known."""
    return "–" if milliseconds is None else f"{milliseconds / 1000:,.1f} s"


def notes_on(total: "Failure | None", found: "Failures") -> list[str]:
    """What a reader has to know of failures."""
    unseen = [
        f"{things(found.calls_retried_unseen, 'call')} had {things(found.retries_unseen, 'failed attempt')} that "
        "the log counts and does not hold: their kind, cost and delay are unknown."
    ] * bool(found.retries_unseen)
    if total is None:
        return [f"No attempt of {count(found.attempts)} failed.", *unseen] if found.attempts else ["No calls there."]
    notes = [f"{count(total.failures)} of {things(found.attempts, 'attempt')} failed."]
    if total.unpriced:
        notes.append(f"{things(total.unpriced, 'failure')} may have been charged: what they cost is unknown.")
    if total.assumed_free:
        notes.append(f"{things(total.assumed_free, 'failure')} {FREE}.")
    notes.append(
        f"Delayed: until the next try of the call began ({count(total.tried_again)}), else as long as the attempt took "
        f"({count(total.timed - total.tried_again)}); of {count(total.failures - total.timed)} the log tells neither."
    )
    return [*notes, *unseen]


def _as_object(names: list[str], rows: "list[Failure]", total: "Failure | None", found: "Failures") -> dict[str, Any]:
    return {
        "rows": [{**dict(zip(names, row.group, strict=True)), **_figures(row)} for row in rows],
        "total": _figures(total) if total else None,
        "attempts": found.attempts,
        "retries_unseen": found.retries_unseen,
        "calls_retried_unseen": found.calls_retried_unseen,
    }


def _figures(row: "Failure") -> dict[str, Any]:
    costs = [{"currency": currency, "cost": format_pico(cost)} for currency, cost in row.costs.items()]
    return {**{name: value for name, value in row._asdict().items() if name not in ("group", "costs")}, "costs": costs}
