"""What one task costs: each kind's calls, their tokens on every step of size, at the mean price of the routes."""

from typing import NamedTuple, TypeVar

import numpy as np

from planning.guess import Floats
from planning.launch_draws import Drawn, Values, spread_of
from planning.launch_lengths import Profile, lognormal
from planning.launch_plan import LaunchPlan
from planning.launch_prices import PRICED, RoutePrices

INPUTS = [PRICED.index(meter) for meter in ("input", "cache_read", "input_image", "input_video")]
OUTPUT = PRICED.index("output")
SOME = 1e-12
"""No shares are all nothing."""
Key = TypeVar("Key", str, int)


class Tasks(NamedTuple):
    """Of a mean task of the plan, by kind; the last axis is that of the draws, or 1."""

    share: dict[str, Floats]
    """Of all tasks."""
    calls: dict[str, Floats]
    """Attempts of a task of the kind, charged or not."""
    pico: dict[str, Floats]
    """(periods, draws): what a task of the kind costs."""
    square: Floats
    """(periods, draws): of a task of any kind, the mean square of its cost, as far as chance decides it."""

    @property
    def mean_calls(self) -> Floats:
        """Attempts of a task of any kind."""
        return np.asarray(sum(self.share[name] * self.calls[name] for name in self.share))

    @property
    def mean(self) -> Floats:
        """(periods, draws): what a task of any kind costs."""
        return np.asarray(sum(self.share[name] * self.pico[name] for name in self.share))


def cost_of_tasks(plan: LaunchPlan, drawn: Drawn, prices: RoutePrices, periods: Floats) -> Tasks:
    """What tasks cost in each period; ``periods`` is (routes, steps, PRICED, periods)."""
    values = drawn.values
    price = _price(plan, values, periods)
    taken, written = _effort(plan, values, "input"), _effort(plan, values, "output")
    shares = _whole({name: values[f"kinds.{name}.share"] for name in plan.kinds})
    calls: dict[str, Floats] = {}
    pico: dict[str, Floats] = {}
    square: Floats = np.zeros((1, 1))
    for name in plan.kinds:
        tokens = _tokens(plan, name, drawn, prices.steps, (taken, written))
        call = np.einsum("psmd,smd->pd", *_alike(price, tokens))
        calls[name] = values[f"kinds.{name}.steps"] * (1 + values[f"kinds.{name}.retries"])
        pico[name] = call * calls[name] * values[f"kinds.{name}.charged"]
        if drawn.variety[name]:
            square = square + shares[name] * pico[name] ** 2 * drawn.variety[name]
    return Tasks(shares, calls, pico, square)


def _price(plan: LaunchPlan, values: Values, periods: Floats) -> Floats:
    """(periods, steps, PRICED, draws): the mean price over the routes and the escalation, whose tokens are a factor of
    the routes'.
    """
    numbers = range(1, len(plan.routes) + 1)
    shares = _whole({number: values.get(f"routes.{number}.share", np.ones(1)) for number in numbers})
    by_place = periods.transpose(0, 3, 1, 2)[..., np.newaxis]
    mean: Floats = np.asarray(sum(by_place[number - 1] * share for number, share in shares.items()))
    if plan.escalation is None:
        return mean
    part, taken, written = (values[f"escalation.{name}"] for name in ("share", "input", "output"))
    factors = np.ones((len(PRICED), max(len(taken), len(written))))
    factors[INPUTS], factors[OUTPUT] = taken, written
    both: Floats = mean * (1 - part) + by_place[-1] * factors * part
    return both


def _effort(plan: LaunchPlan, values: Values, field: str) -> Floats:
    """The factor that the tiers of effort put on input or output tokens."""
    if not plan.effort:
        return np.ones(1)
    shares = _whole({name: values[f"effort.{name}.share"] for name in plan.effort})
    return np.asarray(sum(share * values[f"effort.{name}.{field}"] for name, share in shares.items()))


def _tokens(plan: LaunchPlan, name: str, drawn: Drawn, steps: tuple[int, ...], effort: tuple[Floats, Floats]) -> Floats:
    """(steps, PRICED, draws): tokens of a mean call, and of how many calls there is one."""
    of = {field: drawn.values[f"kinds.{name}.{field}"] for field in _FIELDS}
    images, videos = of["images"] * of["image_tokens"], of["videos"] * of["video_tokens"]
    text, output = of["input_tokens"] * effort[0], of["output_tokens"] * effort[1]
    profile = drawn.profiles.get(name)
    if profile is None:
        mean, media = np.broadcast_arrays(text, images + videos)
        profile = lognormal(mean, spread_of(plan.kinds[name]), steps, media)
    return _laid_out(profile, (text, of["cache_share"], output, images, videos))


_FIELDS = ("input_tokens", "output_tokens", "cache_share", "images", "image_tokens", "videos", "video_tokens")


def _laid_out(profile: Profile, means: tuple[Floats, ...]) -> Floats:
    text, cache_share, output, images, videos = means
    taken = profile.input * text
    cached = taken * np.minimum(1, profile.cached * cache_share)
    rows = (
        taken - cached,
        cached,
        profile.output * output,
        profile.calls * images,
        profile.calls * videos,
        profile.calls,
    )
    return np.stack(np.broadcast_arrays(*rows), axis=1)


def _alike(price: Floats, tokens: Floats) -> tuple[Floats, Floats]:
    """Both with as many draws: einsum takes 1 for a length of its own."""
    draws = max(price.shape[-1], tokens.shape[-1])
    return (
        np.broadcast_to(price, (*price.shape[:-1], draws)),
        np.broadcast_to(tokens, (*tokens.shape[:-1], draws)),
    )


def _whole(parts: dict[Key, Floats]) -> dict[Key, Floats]:
    """Shares drawn one by one, made to add up to the whole."""
    whole = np.maximum(sum(parts.values()), SOME)
    return {name: part / whole for name, part in parts.items()}
