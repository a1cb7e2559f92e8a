"""``tollbook tasks``: what each piece of work cost, and what such a piece costs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from app.commands.cost import as_object, demo_notes, notes_on, scope_of
from app.commands.task import cost_of
from app.commands.task_rule import rule_notes, show_rule
from app.figures import count, money, things
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from rich.table import Table

    from warehouse.overview_tasks import TaskSpread
    from warehouse.scope import Scope
    from warehouse.tasks import TaskCost


class Asked(NamedTuple):
    """What ``tollbook tasks`` is asked beside the list."""

    by: str | None
    steps: bool
    outliers: bool
    top: int | None
    as_json: bool


def tasks(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    top: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="The dearest so many of each currency. [default: 20; all with --json]"),
    ] = None,
    like: Annotated[str | None, typer.Option(metavar="TEXT", help="Only tasks whose name contains this.")] = None,
    by: Annotated[
        str | None, typer.Option(metavar="GROUP", help="Cost per task and per resolved task by model, team or kind.")
    ] = None,
    steps: Annotated[bool, typer.Option("--steps", help="Cost and cache share by step and upstream provider.")] = False,
    outliers: Annotated[
        bool, typer.Option("--outliers", help="Tasks far dearer than usual; the dearest calls.")
    ] = False,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="Tasks that began on this day or later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Tasks that began on this day or before.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="DIMENSION=VALUE", help="Only tasks with a call of this seller, model or team."),
    ] = None,
    rule: Annotated[bool, typer.Option("--rule", help="What makes a task, and how many calls that names.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What each task cost, dearest first; or per task and resolved task.

    A task counts whole. Intervals are of 95% and draw tasks, not calls.
    """
    session = session_of(context)
    if rule:
        show_rule(session, as_json=as_json)
        return
    scope = _scope(since, until, where or [])
    asked = Asked(_group(by), steps, outliers, top, as_json)
    if sum((asked.by is not None, steps, outliers, like is not None)) > 1:
        raise UserMistake("--by, --steps, --outliers and --like are questions of their own: ask one at a time")
    if asked.by or steps or outliers:
        _answer(session, scope, asked)
    else:
        _list(session, scope, like, asked)


def _scope(since: str | None, until: str | None, where: list[str]) -> "Scope":
    """The tasks meant; raises UserMistake."""
    scope = scope_of(since, until, where)
    if strange := scope.dimensions - {"seller", "model", "team"}:
        raise UserMistake(f"--where takes seller, model or team here, not {sorted(strange)[0]}: a task counts whole")
    return scope


def _group(by: str | None) -> str | None:
    if by not in (None, "model", "team", "kind"):
        raise UserMistake(f"--by takes model, team or kind, not {by!r}; tollbook cost --by has every dimension")
    return by


def _answer(session: Session, scope: "Scope", asked: Asked) -> None:
    """Groups, steps or outliers."""
    from app import task_evidence as evidence
    from app.commands import task_groups, task_steps
    from warehouse.connection import open_reader
    from warehouse.outcomes import outcomes_of

    outcomes = {} if asked.steps else outcomes_of(session.warehouse, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        through, notes = task_steps.through(reader), [*rule_notes(reader), *demo_notes(reader)]
        groups = evidence.read_groups(reader, scope, outcomes, asked.by) if asked.by else None
        steps = evidence.read_steps(reader, scope) if asked.steps else None
        dear = evidence.read_dear(reader, scope, outcomes) if asked.outliers else None
    notes = [f"Data through {through}.", *notes]
    if groups and asked.by:
        show, told = task_groups.print_groups, task_groups.print_groups_json
        told(groups, asked.by, through) if asked.as_json else show(groups, asked.by, notes)
    elif steps:
        told_steps, show_steps = task_steps.print_steps_json, task_steps.print_steps
        told_steps(steps, through) if asked.as_json else show_steps(steps, notes)
    elif dear:
        if asked.as_json:
            task_steps.print_outliers_json(dear, through)
        else:
            task_steps.print_outliers(dear, asked.top or 20, notes)


def _list(session: Session, scope: "Scope", like: str | None, asked: Asked) -> None:
    """The dearest tasks, and what a task costs."""
    from app.commands.task_groups import NO_TASKS, summary
    from app.task_evidence import read_whole
    from warehouse.connection import open_reader
    from warehouse.cost import cost_by, coverage_of
    from warehouse.outcomes import outcomes_of
    from warehouse.overview_tasks import put_tasks_in_scope, spread_of_tasks
    from warehouse.tasks import count_tasks, dearest_tasks

    outcomes = {} if asked.as_json else outcomes_of(session.warehouse, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        put_tasks_in_scope(reader, scope)
        found = dearest_tasks(reader, asked.top if asked.as_json or asked.top else 20, like=like, in_scope=True)
        known = count_tasks(reader, like=like, in_scope=True)
        total, coverage = cost_by(reader, [], scope), coverage_of(reader, scope)
        rows = cost_by(reader, ["task"]) if asked.as_json else []
        spread = spread_of_tasks(reader)
        whole = [] if asked.as_json else summary(read_whole(reader, scope, outcomes))
        demo = [*rule_notes(reader), *demo_notes(reader)]
    if asked.as_json:
        order = {task.task: place for place, task in enumerate(found)}
        wanted = sorted((row for row in rows if row.group[0] in order), key=lambda row: order[row.group[0]])
        print_json(as_object(["task"], wanted, total, coverage))
        return
    notes = _spread_notes(spread) if spread or found else [NO_TASKS]
    if more := known - len(found):
        notes.insert(0, f"{things(more, 'more task')}: --top N lists more, --like TEXT those named so, --json all.")
    if like:
        notes.insert(0, f"Only tasks with {like!r} in their name are listed; what follows is of all tasks.")
    print_table(_table(found), *notes, *whole, *notes_on(coverage, total), *demo, spare=("model",))


def _table(found: "Sequence[TaskCost]") -> "Table":
    table = plain_table()
    for name in ("task", "model"):
        table.add_column(name, overflow="fold")
    for name in ("calls", "unpriced", "cost"):
        table.add_column(name, justify="right", no_wrap=True)
    for task in found:
        table.add_row(task.task, _models(task), count(task.requests), count(task.unpriced), cost_of(task))
    return table


def _spread_notes(spread: "Sequence[TaskSpread]") -> list[str]:
    """How far what tasks cost is spread, in each currency."""
    return [
        f"{things(of.tasks, 'task')} with a price in {of.currency}{_free(of.free)}: "
        f"median {money(of.median, of.currency)}, P90 {money(of.p90, of.currency)}, "
        f"dearest {money(of.dearest, of.currency)}."
        for of in spread
    ]


def _free(tasks: int) -> str:
    return f", {count(tasks)} of which cost nothing" if tasks else ""


def _models(task: "TaskCost") -> str:
    return f"{task.model or 'unknown'}" + (f" and {task.models - 1} more" if task.models > 1 else "")
