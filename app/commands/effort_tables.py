"""Tiers of effort as tables for people and as an object for programs."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.figures import UNKNOWN, count, rounded
from app.session import plain_table, print_table
from pricing.money import format_pico

if TYPE_CHECKING:
    from analysis.contrasts import Contrast
    from analysis.effort import Comparison, Standing
    from analysis.intervals import Interval
    from app.efforts import Effort


MOST_NOTES = 5
"""More would hide the figures they are about."""


def print_effort(found: "Effort", demo: Sequence[str]) -> None:
    """Every arm, then the arms side by side, then what is to be known of them."""
    table = plain_table()
    table.add_column("arm", overflow="fold")
    for head in ("runs", "tasks", "passes", "solved", "cost of a run", "per solved", "seconds", "output", "best"):
        table.add_column(head, justify="right", no_wrap=True)
    sets = {each.arm.run_set for each in found.standings}
    for each in found.standings:
        table.add_row(*_standing_cells(each, named=len(sets) > 1))
    print_table(table, spare=("output", "seconds", "tasks", "best"))
    if found.comparisons:
        print_table(_side_by_side(found), spare=("one more solved", "seconds more"))
    print_table(plain_table(), *notes_of(found), *demo)


def notes_of(found: "Effort") -> list[str]:
    """What is to be known of the figures, in words."""
    notes: dict[str, list[str]] = {}
    for each in found.standings:
        for note in each.notes:
            notes.setdefault(note, []).append(each.arm.name)
    told = [f"{_named(arms)}: {note}." for note, arms in notes.items()]
    if len(told) > MOST_NOTES:
        left = len(told) - MOST_NOTES
        told = [
            *told[:MOST_NOTES],
            f"{left:,} more notes on single arms: --json has them, --kind and --set show fewer.",
        ]
    warned: dict[str, list[str]] = {}
    for each in found.standings:
        if each.cost_interval.why:
            warned.setdefault(each.cost_interval.why, []).append(each.arm.name)
    costs = [f"Cost of {_named(arms)}: {why}." for why, arms in sorted(warned.items())]
    legend = (
        "best: by the estimates, no other arm that did the same work costs no more and solves no fewer; where brackets "
        "overlap, it may be chance. Brackets: 95% intervals over tasks; [?]: withheld, --json says why."
    )
    return [*ignored_notes(found), *told, *costs, *found.notes, legend]


def _named(arms: Sequence[str]) -> str:
    return ", ".join(arms) if len(arms) <= 3 else f"{len(arms)} arms"


def ignored_notes(found: "Effort") -> list[str]:
    """A sentence for each pair of tiers that makes no difference, and for each of which too little is known."""
    notes = []
    for each in found.comparisons:
        judged = each.output
        pair = f"{each.first.name} and {each.second.name}"
        if judged is None or judged.ratio.estimate is None:
            continue
        if judged.verdict == "ignored":
            notes.append(
                f"Effort ignored? {pair} write the same: {times_text(judged.ratio)} the output tokens a call. "
                "Look at the model string: an alias may drop the setting."
            )
        elif judged.verdict == "not enough data" and judged.tasks_needed:
            kind = "tasks done at both" if judged.ratio.paired else "tasks at each"
            notes.append(
                f"Not enough data to tell {pair} apart: {times_text(judged.ratio)}; to see 1.25 times takes "
                f"{judged.tasks_needed:,} {kind}, about {judged.calls_needed:,} calls at each; there are "
                f"{judged.ratio.tasks:,}."
            )
    return notes


def _standing_cells(each: "Standing", *, named: bool) -> tuple[str, ...]:
    name = f"{each.arm.run_set or 'the logs'}: {each.arm.name}" if named else each.arm.name
    low, high = each.passes
    return (
        name,
        count(each.runs),
        count(each.tasks),
        str(low) if low == high else f"{low}–{high}",
        share_text(each.solved),
        money_text(each.cost, each.cost_interval, each.currency),
        money_text(each.solved_cost, each.solved_cost_interval, each.currency),
        _number(each.latency.estimate, 1000, 1),
        _number(each.output.estimate, 1, 0),
        "best" if each.best else "",
    )


def _side_by_side(found: "Effort") -> Any:
    table = plain_table("Side by side: the second against the first")
    for head in ("first", "second"):
        table.add_column(head, overflow="fold")
    for head in ("same tasks", "output", "", "solved", "cost more", "times", "one more solved", "seconds more"):
        table.add_column(head, justify="left" if head == "" else "right", no_wrap=True)
    for each in found.comparisons:
        table.add_row(*_comparison_cells(each))
    return table


def _comparison_cells(each: "Comparison") -> tuple[str, ...]:
    judged = each.output
    return (
        each.first.name,
        each.second.name,
        count(each.tasks) if each.tasks else "none",
        times_text(judged.ratio) if judged else "–",
        judged.verdict if judged else "",
        gap_text(each.solved, lambda value: f"{100 * value:+.1f}"),
        gap_text(each.cost, lambda value: _signed(value, each.currency)),
        "–" if each.times is None else f"{float(each.times):.2f}",
        (each.extra.why or "–")
        if each.extra.estimate is None and each.times
        else gap_text(each.extra, lambda value: _signed(value, each.currency)),
        gap_text(each.latency, lambda value: f"{value / 1000:+.1f}"),
    )


def share_text(interval: "Interval") -> str:
    """``62.1% [51.0–72.1]``."""
    if interval.estimate is None:
        return "–"
    if interval.estimate > 1:
        return f"{interval.estimate:.3g}"
    text = f"{100 * interval.estimate:.1f}%"
    if interval.low is None or interval.high is None:
        return text
    return f"{text} [{100 * interval.low:.1f}–{100 * interval.high:.1f}]"


def money_text(exact: Fraction | None, interval: "Interval", currency: str | None) -> str:
    """A mean with its interval: ``0.463 USD [0.411–0.532]``; unknown where no cost is."""
    if exact is None:
        return UNKNOWN
    text = f"{rounded(exact)} {currency}"
    if interval.low is None or interval.high is None:
        return text
    return f"{text} [{rounded(Fraction(interval.low))}–{rounded(Fraction(interval.high))}]"


def times_text(contrast: "Contrast") -> str:
    """``1.32 [1.10–1.58]``, or the figure alone where its interval is withheld."""
    if contrast.estimate is None:
        return "–"
    text = f"{contrast.estimate:.2f} times"
    return text if contrast.low is None or contrast.high is None else f"{text} [{contrast.low:.2f}–{contrast.high:.2f}]"


def gap_text(contrast: "Contrast", write: Callable[[float], str]) -> str:
    """A difference with its interval, written by ``write``."""
    if contrast.estimate is None:
        return "–"
    if contrast.low is None or contrast.high is None:
        return f"{write(contrast.estimate)} [?]"
    return f"{write(contrast.estimate)} [{write(contrast.low)} to {write(contrast.high)}]"


def _signed(pico: float, currency: str | None) -> str:
    text = rounded(Fraction(pico))
    return text if pico < 0 else f"+{text}"


def _number(value: float | None, per: float, places: int) -> str:
    return "–" if value is None else f"{value / per:,.{places}f}"


def effort_object(found: "Effort") -> dict[str, Any]:
    """The same for programs; money as decimal strings, rounded half-even to 12 decimals."""
    return {
        "rows": [_standing_object(each) for each in found.standings],
        "comparisons": [_comparison_object(each) for each in found.comparisons],
        "notes": list(found.notes),
    }


def _standing_object(each: "Standing") -> dict[str, Any]:
    return {
        **_arm_object(each.arm),
        "runs": each.runs,
        "tasks": each.tasks,
        "passes": list(each.passes),
        "solved": _interval_object(each.solved, float),
        "currency": each.currency,
        "cost": _interval_object(each.cost_interval, _pico, each.cost),
        "cost_per_solved": _interval_object(each.solved_cost_interval, _pico, each.solved_cost),
        "latency_ms": _interval_object(each.latency, float),
        "output_tokens": _interval_object(each.output, float),
        "unknown_costs": each.unknown_costs,
        "best": each.best,
        "notes": list(each.notes),
    }


def _comparison_object(each: "Comparison") -> dict[str, Any]:
    judged = each.output
    return {
        "first": _arm_object(each.first),
        "second": _arm_object(each.second),
        "same_tasks": each.tasks,
        "solved": _contrast_object(each.solved, float),
        "currency": each.currency,
        "cost": _contrast_object(each.cost, _pico),
        "cost_times": None if each.times is None else float(each.times),
        "cost_of_one_more_solved": _contrast_object(each.extra, _pico),
        "latency_ms": _contrast_object(each.latency, float),
        "output_times": None if judged is None else _contrast_object(judged.ratio, float),
        "effort": None if judged is None else judged.verdict,
        "seen_from_times": None if judged is None else judged.seen_from,
        "tasks_needed": None if judged is None else judged.tasks_needed,
        "calls_needed": None if judged is None else judged.calls_needed,
    }


def _arm_object(arm: Any) -> dict[str, Any]:
    values: dict[str, Any] = arm._asdict()
    return {"set": values.pop("run_set"), **values}


def _interval_object(of: "Interval", write: Callable[[float], Any], exact: Fraction | None = None) -> dict[str, Any]:
    estimate = of.estimate if exact is None else exact
    ends = [None if end is None else write(end) for end in (of.low, of.high)]
    return {
        "estimate": None if estimate is None else write(estimate),  # type: ignore[arg-type]
        "low": ends[0],
        "high": ends[1],
        "tasks": of.clusters,
        "why": of.why,
    }


def _contrast_object(of: "Contrast", write: Callable[[float], Any]) -> dict[str, Any]:
    values = [None if value is None else write(value) for value in (of.estimate, of.low, of.high)]
    return {
        "estimate": values[0], "low": values[1], "high": values[2],
        "tasks": of.tasks, "paired": of.paired, "why": of.why,
    }  # fmt: skip


def _pico(value: "float | Fraction") -> str | None:
    return format_pico(round(Fraction(value)))
