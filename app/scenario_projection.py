"""A scenario over traffic to come: the forecast's own paths, priced as they are and as the scenario has them."""

from datetime import datetime, timedelta
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from app.outlook import Basis as Past
from app.outlook import read_basis as read_past
from app.outlook import traffic_and_prices
from app.scenario_traffic import Ask, Asked, Basis
from planning.course import NANO_IN_PICO, Group
from planning.projection import project
from planning.scenario import ScenarioError
from planning.scenario_points import ScenarioPoints
from planning.scenario_prices import scenario_prices
from warehouse.recurring import billing_day
from warehouse.traffic import zone_of

WHOLE = Group("all", "")
FIRST_METER = 1
"""In MEASURES order, after the calls themselves."""
QUANTILES = (0.1, 0.5, 0.9)
FURTHEST = timedelta(days=366)


def projections_of(ask: Ask, basis: Basis, asked: Asked, now: datetime) -> tuple[ScenarioPoints, ...]:
    """Per currency, what traffic up to the scenario's day may come to; raises ScenarioError for a day out of reach."""
    until, begun = asked.question.scenario.projected_until, asked.span.begun
    if until is None:
        return ()
    if begun is None:
        raise ScenarioError("there is no traffic to project: load a log first")
    if not begun <= until <= begun + FURTHEST:
        raise ScenarioError(f"projected_until is {until}: name a day from {begun} on, at most a year later")
    scope = asked.scope._replace(since=None, until=None)
    past: Past = ask(read_past, billing_day(now, ask(zone_of)), scope)
    traffic, prices, days = traffic_and_prices(past._replace(events=basis.events), basis.rates, until)
    wanted = (until - begun).days + 1
    groups = {WHOLE: list(range(len(traffic.cells)))}
    # What traffic has used, or uses today, may come again.
    expected = (np.max(traffic.counts, axis=2, initial=0) > 0)[:, FIRST_METER:] | (traffic.begun > 0)[:, FIRST_METER:]
    other = scenario_prices(asked.question, traffic.cells, expected, prices)
    # Of the forecast's own share, calls without usage are no part: what a scenario loses shows against itself.
    plain = asked.question._replace(scenario=asked.question.scenario.model_copy(update={"changes": ()}))
    unchanged = scenario_prices(plain, traffic.cells, expected, prices)._replace(pico={})
    as_is = project(traffic, prices, days, groups)[WHOLE]
    changed = project(traffic, other, days, groups)[WHOLE]
    unpriced = changed.unpriced, project(traffic, unchanged, days, groups)[WHOLE].unpriced
    money = asked.question.money
    before, after = ({currency: nano[:, :wanted].sum(axis=1).astype(np.float64) for currency, nano in one.nano.items()}
                     for one in (as_is, changed))  # fmt: skip
    in_target: dict[str, NDArray[np.float64]] = {}
    for currency, total in before.items():
        name, factor = money.converted(currency, Fraction(1))
        in_target[name] = in_target.get(name, np.zeros_like(total)) + total * float(factor)
    nothing = np.zeros(as_is.requests.shape[0])
    found = []
    for currency in sorted({*in_target, *after}):
        one, two = in_target.get(currency, nothing), after.get(currency, nothing)
        figures = (_points(one), _points(two), _points(two - one))
        found.append(ScenarioPoints(currency, begun, until, *figures, *unpriced))
    return tuple(found)


def _points(totals: NDArray[np.float64]) -> tuple[int, int, int]:
    low, middle, high = np.quantile(totals, QUANTILES, method="inverted_cdf")
    return round(float(low)) * NANO_IN_PICO, round(float(middle)) * NANO_IN_PICO, round(float(high)) * NANO_IN_PICO
