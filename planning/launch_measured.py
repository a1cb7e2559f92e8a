"""Inputs of a plan from records: a ratio of sums over days, and how sure it is by resampling the days.

Low and high say how sure the records are of what they saw. That a launch will be like them is not in it.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from planning.draws import generator
from planning.guess import MEASURED, Bounds, Floats, Guess
from planning.launch_lengths import Lengths

RESAMPLES = 1_000
FEWEST_DAYS = 2
"""Of fewer, nothing says how sure a figure is."""
FEWEST_WEEKEND, FEWEST_NOISE = 2, 14
DIGITS = 4
SATURDAY = 5

Sums = Mapping[date, tuple[float, float]]
"""By day, what is counted and what it is counted of."""


def ratio_of(name: str, sums: Sums, bounds: Bounds, of_what: str) -> Guess | None:
    """So many for one, over all days; None where there is nothing to divide by."""
    counts = np.array(list(sums.values()), dtype=np.float64).reshape(-1, 2)
    whole = counts[:, 1].sum()
    if not whole:
        return None
    likely = counts[:, 0].sum() / whole
    picked = generator("launch measured", name).integers(0, len(counts), (RESAMPLES, len(counts)))
    parts = counts[picked].sum(axis=1)
    found = parts[parts[:, 1] > 0]
    return _guess(likely, found[:, 0] / found[:, 1], len(counts), bounds, of_what)


def weekend_of(tasks: Mapping[date, float], of_what: str) -> Guess | None:
    """Tasks of a Saturday or Sunday as a factor of other days; None of fewer than two of each."""
    ends = np.array([count for day, count in tasks.items() if day.weekday() >= SATURDAY], dtype=np.float64)
    other = np.array([count for day, count in tasks.items() if day.weekday() < SATURDAY], dtype=np.float64)
    if len(ends) < FEWEST_WEEKEND or len(other) < FEWEST_WEEKEND or not other.sum():
        return None
    stream = generator("launch measured", "weekend")
    above, below = (part[stream.integers(0, len(part), (RESAMPLES, len(part)))].mean(axis=1) for part in (ends, other))
    some = below > 0
    return _guess(ends.mean() / other.mean(), above[some] / below[some], len(tasks), Bounds(), of_what)


def noise_of(tasks: Mapping[date, float], of_what: str) -> Guess | None:
    """How much days differ beside weekends and a steady growth; None of fewer than two weeks or with empty days."""
    days = sorted(tasks)
    if len(days) < FEWEST_NOISE or min(tasks.values()) <= 0:
        return None
    logs = np.log([tasks[day] for day in days])
    columns = [[1.0, (day - days[0]).days, day.weekday() >= SATURDAY] for day in days]
    design = np.array(columns, dtype=np.float64)
    rest = logs - design @ np.linalg.lstsq(design, logs, rcond=None)[0]
    free = len(days) - np.linalg.matrix_rank(design)
    picked = generator("launch measured", "noise").integers(0, len(days), (RESAMPLES, len(days)))
    found = np.sqrt((rest[picked] ** 2).sum(axis=1) / free)
    return _guess(float(np.sqrt((rest**2).sum() / free)), found, len(days), Bounds(), of_what)


def length_guesses(name: str, lengths: Lengths, of_what: str) -> dict[str, Guess]:
    """Input tokens, output tokens and cache share of calls, and how sure their means are."""
    count = len(lengths.input)
    picked = generator("launch measured", name).integers(0, count, (RESAMPLES, count))
    taken, cached, output = (values[picked].mean(axis=1, dtype=np.float64) for values in lengths[:3])
    share = np.divide(cached, taken, out=np.zeros_like(cached), where=taken > 0)
    cached_share = float(lengths.cached.sum()) / max(float(lengths.input.sum()), 1)
    return {
        "input_tokens": _guess(float(lengths.input.mean()), taken, count, Bounds(), of_what),
        "output_tokens": _guess(float(lengths.output.mean()), output, count, Bounds(), of_what),
        "cache_share": _guess(cached_share, share, count, Bounds(0, 1), of_what),
    }


def summed(pairs: Iterable[tuple[date, float, float]]) -> dict[date, tuple[float, float]]:
    """By day, both sums."""
    found: dict[date, tuple[float, float]] = {}
    for day, part, whole in pairs:
        was = found.get(day, (0.0, 0.0))
        found[day] = was[0] + part, was[1] + whole
    return found


def _guess(likely: float, resampled: Floats, days: int, bounds: Bounds, of_what: str) -> Guess:
    """The 10% and 90% points of the resampled figures, as far as they lie on either side of the figure itself."""
    low, high = np.quantile(resampled, [0.1, 0.9]).tolist() if days >= FEWEST_DAYS else (likely, likely)
    low, high = max(bounds.least, min(low, likely)), min(bounds.most, max(high, likely))
    figures = (float(f"{value:.{DIGITS}g}") for value in (low, min(max(likely, low), high), high))
    return Guess(**dict(zip(("low", "likely", "high"), figures, strict=True)), source=MEASURED, note=of_what)
