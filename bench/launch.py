"""Launch plans: how long ten thousand draws take, and how alike quantiles are over seeds."""

import time
from datetime import date
from statistics import median

import numpy as np

from app.launch_file import read_plan_text, template_text
from planning.launch import DRAWS, Band, Simulation, simulate
from planning.launch_lengths import Lengths
from planning.launch_plan import LaunchPlan, inputs_of
from planning.launch_prices import RoutePrices, route_prices
from pricing.card import read_shipped
from pricing.rates import compile_card

START = date(2026, 11, 22)
SEEDS, TIMES = 20, 5
RECORDS = 2_000


def plans() -> dict[str, LaunchPlan]:
    """The plan that the command prints, with every input a wide guess, and the same with narrower ones."""
    text = template_text(START)
    wide = read_plan_text(text, "template")
    document = wide.model_dump(mode="json")
    return {"as printed": wide, "half as wide": LaunchPlan.model_validate(_narrowed(document))}


def _narrowed(value: object) -> object:
    if isinstance(value, dict) and value.get("low") is not None and value.get("high") is not None:
        likely = value["likely"]
        return value | {name: likely + (value[name] - likely) / 2 for name in ("low", "high")}
    if isinstance(value, dict):
        return {name: _narrowed(each) for name, each in value.items()}
    return [_narrowed(each) for each in value] if isinstance(value, list) else value


def measured_lengths(plan: LaunchPlan) -> tuple[LaunchPlan, dict[str, Lengths]]:
    """The plan with the lengths of two kinds resampled from so many records."""
    document = plan.model_dump(mode="json")
    random, found = np.random.default_rng(1), dict[str, Lengths]()
    for name in ("short_text", "tool_call"):
        for field in ("input_tokens", "output_tokens"):
            document["kinds"][name][field] |= {"source": "measured"}
        taken = random.lognormal(7, 1, RECORDS).astype(np.int64)
        found[name] = Lengths(taken, taken // 3, random.lognormal(5, 1, RECORDS).astype(np.int64))
    return LaunchPlan.model_validate(document), found


def table() -> list[str]:
    """The results, for RESULTS.md."""
    rates = [rate for card in read_shipped() for rate in compile_card(card, precedence=1)]
    lines = [
        "## launch",
        "",
        f"{DRAWS:,} draws of 90 days with bands by day, in total and by kind, and the tornado; lengths of two of the",
        f"six kinds resampled from {RECORDS:,} records each. Of {SEEDS} seeds, how far off their mean the farthest is.",
        "",
        "| plan | inputs with spread | P90 / P50 | wall | CPU | P50 | P90 | P99 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, plan in plans().items():
        held, lengths = measured_lengths(plan)
        prices = route_prices(held, rates)
        found, wall_s, cpu_s = _timed(held, prices, lengths)
        spread = sum(each.guess.has_spread for each in inputs_of(held))
        off = _over_seeds(held, prices, lengths)
        apart = " | ".join(f"{100 * off[Band._fields.index(each)]:.1f}%" for each in ("p50", "p90", "p99"))
        ratio = found.total.p90 / found.total.p50
        lines.append(f"| {name} | {spread} | {ratio:.1f} | {wall_s:.2f} s | {cpu_s:.2f} s | {apart} |")
    return [*lines, ""]


def _timed(plan: LaunchPlan, prices: RoutePrices, lengths: dict[str, Lengths]) -> tuple[Simulation, float, float]:
    walls, cpus = [], []
    for _ in range(TIMES):
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        found = simulate(plan, prices, lengths)
        walls.append(time.perf_counter() - wall_s)
        cpus.append(time.process_time() - cpu_s)
    return found, median(walls), median(cpus)


def _over_seeds(plan: LaunchPlan, prices: RoutePrices, lengths: dict[str, Lengths]) -> list[float]:
    found = np.array([simulate(plan, prices, lengths, seed=seed).total for seed in range(SEEDS)], dtype=float)
    off: list[float] = np.abs(found / found.mean(axis=0) - 1).max(axis=0).tolist()
    return off
