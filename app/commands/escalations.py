"""``tollbook escalations``: calls that other models did, or that were billed for more than they showed."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.cost import demo_notes, scope_of
from app.figures import count, money, things
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from app.escalations import Escalations
    from warehouse.scope import Scope

OF_TASKS = ("seller", "model", "team")


def escalations(
    context: typer.Context,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="Tasks that began on this day or later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Tasks that began on this day or before.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="DIMENSION=VALUE", help="Only tasks with a call of this seller, model or team."),
    ] = None,
    top: Annotated[int, typer.Option(min=0, max=200, metavar="N", help="Show so many calls, the dearest.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Calls that other models did, or that were billed for more than they showed.

    What logs say is exact. What the book-keeping of a loop finds is a lower
    bound, and only where it can be checked: without a find there is no
    evidence, which is not the same as no escalation.
    """
    session = session_of(context)
    scope = scope_of(since, until, where or [])
    if other := sorted(scope.dimensions - set(OF_TASKS)):
        raise UserMistake(f"--where takes {', '.join(OF_TASKS)} here, for tasks count whole; not {', '.join(other)}")
    found, demo = _find(session, scope)
    if as_json:
        from app.commands.escalation_object import as_object

        print_json(as_object(found))
    else:
        _print(found, top, demo)


def _find(session: Session, scope: "Scope") -> "tuple[Escalations, list[str]]":
    from app.escalations import find_escalations, works_of
    from warehouse.connection import open_reader

    works = works_of(session.warehouse, session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        return find_escalations(reader, scope, works), demo_notes(reader)


def _print(found: "Escalations", top: int, demo: list[str]) -> None:
    from app.escalation_words import bill_line, hint_line, left_out_line, money_line, verdict, whole_line

    if not found.tasks:
        raise UserMistake("no task is in scope: name the task in each call's log, or widen --since, --until, --where")
    print_table(plain_table(), *verdict(found), *filter(None, map(money_line, found.money)))
    _print_said(found)
    _print_calls(found, top)
    _print_routes(found)
    notes = [bill_line(bill) for bill in found.bills if bill.bills.apart]
    notes += [*map(hint_line, found.hints), *map(whole_line, found.wholes)]
    notes += filter(None, [left_out_line(found)])
    print_table(plain_table(), *notes, "What usage cannot tell is listed in docs/escalation.md.", *demo)


def _print_said(found: "Escalations") -> None:
    from app.escalation_words import REASONS

    table = plain_table("What the logs say")
    for name in ("what", "seller", "asked", "served"):
        table.add_column(name, overflow="fold")
    for name in ("calls", "tasks", "cost"):
        table.add_column(name, justify="right", no_wrap=True)
    for line in found.said:
        cost = money(line.cost if line.unknown < line.calls else None, line.currency)
        unknown = f" and {count(line.unknown)} unknown" if 0 < line.unknown < line.calls else ""
        names = (line.seller or "unknown", line.asked or "–", line.served or "unknown")
        table.add_row(REASONS[line.reason], *names, count(line.calls), count(line.tasks), f"{cost}{unknown}")
    print_table(table, spare=("seller", "tasks"))


def _print_calls(found: "Escalations", top: int) -> None:
    from app.escalation_words import SIGNS, models_of

    table = plain_table("Suspected")
    for name in ("task", "step", "sign", "model", "logged in"):
        table.add_column(name, overflow="fold")
    for name in ("tokens", "at least", "estimate"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in found.suspicions[:top]:
        table.add_row(
            each.task,
            count(each.step),
            SIGNS[each.sign],
            models_of(each.kind),
            f"{each.file.rsplit('/', 1)[-1]}:{each.line}",
            count(each.tokens),
            money(each.at_least, each.kind.currency),
            money(each.likely, each.kind.currency),
        )
    told = sum(line.calls for line in found.suspected)
    more = [f"{things(told, 'call')} in all; --top N shows more, --json 200."] if told > top else []
    print_table(table, *more, spare=("logged in", "model"))


def _print_routes(found: "Escalations") -> None:
    from app.escalation_words import route_name, why_not
    from app.figures import share

    table = plain_table("What could be checked")
    table.add_column("route", overflow="fold")
    for name in ("calls", "by output", "by prompt", "by either"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("why not", overflow="fold")
    for route, check in found.routes:
        shares = [share(part, check.calls) for part in (check.followed, check.held, check.checkable)]
        table.add_row(route_name(route), count(check.calls), *shares, why_not(check))
    print_table(table)
