"""Whole tasks against the same work done otherwise: paired where tasks repeat."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.intervals import Interval, mean

Loop = tuple[str, int]
"""A piece of work, which several tasks may repeat, and what a task of it cost, in pico-units."""


class Compared(NamedTuple):
    """What loops cost beside a baseline, each with its interval; in pico-units."""

    loops: Interval
    baseline: Interval
    difference: Interval | None
    """Of the same work, per piece; None where no work is on both sides."""


def compare(loops: Sequence[Loop], baseline: Sequence[Loop], *, key: str) -> Compared:
    """Mean cost of both sides, and of their difference over the work that both did."""
    ours, theirs = _by_work(loops), _by_work(baseline)
    both = sorted(ours.keys() & theirs.keys())
    apart = [float(np.mean(ours[work]) - np.mean(theirs[work])) for work in both]
    if both:
        loops = [each for each in loops if each[0] in theirs]
        baseline = [each for each in baseline if each[0] in ours]
    return Compared(
        mean([cost for _, cost in loops], key=f"{key} loops"),
        mean([cost for _, cost in baseline], key=f"{key} baseline"),
        mean(apart, key=f"{key} difference") if both else None,
    )


def _by_work(loops: Sequence[Loop]) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = {}
    for work, cost in loops:
        found.setdefault(work, []).append(float(cost))
    return found
