"""``tollbook doctor``: what keeps the figures from being whole, what wastes money, and what to do about each."""

from collections.abc import Sequence
from textwrap import indent
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import demo_notes, scope_of
from app.figures import instant, things
from app.session import UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.doctor import Finding

NEEDS_A_PERSON = 1
"""Exit code where something needs a person."""
HEADS = {True: "Needs a person", False: "Worth a look"}


def doctor(
    context: typer.Context,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day, as in 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day; it counts.")] = None,
    check: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this check, as in no-rate; give it again for more.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="All but this check; give it again for more.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """A check-up, with what to do about each finding.

    Exit code 1 when something needs a person, 2 when it could not be done, else 0.

    Rejected lines, calls under review, pairs, stale rates and what stopped
    sending are those of the whole warehouse, whatever the days.
    """
    from app.doctor import Known, Patient, examine
    from app.present import present_of
    from warehouse.connection import open_reader
    from warehouse.cost import coverage_of

    session, scope, wanted = session_of(context), scope_of(since, until, []), _wanted(check or (), ignore or ())
    # What people entered first: two databases are never held at once.
    known = Known.read(session.warehouse, session.now, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        patient = Patient(session.warehouse, reader, scope, present_of(session, reader), known)
        found = examine(patient, wanted)
        through = coverage_of(reader, scope).data_through
        demo = demo_notes(reader)
    urgent = sum(finding.needs_person for finding in found)
    if as_json:
        told = {"needs_person": urgent, "checks": wanted, "findings": list(map(_as_object, found))}
        print_json(told | {"data_through": instant(through)})
    else:
        _print(found, urgent)
        print_table(plain_table(), *([f"Data through {instant(through)}."] if through else []), *demo)
    if urgent:
        raise typer.Exit(NEEDS_A_PERSON)


def _wanted(asked: Sequence[str], ignored: Sequence[str]) -> list[str]:
    """The names of the checks to make, in their order; raises UserMistake for one that there is not."""
    from app.doctor import check_names

    names = {_typed(name): name for name in check_names()}
    unknown = [name for name in (*asked, *ignored) if _typed(name) not in names]
    if unknown:
        raise UserMistake(f"there is no check {unknown[0]}: {', '.join(names)}")
    left_out, chosen = set(map(_typed, ignored)), set(map(_typed, asked)) or set(names)
    wanted = [name for typed, name in names.items() if typed in chosen - left_out]
    if not wanted:
        raise UserMistake("no check is left: --ignore names every one that --check asks for")
    return wanted


def _typed(name: str) -> str:
    """A check's name as it is typed: ``paid, empty`` is ``paid-empty``."""
    return name.replace(",", "").replace(" ", "-").lower()


def _print(found: "list[Finding]", urgent: int) -> None:
    for needs_person, head in HEADS.items():
        of_kind = [finding for finding in found if finding.needs_person == needs_person]
        if of_kind:
            typer.echo(f"{head}:")
        for finding in of_kind:
            typer.echo(f"  {finding.check}: {finding.says}.")
            for case in finding.cases:
                typer.echo(f"    - {case}")
            typer.echo(f"    {finding.fix}.")
            if finding.lines:
                typer.echo(indent(finding.lines.rstrip("\n"), " " * 6))
    typer.echo(
        f"{things(urgent, 'finding')} for a person, {things(len(found) - urgent, 'other')}."
        if found
        else "Nothing found."
    )


def _as_object(finding: "Finding") -> dict[str, Any]:
    costs = [{"currency": currency, "cost": format_pico(cost)} for currency, cost in finding.costs.items()]
    return {**finding._asdict(), "costs": costs}
