"""The end of a calendar month, seen from its days: against run-rate and the month before, and against budgets."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np

from bench.forecast.scores import QUANTILES, WORST, Floats
from bench.forecast.series import Series
from planning.paths import fit
from warehouse.traffic import HISTORY_DAYS

AS_OF = (1, 3, 5, 7, 10, 15, 20, 25)
"""Days of the month that are over."""
BEFORE = 28
"""Days that must lie before the month."""
BUDGETS = (0.8, 0.9, 1.0, 1.1, 1.25)
"""Budgets, as parts of the month before: what somebody sets who looks at the last bill."""


class MonthEnd(NamedTuple):
    """One month of one series, seen from one of its days; errors are parts of what the month came to."""

    as_of: int
    ours: float
    run_rate: float
    last_month: float
    covered80: float
    brier: tuple[float, ...]
    """One for each budget."""
    brier_of_actual: tuple[float, ...]
    """The same with budgets that are parts of what the month then came to: always close, never the even one."""


def month_ends(series: Iterable[Series], every: int = 1) -> list[MonthEnd]:
    """Every month that is whole, has days enough before it, and in which something happened."""
    found = []
    for one in series:
        for start, days in _months(one)[::every]:
            month = one.values[start : start + days]
            if month.sum() > 0:
                found += [_seen(one, start, month, as_of) for as_of in AS_OF]
    return found


def _months(series: Series) -> list[tuple[int, int]]:
    """The first day and the length of each whole month."""
    found: list[tuple[int, int]] = []
    year, month = series.first.year, series.first.month
    while True:
        start, days = (date(year, month, 1) - series.first).days, monthrange(year, month)[1]
        if start + days > len(series.values):
            return found
        if start >= BEFORE:
            found.append((start, days))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _seen(series: Series, start: int, month: Floats, as_of: int) -> MonthEnd:
    end = start + as_of
    history = series.values[max(0, end - HISTORY_DAYS) : end]
    weekday = (series.first.weekday() + end - len(history)) % 7
    spent, happened, before = month[:as_of].sum(), month.sum(), series.values[max(0, start - len(month)) : start]
    fitted = fit(history[None], weekday, [series.name], [0])
    rest = len(month) - as_of
    ahead = np.zeros(1) if fitted.why_not[0] else fitted.sample([0], rest)[0].sum(axis=1)
    totals = spent + ahead
    bounds = np.quantile(totals, QUANTILES)
    last = before.mean() * len(month)
    ours, run_rate, last_month = (
        min(abs(rate - happened) / happened, WORST) for rate in (bounds[3], spent / as_of * len(month), last)
    )
    return MonthEnd(
        as_of,
        ours,
        run_rate,
        last_month,
        float(bounds[1] <= happened <= bounds[5]),
        tuple(_brier(totals, happened, part * last) for part in BUDGETS),
        tuple(_brier(totals, happened, part * happened) for part in BUDGETS if part != 1),
    )


def _brier(totals: Floats, happened: float, budget: float) -> float:
    return (float((totals > budget).mean()) - float(happened > budget)) ** 2
