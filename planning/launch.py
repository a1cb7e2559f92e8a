"""What a launch plan comes to: thousands of draws of its inputs, each priced day by day at the dated rates.

Amounts are quantiles of draws: estimates, in pico-units, rounded half-even. docs/launch.md says how they are made.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from planning.guess import Floats, Guess
from planning.launch_draws import Drawn, Row, at_likely, draw, means_of, measured_kinds, normals, spread_of
from planning.launch_lengths import Lengths
from planning.launch_plan import Kind, LaunchPlan
from planning.launch_prices import RoutePrices
from planning.launch_tasks import Tasks, cost_of_tasks
from planning.launch_tornado import Run, Swing, tornado
from planning.launch_volume import tasks_by_day

DRAWS = 10_000
QUANTILES = (0.1, 0.5, 0.9, 0.99)
PAIRINGS = 8
"""Each draw's days are put together with so many draws of users, of what a user does and of what a task costs: that
says more of the far ends than one each."""
PER_USER = ("users", "sessions", "tasks")


class Band(NamedTuple):
    """Of what is drawn: half of the draws stay below ``p50``, one in ten exceeds ``p90``, one in a hundred ``p99``."""

    p10: int
    p50: int
    p90: int
    p99: int


class PlanDay(NamedTuple):
    """One day of the plan."""

    day: date
    cost: Band
    """Pico-units of the day."""
    cumulative: Band
    """Pico-units from the first day through this one: of sums, never the sum of the days' bands."""
    calls: Band
    """Attempts, charged or not."""


class KindPart(NamedTuple):
    """What the tasks of one kind come to over all days."""

    name: str
    tasks: Band
    calls: Band
    cost: Band


class Simulation(NamedTuple):
    """A plan drawn many times."""

    plan: LaunchPlan
    """As it was drawn: nothing in it is still to be measured."""
    draws: int
    seed: int
    total: Band
    calls: Band
    days: tuple[PlanDay, ...]
    at_likely: int
    """The total with every input at its likely value: no percentile, and seldom the middle."""
    at_likely_rank: float
    """The share of the draws whose total is below it."""
    over_budget: float | None
    """The share of the draws whose total exceeds the budget; None without one."""
    contingency: int
    """P90 less P50: what to put aside beside P50, so that nine launches in ten stay within."""
    tornado: tuple[Swing, ...]
    """The inputs with spread, the widest first."""
    kinds: tuple[KindPart, ...]
    """The dearest first."""
    notes: tuple[str, ...]
    totals: Floats
    """(PAIRINGS times draws,): what the bands of the total are taken from, in pico-units."""
    paths: Floats
    """(draws, days): each draw's cost of each day in pico-units."""


def simulate(
    plan: LaunchPlan,
    prices: RoutePrices,
    lengths: Mapping[str, Lengths] | None = None,
    *,
    seed: int | None = None,
    draws: int = DRAWS,
) -> Simulation:
    """Draw a plan in which nothing is open. ``lengths``: by kind, calls like its own, where there are any.

    Raises PlanError where an input is open.
    """
    held, seeded = lengths or {}, plan.seed if seed is None else seed
    periods, of_day = _periods(prices)
    means = means_of(plan, prices, held, seeded)
    drawn = draw(plan, prices, held, means, Row(seeded, draws))
    run = Run(plan, prices, drawn, periods, of_day, normals(seeded, "days", plan.days, draws))
    volume = np.broadcast_to(tasks_by_day(plan, drawn.values, run.noise), (plan.days, draws))
    tasks = cost_of_tasks(plan, drawn, prices, periods)
    chance = _chance(volume, tasks, of_day, normals(seeded, "calls", plan.days, draws))
    others = [draw(plan, prices, held, means, Row(seeded, draws, number)) for number in range(1, PAIRINGS)]
    paired = _pair(run, chance, [drawn, *others])
    calls = volume * tasks.mean_calls
    likely = _likely(plan, prices, held, periods, of_day)
    total = band(paired.totals)
    return Simulation(
        plan=plan,
        draws=draws,
        seed=seeded,
        total=total,
        calls=band(calls.sum(axis=0)),
        days=tuple(
            PlanDay(plan.start + timedelta(days=day), *bands, band(calls[day]))
            for day, bands in enumerate(paired.bands)
        ),
        at_likely=round(likely),
        at_likely_rank=float((paired.totals < likely).mean()),
        over_budget=None if plan.budget_pico is None else float((paired.totals > plan.budget_pico).mean()),
        contingency=total.p90 - total.p50,
        tornado=tornado(run),
        kinds=_kinds(volume, tasks, of_day),
        notes=tuple(_notes(plan, held)),
        totals=paired.totals,
        paths=paired.paths,
    )


def band(values: Floats) -> Band:
    """The quantiles of what was drawn."""
    return Band(*(round(value) for value in np.quantile(values, QUANTILES).tolist()))


def _periods(prices: RoutePrices) -> tuple[Floats, Sequence[int]]:
    """The prices of days that differ, and which of them each day has."""
    days = prices.pico.shape[-1]
    found, of_day = np.unique(prices.pico.reshape(-1, days), axis=1, return_inverse=True)
    return found.reshape(*prices.pico.shape[:-1], -1), of_day.ravel().tolist()


def _chance(volume: Floats, tasks: Tasks, of_day: Sequence[int], deviates: Floats) -> Floats:
    """(days, draws): by which factor the chance of which tasks come changes a day's cost.

    It is of the gamma distribution, by the cube of a normal deviate (Wilson and Hilferty): more tasks never cost less,
    and nothing costs less than 0.
    """
    if not tasks.square.any():
        return np.ones((1, 1))
    square = np.broadcast_to(tasks.square, (len(tasks.mean), tasks.square.shape[1]))[of_day]
    mean = tasks.mean[of_day]
    # The fewest tasks that could differ so much, were each of them as dear as the others.
    shape = np.divide(volume * mean * mean, square, out=np.zeros_like(volume), where=square > 0)
    part = np.sqrt(np.divide(1, 9 * shape, out=np.zeros_like(volume), where=shape > 0))
    root = np.maximum(0, 1 - part * part + deviates * part)
    found: Floats = root * root * root
    return found


class _Paired(NamedTuple):
    totals: Floats
    paths: Floats
    bands: list[tuple[Band, Band]]
    """By day: its cost, and that of all days through it."""


def _pair(run: Run, chance: Floats, rows: Sequence[Drawn]) -> _Paired:
    """Every draw's cost by day, and their bands over all pairings."""
    plan, values = run.plan, run.drawn.values
    draws = run.noise.shape[1]
    plain = values | dict.fromkeys(PER_USER, np.ones(1))
    days = np.broadcast_to(tasks_by_day(plan, plain, run.noise) * chance, run.noise.shape)
    factors = np.stack([_per_user(run, drawn, draws) for drawn in rows], axis=1)
    paths, so_far, bands = np.empty((draws, plan.days)), np.zeros((len(rows), draws)), []
    for day in range(plan.days):
        cost = days[day] * factors[run.of_day[day]]
        so_far += cost
        paths[:, day] = cost[0]
        bands.append((band(cost), band(so_far)))
    return _Paired(so_far.ravel(), paths, bands)


def _per_user(run: Run, drawn: Drawn, draws: int) -> Floats:
    """(periods, draws): what the tasks of all users cost on a day on which each is active once."""
    users, sessions, tasks = (drawn.values[name] for name in PER_USER)
    mean = cost_of_tasks(run.plan, drawn, run.prices, run.periods).mean
    return np.broadcast_to(users * sessions * tasks * mean, (len(mean), draws))


def _likely(
    plan: LaunchPlan, prices: RoutePrices, lengths: Mapping[str, Lengths], periods: Floats, of_day: Sequence[int]
) -> float:
    """The total with every input at its likely value."""
    drawn = at_likely(plan, prices, lengths)
    mean = cost_of_tasks(plan, drawn, prices, periods).mean[of_day]
    return float((tasks_by_day(plan, drawn.values, None) * mean).sum())


def _kinds(volume: Floats, tasks: Tasks, of_day: Sequence[int]) -> tuple[KindPart, ...]:
    """What each kind comes to, the chance of which tasks come left out."""
    count = int(max(of_day)) + 1
    by_period = np.stack([volume[np.array(of_day) == period].sum(axis=0) for period in range(count)])
    parts = []
    for name, share in tasks.share.items():
        each = by_period.sum(axis=0) * share
        cost = (by_period * tasks.pico[name]).sum(axis=0) * share
        parts.append(KindPart(name, band(each), band(each * tasks.calls[name]), band(cost)))
    return tuple(sorted(parts, key=lambda part: -part.cost.p50))


def _notes(plan: LaunchPlan, lengths: Mapping[str, Lengths]) -> list[str]:
    measured = measured_kinds(plan, lengths)
    guessed = [name for name in plan.kinds if name not in measured and spread_of(plan.kinds[name])]
    plain = [name for name in plan.kinds if name not in measured and name not in guessed]
    notes = []
    if measured:
        notes.append(f"Lengths resampled from records: {', '.join(measured)}.")
    if guessed:
        notes.append(f"No records: lengths taken to be lognormal around the mean: {', '.join(guessed)}.")
    if plain:
        notes.append(f"Every call taken to be of one length: {', '.join(plain)}.")
    if twice := _perhaps_twice(plan):
        notes.append(
            f"Input of records holds the tokens of their images and videos; counted beside it in {', '.join(twice)}: "
            "right only where those come on top."
        )
    if not plan.day_noise.span.high:
        notes.append("Days are taken not to differ by chance: day_noise is 0.")
    return notes


def _perhaps_twice(plan: LaunchPlan) -> list[str]:
    """Kinds whose input was measured, and that have images or videos besides."""
    return [
        name
        for name, kind in plan.kinds.items()
        if kind.input_tokens.source == "measured"
        and any(count.span.high and each.span.high for count, each in _media(kind))
    ]


def _media(kind: Kind) -> tuple[tuple[Guess, Guess], ...]:
    return (kind.images, kind.image_tokens), (kind.videos, kind.video_tokens)
