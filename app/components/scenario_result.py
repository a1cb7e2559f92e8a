"""What a scenario comes to: four figures, where the difference lies, and what is not known."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

import pandas as pd
import streamlit as st

from app.components.cards import Card, show_cards
from app.components.columns import right
from app.components.formats import MINUS, amounts, count, day, instant, literal, money, plural, share
from app.components.rate_trial import signed
from app.components.tables import show_frame
from app.scenarios import WhatIf
from planning.bridge import Bridge
from planning.what_if import Line, Result
from pricing.meters import METERS

GROUPS = {"Model": ("model", "seller"), "Seller": ("seller",), "Team": ("team",)}
INPUTS = tuple(METERS.index(name) for name in ("input", "cache_read"))


def show_result_cards(found: WhatIf, currency: str | None) -> None:
    """As priced, under the scenario, the difference, and how much of it is known."""
    result = found.result
    before, after = result.billed, result.cost
    show_cards(
        [
            Card("As priced", _amounts(before, currency), f"{_calls(Fraction(result.requests))}, at dated rates"),
            Card("In this scenario", _amounts(after, currency), _rates_of(found)),
            Card("Difference", _differences(found.bridges, currency), _in_percent(found.bridges, currency)),
            _known(result),
        ]
    )


def show_projected(found: WhatIf, currency: str | None) -> None:
    """Where the scenario is about traffic to come: what that may come to, as it is and as the scenario has it."""
    each = next((one for one in found.projected if one.currency == currency), None)
    if each is None:
        return
    code = each.currency
    st.markdown(f"**To come, {day(each.first)} to {day(each.last)}**")
    low, middle, high = each.difference
    show_cards(
        [
            Card("As it is", (money(each.as_is[1], code),), _band(each.as_is, code)),
            Card("In this scenario", (money(each.scenario[1], code),), _band(each.scenario, code)),
            Card("Difference", (signed(middle, code),), f"80%: {signed(low, code)} to {signed(high, code)}"),
            Card("No known cost", (f"{100 * each.unpriced:.1f}%",), "of the calls to come, in no figure"),
        ]
    )
    if not each.is_of_the_same:
        st.warning(
            f"As it is, {100 * each.unpriced_as_is:.1f}% of the calls to come have no known cost; in this scenario, "
            f"{100 * each.unpriced:.1f}%: the difference is of different calls.", icon=":material/help:",
        )  # fmt: skip
    st.caption("Estimates over the forecast's own paths. Below, exactly: the last 28 days, whose terms they take.")


def _band(points: tuple[int, int, int], code: str) -> str:
    return f"80%: {money(points[0], code)} to {money(points[2], code)}"


def show_by(found: WhatIf, currency: str) -> None:
    """Before and after, by model, seller or team."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Where it changes", width="content")
        by = st.segmented_control(
            "By", list(GROUPS), default="Model", required=True, key="scenario_by", label_visibility="collapsed"
        )
    fields = GROUPS[by or "Model"]
    rows = rows_by(found.result, fields, currency)
    table = {field.capitalize(): [row[0][place] or "–" for row in rows] for place, field in enumerate(fields)}
    table |= {
        "Calls": [f"{_whole(old.requests)} → {_whole(new.requests)}" for _, old, new in rows],
        "As priced": [_cost(old, currency) for _, old, _ in rows],
        "Scenario": [_cost(new, currency) for _, _, new in rows],
        "Difference": [money_change(_changed(found.result, old, new), currency) for _, old, new in rows],
    }
    show_frame(
        pd.DataFrame(table),
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        alt=f"As priced and under the scenario, by {by}",
        column_config=right(["Calls", "As priced", "Scenario", "Difference"]),
    )


def show_unknown(found: WhatIf) -> None:
    """What the figures leave out or take for granted."""
    said = unknowns(found)
    if not said:
        return
    with st.container(border=True):
        st.header("What to know")
        st.markdown("\n".join(f"- {literal(text)}" for text in said))


def show_basis(found: WhatIf) -> None:
    """Which calls it is about, and through when the data goes."""
    days = f"calls of {day(found.since)} to {day(found.until)}" if found.since else "no call in scope"
    priced = f"priced by {plural(len(found.result.rates), 'rate')}"
    st.caption(f"Data through {instant(found.data_through)} · {days} · {priced}")


def unknowns(found: WhatIf) -> list[str]:
    """In sentences."""
    result, said = found.result, list(found.notes)
    if result.unpriced:
        reasons: dict[str, Fraction] = defaultdict(Fraction)
        for line in result.lines:
            if line.cost is None:
                reasons[line.reason or "no rate"] += line.requests
        named = "; ".join(f"{reason}: {_whole(calls)}" for reason, calls in sorted(reasons.items()))
        said.append(f"{_calls(result.unpriced)} of unknown cost under the scenario, in no figure here ({named}).")
    if result.only_billed.requests:
        each = result.only_billed
        said.append(f"{_calls(each.requests)}, billed {amounts(each.amounts)}, cannot be priced under the scenario.")
    if result.only_scenario.requests:
        each = result.only_scenario
        said.append(
            f"{_calls(each.requests)} of unknown billed cost would come to {amounts(each.amounts)} under the scenario: "
            "in its total, in no step."
        )
    return said


class _Sum:
    """Calls and cost of one group; no cost: none of them has a known one in the currency."""

    def __init__(self) -> None:
        self.requests = Fraction(0)
        self.unknown = Fraction(0)
        """Calls of unknown cost, in no currency: beside the others."""
        self.cost: int | None = None

    def add(self, line: Line) -> None:
        if line.cost is None:
            self.unknown += line.requests
        else:
            self.requests += line.requests
            self.cost = (self.cost or 0) + line.cost


def rows_by(result: Result, fields: Sequence[str], currency: str) -> list[tuple[tuple[str | None, ...], _Sum, _Sum]]:
    """Each group before and after, in one currency: what changes most first; nothing that neither side has."""
    found: dict[tuple[str | None, ...], tuple[_Sum, _Sum]] = defaultdict(lambda: (_Sum(), _Sum()))
    for place, lines in enumerate((result.before, result.lines)):
        for line in lines:
            if line.currency in (None, currency):
                found[tuple(getattr(line, field) for field in fields)][place].add(line)
    rows = [(group, old, new) for group, (old, new) in found.items() if old.cost is not None or new.cost is not None]
    return sorted(rows, key=lambda row: (-abs((row[2].cost or 0) - (row[1].cost or 0)), -(row[1].cost or 0)))


def _changed(result: Result, old: _Sum, new: _Sum) -> int | None:
    """What a group comes to beyond what it was billed; None where calls have lost their known cost, and it some."""
    if result.only_billed.requests and new.unknown > old.unknown:
        return None
    return (new.cost or 0) - (old.cost or 0)


def _amounts(costs: dict[str, int], currency: str | None) -> tuple[str, ...]:
    """The charted currency first; of others, those that something was asked in."""
    names = sorted((name for name in costs if costs[name] or len(costs) == 1 or name == currency),
                   key=lambda name: (name != currency, name))  # fmt: skip
    return tuple(money(costs[name], name) for name in names) or ("unknown",)


def _differences(bridges: Sequence[Bridge], currency: str | None) -> tuple[str, ...]:
    """The charted currency first; of others, those that something changes in."""
    told = sorted((each for each in bridges if each.currency == currency or each.difference != 0),
                  key=lambda each: (each.currency != currency, each.currency))  # fmt: skip
    return tuple(difference_of(each) for each in told) or ("–",)


def difference_of(bridge: Bridge | None) -> str:
    """What the scenario makes of the calls whose cost is known on both sides; unknown where there are none."""
    return "–" if bridge is None else money_change(bridge.difference, bridge.currency)


def money_change(pico: int | None, currency: str) -> str:
    """An amount with its sign, or that it is unknown."""
    return f"{currency} unknown" if pico is None else signed(pico, currency)


def _in_percent(bridges: Sequence[Bridge], currency: str | None) -> str:
    bridge = next((each for each in bridges if each.currency == currency), None)
    if bridge is None or bridge.difference is None:
        return "no call has a known cost on both sides"
    apart = "" if bridge.is_whole else ", of calls known on both sides"
    if not bridge.known_billed:
        return f"nothing was billed in {bridge.currency}{apart}"
    change = 100 * Fraction(bridge.difference, bridge.known_billed)
    sign = "+" if change > 0 else MINUS if change < 0 else "±"
    return f"{sign}{float(abs(change)):.1f}% of as priced{apart}"


def _known(result: Result) -> Card:
    calls = result.unpriced + sum(line.requests for line in result.lines if line.cost is not None)
    known = calls - result.unpriced
    text = share(int(known), int(calls)) if calls else "–"
    note = f"{_calls(result.unpriced)} of unknown cost" if result.unpriced else "every cost is known"
    return Card("Coverage", (text,), note, "Share of the scenario's calls whose cost is known. Unknown is never 0.")


def _rates_of(found: WhatIf) -> str:
    return "each call's own rates" if found.as_of is None else f"at the rates of {day(found.as_of.date())}"


def _cost(each: _Sum, currency: str) -> str:
    return money(each.cost, currency) if each.requests else "–"


def _whole(calls: Fraction) -> str:
    return count(round(calls))


def _calls(calls: Fraction) -> str:
    return f"{_whole(calls)} call{'' if round(calls) == 1 else 's'}"
