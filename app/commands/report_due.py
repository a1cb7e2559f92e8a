"""``tollbook report --due``: writes what is due, and sends it. For cron."""

import sys
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.alerting import Notify, Quiet
from app.commands.entered import AsJson
from app.figures import plain
from app.notify import channels
from app.report_schedule import shown_path
from app.session import Session, UserMistake, print_json, session_of

if TYPE_CHECKING:
    from app.report_due import Found
    from app.report_runs import Result

NOTHING_SCHEDULED = "Nothing is scheduled: tollbook report schedule add"
IsDue = Annotated[bool, typer.Option("--due", help="Write what tollbook report schedule says is due. For cron.")]


class Ending(IntEnum):
    """How the command ends."""

    NOTHING = 0
    """Nothing was due."""
    WRITTEN = 1
    FAILED = 2
    """Something could not be written: it is tried again next time."""
    NOT_DELIVERED = 3
    """Everything was written, and a notification was not delivered: it is sent again next time."""


def report_alone(
    context: typer.Context, due: IsDue = False, quiet: Quiet = False, notify: Notify = None, as_json: AsJson = False
) -> None:
    """Reports as files: what was spent, on what, at which rates, what may come.

    With --due: writes what is scheduled, due and not written yet, and sends it.
    Ends with 1 when it wrote something, with 0 when nothing was due, with 2
    when something could not be written, with 3 when it was not delivered.
    """
    if context.invoked_subcommand is not None:
        if due:
            raise UserMistake("--due writes what is scheduled: leave the command out")
        return
    if not due:
        typer.echo(context.get_help())
        return
    raise typer.Exit(_write_due(session_of(context), notify or [], quiet=quiet, as_json=as_json))


def _write_due(session: Session, notify: list[str], *, quiet: bool, as_json: bool) -> Ending:
    from app.commands.report_outdated import outdated_objects, outdated_of, outdated_words
    from app.report_runs import alone, read_due, write_due
    from warehouse.errors import WarehouseMissing
    from warehouse.folder import Folder

    if not Folder(session.warehouse).settings_file.exists():
        raise WarehouseMissing(session.warehouse)
    to = channels(notify)
    say = _nothing if quiet else session.tell
    with alone(session.warehouse, say):
        found = read_due(session)
        # What waits to be sent waits on where nobody is named to send it to.
        due = [each for each in found.due if each.done is None or to]
        results = []
        for result in write_due(session, due, to, say):
            _complain(result)
            results.append(result)
            if not as_json and not (quiet and result.what == "empty"):
                _print(result)
    if as_json:
        print_json(_as_object(found, results) | {"outdated": outdated_objects(outdated_of(session))})
    elif not quiet:
        _print_notes(found, results)
        for sentence in outdated_words(outdated_of(session)):
            typer.echo(sentence)
    return _ending(results)


def _nothing(message: str) -> None:
    """Say nothing: what failed is told all the same."""


def _ending(results: "list[Result]") -> Ending:
    if any(each.what == "failed" for each in results):
        return Ending.FAILED
    if any(each.refused for each in results):
        return Ending.NOT_DELIVERED
    return Ending.WRITTEN if any(each.what != "empty" for each in results) else Ending.NOTHING


def _complain(result: "Result") -> None:
    """What went wrong, on stderr: cron mails it."""
    named = f"{result.due.plan.name}, {result.due.period.name}"
    if result.what == "failed":
        _warn(f"{named}: {result.note}; next time it is tried again")
    for name in result.refused:
        _warn(f"{named}: {name} did not take the notification; next time it is sent again")


def _warn(message: str) -> None:
    print(f"tollbook: {message}", file=sys.stderr, flush=True)  # noqa: T201 - the command line's own voice


def _print(result: "Result") -> None:
    if result.what == "failed":
        return
    head = f"{result.due.plan.name}, {result.due.period.name}: "
    said = {"written": "written", "sent": "written before, and sent now", "empty": "nothing"}[result.what]
    sent = " and sent" if result.what == "written" and result.delivery == "sent" else ""
    typer.echo(f"{head}{said}{sent}{f' ({result.note})' if result.note else ''}")
    for file in result.files:
        typer.echo(f"  {shown_path(Path(file.path))}")


def _print_notes(found: "Found", results: "list[Result]") -> None:
    for each in found.waiting:
        typer.echo(f"{each.plan.name}, {each.period.name}: waits for calls after its end, {each.period.last}")
    for name, missed in found.left_out if results else ():
        typer.echo(f"{name}: {missed} earlier periods were missed; the last twelve are made up for")
    if not results and not found.waiting:
        typer.echo("Nothing is due.")


def _as_object(found: "Found", results: "list[Result]") -> dict[str, Any]:
    return {
        "rows": [_row(each) for each in results],
        "waiting": [{"schedule": each.plan.name, "period": each.period.name} for each in found.waiting],
        "left_out": [{"schedule": name, "periods": missed} for name, missed in found.left_out],
    }


def _row(each: "Result") -> dict[str, Any]:
    period = each.due.period
    return {
        "schedule": each.due.plan.name,
        "kind": each.due.plan.kind,
        "period": period.name,
        "first": plain(period.first),
        "last": plain(period.last),
        "what": each.what,
        "files": [file._asdict() for file in each.files],
        "behind": each.due.is_behind,
        "note": each.note,
        "delivery": None if each.what == "failed" else each.delivery,
    }
