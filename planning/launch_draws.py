"""A plan's inputs as values: one per draw, each input from a stream of its own.

A stream is seeded by the plan's seed and the input's name, so that two plans are drawn alike where they are alike, and
one input more moves no other. Every tenth of an input's chance has a tenth of the draws.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from planning.draws import generator
from planning.guess import MEASURED, Floats, Guess, Span, values_at
from planning.launch_lengths import (
    FIELDS,
    SPREAD,
    Lengths,
    Profile,
    Resampled,
    mean_of,
    pick,
    resampled_means,
    variety_of,
)
from planning.launch_plan import Input, Kind, LaunchPlan, PlanError, Points, inputs_of
from planning.launch_prices import RoutePrices

FURTHEST = 5.0
"""No deviate is further out than so many standard deviations."""
Values = dict[str, Floats]
"""By input: (draws,), or (1,) where it has no spread."""


class Drawn(NamedTuple):
    """What the arithmetic of a plan is done with: one draw, or thousands."""

    values: Values
    profiles: Mapping[str, Profile]
    """By kind with measured lengths: how they lie on the steps."""
    variety: Mapping[str, float]
    """By kind: the mean square of a call's cost as a factor of its mean's square; 0: no chance in it."""


def purpose_of(seed: int, name: str) -> tuple[str, str, str]:
    """What a stream is drawn for."""
    return "launch", str(seed), name


def chances(seed: int, name: str, draws: int) -> Floats:
    """From 0 to 1, one per draw, spread evenly, in a mixed order."""
    stream = generator(*purpose_of(seed, name))
    found: Floats = (stream.permutation(draws) + stream.random(draws)) / draws
    return found


def normals(seed: int, name: str, days: int, draws: int) -> Floats:
    """(days, draws): a day's do not depend on how many days follow."""
    found: Floats = generator(*purpose_of(seed, name)).standard_normal((days, draws))
    return np.clip(found, -FURTHEST, FURTHEST, out=found)


def means_of(plan: LaunchPlan, prices: RoutePrices, lengths: Mapping[str, Lengths], seed: int) -> dict[str, Floats]:
    """By kind with measured lengths: means of resampled calls."""
    return {
        name: resampled_means(lengths[name], prices.steps, *purpose_of(seed, f"kinds.{name} means"))
        for name in measured_kinds(plan, lengths)
    }


class Row(NamedTuple):
    """Which draws: so many, by a seed; ``number`` tells further rows of as many draws from the first."""

    seed: int
    draws: int
    number: int = 0

    def name(self, stream: str) -> str:
        """The stream of this row."""
        return f"{stream} row {self.number}" if self.number else stream


def draw(
    plan: LaunchPlan, prices: RoutePrices, lengths: Mapping[str, Lengths], means: Mapping[str, Floats], row: Row
) -> Drawn:
    """Every input of a plan in which nothing is open."""
    values = {each.name: _value_of(each, row, _stream_of(plan, each)) for each in inputs_of(plan)}
    found = {
        name: pick(means[name], row.draws, *purpose_of(row.seed, row.name(f"kinds.{name} lengths")))
        for name in measured_kinds(plan, lengths)
    }
    return _with_lengths(plan, prices, lengths, values, found)


def at_likely(plan: LaunchPlan, prices: RoutePrices, lengths: Mapping[str, Lengths]) -> Drawn:
    """Every input at its likely value, and lengths at the mean of the records: one draw."""
    values = {each.name: np.array([_filled(each).likely]) for each in inputs_of(plan)}
    found = {name: mean_of(lengths[name], prices.steps) for name in measured_kinds(plan, lengths)}
    drawn = _with_lengths(plan, prices, lengths, values, found)
    return drawn._replace(variety=dict.fromkeys(drawn.variety, 0.0))


def _value_of(each: Input, row: Row, stream: str) -> Floats:
    """An input's values at the chances of its stream; one where it has no spread."""
    span = _filled(each)
    if span.low == span.high:
        return np.array([span.likely])
    return values_at(span, each.bounds, chances(row.seed, row.name(stream), row.draws))


def measured_kinds(plan: LaunchPlan, lengths: Mapping[str, Lengths]) -> list[str]:
    """The kinds whose lengths, or some of them, are those of records."""
    return [
        name
        for name, kind in plan.kinds.items()
        if name in lengths and any(_is_filled(kind, field, lengths[name]) for field in FIELDS)
    ]


def spread_of(kind: Kind) -> float:
    """How much lengths differ from call to call where no records say it; 0 where the plan gives plain numbers."""
    if kind.length_spread is not None:
        return kind.length_spread
    return SPREAD if kind.input_tokens.has_spread or kind.output_tokens.has_spread else 0.0


def _is_filled(kind: Kind, field: str, lengths: Lengths) -> bool:
    """Whether an input was filled from these records."""
    guess: Guess = getattr(kind, field)
    return field in lengths.fields and guess.source == MEASURED and guess.low is not None


def _stream_of(plan: LaunchPlan, each: Input) -> str:
    # Adoption is high or low as a whole: points that went their own ways would cancel out.
    return "adoption" if isinstance(plan.adoption, Points) and each.name.startswith("adoption.") else each.name


def _filled(each: Input) -> Span:
    if each.guess.is_open:
        raise PlanError(f"{each.name} is to be measured, and no records say it: write low, likely and high")
    return each.guess.span


def _with_lengths(
    plan: LaunchPlan,
    prices: RoutePrices,
    lengths: Mapping[str, Lengths],
    values: Values,
    found: Mapping[str, Resampled],
) -> Drawn:
    variety = {
        name: float(np.exp(spread_of(kind) ** 2)) if spread_of(kind) else 0.0 for name, kind in plan.kinds.items()
    }
    for name, means in found.items():
        for field, mean in zip(FIELDS, (means.input, means.output, means.cache_share), strict=True):
            if _is_filled(plan.kinds[name], field, lengths[name]):
                values[f"kinds.{name}.{field}"] = mean
        variety[name] = variety_of(_costs(lengths[name], prices))
    return Drawn(values, {name: means.profile for name, means in found.items()}, variety)


def _costs(lengths: Lengths, prices: RoutePrices) -> Floats:
    """What each of the calls costs by the first route on the first day: only how they differ is asked for."""
    step = np.searchsorted(np.array(prices.steps), lengths.input, side="right") - 1
    fresh, cached, output = (prices.pico[0, step, meter, 0] for meter in range(3))
    found: Floats = (lengths.input - lengths.cached) * fresh + lengths.cached * cached + lengths.output * output
    return found
