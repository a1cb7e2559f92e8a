"""Anomalies: what is found of those planted into real daily series, and what is told of days on which nothing was."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.anomalies import LEAST_DAYS, Found
from analysis.episodes import direction, episodes
from app.watch import Daily, judge_days

SERIES = Path(__file__).parents[2] / "shared" / "datasets" / "daily_series" / "daily_series.parquet"
MONTH_DAYS = 30.4
PLANTED_EACH, AFTER = 24, 14
"""Anomalies planted into each series, and the days in which a doubling is to be found."""
QUIET, QUIET_BEFORE, QUIET_DAYS = 200, 182, 60
Floats = NDArray[np.float64]
Plant = Callable[[Floats, int], Floats]


class Planted(NamedTuple):
    """A kind of anomaly, what makes it, which way it goes, in how many days it is to be found, and the goal."""

    name: str
    plant: Plant
    direction: str
    days: int
    goal: float


def _day(values: Floats, at: int) -> Floats:
    changed = values.copy()
    changed[at] *= 3
    return changed


def _from_then_on(factor: float) -> Plant:
    return lambda values, at: np.concatenate([values[:at], factor * values[at:]])


KINDS = (
    Planted("a threefold day, on that day", _day, "more", 1, 0.70),
    Planted("a threefold day, within a week", _day, "more", 7, 0),
    Planted("doubling from a day on, within 14 days", _from_then_on(2), "more", AFTER, 0.75),
    Planted("a drop to zero, on its first day", _from_then_on(0), "stopped", 1, 0.80),
)


def real_series(path: Path = SERIES) -> dict[str, Daily]:
    """Daily series of at least 42 days. A missing day is interpolated; in those that have days of nothing it is one."""
    rows = pq.read_table(path).to_pylist()
    found: dict[str, dict[date, float]] = {}
    for row in rows:
        if row["y"] is not None:
            found.setdefault(row["series"], {})[row["day"]] = row["y"]
    return {name: _daily(name, days) for name, days in sorted(found.items()) if len(days) >= LEAST_DAYS + AFTER}


def _daily(name: str, days: dict[date, float]) -> Daily:
    first = min(days)
    at = {(day - first).days: value for day, value in days.items()}
    every = np.arange(max(at) + 1)
    if name.startswith(("retail_", "intermittent")):
        values = np.array([at.get(day, 0.0) for day in every.tolist()])
    else:
        known = sorted(at)
        values = np.interp(every, known, [at[day] for day in known])
    return Daily(first, (name,), values[None, :])


def quiet_scopes(count: int = QUIET, days: int = QUIET_BEFORE + QUIET_DAYS, seed: int = 1) -> Daily:
    """Made-up scopes on which nothing happens: weekdays, and noise of 8 to 30% that goes on from day to day."""
    rng = np.random.default_rng(seed)
    weekdays = np.concatenate([rng.normal(1, 0.05, (count, 5)), rng.uniform(0.2, 1, (count, 2))], axis=1)
    noise = rng.normal(size=(count, days))
    for day in range(1, days):
        noise[:, day] = 0.4 * noise[:, day - 1] + (1 - 0.4**2) ** 0.5 * noise[:, day]
    level, swing = np.exp(rng.normal(3, 1.5, (count, 1))), rng.uniform(0.08, 0.3, (count, 1))
    values = 1e9 * level * weekdays[:, np.arange(days) % 7] * np.exp(swing * noise)
    return Daily(date(2026, 1, 5), tuple(f"quiet {number}" for number in range(count)), values)


def false_episodes(daily: Daily) -> tuple[int, float]:
    """Episodes on a series as it is, and the months in which it was judged."""
    since = daily.first + timedelta(days=LEAST_DAYS)
    days = judge_days(daily, since)
    return len(episodes({day: found[0] for day, found in days.items()})), len(days) / MONTH_DAYS


def recalled(daily: Daily, kind: Planted, each: int = PLANTED_EACH) -> list[bool]:
    """Whether each planted anomaly was found in time; they are planted evenly, on days on which there was something."""
    values = daily.values[0]
    last = len(values) - AFTER
    places = np.unique(np.linspace(LEAST_DAYS, last, min(each, last - LEAST_DAYS)).astype(int))
    return [_is_found(daily, kind, int(at)) for at in places if values[at] > 0]


def _is_found(daily: Daily, kind: Planted, at: int) -> bool:
    changed = kind.plant(daily.values[0], at)[: at + kind.days]
    days = judge_days(daily._replace(values=changed[None, :]), daily.first + timedelta(days=at))
    return any(found.rule and direction(found) == kind.direction for (found,) in days.values())


def quiet_alerts(daily: Daily) -> float:
    """Episodes a day over all scopes together."""
    days = judge_days(daily, daily.first + timedelta(days=QUIET_BEFORE))
    by_scope: list[dict[date, Found]] = [{day: found[row] for day, found in days.items()} for row in range(QUIET)]
    return sum(len(episodes(found)) for found in by_scope) / len(days)


def table() -> list[str]:
    """The results, for RESULTS.md."""
    series = real_series()
    plain = [false_episodes(daily) for daily in series.values()]
    pooled = sum(count for count, _ in plain) / sum(months for _, months in plain)
    rows = [f"| false episodes per scope and month | {pooled:.2f} | at most 0.30 |"]
    each = sum(count / months for count, months in plain) / len(plain)
    rows += [f"| the same, each series weighing alike | {each:.2f} | |"]
    for kind in KINDS:
        shares = [float(np.mean(recalled(daily, kind))) for daily in series.values()]
        goal = f"at least {kind.goal:.2f}" if kind.goal else " "
        rows.append(f"| {kind.name}: found | {np.mean(shares):.2f} | {goal} |")
    alerts = [quiet_alerts(quiet_scopes(seed=seed)) for seed in (1, 2, 3)]
    rows.append(f"| {QUIET} quiet scopes: alerts a day | {np.mean(alerts):.2f} | at most 0.25 |")
    return [
        f"## Anomalies: {len(series)} daily series, up to {PLANTED_EACH} of each kind planted into each",
        "",
        "| | measured | goal |",
        "|---|---|---|",
        *rows,
        "",
        "False: whatever is told of a series as it is, and some of it did happen. Quiet scopes are made up: weekdays,",
        "and noise of 8 to 30% that goes on from day to day.",
        "",
    ]
