"""What a task costs, and a resolved one, as people read it: the figure, and the interval that it lies in."""

from collections.abc import Sequence

from analysis.intervals import Interval
from analysis.tasks import Worth, ends_of
from app.components.formats import money


def per_task(worths: Sequence[Worth]) -> tuple[str, ...]:
    """Cost per task, currency by currency."""
    return tuple(money(round(worth.mean), worth.currency) for worth in worths) or ("–",)


def per_resolved(worths: Sequence[Worth]) -> tuple[str, ...]:
    """Cost per resolved task, currency by currency."""
    return tuple(map(resolved_text, worths)) or ("–",)


def resolved_text(worth: Worth) -> str:
    """What a resolved task costs; a dash where no outcome is known."""
    if not worth.judged:
        return "–"
    mean = worth.mean_resolved
    return "none resolved" if mean is None else money(round(mean), worth.currency)


def between(interval: Interval, currency: str) -> str:
    """``$0.43–$0.52``; a dash where it is withheld."""
    ends = ends_of(interval)
    return "–" if ends is None else f"{money(ends[0], currency)}–{money(ends[1], currency)}"


def within(intervals: Sequence[Interval], worths: Sequence[Worth]) -> str:
    """The intervals of one figure in several currencies, as small print; why one is withheld, or leans on one task."""
    texts = [between(interval, worth.currency) for interval, worth in zip(intervals, worths, strict=True)]
    known = [text for text in texts if text != "–"]
    said = [f"95%: {' and '.join(known)}"] if known else []
    reasons = dict.fromkeys(interval.why for interval in intervals if interval.why)
    return "; ".join([*said, *reasons]) or "no task of known cost"
