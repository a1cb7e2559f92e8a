"""``tollbook task``: one task step by step, or two of them side by side."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.cost import demo_notes
from app.figures import count, instant, money, plain, things
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from warehouse.connection import Reader
    from warehouse.tasks import Step, TaskCost


def task(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="The task, as the log names it.")],
    beside: Annotated[str | None, typer.Option(metavar="ID", help="Another task, to see the two side by side.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """One task, step by step, with the rate of every price."""
    from warehouse.connection import open_reader
    from warehouse.tasks import find_task, steps_of

    session = session_of(context)
    if beside is not None:
        _show_beside(session, name, beside, as_json)
        return
    with open_reader(session.warehouse, tell=session.tell) as reader:
        found = find_task(reader, name)
        if found is None:
            raise _no_task(reader, name)
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


def _no_task(reader: "Reader", name: str) -> UserMistake:
    """That there is no such task, and which there are like it."""
    from warehouse.tasks import dearest_tasks

    near = ", ".join(other.task for other in dearest_tasks(reader, 5, like=name))
    hint = f"did you mean {near}?" if near else "tollbook tasks --rule shows what names tasks"
    return UserMistake(f"there is no task {name!r}; {hint}")


def _show_beside(session: Session, first: str, second: str, as_json: bool) -> None:
    from app.commands.task_beside import print_beside, print_beside_json
    from app.task_sides import read_side
    from warehouse.connection import open_reader
    from warehouse.outcomes import outcomes_of

    outcomes = outcomes_of(session.warehouse, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        one, two = read_side(reader, first, outcomes), read_side(reader, second, outcomes)
        if one is None or two is None:
            raise _no_task(reader, first if one is None else second)
        demo = demo_notes(reader)
    if as_json:
        print_beside_json(one, two)
    else:
        print_beside(one, two, demo)


def _step_object(step: "Step") -> dict[str, Any]:
    costs = {name: format_pico(getattr(step, name)) for name in ("cost", "cost_low", "cost_high", "cost_reported")}
    unpriced = 1 if step.cost is None else 0
    fields = {name: plain(value) for name, value in step._asdict().items()}
    return {**fields, **costs, "requests": 1, "unpriced": unpriced}


def cost_of(task: "TaskCost") -> str:
    """What a task cost, currency by currency."""
    return " + ".join(money(cost, currency) for currency, cost in task.costs.items()) or money(None, None)


def _print_steps(task: "TaskCost", steps: "list[Step]", demo: list[str]) -> None:
    table = plain_table(f"{task.task}: {cost_of(task)}")
    for name in ("step", "start", "model", "outcome"):
        table.add_column(name, overflow="fold")
    for name in ("uncached input", "cached", "output", "cost"):
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
