"""Whether a seller's limits hold: own calls replayed, or a class of traffic at a wanted rate, against every tier."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.capacity_plans import PlanDay
from app.capacity_price import Price, Seller, mean_call
from app.capacity_tiers import Limits, Tier, limits_of
from app.session import UserMistake
from planning.allowance import Pace, Spend, most_calls, spend_at, tpm_never_binds
from planning.capacity import KINDS, Calls, Caps, Kind, Use, binds_first, calls_of, least_cap, replay, share_over
from planning.crowd import FEW_CALLS, Crowd, crowd_of, draw_starts, least_rpm, predicted_over, spread_out
from planning.traffic_classes import TrafficClass, traffic_classes
from planning.waiting import Waits, wait_for
from warehouse.capacity import MOST_CALLS, CallTimes, FitCounts, MixCell, call_times, charged_mix, fit_counts
from warehouse.connection import Reader
from warehouse.scope import Scope

MINUTES_A_DAY = 24 * 60
DRAWN_CALLS = 40_000
"""About so many calls are drawn where there are none to replay."""
GROWS = 1.5
"""From so many times the measured rate on it matters how traffic grows."""
DRAWN_MINUTES = (60, 14 * MINUTES_A_DAY)
FULL = 0.01
"""A tier holds where no more than this share of the calls is over its limits."""
SEED = 8


class Asked(NamedTuple):
    """Whose limits, and which calls; what is None is taken from the calls."""

    seller: str
    model: str
    traffic: Scope | None = None
    """Own calls; None: a class alone."""
    traffic_class: str | None = None
    calls_per_day: float | None = None
    """Another rate than that of the calls."""
    hours: float = 24
    """Of the day, in which a class's calls come."""
    input_tokens: float | None = None
    output_tokens: float | None = None
    cached_tokens: float = 0
    seconds: float | None = None
    """How long a call takes, where no own call says it."""
    own: Caps = Caps()
    """Limits that a person typed in."""
    full: float = FULL
    plan_day: PlanDay | None = None
    """The day of a launch plan that these calls are those of."""
    queues: bool = True
    """Whether it is asked how long a client's queue would wait, which takes longest to tell."""


class Standing(NamedTuple):
    """One tier against the calls."""

    tier: Tier
    uses: tuple[Use, ...]
    over: float
    """Share of the calls over any of its limits."""
    binds: Use | None
    """The limit that growing traffic meets first."""
    waits: Waits | None
    """Of a client's queue; None where it only grows: more calls come than the tier lets through, or is not asked."""
    never_tpm: bool
    """Its tokens a minute can never be met before its requests."""
    pace: Pace | None
    spend: Spend | None
    """Of calls like these, in the mean."""
    most_spend: Spend | None
    """Of the dearest calls that the model takes."""
    least_over: float | None = None
    """The share over where all growth is more users who come independently; None where nothing grows."""


class Basis(NamedTuple):
    """The calls that are held against the limits."""

    calls: Calls
    rate: float
    """Calls a minute, in the mean."""
    crowd: Crowd | None
    """None: own calls as they came, replayed."""
    text: str
    """What they are, in words."""
    first: datetime | None = None
    last: datetime | None = None
    kind: TrafficClass | None = None
    measured_rate: float = 0.0
    """Calls a minute where the crowd was measured."""
    cut: bool = False
    """There are more calls; the newest are looked at."""

    @property
    def growth(self) -> float | None:
        """How many times the measured rate it is, where that is enough to matter."""
        grows = self.crowd is not None and self.rate > GROWS * self.measured_rate > 0
        return self.rate / self.measured_rate if grows else None


class Least(NamedTuple):
    """The lowest limit of a kind that would hold by itself."""

    kind: Kind
    limit: int
    if_independent: int | None = None
    """The same if all growth is more users who come independently; None where nothing grows."""


class Capacity(NamedTuple):
    """The answer."""

    asked: Asked
    basis: Basis
    limits: Limits
    standings: tuple[Standing, ...]
    price: Price
    fit: FitCounts | None
    least: tuple[Least, ...] = ()
    """Of the kinds that some tier limits, as far as it can be told."""

    @property
    def needed(self) -> Standing | None:
        """The first tier that holds; None where none does."""
        return next((each for each in self.standings if each.over <= self.asked.full), None)

    @property
    def enough_if_independent(self) -> Standing | None:
        """The first tier that holds if all growth is more users who come independently; None where none grows."""
        known = (each for each in self.standings if each.least_over is not None)
        return next((each for each in known if (each.least_over or 0) <= self.asked.full), None)


def capacity(reader: Reader | None, root: Path, asked: Asked, now: datetime) -> Capacity:
    """Hold calls against every tier of a seller's model; raises UserMistake where there are none, or no limits."""
    limits = _limits(root, asked, now)
    own = None if asked.traffic is None or reader is None else call_times(reader, asked.traffic)
    basis = _basis(asked, own)
    fit, mix = None, list[MixCell]()
    if reader is not None and asked.traffic is not None and own is not None and len(own.start_us):
        fit = fit_counts(reader, asked.traffic, limits.context_tokens, limits.max_output_tokens)
        mix = charged_mix(reader, asked.traffic)
    price = Seller(root, asked.seller, asked.model, now).price(
        _mix(asked, basis, mix), limits.context_tokens, limits.max_output_tokens
    )
    standings = tuple(_standing(tier, basis, limits, price, asked.queues) for tier in limits.tiers)
    calmer = None
    if basis.crowd is not None and basis.growth is not None:
        crowd = spread_out(basis.crowd, basis.growth)
        calmer = _drawn(asked, (crowd, basis.rate, basis.text), own, basis.kind)
        standings = tuple(each._replace(least_over=min(each.over, _over(each.tier.caps, calmer))) for each in standings)
    return Capacity(asked, basis, limits, standings, price, fit, _least(limits, basis, calmer, asked.full))


def _least(limits: Limits, basis: Basis, calmer: Basis | None, full: float) -> tuple[Least, ...]:
    kinds = [kind for kind in KINDS if any(tier.caps.of(kind) is not None for tier in limits.tiers)]
    found = [(kind, _least_of(basis, kind, full), calmer and _least_of(calmer, kind, full)) for kind in kinds]
    return tuple(
        Least(kind, limit, None if other is None else min(limit, other))
        for kind, limit, other in found
        if limit is not None
    )


def _least_of(basis: Basis, kind: Kind, full: float) -> int | None:
    """Of requests predicted, where nothing is replayed, of the others as drawn: as ``_over`` has them."""
    if basis.crowd is not None and kind == "rpm":
        return least_rpm(basis.crowd, basis.rate, full)
    return least_cap(basis.calls, kind, full)


def _limits(root: Path, asked: Asked, now: datetime) -> Limits:
    limits = limits_of(root, asked.seller, asked.model, now)
    if any(figure is not None for figure in asked.own):
        return limits._replace(tiers=(Tier("as typed in", asked.own),))
    if not limits.tiers:
        raise UserMistake(
            f"no card knows a rate limit of {asked.model} at {asked.seller}: give --rpm, --tpm or --concurrency, or "
            f"write it into a card of your own; tollbook rates limits lists what is known"
        )
    return limits


def _basis(asked: Asked, own: CallTimes | None) -> Basis:
    """The calls: own ones as they came, own ones at another rate, or those of a class."""
    kind = _class(asked.traffic_class)
    if kind is not None:
        if asked.calls_per_day is None:
            raise UserMistake(f"a class needs a rate: give the calls per day at which {kind.name} traffic is wanted")
        rate = asked.calls_per_day / (asked.hours * 60)
        crowd, text = kind.crowd, f"traffic of class {kind.name} at {asked.calls_per_day:,.0f} calls a day"
        return _drawn(asked, (crowd, rate, text), own, kind)
    if own is None or not len(own.start_us):
        raise UserMistake(
            f"there are no calls of {asked.model} at {asked.seller}: say whose calls are meant, or give a class "
            f"({', '.join(traffic_classes())}) and calls per day"
        )
    calls = _calls(own)
    if asked.calls_per_day is not None:
        if len(own.start_us) < FEW_CALLS:
            raise UserMistake(f"{len(own.start_us)} own calls are too few to tell how bursty they are: give a class")
        text = f"own calls, at {asked.calls_per_day:,.0f} a day"
        found = _drawn(asked, (crowd_of(calls), asked.calls_per_day / MINUTES_A_DAY, text), own, None)
    else:
        found = Basis(calls, calls.rate, None, "own calls as they came")
    first, last = (_at(int(calls.start_us[place])) for place in (0, -1))
    return found._replace(first=first, last=last, cut=len(own.start_us) == MOST_CALLS)


def _drawn(asked: Asked, wanted: tuple[Crowd, float, str], own: CallTimes | None, kind: TrafficClass | None) -> Basis:
    """Calls drawn from a crowd: their sizes and durations are those of own calls, else of the class."""
    crowd, rate, text = wanted
    random = np.random.default_rng(SEED)
    minutes = int(np.clip(DRAWN_CALLS / rate, *DRAWN_MINUTES))
    starts = draw_starts(crowd, rate, minutes, random)
    if not len(starts):
        starts = np.zeros(1, dtype=np.int64)
    mean = None if asked.input_tokens is None else asked.input_tokens + (asked.output_tokens or 0)
    if kind is None and own is not None:
        sizes = random.choice(own.tokens, len(starts))
        if mean is not None and own.tokens.any():
            sizes = np.rint(sizes * (mean / float(own.tokens.mean()))).astype(np.int64)
    else:
        sizes = (kind or traffic_classes()["steady"]).sizes(len(starts), mean, random)
    known = own.latency_ms[own.latency_ms >= 0] if own is not None and kind is None else np.zeros(0, dtype=np.int64)
    took = None
    if asked.seconds is not None:
        took = np.full(len(starts), round(asked.seconds * 1_000_000), dtype=np.int64)
    elif len(known):
        took = random.choice(known, len(starts)) * 1000
    measured = kind.per_minute if kind is not None else _calls(own).rate if own is not None else 0.0
    return Basis(calls_of(starts, sizes, took), rate, crowd, text, kind=kind, measured_rate=measured)


def _calls(own: CallTimes) -> Calls:
    known = own.latency_ms >= 0
    # A call that does not say how long it took is taken to last as long as the others do in the mean.
    took = np.where(known, own.latency_ms, own.latency_ms[known].mean() if known.any() else 0).astype(np.int64)
    return calls_of(own.start_us, own.tokens, took * 1000 if known.any() else None)


def _mix(asked: Asked, basis: Basis, own: list[MixCell]) -> list[MixCell]:
    if asked.input_tokens is not None and asked.output_tokens is not None:
        return mean_call(asked.input_tokens, asked.cached_tokens, asked.output_tokens)
    if basis.kind is not None:
        return mean_call(basis.kind.input_tokens, 0, basis.kind.output_tokens)
    return own


def _standing(tier: Tier, basis: Basis, limits: Limits, price: Price, queues: bool) -> Standing:
    calls, caps = basis.calls, tier.caps
    uses = replay(calls, caps)
    if basis.crowd is not None and caps.rpm is not None:
        predicted = predicted_over(basis.crowd, basis.rate, caps.rpm)
        uses = tuple(use._replace(over=predicted) if use.kind == "rpm" else use for use in uses)
    tokens = Fraction(int(calls.tokens.sum()), len(calls.tokens))
    took = None if calls.duration_us is None else Fraction(int(calls.duration_us.sum()), len(calls.tokens))
    pace = most_calls(caps, tokens, took)
    grows = pace is not None and basis.rate > pace.per_minute
    dearest = price.dearest
    most = most_calls(caps, None if dearest is None else Fraction(dearest.input_tokens + dearest.output_tokens), took)
    return Standing(
        tier,
        uses,
        _over(caps, basis),
        binds_first(uses),
        wait_for(calls, caps) if queues and not grows else None,
        tpm_never_binds(caps, limits.context_tokens),
        pace,
        spend_at(pace.per_minute, price.mean) if pace and price.mean is not None else None,
        spend_at(most.per_minute, Fraction(dearest.pico)) if most and dearest is not None else None,
    )


def _over(caps: Caps, basis: Basis) -> float:
    """The share over any limit: of requests predicted, where nothing is replayed, of the others as drawn."""
    if basis.crowd is None or caps.rpm is None:
        return share_over(basis.calls, caps)
    return max(predicted_over(basis.crowd, basis.rate, caps.rpm), share_over(basis.calls, caps._replace(rpm=None)))


def _class(name: str | None) -> TrafficClass | None:
    if name is None:
        return None
    known = traffic_classes()
    if name not in known:
        raise UserMistake(f"there is no class {name!r}; there are {', '.join(known)}")
    return known[name]


def _at(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1e6, UTC).replace(tzinfo=None)
