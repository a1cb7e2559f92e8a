"""Capacity: predicted shares of calls over a limit beside replays of real traces, waits, and a prefix cache's bound."""

from collections.abc import Callable

import numpy as np

from bench.traffic_classes import agents, azure, mooncake, prompts
from planning.capacity import Calls, Caps, share_over
from planning.crowd import Crowd, crowd_of, draw_starts, predicted_over
from planning.prefix_cache import prefix_cache
from planning.traffic_classes import traffic_classes
from planning.waiting import wait_for

RPM, TIMES, SPLITS = 30, 30, 12
RATES = (2, 5, 10, 15, 20, 30, 45, 60)
TRACES: dict[str, Callable[[], tuple[Calls, object]]] = {"code": azure, "steady": mooncake, "agent": agents}


def thinned(calls: Calls, rate: float, random: np.random.Generator) -> Calls:
    """A random part of the calls, so that so many come a minute in the mean."""
    kept = random.random(len(calls.start_us)) < rate / calls.rate
    return Calls(calls.start_us[kept], calls.tokens[kept])


def replayed(calls: Calls, rate: float, seed: int = 1) -> float:
    """The share over the limit in the mean of several thinnings."""
    random = np.random.default_rng(seed)
    return float(np.mean([share_over(thinned(calls, rate, random), Caps(rpm=RPM)) for _ in range(TIMES)]))


def halves(calls: Calls, seed: int) -> tuple[Calls, Calls]:
    """The calls split at random in two."""
    first = np.random.default_rng(seed).random(len(calls.start_us)) < 0.5
    return Calls(calls.start_us[first], calls.tokens[first]), Calls(calls.start_us[~first], calls.tokens[~first])


def misses(calls: Calls, rate: float) -> list[float]:
    """Of several splits: the prediction from one half less the replay of the other."""
    found = []
    for seed in range(SPLITS):
        one, other = halves(calls, seed)
        found.append(predicted_over(crowd_of(one), rate, RPM) - replayed(other, rate))
    return found


def in_time(calls: Calls) -> tuple[Calls, Calls]:
    """The first half of the time, and the second."""
    first = calls.start_us < (calls.start_us[0] + calls.start_us[-1]) // 2
    return Calls(calls.start_us[first], calls.tokens[first]), Calls(calls.start_us[~first], calls.tokens[~first])


def later_miss(calls: Calls, rate: float) -> float:
    """The prediction from the first half of the time less the replay of the second, thinned to the same mean rate."""
    earlier, later = in_time(calls)
    return predicted_over(crowd_of(earlier), rate, RPM) - replayed(later, rate)


def waits(crowd: Crowd, calls: Calls, rate: float) -> tuple[float, float]:
    """The wait that 95% do not exceed, in seconds: replayed, and of drawn calls; means of several."""
    random, minutes = np.random.default_rng(7), round(calls.minutes)
    real, drawn = [], []
    for _ in range(10):
        real.append(wait_for(thinned(calls, rate, random), Caps(rpm=RPM)).most)
        starts = draw_starts(crowd, rate, minutes, random)
        drawn.append(wait_for(Calls(starts, np.ones(len(starts), dtype=np.int64)), Caps(rpm=RPM)).most)
    return float(np.mean(real)), float(np.mean(drawn))


def table() -> list[str]:
    """The results, for RESULTS.md."""
    rows, shipped_miss, mean_miss, most_miss, later = [], [0.0], [0.0], [0.0], dict[str, float]()
    for name, read in TRACES.items():
        calls, _ = read()
        crowd = traffic_classes()[name].crowd
        for rate in RATES:
            real, shipped, split = replayed(calls, rate), predicted_over(crowd, rate, RPM), misses(calls, rate)
            shipped_miss.append(abs(shipped - real))
            mean_miss.append(abs(float(np.mean(split))))
            most_miss.append(float(np.abs(split).max()))
            wait = [f"{value:.0f}" for value in waits(crowd, calls, rate)] if rate < RPM else ["–", "–"]
            points = [f"{100 * mean_miss[-1]:.1f}", f"{100 * most_miss[-1]:.1f}"]
            rows.append(f"| {name} | {rate} | {real:.1%} | {shipped:.1%} | {' | '.join([*points, *wait])} |")
        later[name] = max(abs(later_miss(calls, rate)) for rate in RATES)
    asked = prompts()
    bounds = [float(prefix_cache(asked, 512, live_ms=live).share or 0) for live in (None, 300_000)]
    times = ", ".join(f"{name} {100 * miss:.0f}" for name, miss in later.items())
    return [
        f"## Capacity: calls over {RPM} requests a minute, real traces thinned to mean rates",
        "",
        f"The share over the limit: replays are means of {TIMES} random thinnings; shipped is from the class's levels.",
        "Halves: predicted from a random half of the calls, held against the replay of the other half, in points off:",
        f"the mean of {SPLITS} splits, and the worst. Waits: 95% of a queue wait no longer, in seconds, where the mean",
        "rate is below the limit.",
        "",
        "| trace | calls/min | replay | shipped | halves, mean off | halves, worst | wait, replay | wait, drawn |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        "| | measured | goal |",
        "|---|---|---|",
        f"| most points off, shipped | {100 * max(shipped_miss):.1f} | at most 2 |",
        f"| most points off, a half against the other, mean of splits | {100 * max(mean_miss):.1f} | at most 2 |",
        f"| the same, the worst of {SPLITS} splits | {100 * max(most_miss):.1f} | |",
        f"| most points off, first half of the time against the second | {times} | |",
        f"| prefix cache of conversations, endless | {bounds[0]:.1%} | 37% |",
        f"| prefix cache, forgets after 5 minutes | {bounds[1]:.1%} | 29% |",
        "",
    ]


if __name__ == "__main__":
    print("\n".join(table()))
