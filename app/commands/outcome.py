"""``tollbook outcome``: how tasks ended, from files: resolved or not, a score, the kind of work."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.entered import AsJson, Who, author_of
from app.figures import count, plain, share, things
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from app.outcome_file import BadRow
    from warehouse.outcomes import Outcome

outcome = typer.Typer()
SHOWN = 20
EMPTY = (
    "No outcome is known: tollbook outcome load FILE, a CSV or JSON lines with task and resolved; "
    "or load traces with evaluation events named resolved or score."
)


@outcome.callback(invoke_without_command=True)
def outcome_alone(context: typer.Context) -> None:
    """How tasks ended: resolved or not, their score, the kind of work.

    Without a command: the same as list.
    """
    if context.invoked_subcommand is None:
        list_outcomes(context)


@outcome.command("load")
def load_outcomes(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV or JSON lines, a row for each task.", dir_okay=False)
    ],
    task_field: Annotated[str, typer.Option(metavar="NAME", help="Where the task stands.")] = "task",
    resolved_field: Annotated[
        str, typer.Option(metavar="NAME", help="Where it stands whether it was resolved.")
    ] = "resolved",
    score_field: Annotated[str, typer.Option(metavar="NAME", help="Where its score stands.")] = "score",
    kind_field: Annotated[str, typer.Option(metavar="NAME", help="Where the kind of work stands.")] = "kind",
    work_field: Annotated[
        str, typer.Option(metavar="NAME", help="Where the piece of work stands that several tasks repeat.")
    ] = "work",
    time_field: Annotated[str, typer.Option(metavar="NAME", help="Where it stands when it was judged.")] = "time",
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take in how tasks ended.

    Good rows are kept, bad ones are named with their line and reason. Of one task the newest has the say; the same file
    once more changes nothing.
    """
    from app.outcome_file import Columns, read_outcome_file
    from warehouse.outcomes import store_outcomes

    session = session_of(context)
    columns = Columns(task_field, resolved_field, score_field, kind_field, work_field, time_field)
    read = [read_outcome_file(path, columns) for path in files]
    outcomes, bad = [each for file in read for each in file.outcomes], [each for file in read for each in file.bad]
    stored = store_outcomes(session.warehouse, outcomes, author_of(session, who), tell=session.tell)
    unknown = len(_without_calls(session, {each.task for each in outcomes}))
    rows = sum(file.rows for file in read)
    if as_json:
        rejected = [each._asdict() for each in bad]
        print_json({"rows": rows, **stored._asdict(), "rejected": rejected, "tasks_without_calls": unknown})
        return
    _print_bad(bad)
    session.tell(
        f"{things(rows, 'row')} read: {things(stored.added, 'task')} added, {count(stored.changed)} changed, "
        f"{count(stored.same)} as before; {things(len(bad), 'row')} not used"
    )
    if unknown:
        session.tell(f"{things(unknown, 'task')} of them in no log: tollbook tasks --rule shows what names a task")


@outcome.command("list")
def list_outcomes(
    context: typer.Context,
    top: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="So many of them, by name. [default: 20; all with --json]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Every known outcome, entered or from an evaluation event, and what says so."""
    from warehouse.outcomes import outcomes_of

    session = session_of(context)
    found = outcomes_of(session.warehouse, tell=session.tell)
    shown = sorted(found.values())[: top or (None if as_json else SHOWN)]
    unknown = set(_without_calls(session, found))
    if as_json:
        print_json({"rows": [_as_object(each, unknown) for each in shown], "summary": _summary(found.values())})
        return
    table = plain_table()
    for head in ("task", "resolved", "score", "kind", "work", "in the logs", "source"):
        table.add_column(head, justify="right" if head == "score" else "left", overflow="fold")
    for each in shown:
        score = "–" if each.score is None else f"{each.score:g}"
        known = "no" if each.task in unknown else "yes"
        words = (_words(each.resolved), score, each.kind or "–", each.work or "–", known, each.source)
        table.add_row(each.task, *words)
    print_table(table, *_notes(found, shown, unknown), spare=("source", "work", "kind"))


@outcome.command("remove")
def remove_outcomes(
    context: typer.Context,
    tasks: Annotated[list[str] | None, typer.Argument(metavar="[TASK]...", help="Of these tasks.")] = None,
    source: Annotated[str | None, typer.Option(metavar="FILE", help="All from this file, as list names it.")] = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take outcomes out; the audit keeps them. What an evaluation event says stays."""
    from warehouse import outcomes

    session = session_of(context)
    if bool(tasks) == (source is not None):
        raise UserMistake("name the tasks, or a file with --source")
    author = author_of(session, who)
    taken = outcomes.remove_outcomes(session.warehouse, author, tell=session.tell, tasks=tasks or (), source=source)
    if as_json:
        print_json({"removed": taken})
    else:
        session.tell(f"removed the outcomes of {things(len(taken), 'task')}")


def _without_calls(session: Session, tasks: "Sequence[str] | set[str] | dict[str, Outcome]") -> list[str]:
    """Tasks that no log names; all of them where no log was loaded."""
    from warehouse.connection import open_reader
    from warehouse.errors import WarehouseMissing
    from warehouse.outcomes import tasks_without_calls

    try:
        with open_reader(session.warehouse, tell=session.tell) as reader:
            return tasks_without_calls(reader, tasks)
    except WarehouseMissing:
        return list(tasks)


def _print_bad(bad: "Sequence[BadRow]") -> None:
    if not bad:
        return
    table = plain_table()
    for head in ("file", "line", "reason"):
        table.add_column(head, justify="right" if head == "line" else "left", overflow="fold")
    for each in bad[:SHOWN]:
        table.add_row(each.file, count(each.line), each.reason)
    print_table(table, *([f"and {things(len(bad) - SHOWN, 'row')} more."] if len(bad) > SHOWN else []))


def _notes(found: "dict[str, Outcome]", shown: "Sequence[Outcome]", unknown: set[str]) -> list[str]:
    if not found:
        return [EMPTY]
    summary = _summary(found.values())
    judged = summary["resolved"] + summary["not_resolved"]
    notes = [
        f"{things(len(found), 'outcome')}: {count(summary['resolved'])} resolved, "
        f"{count(summary['not_resolved'])} not, {count(len(found) - judged)} not known; "
        f"{share(summary['resolved'], judged)} of those judged."
    ]
    if len(shown) < len(found):
        notes.append(f"The first {count(len(shown))} by name are shown: --top N shows more.")
    if unknown:
        notes.append(f"{things(len(unknown), 'outcome')} of tasks that no log names.")
    return notes


def _summary(outcomes: Any) -> dict[str, int]:
    every = list(outcomes)
    return {
        "outcomes": len(every),
        "resolved": sum(each.resolved is True for each in every),
        "not_resolved": sum(each.resolved is False for each in every),
        "with_score": sum(each.score is not None for each in every),
    }


def _words(resolved: bool | None) -> str:
    return "unknown" if resolved is None else "yes" if resolved else "no"


def _as_object(each: "Outcome", unknown: set[str]) -> dict[str, Any]:
    return {name: plain(value) for name, value in each._asdict().items()} | {"in_logs": each.task not in unknown}
