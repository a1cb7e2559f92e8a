"""The backtest's section of RESULTS.md."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import mean as average
from statistics import median

from bench.forecast import libraries, methods, scores
from bench.forecast.cells import HISTORIES, HORIZONS, TRAFFIC_HISTORIES, TRAFFIC_HORIZONS, Cell, cells
from bench.forecast.months import AS_OF, BUDGETS, MonthEnd, month_ends
from bench.forecast.planted import LAUNCHED, OUTAGES, launches, outages
from bench.forecast.scores import Forecast, Score
from bench.forecast.series import daily_series, traffic

Means = dict[tuple[str, int], Score]
"""Of each method and horizon."""
HEADER = [
    "| days ahead | method | WAPE of days | error of the total | interval score | 80% covers | 95% covers | failed |",
    "|---|---|---|---|---|---|---|---|",
]


def section(shared: Path, scratch: Path) -> list[str]:
    """Everything, measured now; only the libraries' answers are kept from one time to the next."""
    series = daily_series(shared)
    daily = cells(series, HISTORIES, HORIZONS)
    clients = cells(traffic(shared), TRAFFIC_HISTORIES, TRAFFIC_HORIZONS)
    answers = libraries.ask([*daily, *clients], scratch)
    began = time.perf_counter()
    ours = methods.ours([*daily, *clients])
    each_ms = (time.perf_counter() - began) / len([*daily, *clients]) * 1000
    said = {methods.OURS: ours[0], methods.MIDDLE: ours[1]}
    said |= {name: answer.forecasts for name, answer in answers.items()}
    said |= {name: [method(cell) for cell in [*daily, *clients]] for name, method in methods.WITHOUT.items()}
    failed = {name: answer.failed for name, answer in answers.items()}

    found, count = _means(daily, {name: of[: len(daily)] for name, of in said.items()}), len(daily)
    table = _table(found, {name: _by_horizon(daily, of[:count]) for name, of in failed.items()})
    of_clients = _means(clients, {name: of[count:] for name, of in said.items()})
    client_table = _table(of_clients, {name: _by_horizon(clients, of[count:]) for name, of in failed.items()})
    months = month_ends(series)
    planted = [cell for cell in daily if cell.horizon == max(HORIZONS) and len(cell.history) > max(OUTAGES)]
    return [
        *_intro(len(series), len(daily)),
        *_goals(found, months, each_ms),
        *_planted(planted),
        "### Daily series",
        "",
        *HEADER,
        *table,
        "",
        *_month_table(months),
        "### Clients of a model platform, ten days each",
        "",
        f"{len(clients):,} cells. There is hardly a week to see: nothing here has an honest band.",
        "",
        *HEADER,
        *client_table,
        "",
    ]


def _intro(series: int, count: int) -> list[str]:
    versions = ", ".join(f"{name} {libraries.versions()[name]}" for name in sorted({*libraries.LIBRARIES.values()}))
    return [
        f"## Forecast: {count:,} cells of {series} daily series",
        "",
        f"Peers: {versions}, season length 7, else as they come.",
        "Totals of AutoETS, AutoARIMA, AutoTheta and Prophet are from their own sample paths; MSTL offers none, so its",
        "daily bounds are added up. Nothing is below zero.",
        "Where a library fails, the last value with the spread of daily changes stands in, and is counted.",
        "",
    ]


def _means(over: Sequence[Cell], said: Mapping[str, Sequence[Forecast]]) -> Means:
    found: dict[tuple[str, int], list[Score]] = {}
    for name, forecasts in said.items():
        for cell, forecast in zip(over, forecasts, strict=True):
            if (score := scores.score(forecast, cell.actual)) is not None:
                found.setdefault((name, cell.horizon), []).append(score)
    return {key: scores.mean(of) for key, of in found.items()}


def _by_horizon(over: Sequence[Cell], failed: Sequence[bool]) -> dict[int, int]:
    return {
        horizon: sum(bad for cell, bad in zip(over, failed, strict=True) if cell.horizon == horizon)
        for horizon in {cell.horizon for cell in over}
    }


def _table(means: Means, failed: Mapping[str, Mapping[int, int]]) -> list[str]:
    rows = []
    for (name, horizon), score in sorted(means.items(), key=lambda item: item[0][1]):
        numbers = f"{score.wape:.3f} | {score.total_error:.3f}"
        band = f"{score.interval_score:.3f} | {score.covered80:.0%} | {score.covered95:.0%}"
        band = band if score.interval_score == score.interval_score else " | | "
        rows.append(f"| {horizon} | {name} | {numbers} | {band} | {failed.get(name, {}).get(horizon, '')} |")
    return rows


def _goals(means: Means, months: Sequence[MonthEnd], each_ms: float) -> list[str]:
    """What GOALS ask, each beside what was measured."""
    horizons = sorted({horizon for _, horizon in means})
    rows = []
    for horizon in horizons:
        mine = means[methods.OURS, horizon]
        peers = {name: means[name, horizon] for name in libraries.LIBRARIES}
        wape = min(peers, key=lambda name: peers[name].wape)
        band = min(peers, key=lambda name: peers[name].interval_score)
        rows += [
            (f"WAPE, {horizon} days", f"{mine.wape:.3f}", f"at most {peers[wape].wape:.3f} ({wape})"),
            (f"interval score, {horizon} days", f"{mine.interval_score:.3f}",
             f"below {peers[band].interval_score:.3f} ({band})"),
            (f"80% interval covers, {horizon} days", f"{mine.covered80:.0%}", "75 to 85%"),
        ]  # fmt: skip
    better = [_better(months, as_of) for as_of in AS_OF]
    kinds = [("parts of what it came to", "brier_of_actual"), ("parts of the month before", "brier")]
    rows += [
        ("80% interval covers, month-end", f"{average(month.covered80 for month in months):.0%}", "75 to 85%"),
        ("days of the month with an error below run-rate", f"{sum(better)} of {len(AS_OF)}", "all"),
        *(
            (f"Brier score of exceeding a budget, {kind}",
             f"{average(average(getattr(month, field)) for month in months):.3f}", "at most 0.10")
            for kind, field in kinds
        ),
        ("a series with 1,000 paths, ms", f"{each_ms:.1f}", "at most 20"),
    ]  # fmt: skip
    budgets = ", ".join(f"{part:g}" for part in BUDGETS)
    return [
        "| | measured | goal |",
        "|---|---|---|",
        *(f"| {name} | {measured} | {goal} |" for name, measured, goal in rows),
        "",
        f"Budgets are {budgets} of the month before, or of what the month then came to (without 1).",
        "",
    ]


def _better(months: Sequence[MonthEnd], as_of: int) -> bool:
    seen = [month for month in months if month.as_of == as_of]
    return average(month.ours for month in seen) < average(month.run_rate for month in seen)


def _planted(over: Sequence[Cell]) -> list[str]:
    lost, begun = outages(over), launches(over)
    by_day = [f"{ago}: {median(one.unmarked for one in lost if one.days_ago == ago):.1%}" for ago in OUTAGES]
    rows = [
        ("an unmarked outage day moves a 30-day total by", f"{median(one.unmarked for one in lost):.1%}", "at most 3%"),
        ("the same, marked", f"{median(one.masked for one in lost):.1%}", "at most 3%"),
        (f"a launch marked {LAUNCHED} days ago: error of a 30-day total", f"{median(one.error for one in begun):.0%}",
         "at most 25%"),
        ("the same: 80% interval covers", f"{average(one.covered80 for one in begun):.0%}", "at least 75%"),
    ]  # fmt: skip
    return [
        "| planted | median | goal |",
        "|---|---|---|",
        *(f"| {name} | {measured} | {goal} |" for name, measured, goal in rows),
        "",
        f"In {len(over)} histories of 28 days and more. An unmarked outage, by days ago: {', '.join(by_day)}.",
        "",
    ]


def _month_table(months: Sequence[MonthEnd]) -> list[str]:
    columns: list[Callable[[MonthEnd], float]] = [
        lambda month: month.ours,
        lambda month: month.run_rate,
        lambda month: month.last_month,
        lambda month: month.covered80,
        lambda month: average(month.brier_of_actual),
        lambda month: average(month.brier),
    ]
    rows = []
    for as_of in AS_OF:
        seen = [month for month in months if month.as_of == as_of]
        values = [average(column(month) for month in seen) for column in columns]
        rows.append(f"| {as_of} | {' | '.join(f'{value:.3f}' for value in values)} |")
    return [
        "### Month-end",
        "",
        f"{len(months):,} forecasts of {len(months) // len(AS_OF):,} months; errors are parts of what it came to.",
        "",
        "| as of day | ours | run-rate | last month | 80% covers | Brier, of actual | Brier, of month before |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
    ]
