"""Break-even of two scenarios of a warehouse: a slider of the first, until it costs what the second does."""

from datetime import datetime
from fractions import Fraction
from typing import Literal

from app.scenario_traffic import Ask, Basis, Enquiry, ask_of
from planning.break_even import BreakEven, break_even
from planning.scenario import Scenario, ScenarioError, read_scenario, write_scenario
from planning.scenario_changes import Ratio
from planning.what_if import evaluate, last_state
from pricing.money import format_pico
from warehouse.scope import Scope

Slider = Literal["cache", "volume", "move", "batch", "discount", "input_ratio", "output_ratio", "retries"]
WAYS: dict[Slider, tuple[str, str, int, int]] = {
    "cache": ("cache", "share", 0, 1),
    "volume": ("volume", "times", 0, 10),
    "move": ("move", "share", 0, 1),
    "batch": ("batch", "share", 0, 1),
    "discount": ("discount", "percent_off", 0, 100),
    "input_ratio": ("move", "input", 0, 10),
    "output_ratio": ("move", "output", 0, 10),
    "retries": ("retries", "attempts", 1, 10),
}
"""Of each slider the kind of change and its field, and from where to where it goes."""
WITHOUT = ("cache", "volume", "batch", "discount")
"""Sliders that a scenario need have no change for: one about all of its calls is added."""


def with_slider(scenario: Scenario, slider: Slider, value: Fraction) -> Scenario:
    """The scenario with its first change that a slider is about at a value, to twelve decimals.

    Raises ScenarioError where it has none that could be moved.
    """
    kind, field, *_ = WAYS[slider]
    text = format_pico(round(value * 10**12))
    document = write_scenario(scenario)
    found = next((change for change in document["changes"] if change["kind"] == kind), None)
    if found is None and slider not in WITHOUT:
        raise ScenarioError(f"{scenario.name} has no change of kind {kind}, so there is no slider of it: add one")
    if found is None:
        found = {"kind": kind}
        document["changes"].append(found)
    if kind == "cache":
        found.pop("times", None)
    if field in ("input", "output", "attempts"):
        found[field] = {**found.get(field, {}), "value": text}
    else:
        found[field] = text
    return read_scenario(document)


def slid(scenario: Scenario, slider: Slider, value: Fraction) -> Scenario:
    """The same at any fraction, which no document could say: lines stay straight."""
    kind, field, low, _ = WAYS[slider]
    scenario = with_slider(scenario, slider, Fraction(low))
    changes = list(scenario.changes)
    place = next(number for number, change in enumerate(changes) if change.kind == kind)
    was = getattr(changes[place], field)
    said = was.model_copy(update={"value": str(value)}) if isinstance(was, Ratio) else str(value)
    changes[place] = changes[place].model_copy(update={field: said})
    return scenario.model_copy(update={"changes": tuple(changes)})


def break_even_of(  # noqa: PLR0913 - two scenarios, a slider, and where the traffic is from
    ask: Ask, basis: Basis, pair: tuple[Scenario, Scenario], slider: Slider, scope: Scope, now: datetime
) -> dict[str, BreakEven]:
    """By currency, where the two cost the same while the slider of the first moves.

    Raises ScenarioError where a scenario leaves calls without a known cost, that were billed: totals of different
    calls are no comparison.
    """
    one, other = pair
    enquiry = Enquiry(ask, basis)
    _, _, low, high = WAYS[slider]
    fixed, only_other = _exact(enquiry, other, scope, now)
    moving: dict[Fraction, dict[str, Fraction]] = {}

    def at(value: Fraction) -> dict[str, Fraction]:
        if value not in moving:
            moving[value], only_one = _exact(enquiry, slid(one, slider, value), scope, now)
            if only_one != only_other:
                calls = f"{float(abs(only_one - only_other)):,.0f}"
                raise ScenarioError(
                    f"{calls} calls of unknown cost have one in only one of {one.name} and {other.name}: "
                    "leave them out with a where, or move them in both"
                )
        return moving[value]

    ends = at(Fraction(low)), at(Fraction(high))
    currencies = sorted({*fixed, *ends[0], *ends[1]})
    kinks = _kinks(enquiry, with_slider(one, slider, Fraction(low)), scope, now) if slider == "cache" else []
    return {
        currency: break_even(
            lambda value, currency=currency: at(value).get(currency, Fraction()) - fixed.get(currency, Fraction()),  # type: ignore[misc]
            Fraction(low),
            Fraction(high),
            kinks,
        )
        for currency in currencies
    }


def _exact(enquiry: Enquiry, scenario: Scenario, scope: Scope, now: datetime) -> tuple[dict[str, Fraction], Fraction]:
    """What a scenario costs by currency, and how many of its calls have a cost there alone."""
    result = evaluate(ask_of(enquiry, scenario, scope, now).question)
    if result.only_billed.requests:
        calls = f"{float(result.only_billed.requests):,.0f}"
        raise ScenarioError(f"{scenario.name}: {calls} calls that were billed would have no known cost; compare others")
    return result.exact, result.only_scenario.requests


def _kinks(enquiry: Enquiry, scenario: Scenario, scope: Scope, now: datetime) -> list[Fraction]:
    """The share that is read from the cache now: below it and above it other meters change."""
    return list(last_state(ask_of(enquiry, scenario, scope, now).question).shares.values())
