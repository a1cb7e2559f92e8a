"""Break-even: how far a slider has to go until the scenario costs the same as another."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import streamlit as st

from app import theme
from app.components.formats import literal, money
from app.components.page import Run
from app.components.rate_trial import signed
from app.components.scenario_data import break_even_for, what_ifs
from app.components.scenario_state import saved_scenarios
from app.components.spend_chart import amount_axis
from app.scenario_draft import Document
from app.scenarios import Slider, with_slider
from planning.break_even import BreakEven
from planning.scenario import Scenario, ScenarioError, read_scenario
from pricing.errors import PricingError
from pricing.money import PICO

UNCHANGED = "no change, at the same rates"
POINTS = 9
"""Places on the slider's way that are computed for the chart, beside the crossings."""


class Way(NamedTuple):
    """A slider in words."""

    label: str
    kind: str
    unit: str
    """``%``: a share; ``×``: a factor; else nothing."""
    neutral: Mapping[str, Any] | None
    """The change that changes nothing, for a scenario without one; None: it is offered only where there is one."""


WAYS: dict[Slider, Way] = {
    "output_ratio": Way("Output tokens per task there", "move", "×", None),
    "input_ratio": Way("Input tokens per task there", "move", "×", None),
    "move": Way("Share moved", "move", "%", None),
    "cache": Way("Cache share", "cache", "%", {"kind": "cache", "times": "1"}),
    "volume": Way("Volume", "volume", "×", {"kind": "volume", "times": "1"}),
    "batch": Way("Sent as batch", "batch", "%", {"kind": "batch", "share": "0"}),
    "discount": Way("Discount", "discount", "% off", {"kind": "discount", "percent_off": "0"}),
    "retries": Way("Charged tries per call", "retries", "", None),
}


def show_break_even(run: Run, document: Document) -> None:
    """Ask for a slider and what to compare with, and say where both cost the same."""
    kinds = {change["kind"] for change in document["changes"]}
    offered = [name for name, way in WAYS.items() if way.kind in kinds or way.neutral]
    first = next((name for name in offered if WAYS[name].kind in kinds), offered[0])
    known = {each.name: each.document for each in saved_scenarios(run) if each.document != document}
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            slider = st.selectbox(
                "How far may this go", offered, index=offered.index(first), format_func=_label,
                key=f"break_even_{'_'.join(offered)}_{first}", width=260,
            )  # fmt: skip
            other = st.selectbox("until it costs as much as", [UNCHANGED, *known], key="break_even_other", width=320)
        try:
            pair = _with(document, WAYS[slider]), _other(document, known.get(other))
            found = break_even_for(run, pair, slider)
        except (ScenarioError, PricingError) as error:
            st.warning(literal(str(error)), title="This cannot be computed", icon=":material/calculate:")
            return
        currency = run.charted(sorted(found, key=lambda code: -abs(found[code].at_high)))
        if currency is None:
            st.caption("Neither of the two has a known cost: there is nothing to compare.")
        else:
            _show(run, pair, slider, (found[currency], currency))


def answer(found: BreakEven, slider: Slider) -> str:
    """In one sentence, for a reader."""
    way = WAYS[slider]
    if not found.crossings:
        low, high = value_text(found.low, way.unit), value_text(found.high, way.unit)
        ends = {found.at_low, found.at_high}
        word = "The same cost" if ends == {0} else "Dearer" if max(ends) > 0 else "Cheaper"
        return f"{way.label}: {word.lower()} all the way, from {low} to {high}."
    said = []
    for crossing in found.crossings:
        about = "" if crossing.is_exact else "about "
        cheaper = "above" if crossing.cheaper_above == "one" else "below"
        said.append(f"cheaper {cheaper} {about}**{value_text(crossing.at, way.unit)}**")
    return f"{way.label}: {', '.join(said)}."


def value_text(value: Fraction, unit: str) -> str:
    """A slider's value: 34.2%, 1.5×."""
    if unit == "%":
        return f"{_short(100 * value)}%"
    return f"{_short(value)}{unit}"


def _short(value: Fraction) -> str:
    text = f"{float(value):.2f}"
    return text.rstrip("0").rstrip(".")


def _label(slider: Slider) -> str:
    return WAYS[slider].label


def _with(document: Document, way: Way) -> Scenario:
    """The scenario, with a change for the slider to be about."""
    changes = list(document["changes"])
    if not any(change["kind"] == way.kind for change in changes) and way.neutral:
        changes.append(dict(way.neutral))
    return read_scenario({**document, "changes": changes})


def _other(document: Document, saved: Document | None) -> Scenario:
    """What it is compared with: a saved one, or the same calls at the same rates."""
    return read_scenario(saved or {**document, "name": UNCHANGED, "changes": []})


def _show(run: Run, pair: tuple[Scenario, Scenario], slider: Slider, found: tuple[BreakEven, str]) -> None:
    said, currency = found
    st.markdown(literal(answer(said, slider)).replace("\\*", "*"))
    step = (said.high - said.low) / (POINTS - 1)
    places = sorted({said.low + step * number for number in range(POINTS)} | {each.at for each in said.crossings})
    first, *rest = what_ifs(run, [pair[1], *(with_slider(pair[0], slider, place) for place in places)])
    costs = [each.result.cost.get(currency, 0) for each in rest]
    level = first.result.cost.get(currency, 0)
    figure = _figure(places, costs, level, (said, slider, currency))
    alt = f"What it costs from {signed(costs[0] - level, currency)} to {signed(costs[-1] - level, currency)} beside"
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key="break_even_chart", alt=f"{alt} {pair[1].name}")


def _figure(
    places: Sequence[Fraction], costs: Sequence[int], level: int, about: tuple[BreakEven, Slider, str]
) -> theme.Figure:
    said, slider, code = about
    way = WAYS[slider]
    scale = 100 if way.unit == "%" else 1
    x = [float(place * scale) for place in places]
    curve = _line("This scenario", x, costs, code, {"color": theme.BLUE})
    other = _line("Compared with", [x[0], x[-1]], [level, level], code, {"color": theme.OTHER, "dash": "dash"})
    points: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [float(each.at * scale) for each in said.crossings],
        "y": [level / PICO for _ in said.crossings],
        "text": [f"{value_text(each.at, way.unit)}" for each in said.crossings],
        "textposition": "top center",
        "textfont": {"color": theme.ink().strong, "size": 14},
        "marker": {"color": theme.VERMILION, "size": 10},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }
    suffix = "%" if way.unit.startswith("%") else way.unit
    return theme.figure(
        [curve, other, points],
        height=300,
        showlegend=True,
        hovermode="x unified",
        xaxis=theme.axis(ticksuffix=suffix, nticks=6, hoverformat=".2~f"),
        yaxis=amount_axis(max(level, *costs), code),
    )


def _line(name: str, x: Sequence[float], costs: Sequence[int], code: str, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(x),
        "y": [pico / PICO for pico in costs],
        "customdata": [money(pico, code) for pico in costs],
        "hovertemplate": "%{customdata}",
        "line": {"width": 2.5, **line},
    }
