"""``tollbook tasks`` and ``tollbook task``: what each piece of work cost, and one of them step by step."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import as_object, demo_notes, notes_on
from app.figures import count, instant, money, plain, things
from app.session import UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from warehouse.tasks import Step, TaskCost


def tasks(
    context: typer.Context,
    top: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="The dearest so many of each currency. [default: 20; all with --json]"),
    ] = None,
    like: Annotated[str | None, typer.Option(metavar="TEXT", help="Only tasks whose name contains this.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What each task cost, dearest first."""
    from warehouse.connection import open_reader
    from warehouse.cost import cost_by, coverage_of
    from warehouse.tasks import dearest_tasks, task_spread

    session = session_of(context)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        found = dearest_tasks(reader, top if as_json or top else 20, like=like)
        spread, total, coverage = task_spread(reader), cost_by(reader, []), coverage_of(reader)
        rows = cost_by(reader, ["task"]) if as_json else []
        demo = demo_notes(reader)
    if as_json:
        order = {task.task: place for place, task in enumerate(found)}
        wanted = sorted((row for row in rows if row.group[0] in order), key=lambda row: order[row.group[0]])
        print_json(as_object(["task"], wanted, total, coverage))
        return
    table = plain_table()
    for name in ("task", "model"):
        table.add_column(name, overflow="fold")
    for name in ("calls", "unpriced", "cost"):
        table.add_column(name, justify="right", no_wrap=True)
    for task in found:
        table.add_row(task.task, _models(task), count(task.requests), count(task.unpriced), _cost(task))
    notes = [
        f"{things(of.tasks, 'task')} with a price in {of.currency}: median {money(of.median, of.currency)}, "
        f"P90 {money(of.p90, of.currency)}, dearest {money(of.dearest, of.currency)}."
        for of in spread
    ]
    print_table(table, *notes, *notes_on(coverage, total), *demo, spare=("model",))


def task(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="The task, as the log names it.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """One task, step by step, with the rate of every price."""
    from warehouse.connection import open_reader
    from warehouse.tasks import dearest_tasks, find_task, steps_of

    session = session_of(context)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        found = find_task(reader, name)
        if found is None:
            near = ", ".join(other.task for other in dearest_tasks(reader, 5, like=name))
            raise UserMistake(f"there is no task {name!r}" + (f"; did you mean {near}?" if near else ""))
        steps = steps_of(reader, found)
        demo = demo_notes(reader)
    if as_json:
        known = found.requests - found.unpriced
        totals = [{"currency": currency, "cost": format_pico(cost)} for currency, cost in found.costs.items()]
        coverage = known / found.requests if found.requests else None
        rows = [_step_object(step) for step in steps]
        print_json({"rows": rows, "total": totals, "coverage": coverage, "data_through": instant(found.last_at)})
        return
    _print_steps(found, steps, demo)


def _step_object(step: "Step") -> dict[str, Any]:
    costs = {name: format_pico(getattr(step, name)) for name in ("cost", "cost_low", "cost_high", "cost_reported")}
    unpriced = 1 if step.cost is None else 0
    fields = {name: plain(value) for name, value in step._asdict().items()}
    return {**fields, **costs, "requests": 1, "unpriced": unpriced}


def _models(task: "TaskCost") -> str:
    return f"{task.model or 'unknown'}" + (f" and {task.models - 1} more" if task.models > 1 else "")


def _cost(task: "TaskCost") -> str:
    return " + ".join(money(cost, currency) for currency, cost in task.costs.items()) or money(None, None)


def _print_steps(task: "TaskCost", steps: "list[Step]", demo: list[str]) -> None:
    table = plain_table(f"{task.task}: {_cost(task)}")
    for name in ("step", "start", "model", "outcome"):
        table.add_column(name, overflow="fold")
    for name in ("input", "cached", "output", "cost"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("note", overflow="fold")
    for step in steps:
        table.add_row(
            "–" if step.step is None else str(step.step),
            instant(step.start_at),
            _model(step),
            step.error_category or step.finish_reason or step.usage_status,
            count(step.input),
            count(step.cache_read),
            count(step.output),
            money(step.cost, step.currency),
            _remark(step),
        )
    unpriced = [f"{count(task.unpriced)} of {things(task.requests, 'call')} without a price."] if task.unpriced else []
    print_table(table, *unpriced, *_evidence(steps), *demo, spare=("start", "model", "outcome"))


def _model(step: "Step") -> str:
    return step.model_served or step.model_requested or "unknown"


def _remark(step: "Step") -> str:
    """Why a step has no price or costs nothing, what is doubtful about it, and that another row counts for it."""
    remarks = [step.unpriced_reason or (step.billable_reason if step.cost == 0 else "")]
    remarks.append(f"needs review: {step.review}" if step.review else "")
    remarks.append("" if step.counted else "counted in another source's record")
    return "; ".join(filter(None, remarks))


def _evidence(steps: "list[Step]") -> list[str]:
    """Where each price comes from: one line per rate."""
    return list(
        dict.fromkeys(
            f"Rate of {_model(step)} at {step.seller}: {step.rate_source}, checked {step.rate_checked}."
            for step in steps
            if step.cost and step.rate_source
        )
    )
