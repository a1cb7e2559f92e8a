"""``tollbook rerate``: the same calls under other rates; what was billed stays beside it."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import scope_of
from app.commands.entered import author_of
from app.commands.rerate_tables import differences_as_object, print_differences, run_as_object
from app.figures import things
from app.session import Session, UserMistake, print_json, session_of

if TYPE_CHECKING:
    from warehouse.rerate import Basis, Outcome
    from warehouse.scope import Scope


def rerate(
    context: typer.Context,
    card: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Under this card; other calls stay.", exists=True, dir_okay=False),
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="Under the rates as this warehouse knew them then, or now.")
    ] = None,
    unpriced: Annotated[
        bool, typer.Option("--unpriced", help="Price the calls that had no rate and have one now, in place.")
    ] = False,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="First day, as in 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day; it counts.")] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", metavar="DIMENSION=VALUE", help="Only this; repeat it for more."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the difference and record nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Record it without asking.")] = False,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call the run.")] = None,
    who: Annotated[str | None, typer.Option(metavar="NAME", help="Who records it. [default: the login name]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """The same calls under other rates: first the difference, then, confirmed, a recorded run.

    What was billed stays beside it. --unpriced alone changes rows: those that had no price.
    """
    from warehouse.rerate_runs import Label, fill_unpriced, preview, record

    session = session_of(context)
    wanted = scope_of(since, until, scope or [])
    basis = _basis(session, card, known_at, unpriced=unpriced)
    outcome = preview(session.warehouse, basis, wanted, tell=session.tell)
    title = name or f"{basis.kind} {basis.name}".strip()
    label = Label(title, author_of(session, who).who, _in_words(wanted), session.now, session.tell)
    if as_json and (dry_run or not yes):
        print_json(differences_as_object(basis, outcome))
    elif not as_json:
        print_differences(basis, outcome)
    if dry_run or not _confirmed(outcome, basis, yes=yes, as_json=as_json):
        if not dry_run and outcome.changed and not yes:
            session.tell("nothing was recorded; --yes records it without asking")
        return
    if unpriced:
        filled = fill_unpriced(session.warehouse, wanted, label)
        session.tell(
            f"priced {things(filled, 'call')}; tollbook reruns lists when, tollbook rates unpriced what is left"
        )
        done: dict[str, Any] = {"filled": filled}
    else:
        run = record(session.warehouse, basis, wanted, label, expected=outcome)
        session.tell(f"recorded as run {run.run_id}; what was billed is unchanged: tollbook reruns {run.run_id}")
        done = run_as_object(run)
    if as_json:
        print_json({**differences_as_object(basis, outcome), "recorded": done})


def reruns(
    context: typer.Context,
    run: Annotated[int | None, typer.Argument(metavar="RUN", help="The number of one.", show_default=False)] = None,
    by: Annotated[str, typer.Option(metavar="DIMENSIONS", help="day, seller, model, team, org.")] = "model",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Recorded re-rates, or what one of them found beside what was billed.

    Below them: when calls that had no rate were priced (rerate --unpriced). That is no run, and has no number.
    """
    from app.commands.rerate_tables import fill_as_object, print_fills, print_run, print_runs, rerated_as_object
    from warehouse.connection import open_reader
    from warehouse.rerate_runs import RUN_DIMENSIONS, fills, rerated_by, runs

    session = session_of(context)
    dimensions = [part.strip() for part in by.split(",") if part.strip()]
    for dimension in dimensions:
        if dimension not in RUN_DIMENSIONS:
            raise UserMistake(f"a run has no dimension {dimension!r}; it has {', '.join(RUN_DIMENSIONS)}")
    with open_reader(session.warehouse, tell=session.tell) as reader:
        known = {one.run_id: one for one in runs(reader)}
        if run is not None and run not in known:
            raise UserMistake(f"there is no run {run}; tollbook reruns lists them")
        rows = rerated_by(reader, run, dimensions) if run is not None else []
        filled = fills(reader) if run is None else []
    if run is None and as_json:
        rows_of_runs = [run_as_object(one) for one in known.values()]
        print_json({"rows": rows_of_runs, "fills": [fill_as_object(one) for one in filled]})
    elif run is None:
        print_runs(list(known.values()))
        print_fills(filled)
    elif as_json:
        print_json({**run_as_object(known[run]), "rows": [rerated_as_object(dimensions, row) for row in rows]})
    else:
        print_run(known[run], dimensions, rows)


def _basis(session: Session, card: Path | None, known_at: str | None, *, unpriced: bool) -> "Basis":
    """The rates that the options name; raises UserMistake, CardError, WarehouseError."""
    from warehouse.rerate_basis import card_basis, known_basis, unpriced_basis

    if (card is not None) + (known_at is not None) + unpriced != 1:
        raise UserMistake("give one of --card FILE, --known-at TIME and --unpriced")
    if card is not None:
        return card_basis(session.warehouse, card)
    if known_at is not None:
        at = moment(known_at, session.now, "--known-at")
        return known_basis(session.warehouse, at, now=session.now, tell=session.tell)
    return unpriced_basis(session.warehouse)


def moment(text: str, now: datetime, option: str) -> datetime:
    """``now``, a day (its end, as far as it is over) or an instant; raises UserMistake."""
    from app.clock import now as parse

    if text == "now":
        return now
    try:
        at = parse(text)
    except ValueError as error:
        raise UserMistake(f"{option}: {error}") from None
    return at.replace(hour=23, minute=59, second=59, microsecond=999999) if len(text) == len("2026-11-01") else at


def _confirmed(outcome: "Outcome", basis: "Basis", *, yes: bool, as_json: bool) -> bool:
    if not outcome.changed:
        return False
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        return False
    what = "Price these calls?" if basis.kind == "unpriced" else "Record this run?"
    return typer.confirm(what, err=True)


def _in_words(scope: "Scope") -> str:
    """A scope as the command line writes it."""
    parts = [f"--since {scope.since}"] if scope.since else []
    parts += [f"--until {scope.until}"] if scope.until else []
    parts += [f"--scope {name}={value}" for name, values in scope.values for value in values]
    return " ".join(parts) or "everything"
