"""``tollbook tasks --by``: what a task costs, and a resolved one, group by group."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.figures import UNKNOWN, count, rounded, share, things
from app.session import plain_table, print_json, print_table
from pricing.money import format_pico

if TYPE_CHECKING:
    from analysis.intervals import Interval
    from analysis.tasks import Group, Worth
    from app.task_evidence import Grouped

NO_TASKS = "No task is meant: none began then, or no call is of one; tollbook tasks --rule shows what names tasks."
CALLS, STEPS = "mean calls", "mean steps"
LEFT_OUT = {
    "model": "no model named",
    "team": "no team named",
    "kind": "kind not known",
}


def print_groups(found: "Grouped", by: str, notes: list[str]) -> None:
    """The groups as a table, and below it what they have in common."""
    table = plain_table()
    table.add_column(by, overflow="fold")
    for name in ("tasks", CALLS, STEPS, "per task", "95% interval", "resolved", "per resolved", "95% interval "):
        table.add_column(name, justify="right", no_wrap=True)
    for group in found.groups:
        for worth in group.worths or (None,):
            table.add_row(group.name or LEFT_OUT[by], *_cells(group, worth))
    if len(found.groups) > 1:
        for worth in found.whole.worths or (None,):
            table.add_row("all", *_cells(found.whole, worth), style="bold")
    named = [(group.name or LEFT_OUT[by], group) for group in found.groups]
    leaning = [
        f"{name}, {worth.currency}: {why}."
        for name, group in (*named, *([("all", found.whole)] if len(named) > 1 else []))
        for worth in group.worths
        for why in worth.warnings
    ]
    kinds = [_kinds(found)] if by == "kind" else []
    print_table(table, *coverage_notes(found.whole, found.outcomes), *kinds, *leaning, *notes, spare=(CALLS, STEPS))


def _cells(group: "Group", worth: "Worth | None") -> list[str]:
    """The cells of one group in one currency; calls and steps are means per task."""
    calls = rounded_mean(group.calls, group.tasks)
    steps = "–" if group.steps is None else rounded_mean(group.steps, group.tasks)
    if worth is None:
        return [count(group.tasks), calls, steps, UNKNOWN, "–", _resolved(group.resolved, group.judged), UNKNOWN, "–"]
    tasks = count(group.tasks) if worth.tasks == group.tasks else f"{count(worth.tasks)} of {count(group.tasks)}"
    return [
        tasks,
        calls,
        steps,
        f"{rounded(worth.mean)} {worth.currency}",
        between(worth.per_task),
        _resolved(worth.resolved, worth.judged),
        per_resolved(worth),
        between(worth.per_resolved),
    ]


def rounded_mean(total: int, parts: int) -> str:
    """``40.4`` a task."""
    return f"{total / parts:.1f}" if parts else "–"


def between(interval: "Interval") -> str:
    """``0.42–0.51``; a dash where it is withheld."""
    from analysis.tasks import ends_of

    ends = ends_of(interval)
    return "–" if ends is None else f"{rounded(Fraction(ends[0]))}–{rounded(Fraction(ends[1]))}"


def per_resolved(worth: "Worth") -> str:
    """What a resolved task costs; a dash where no outcome is known, and in words where none was resolved."""
    if not worth.judged:
        return "–"
    return f"{rounded(worth.mean_resolved)} {worth.currency}" if worth.mean_resolved is not None else "none resolved"


def _resolved(resolved: int, judged: int) -> str:
    return f"{count(resolved)} of {count(judged)}" if judged else "–"


def coverage_notes(whole: "Group", outcomes: int) -> list[str]:
    """How many tasks the figures are made from, and of how many of them it is known how they ended."""
    if not whole.tasks:
        return [NO_TASKS]
    known = sum(worth.tasks for worth in whole.worths)
    notes = [f"{things(known, 'task')} of {count(whole.tasks)} with a known cost ({share(known, whole.tasks)})."]
    if whole.unknown:
        notes.append(f"{things(whole.unknown, 'task')} with calls of unknown cost in no amount, and not counted as 0.")
    if whole.several_currencies:
        notes.append(f"{things(whole.several_currencies, 'task')} billed in several currencies in no amount.")
    judged = sum(worth.judged for worth in whole.worths)
    costed = "" if judged == whole.judged else f", and what they cost of {count(judged)} of them"
    if whole.judged:
        notes.append(
            f"How it ended is known of {things(whole.judged, 'task')}{costed}: a resolved one costs what all these "
            "cost, by those of them resolved."
        )
    elif outcomes:
        notes.append(
            f"Of {things(outcomes, 'known outcome')} none is of these tasks: tollbook outcome list shows whose."
        )
    else:
        notes.append("How tasks ended is not known: tollbook outcome load FILE says it.")
    return notes


def summary(whole: "Group") -> list[str]:
    """What a task costs, in one line per currency; and a resolved one: if it is of fewer tasks, what those cost."""
    lines = []
    for worth in whole.worths:
        line = f"Per task, of whatever kind, {rounded(worth.mean)} {worth.currency}{_within(worth.per_task)}"
        if worth.resolved:
            line += f"; per resolved task {per_resolved(worth)}{_within(worth.per_resolved)}"
            line += f", {count(worth.resolved)} of {count(worth.judged)} resolved"
        if worth.resolved and worth.judged < worth.tasks:
            judged = rounded(Fraction(worth.judged_total, worth.judged))
            line += f": those whose end is known cost {judged} {worth.currency} a task"
        lines.append(f"{line}.")
    return lines


def _within(interval: "Interval") -> str:
    """The interval, and why it is withheld or leans on one task."""
    text = between(interval)
    known = [] if text == "–" else [f"95%: {text}"]
    return f" ({'; '.join([*known, *([interval.why] if interval.why else [])])})"


def _kinds(found: "Grouped") -> str:
    parts = [
        f"{count(number)} {where}"
        for number, where in (
            (found.entered, "as entered with the outcome"),
            (found.tagged, "as tagged"),
            (found.held, "by what the calls hold"),
        )
        if number
    ]
    return f"Kinds of tasks: {', '.join(parts)}." if parts else "No log says of what kind its tasks are."


def print_groups_json(found: "Grouped", by: str, data_through: str | None) -> None:
    """One object: a row per group and currency, all tasks as the total."""
    rows = [_row({by: group.name}, group, worth) for group in found.groups for worth in group.worths or (None,)]
    total = [_row({}, found.whole, worth) for worth in found.whole.worths or (None,)]
    calls = found.whole.calls
    coverage = (calls - found.whole.unpriced) / calls if calls else None
    print_json({"rows": rows, "total": total, "coverage": coverage, "data_through": data_through})


def _row(name: dict[str, str | None], group: "Group", worth: "Worth | None") -> dict[str, Any]:
    known: dict[str, Any] = {
        "tasks": group.tasks,
        "unknown_cost": group.unknown,
        "several_currencies": group.several_currencies,
        "requests": group.calls,
        "unpriced": group.unpriced,
        "steps": group.steps,
    }
    if worth is None:
        return {**name, **known, "currency": None, "cost": None}
    return {
        **name,
        **known,
        "currency": worth.currency,
        "cost": format_pico(worth.total),
        "costed_tasks": worth.tasks,
        "cost_per_task": format_pico(round(worth.mean)),
        **_ends("cost_per_task", worth.per_task),
        "judged_tasks": worth.judged,
        "judged_cost": format_pico(worth.judged_total),
        "resolved_tasks": worth.resolved,
        "resolved_share": worth.resolved_share.estimate,
        "resolved_share_low": worth.resolved_share.low,
        "resolved_share_high": worth.resolved_share.high,
        "cost_per_resolved": format_pico(None if worth.mean_resolved is None else round(worth.mean_resolved)),
        **_ends("cost_per_resolved", worth.per_resolved),
    }


def _ends(name: str, interval: "Interval") -> dict[str, Any]:
    from analysis.tasks import ends_of

    low, high = ends_of(interval) or (None, None)
    return {f"{name}_low": format_pico(low), f"{name}_high": format_pico(high), f"{name}_note": interval.why}
