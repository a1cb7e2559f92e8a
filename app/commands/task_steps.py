"""``tollbook tasks --steps`` and ``--outliers``: where the money of tasks goes, and which are far dearer than usual."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.commands.task_groups import NO_TASKS
from app.figures import count, instant, money, plain, share, things
from app.session import plain_table, print_json, print_table
from pricing.money import format_pico

if TYPE_CHECKING:
    from analysis.outliers import Outlier, Outliers
    from analysis.steps import StepSum
    from app.task_evidence import Dear, Steps
    from warehouse.task_facts import DearCall


def print_steps(found: "Steps", notes: list[str]) -> None:
    """Bands of steps, then the upstream providers, each with its cost and its cache share."""
    from analysis.steps import half_spent, total_costs

    totals = total_costs(found.each)
    halves = [
        f"Half of the {currency} is spent by step {half_spent(found.each, currency)}."
        for currency, total in totals.items()
        if total
    ]
    print_table(_table("steps", found.bands, totals), *halves)
    if not found.each:
        print_table(plain_table(), NO_TASKS, *notes)
    elif any(part.name for part in found.upstream):
        print_table(_table("upstream provider", found.upstream, totals), *notes)
    else:
        print_table(plain_table(), "No log names an upstream provider.", *notes)


def _table(head: str, parts: "Sequence[StepSum]", totals: dict[str, int]) -> Any:
    table = plain_table()
    table.add_column(head, overflow="fold")
    for name in ("tasks", "calls", "unpriced", "cost", "of all", "input", "from cache", "output"):
        table.add_column(name, justify="right", no_wrap=True)
    for part in parts:
        name = step_name(part) if head == "steps" else part.name or "not named"
        for place, currency in enumerate(part.costs or (None,)):
            cost = None if currency is None else part.costs[currency]
            figures = [count(part.tasks), count(part.calls), count(part.unpriced)]
            tokens = [count(part.prompt), share(part.cache_read, part.prompt), count(part.output)]
            of_all = share(cost, totals[currency]) if currency else "–"
            # Its calls and tokens are in one row: they are those of all currencies.
            table.add_row(
                "" if place else name,
                *(["", "", ""] if place else figures),
                money(cost, currency),
                of_all,
                *(["", "", ""] if place else tokens),
            )
    return table


def step_name(part: "StepSum") -> str:
    """``7``, or ``21–50``."""
    return str(part.first) if part.first == part.last else f"{part.first}–{part.last}"


def print_steps_json(found: "Steps", data_through: str | None) -> None:
    """One object: every step, every band, every upstream provider."""
    from analysis.steps import half_spent, total_costs

    totals = total_costs(found.each)
    calls = sum(part.calls for part in found.each)
    print_json(
        {
            "rows": [{"step": part.first, **_part(part)} for part in found.each],
            "bands": [{"first": part.first, "last": part.last, **_part(part)} for part in found.bands],
            "upstream": [{"upstream_provider": part.name, **_part(part)} for part in found.upstream],
            "total": [
                {"currency": currency, "cost": format_pico(cost), "half_by_step": half_spent(found.each, currency)}
                for currency, cost in totals.items()
            ],
            "coverage": 1 - sum(part.unpriced for part in found.each) / calls if calls else None,
            "data_through": data_through,
        }
    )


def _part(part: "StepSum") -> dict[str, Any]:
    from analysis.steps import cache_share

    return {
        "tasks": part.tasks,
        "requests": part.calls,
        "unpriced": part.unpriced,
        "costs": {currency: format_pico(cost) for currency, cost in part.costs.items()},
        "input": part.input,
        "cache_read": part.cache_read,
        "cache_written": part.cache_written,
        "cache_share": cache_share(part),
        "output": part.output,
        "reasoning": part.reasoning,
    }


def print_outliers(found: "Dear", top: int, notes: list[str]) -> None:
    """The tasks far dearer than usual with what is unusual about them, then the dearest calls."""
    table = plain_table()
    table.add_column("task", overflow="fold")
    for name in ("cost", "times", "the median"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("what is unusual", overflow="fold")
    for each in found.outliers:
        for outlier in each.found[:top]:
            table.add_row(*_outlier_cells(outlier))
    print_table(table, *([_said(each, top) for each in found.outliers] or ["No task here has a known cost."]))
    calls = plain_table("Dearest calls")
    for name in ("task", "step", "model", "upstream"):
        calls.add_column(name, overflow="fold")
    for name in ("input", "from cache", "output", "cost"):
        calls.add_column(name, justify="right", no_wrap=True)
    calls.add_column("logged in", overflow="fold")
    for call in found.calls:
        calls.add_row(*_call_cells(call))
    print_table(calls, *notes, spare=("upstream", "model"))


def _outlier_cells(outlier: "Outlier") -> list[str]:
    return [
        outlier.task,
        money(outlier.cost, outlier.currency),
        f"{outlier.times:.1f}",
        money(outlier.usual.cost, outlier.currency),
        why_dear(outlier),
    ]


def why_dear(outlier: "Outlier") -> str:
    """What is unusual about an outlier, in words."""
    from analysis.outliers import reasons

    return ", ".join(reasons(outlier)) or "nothing but its rates"


def _said(each: "Outliers", top: int) -> str:
    if each.why:
        return f"No outliers told in {each.currency}: {each.why}."
    rest = f"; {count(len(each.found) - top)} more with --top" if len(each.found) > top else ""
    share_of = f", {share(each.cost, each.total)} of the money" if each.found else ""
    return (
        f"{count(len(each.found))} of {things(each.tasks, 'task')} in {each.currency} far dearer than tasks like it"
        f"{share_of}{rest}."
    )


def _call_cells(call: "DearCall") -> list[str]:
    prompt = call.input + call.cache_read + call.cache_written
    return [
        call.task,
        "–" if call.step is None else str(call.step),
        call.model or "unknown",
        call.upstream_provider or "–",
        count(prompt),
        share(call.cache_read, prompt),
        count(call.output),
        money(call.cost, call.currency),
        f"{(call.file or '').rsplit('/', 1)[-1]}:{call.line}",
    ]


def print_outliers_json(found: "Dear", data_through: str | None) -> None:
    """One object: the outliers, what is usual per currency, and the dearest calls."""
    rows = [_outlier_object(outlier) for each in found.outliers for outlier in each.found]
    usual = [
        {
            "currency": each.currency,
            "tasks": each.tasks,
            "why_not": each.why,
            "outliers": len(each.found),
            "outliers_cost": format_pico(each.cost),
            "cost": format_pico(each.total),
        }
        for each in found.outliers
    ]
    calls = [
        {**{name: plain(value) for name, value in call._asdict().items()}, "cost": format_pico(call.cost)}
        for call in found.calls
    ]
    print_json({"rows": rows, "total": usual, "calls": calls, "coverage": found.coverage, "data_through": data_through})


def _outlier_object(outlier: "Outlier") -> dict[str, Any]:
    usual = {**outlier.usual._asdict(), "cost": format_pico(outlier.usual.cost)}
    known = {"models": list(outlier.models), "cost": format_pico(outlier.cost), "usual": usual}
    return {**outlier._asdict(), **known, "why": why_dear(outlier)}


def through(reader: Any) -> str | None:
    """Through when the data goes."""
    from warehouse.cost import coverage_of

    return instant(coverage_of(reader).data_through)
