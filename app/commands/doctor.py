"""``tollbook doctor``: what keeps the figures from being whole, what wastes money, and what to do about each."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import demo_notes, scope_of
from app.figures import instant, things
from app.session import plain_table, print_json, print_table, session_of
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
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """A check-up, with what to do about each finding; exit code 1 when something needs a person.

    Rejected lines, calls under review, pairs and stale rates are those of the
    whole warehouse, whatever the days.
    """
    from app.doctor import Patient, examine
    from app.present import present_of
    from warehouse.connection import open_reader
    from warehouse.cost import coverage_of
    from warehouse.eval_runs import list_eval_runs
    from warehouse.outcomes import outcomes_of

    session = session_of(context)
    scope = scope_of(since, until, [])
    outcomes = outcomes_of(session.warehouse, tell=session.tell)
    runs = list_eval_runs(session.warehouse, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        now = present_of(session, reader)
        found = examine(Patient(session.warehouse, reader, scope, now, outcomes, runs))
        through = coverage_of(reader, scope).data_through
        demo = demo_notes(reader)
    urgent = sum(finding.needs_person for finding in found)
    if as_json:
        print_json({"needs_person": urgent, "findings": list(map(_as_object, found)), "data_through": instant(through)})
    else:
        _print(found, urgent)
        print_table(plain_table(), *([f"Data through {instant(through)}."] if through else []), *demo)
    if urgent:
        raise typer.Exit(NEEDS_A_PERSON)


def _print(found: "list[Finding]", urgent: int) -> None:
    for needs_person, head in HEADS.items():
        of_kind = [finding for finding in found if finding.needs_person == needs_person]
        if of_kind:
            typer.echo(f"{head}:")
        for finding in of_kind:
            typer.echo(f"  {finding.check}: {finding.says}.")
            typer.echo(f"    {finding.fix}.")
    typer.echo(
        f"{things(urgent, 'finding')} for a person, {things(len(found) - urgent, 'other')}."
        if found
        else "Nothing found."
    )


def _as_object(finding: "Finding") -> dict[str, Any]:
    costs = [{"currency": currency, "cost": format_pico(cost)} for currency, cost in finding.costs.items()]
    return {**finding._asdict(), "costs": costs}
