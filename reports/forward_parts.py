"""What a report shows of the days to come, part by part, as planning and analysis found it; and sentences beside it.

Sentences are made by whoever gathers the parts: they are the same ones that commands and pages show.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from analysis.claims import Difference, Verdict
from analysis.intervals import Interval
from planning.backtest import Score
from planning.bridge import Bridge
from planning.course import Course
from planning.glance import Glance, Period
from planning.launch import Simulation
from planning.scenario_points import ScenarioPoints
from planning.standing import Standing
from planning.variance import Bridge as Variance
from planning.what_if import Result
from pricing.claims import Claim
from pricing.rates import Rate
from warehouse.rate_sellers import Comparison


class Ends(NamedTuple):
    """Where one period ends, per currency."""

    period: Period
    totals: tuple[Glance, ...]


class Projected(NamedTuple):
    """Where the period in progress and the next month end, and what that rests on."""

    about: str
    """Which periods these are, and why."""
    ends: tuple[Ends, ...]
    """The first is drawn."""
    courses: tuple[Course, ...]
    """All traffic in scope, per currency."""
    scores: Mapping[str, tuple[Score, ...]]
    """Per currency, how well the forecast would have done on its own past."""
    notes: tuple[str, ...]


class Budgeted(NamedTuple):
    """One budget with where it stands today."""

    name: str
    owner: str
    scope: str
    period: str
    """The one of today, in words."""
    standing: Standing
    variance: Variance | None
    """From as many days before the period to its whole days so far; None where nothing was billed on either."""
    compared: tuple[date, date]
    """The days before."""
    billed_from: date | None
    """The first day on which anything was billed in its scope and currency; None where nothing ever was."""
    notes: tuple[str, ...]


class Budgets(NamedTuple):
    """The budgets about traffic of the report, the worst first."""

    today: date
    data_through: datetime | None
    budgets: tuple[Budgeted, ...]
    others: int
    """Budgets about other traffic alone."""
    notes: tuple[str, ...]


class Answered(NamedTuple):
    """One saved scenario over the report's traffic."""

    name: str
    question: str
    about: str
    """Which calls it is about, at the rates of which instant."""
    saved: str
    """By whom and when it was saved."""
    result: Result
    bridges: tuple[Bridge, ...]
    points: tuple[ScenarioPoints, ...]
    stale: str | None
    """What has changed since it was saved; None: it still holds."""
    notes: tuple[str, ...]


class Scenarios(NamedTuple):
    """The chosen scenarios."""

    answered: tuple[Answered, ...]
    refused: tuple[tuple[str, str], ...]
    """Those that cannot be computed, and why."""
    left_out: tuple[str, ...]
    """Names of saved ones that were not asked for."""


class Priced(NamedTuple):
    """Whose word the price of a route of a launch plan is."""

    seller: str
    model: str
    tier: str
    rate: Rate


class TierOver(NamedTuple):
    """One tier of a seller against the calls of a launch's busiest day."""

    name: str
    over: float
    """Share of the calls over any of its limits."""
    least_over: float | None
    """The same where growth is more users who come independently; None where nothing grows."""
    binds: str | None
    """The limit that growing traffic meets first."""
    limit: int | None
    source: str | None
    checked: date | None


class Limited(NamedTuple):
    """One route of a launch plan against its seller's limits."""

    seller: str
    model: str
    calls_per_day: float
    """On the plan's busiest day, at its P90."""
    basis: str
    tiers: tuple[TierOver, ...]
    said: str
    """Which tier holds; or why nobody can say."""


class Input(NamedTuple):
    """One input of a launch plan that moves the total."""

    name: str
    span: str
    source: str
    at_low: int
    at_high: int


class Launched(NamedTuple):
    """One saved launch plan, drawn."""

    name: str
    saved: str
    simulation: Simulation
    inputs: tuple[Input, ...]
    """With spread, the widest first."""
    priced_by: tuple[Priced, ...]
    limits: tuple[Limited, ...]
    stale: str | None
    kind_names: Mapping[str, str]
    """What each kind of task is called."""
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    """Names of the other saved plans."""


class Family(NamedTuple):
    """The calls of one model at every seller that has a rate for it."""

    name: str
    found: Comparison


class Sellers(NamedTuple):
    """The models of the report's traffic at every seller."""

    at: datetime
    """The instant whose rates are used; naive UTC."""
    stale_days: int
    families: tuple[Family, ...]
    """The one with most calls first."""
    left_out: tuple[tuple[str, int], ...]
    """Models that are not compared here, and their calls."""


class Measured(NamedTuple):
    """Our own figure in the unit of a claim."""

    what: str
    found: Interval
    sample: int
    of: str
    first_at: datetime
    last_at: datetime


class ClaimBeside(NamedTuple):
    """One claim, and what can be said of it here."""

    seller: str
    claim: Claim
    verdict: Verdict
    own: Measured | None
    relation: str | None
    differences: tuple[Difference, ...]


class Claims(NamedTuple):
    """What is claimed of the models in the report's traffic."""

    label: str
    beside: tuple[ClaimBeside, ...]
    others: int
    """Claims about other models."""
