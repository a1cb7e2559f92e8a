"""How long calls are: resampled from calls like them, or lognormal where there are none.

Where a rate has steps of input size, a call's tokens are told apart by the step that it falls in.
"""

from collections.abc import Sequence
from math import erf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.draws import generator
from planning.guess import Floats

RESAMPLES = 500
"""So many means of resampled calls; a draw takes one of them."""
SPREAD = 1.0
"""The standard deviation of the logarithms of lengths, where neither records nor the plan say it."""


FIELDS = ("input_tokens", "output_tokens", "cache_share")
"""The inputs of a kind that calls like its own say."""


class Lengths(NamedTuple):
    """Calls like those of one kind of task, one element a call."""

    input: NDArray[np.int64]
    """Text tokens in, cached ones among them."""
    cached: NDArray[np.int64]
    """Of those, from the cache."""
    output: NDArray[np.int64]
    fields: tuple[str, ...] = FIELDS
    """The inputs of the kind that are theirs: the plan's own figures stay as they are written."""


class Profile(NamedTuple):
    """How calls of one kind lie on the steps: parts of the whole, each (steps, draws) or (steps, 1)."""

    calls: Floats
    input: Floats
    output: Floats
    cached: Floats
    """The cached share of a step's input, as a factor of that of all."""


class Resampled(NamedTuple):
    """Means per call of resampled calls, one per draw, and how they lie on the steps."""

    input: Floats
    output: Floats
    cache_share: Floats
    profile: Profile


def resampled_means(lengths: Lengths, steps: Sequence[int], *purpose: str) -> Floats:
    """(RESAMPLES, steps, 4): means of as many calls as there are, drawn with repeats: all their figures go together."""
    count = len(lengths.input)
    picked = generator(*purpose).integers(0, count, (RESAMPLES, count))
    found: Floats = _on_steps(lengths, steps)[picked].mean(axis=1, dtype=np.float64)
    return found


def pick(means: Floats, draws: int, *purpose: str) -> Resampled:
    """One of the means for each draw."""
    calls, taken, cached, output = means[generator(*purpose).integers(0, len(means), draws)].transpose(2, 1, 0)
    return _resampled(calls, taken, cached, output)


def mean_of(lengths: Lengths, steps: Sequence[int]) -> Resampled:
    """The same of all the calls, once each: one draw."""
    calls, taken, cached, output = _on_steps(lengths, steps).mean(axis=0, dtype=np.float64).T[:, :, np.newaxis]
    return _resampled(calls, taken, cached, output)


def lognormal(mean: Floats, spread: float, steps: Sequence[int], media: Floats) -> Profile:
    """Calls whose text input is lognormal around a mean; ``media``: tokens that each has beside text."""
    calls, taken = [np.ones_like(mean)], [np.ones_like(mean)]
    for least in steps[1:]:
        over, mass = _over(mean, spread, least - media)
        calls[-1], taken[-1] = calls[-1] - over, taken[-1] - mass
        calls.append(over)
        taken.append(mass)
    shares = np.array(calls)
    return Profile(shares, np.array(taken), shares, np.ones_like(shares))


def variety_of(cost: Floats) -> float:
    """The mean square of what calls cost, as a factor of the square of their mean."""
    mean = float(cost.mean())
    return float((cost * cost).mean()) / mean**2 if mean else 1.0


def _on_steps(lengths: Lengths, steps: Sequence[int]) -> Floats:
    """(calls, steps, 4): one, input, cached and output on the step of each call, 0 on the others."""
    step = np.searchsorted(np.array(steps), lengths.input, side="right") - 1
    here = step[:, np.newaxis] == np.arange(len(steps))
    values = np.column_stack([np.ones_like(lengths.input), lengths.input, lengths.cached, lengths.output])
    found: Floats = here[:, :, np.newaxis] * values[:, np.newaxis, :].astype(np.float64)
    return found


def _resampled(calls: Floats, taken: Floats, cached: Floats, output: Floats) -> Resampled:
    whole, written = taken.sum(axis=0), output.sum(axis=0)
    share = _parts(cached.sum(axis=0), whole)
    return Resampled(
        whole,
        written,
        share,
        Profile(calls, _parts(taken, whole), _parts(output, written), _parts(_parts(cached, taken), share)),
    )


def _parts(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _over(mean: Floats, spread: float, least: Floats) -> tuple[Floats, Floats]:
    """Which part of the calls is at least so long, and which part of all their tokens they have."""
    if spread == 0:
        over = (mean >= least).astype(np.float64)
        return over, over
    ratio = np.log(np.maximum(mean, 1e-9) / np.maximum(least, 1e-9)) / spread
    return _below(ratio - spread / 2), _below(ratio + spread / 2)


def _below(value: Floats) -> Floats:
    """The chance that a normal deviate is below a value."""
    flat = np.atleast_1d(value).ravel()
    found = np.fromiter(((1 + erf(each / sqrt(2))) / 2 for each in flat.tolist()), np.float64, flat.size)
    return found.reshape(np.shape(value))
