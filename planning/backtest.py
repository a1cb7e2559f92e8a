"""How well a forecast would have done on its own past: the truth beside every forecast.

The forecast is made again as of past days, from what was known then, and held against what came. Everything is priced
at the rates of the first projected day, so that a change of price is neither an error nor a success: only traffic can
err. Beside it, on the same days, stand the two figures that people use without a forecast: the run-rate, and the last
period once more.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from planning.course import Group, Nano
from planning.events import SCOPES, Event, apply
from planning.glance import DAY, QUANTILES, Period, before_of, month_after, month_of
from planning.prices import Prices
from planning.projection import project, rounded_nano
from planning.traffic import REQUESTS, Traffic, traffic_of

PATHS = 300
ORIGINS = 8
"""Past days, at most, as of which a forecast is made again."""
HISTORY_LEAST = 14
"""So many days must lie before each."""
SPANS = (7, 30)
MONTH_DAYS = (5, 10, 15, 20, 25)
"""Month-ends are forecast as of these days."""
RUN_RATE_LEAST = 7
"""A run-rate is the mean of the month so far, of so many days at least."""


class Trial(NamedTuple):
    """One forecast of the past; amounts are nano-units, over the days from ``first`` to ``last``."""

    as_of: date
    """The last day that was known."""
    first: date
    last: date
    actual: int
    low: int
    middle: int
    high: int
    run_rate: int
    last_period: int | None
    """What the period before cost; None where the history does not hold it."""


class Score(NamedTuple):
    """The trials of one horizon; errors are medians of their share of what came, None where nothing can be said."""

    horizon: str
    trials: tuple[Trial, ...]
    error: float | None
    run_rate: float | None
    last_period: float | None
    why_not: str | None

    @property
    def covered(self) -> int:
        """Trials in which what came lay inside the 80% band."""
        return sum(trial.low <= trial.actual <= trial.high for trial in self.trials)


class Asked(NamedTuple):
    """Forecast as of a day what the days from ``first`` to ``last`` come to; some of them may be known already."""

    as_of: date
    first: date
    last: date


def backtest(traffic: Traffic, prices: Prices, events: Sequence[Event], group: Group, currency: str) -> list[Score]:
    """Scores for 7 days, 30 days and the month's end."""
    places = [place for place, cell in enumerate(traffic.cells) if _is_in(group, cell)]
    held = traffic.at(places)
    whole = traffic_of(held.first, held.cells, held.counts, held.begun)
    if currency not in prices.pico or not whole.counts[:, REQUESTS].any():
        return [_score(name, [], "it has no traffic in this currency") for name in ("7 days", "30 days", "month's end")]
    begins = whole.first + int(np.flatnonzero(whole.counts[:, REQUESTS].any(axis=0))[0]) * DAY
    questions = dict(_questions(begins, whole.through))
    ahead: dict[date, int] = {}
    for each in (one for asked in questions.values() for one in asked):
        ahead[each.as_of] = max(ahead.get(each.as_of, 0), (each.last - each.as_of).days)
    flat = _flat(prices.at(places), max(ahead.values(), default=1))

    def paths_from(as_of: date) -> Nano:
        seen = apply(whole.until(as_of), [each for each in events if _was_known(each, as_of)])
        days = ahead[as_of]
        found = project(seen, flat, days, {group: range(len(places))}, paths=PATHS)[group]
        return found.nano.get(currency, np.zeros((PATHS, days), dtype=np.int64))

    paths = {as_of: paths_from(as_of) for as_of in ahead}
    past = _Past(begins, whole, _actual(whole, flat, currency))
    days = (whole.through - begins).days + 1
    return [
        _score(name, [past.trial(each, paths[each.as_of]) for each in asked], _too_short(name, days))
        for name, asked in questions.items()
    ]


class _Past(NamedTuple):
    """What came, in nano-units per day of the traffic."""

    begins: date
    traffic: Traffic
    actual: Nano

    def came(self, first: date, last: date) -> int:
        """What came from ``first`` to ``last``, both included."""
        start = (first - self.traffic.first).days
        return int(self.actual[max(0, start) : max(0, (last - self.traffic.first).days + 1)].sum())

    def trial(self, asked: Asked, nano: Nano) -> Trial:
        """One forecast beside what came."""
        as_of, first, last = asked
        ahead = (last - as_of).days
        so_far = self.came(first, as_of) if first <= as_of else 0
        totals = so_far + nano[:, :ahead].sum(axis=1)
        low, middle, high = (int(each) for each in np.quantile(totals, QUANTILES, method="inverted_cdf"))
        since = max(self.begins, min(as_of.replace(day=1), as_of - (RUN_RATE_LEAST - 1) * DAY))
        pace = self.came(since, as_of) / ((as_of - since).days + 1)
        before = before_of(Period("", first, last))
        return Trial(
            as_of=as_of,
            first=first,
            last=last,
            actual=self.came(first, last),
            low=low,
            middle=middle,
            high=high,
            run_rate=so_far + round(pace * ahead),
            last_period=self.came(before.first, before.last) if before.first >= self.begins else None,
        )


def _questions(begins: date, through: date) -> Iterator[tuple[str, list[Asked]]]:
    """What is asked for each horizon."""
    earliest = begins + (HISTORY_LEAST - 1) * DAY
    for span in SPANS:
        room = (through - earliest).days - span
        days = sorted({round(step) for step in np.linspace(0, room, ORIGINS)}) if room >= 0 else []
        as_of = [earliest + day * DAY for day in days]
        yield f"{span} days", [Asked(day, day + DAY, day + span * DAY) for day in as_of]
    yield "month's end", list(_month_ends(begins, earliest, through))[-ORIGINS:]


def _month_ends(begins: date, earliest: date, through: date) -> Iterator[Asked]:
    month = month_of(begins)
    while month.last <= through:
        for number in MONTH_DAYS:
            as_of = month.first.replace(day=number)
            if as_of >= earliest:
                yield Asked(as_of, max(month.first, begins), month.last)
        month = month_after(month)


def _actual(traffic: Traffic, flat: Prices, currency: str) -> Nano:
    """Nano-units that each day of the past costs at the flat prices."""
    amounts: Nano = rounded_nano(traffic.counts[:, 1:, :] * flat.pico[currency][:, :, :1]).sum(axis=(0, 1))
    return amounts


def _flat(prices: Prices, days: int) -> Prices:
    """The prices of the first day, on every day."""
    pico = {currency: np.repeat(grid[:, :, :1], days, axis=2) for currency, grid in prices.pico.items()}
    return Prices(prices.first, pico, np.repeat(prices.unpriced[:, :1], days, axis=1), ())


def _was_known(event: Event, as_of: date) -> bool:
    """An event that came later does not help; what has ended since was still there."""
    return event.kind != "ended" and event.first <= as_of


def _is_in(group: Group, cell: Sequence[str | None]) -> bool:
    return group.kind == "all" or cell[SCOPES.index(group.kind)] == group.name


def _too_short(horizon: str, days: int) -> str:
    if horizon == "month's end":
        return f"no month has ended yet that began after {HISTORY_LEAST} days of history"
    need = HISTORY_LEAST + int(horizon.split()[0])
    return f"{days} whole day{'' if days == 1 else 's'} of history; {need} are needed"


def _score(horizon: str, trials: Sequence[Trial], why_not: str) -> Score:
    """Medians over the trials in which anything came."""
    said = [trial for trial in trials if trial.actual]
    errors = [abs(trial.middle - trial.actual) / trial.actual for trial in said]
    paces = [abs(trial.run_rate - trial.actual) / trial.actual for trial in said]
    before = [abs(trial.last_period - trial.actual) / trial.actual for trial in said if trial.last_period is not None]
    return Score(horizon, tuple(trials), _median(errors), _median(paces), _median(before), None if trials else why_not)


def _median(errors: Sequence[float]) -> float | None:
    return float(np.median(errors)) if errors else None
