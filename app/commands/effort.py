"""``tollbook effort``: what tiers of effort, models and sellers cost and solve, and whether a tier was ignored."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import demo_notes, scope_of
from app.commands.effort_tables import effort_object, print_effort
from app.commands.entered import AsJson, Who, author_of, currency_of, day_of, one_of
from app.figures import count, things
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from analysis.tiers import By
    from app.efforts import Effort, Material, Wanted
    from warehouse.scope import Scope

effort = typer.Typer()
SHOWN = 20
EMPTY = (
    "There is nothing to compare yet: no task in the logs, and no evaluation was loaded. "
    "tollbook effort load FILE takes a CSV with task, effort, pass, solved and output_tokens; "
    "tollbook effort plan says what an evaluation would cost."
)


@effort.callback(invoke_without_command=True)
def effort_alone(
    context: typer.Context,
    by: Annotated[str, typer.Option(metavar="NAME", help="What to compare: effort, model or seller.")] = "effort",
    against: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Compare every other with the one that has this in its name.")
    ] = None,
    split: Annotated[
        str | None, typer.Option(metavar="DAY", help="Compare the tasks in the logs before this day with those since.")
    ] = None,
    sets: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME", help="Only this evaluation, or logs; may be repeated.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of the logs, only this kind of work. [default: each by itself]")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="Of the logs, from this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Of the logs, until this day; it counts.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(metavar="DIMENSION=VALUE", help="Of the logs, only this; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What tiers of effort cost, take and solve.

    Each task is compared with itself where both tiers did it; in the logs, only tasks of one kind of work are compared.
    Intervals are 95%, over tasks.
    """
    if context.invoked_subcommand is not None:
        return
    from app.efforts import LOGS, Wanted

    names: dict[str, By] = {"effort": "effort", "model": "model", "seller": "seller"}
    session = session_of(context)
    wanted = Wanted(
        names[one_of("--by", by, tuple(names))],
        against,
        day_of("--split", split) if split else None,
        tuple(LOGS if name == "logs" else name for name in sets or ()),
        kind,
    )
    found, demo = _answer(session, wanted, scope_of(since, until, where or []))
    if missing := [name for name in wanted.sets if name not in found.sets]:
        there = ", ".join("logs" if name == LOGS else name for name in found.sets) or "none"
        raise UserMistake(f"--set: there is no {missing[0]!r}; there are {there}")
    if kind and kind not in found.kinds:
        raise UserMistake(f"--kind: no task in the logs is of {kind!r}; there are {', '.join(found.kinds) or 'none'}")
    if as_json:
        print_json(effort_object(found))
    elif not found.standings:
        print_table(plain_table(), EMPTY)
    else:
        print_effort(found, demo)


def _answer(session: Session, wanted: "Wanted", scope: "Scope") -> "tuple[Effort, list[str]]":
    from app.efforts import effort_of

    material, demo, present = read_material(session, scope)
    return effort_of(material, wanted, session.warehouse, present), demo


def read_material(session: Session, scope: "Scope") -> "tuple[Material, list[str], datetime]":
    """What the logs and the loaded files hold, notes on the demo, and the present."""
    from app.efforts import Material, read_tasks
    from app.present import present_of
    from warehouse.connection import open_reader
    from warehouse.errors import WarehouseMissing
    from warehouse.eval_runs import list_eval_runs
    from warehouse.outcomes import outcomes_of

    runs = list_eval_runs(session.warehouse, tell=session.tell)
    try:
        with open_reader(session.warehouse, tell=session.tell) as reader:
            tasks, demo, present = read_tasks(reader, scope), demo_notes(reader), present_of(session, reader)
    except WarehouseMissing:
        if not runs:
            raise
        tasks, demo, present = [], [], session.now
    return Material(tasks, outcomes_of(session.warehouse, tell=session.tell), runs), demo, present


@effort.command("load")
def load_runs(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV, JSON lines, or a leaderboard of aider's in YAML.")
    ],
    run_set: Annotated[
        str | None, typer.Option("--set", metavar="NAME", help="The evaluation's name. [default: the file's]")
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=COLUMN", help="Where something stands, as in effort=thinking; may be repeated."),
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="Of runs that name none.")] = None,
    seller: Annotated[str | None, typer.Option(metavar="NAME", help="Of runs that name none.")] = None,
    currency: Annotated[str, typer.Option(metavar="CODE", help="Of costs that name none.")] = "USD",
    day: Annotated[str | None, typer.Option(metavar="DAY", help="When runs were made that tell no time.")] = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take in runs of an evaluation.

    Good rows are kept, bad ones are named with their line and reason. The same file once more changes nothing.
    """
    from app.eval_file import read_eval_file
    from warehouse.eval_runs import EvalRun, store_eval_runs

    session = session_of(context)
    on = _midnight(day_of("--day", day)) if day else None
    defaults = EvalRun(run_set or "", "", 0, model, seller, currency=currency_of(currency), ran_at=on)
    read = [read_eval_file(path, _fields(field or []), defaults) for path in files]
    runs, bad = [run for file in read for run in file.runs], [row for file in read for row in file.bad]
    stored = store_eval_runs(session.warehouse, runs, author_of(session, who), tell=session.tell)
    rows = sum(file.rows for file in read)
    if as_json:
        print_json({"rows": rows, **stored._asdict(), "rejected": [each._asdict() for each in bad]})
        return
    table = plain_table()
    for head in ("file", "line", "reason"):
        table.add_column(head, justify="right" if head == "line" else "left", overflow="fold")
    for each in bad[:SHOWN]:
        table.add_row(each.file, count(each.line), each.reason)
    more = [f"and {things(len(bad) - SHOWN, 'row')} more."] if len(bad) > SHOWN else []
    print_table(table, *more)
    session.tell(
        f"{things(rows, 'row')} read: {things(stored.added, 'run')} added, {count(stored.changed)} changed, "
        f"{count(stored.same)} as before; {things(len(bad), 'row')} not used"
    )
    for note in [note for file in read for note in file.notes]:
        session.tell(note)


@effort.command("list")
def list_runs(context: typer.Context, as_json: AsJson = False) -> None:
    """The evaluations that were loaded."""
    from warehouse.eval_runs import list_eval_runs

    session = session_of(context)
    runs = list_eval_runs(session.warehouse, tell=session.tell)
    sets = {name: [run for run in runs if run.run_set == name] for name in sorted({run.run_set for run in runs})}
    rows: list[dict[str, Any]] = [
        {
            "set": name,
            "runs": sum(run.cases for run in held),
            "arms": len({run[3:7] for run in held}),
            "without_cost": sum(run.cases for run in held if run.pico is None),
            "source": ", ".join(sorted({run.source for run in held})),
        }
        for name, held in sets.items()
    ]
    if as_json:
        print_json({"rows": rows})
        return
    table = plain_table()
    for head in ("evaluation", "runs", "arms", "without a cost", "source"):
        table.add_column(head, justify="left" if head in ("evaluation", "source") else "right", overflow="fold")
    for row in rows:
        table.add_row(*(value if isinstance(value, str) else count(value) for value in row.values()))
    print_table(table, *([] if rows else ["No evaluation was loaded: tollbook effort load FILE."]))


@effort.command("remove")
def remove_runs(
    context: typer.Context,
    sets: Annotated[list[str], typer.Argument(metavar="NAME...", help="Evaluations, as list names them.")],
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take evaluations out; the audit keeps that they were there."""
    from warehouse.eval_runs import remove_eval_runs

    session = session_of(context)
    removed = remove_eval_runs(session.warehouse, sets, author_of(session, who), tell=session.tell)
    if as_json:
        print_json({"removed": removed})
    else:
        session.tell(f"removed {things(removed, 'run')}")


def _fields(given: list[str]) -> dict[str, str]:
    from app.eval_cells import NAMES

    found = {}
    for text in given:
        name, sign, column = text.partition("=")
        if not sign or name not in NAMES:
            raise UserMistake(f"--field: {text!r} is not NAME=COLUMN with a NAME of {', '.join(NAMES)}")
        found[name] = column
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
