"""How ``tollbook scenario break-even`` shows where two scenarios cost the same, or why they never do."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.figures import rounded
from app.session import plain_table, print_json, print_table
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.scenario_break_even import Slider
    from planning.break_even import BreakEven, Crossing
    from planning.scenario import Scenario

NAMES: "dict[Slider, str]" = {
    "cache": "cache share",
    "volume": "times the calls",
    "move": "share moved",
    "batch": "share through batch",
    "discount": "percent off",
    "input_ratio": "times the input tokens",
    "output_ratio": "times the output tokens",
    "retries": "tries per call",
}
SHARES = ("cache", "move", "batch")


def print_break_even(
    pair: "tuple[Scenario, Scenario]", slider: "Slider", found: "Mapping[str, BreakEven]", as_json: bool
) -> None:
    """One row per currency and place; where there is none, the two ends and why."""
    if as_json:
        rows = [_as_object(code, each) for code, each in found.items()]
        print_json({"one": pair[0].name, "other": pair[1].name, "slider": slider, "rows": rows})
        return
    one, other = pair[0].name, pair[1].name
    table = plain_table()
    for head in (NAMES[slider], "difference", ""):
        table.add_column(head, justify="right" if head else "left", overflow="fold")
    notes = [f"What moves is the {NAMES[slider]} of {one}; the difference is to {other} as it is."]
    for code, each in found.items():
        places = [crossing.at for crossing in each.crossings]
        if each.low not in places:
            table.add_row(value_text(slider, each.low), *_end(each.at_low, code, one, other))
        for crossing in each.crossings:
            about = "" if crossing.is_exact else "about "
            told = f"from here on {one if crossing.cheaper_above == 'one' else other} is cheaper"
            table.add_row(about + value_text(slider, crossing.at), f"0.00 {code}", told)
        if each.high not in places:
            table.add_row(value_text(slider, each.high), *_end(each.at_high, code, one, other))
        if not each.crossings:
            notes.append(_none(each, code, one, other))
    notes += _doubts(pair, found)
    print_table(table, *(notes if found else ["Neither has a known cost: there is nothing to compare."]))


def _doubts(pair: "tuple[Scenario, Scenario]", found: "Mapping[str, BreakEven]") -> list[str]:
    """Why a difference may be no comparison."""
    notes = []
    if len(found) > 1:
        notes.append("Several currencies are several totals: give both a currency: to compare all they cost.")
    if len({each.model_copy(update=_SAME).model_dump_json() for each in pair}) > 1:
        notes.append("They are about different calls or days: their difference is more than that of the changes.")
    return notes


_SAME: dict[str, Any] = {"name": "x", "note": None, "rates_as_of": None, "currency": None, "changes": ()}
"""What two scenarios about the same traffic may differ in."""


def value_text(slider: "Slider", value: Fraction) -> str:
    """A place of the slider: a share as a percentage."""
    if slider in SHARES:
        return f"{float(100 * value):.4g}%"
    return f"{float(value):.4g}"


def _end(pico: Fraction, code: str, one: str, other: str) -> tuple[str, str]:
    if not pico:
        return f"0.00 {code}", "they cost the same"
    return f"{rounded(abs(pico))} {code}", f"{one if pico < 0 else other} is cheaper"


def _none(found: "BreakEven", code: str, one: str, other: str) -> str:
    if not found.at_low and not found.at_high:
        return f"They cost the same in {code} wherever it is."
    cheaper = one if found.at_low < 0 else other
    return f"There is no place at which they cost the same in {code}: {cheaper} is cheaper all the way."


def _as_object(code: str, found: "BreakEven") -> dict[str, Any]:
    return {
        "currency": code,
        "low": float(found.low),
        "high": float(found.high),
        "difference_at_low": format_pico(round(found.at_low)),
        "difference_at_high": format_pico(round(found.at_high)),
        "crossings": [_crossing(each) for each in found.crossings],
        "why_none": found.why_none,
    }


def _crossing(crossing: "Crossing") -> dict[str, Any]:
    return {"at": float(crossing.at), "exact": crossing.is_exact, "cheaper_above": crossing.cheaper_above}
