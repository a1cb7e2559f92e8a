"""``tollbook task A --beside B``: two tasks side by side."""

from typing import TYPE_CHECKING, Any

from app.figures import UNKNOWN, count, money
from app.session import plain_table, print_json, print_table
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.task_sides import Side


def print_beside(first: "Side", second: "Side", notes: list[str]) -> None:
    """A line per figure, then what each had cost by some of the steps."""
    from app.side_lines import lines_of

    table = plain_table()
    table.add_column("", overflow="fold")
    for side in (first, second):
        table.add_column(side.task, justify="right", overflow="fold")
    table.add_column("difference", justify="right", no_wrap=True)
    for name, one, two, difference in lines_of(first, second):
        table.add_row(name, one, two, difference)
    unknown = [
        f"{side.task}: {count(side.unpriced)} of {count(side.calls)} calls of unknown cost, in no amount here."
        for side in (first, second)
        if side.unpriced
    ]
    print_table(table, *unknown)
    print_table(_by_step(first, second), *notes)


def _by_step(first: "Side", second: "Side") -> Any:
    """What both had cost by the ends of the bands that a short table shows."""
    from analysis.steps import BANDS
    from app.task_sides import spent_by

    last = max(side.steps[-1].step if side.steps else 0 for side in (first, second))
    table = plain_table("Spent by step")
    table.add_column("step", justify="right")
    for side in (first, second):
        table.add_column(side.task, justify="right", overflow="fold")
    for step in sorted({edge - 1 for edge in BANDS if 1 < edge <= last} | {last}):
        table.add_row(str(step), *(_spent(side, spent_by(side, step), step) for side in (first, second)))
    return table


def _spent(side: "Side", costs: dict[str, int], step: int) -> str:
    if not side.steps or side.steps[-1].step < step and not any(each.step >= step for each in side.steps):
        ended = f" (ended at {side.steps[-1].step})" if side.steps else ""
    else:
        ended = ""
    text = " + ".join(money(cost, currency) for currency, cost in sorted(costs.items())) or UNKNOWN
    return f"{text}{ended}"


def print_beside_json(first: "Side", second: "Side") -> None:
    """One object: both tasks with their parts and their steps."""
    print_json({"rows": [_object(first), _object(second)]})


def _object(side: "Side") -> dict[str, Any]:
    steps = [{**step._asdict(), "costs": _texts(step.costs)} for step in side.steps]
    parts = {name: _texts(costs) for name, costs in side.parts.items()}
    return {**side._asdict(), "models": list(side.models), "costs": _texts(side.costs), "parts": parts, "steps": steps}


def _texts(costs: dict[str, int]) -> dict[str, str | None]:
    return {currency: format_pico(cost) for currency, cost in costs.items()}
