"""Several scenarios side by side, with what was billed: which is cheapest, and what each step of each comes to."""

from collections.abc import Mapping
from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd
import streamlit as st

from app import theme
from app.components.columns import right
from app.components.formats import instant, literal, money, share
from app.components.page import Run
from app.components.rate_trial import signed
from app.components.scenario_data import what_ifs
from app.components.scenario_result import difference_of, unknowns
from app.components.scenario_saved import stale_texts
from app.components.scenario_state import opened, saved_scenarios
from app.components.scenario_waterfall import KINDS
from app.components.spend_chart import amount_axis
from app.components.tables import show_frame
from app.scenario_draft import Document
from app.scenario_sentences import question_of
from app.scenarios import WhatIf
from planning.scenario import ScenarioError, read_scenario
from pricing.errors import PricingError
from pricing.money import PICO

CURRENT = "The one on this page"
BILLED = "As priced"
BAR_PX = 44
SHORT = 18
NONE = "–"
DIFFERENT = "They are not all about the same calls: hold each against its own as priced, not against the others."
ON_BOTH_SIDES = "The difference is of the calls whose cost is known on both sides; calls apart are those known on one."
HELLO = "Save a scenario under *What if*, and the next one: here they stand side by side."


def show_compare(run: Run, document: Document) -> None:
    """The scenario of the page and the saved ones that the reader picks, each over the calls in scope."""
    saved = {each.name: each.document for each in saved_scenarios(run)}
    current = opened(run)
    offered: dict[str, Document] = ({} if current else {CURRENT: document}) | saved
    wanted = st.multiselect(
        "Side by side", list(offered), default=list(offered)[:5], key="with", bind="query-params",
        placeholder="Choose scenarios",
    )  # fmt: skip
    if not saved:
        st.info(HELLO, icon=":material/bookmark_add:")
    found = _answers(run, {name: offered[name] for name in wanted})
    currency = run.charted([bridge.currency for each in found.values() for bridge in each.bridges])
    if not found or currency is None:
        return
    with st.container(border=True):
        st.header("What each comes to")
        _draw(found, currency)
        st.caption(f"Data through {instant(next(iter(found.values())).data_through)}")
        if len({each.data_digest for each in found.values()}) > 1:
            st.caption(DIFFERENT)
        if any(not bridge.is_whole for each in found.values() for bridge in each.bridges):
            st.caption(ON_BOTH_SIDES)
        _show_table(found, currency)
        for text in stale_texts(run, [each for each in saved_scenarios(run) if each.name in found]):
            st.caption(f":material/history: {literal(text)}")
    with st.container(border=True):
        st.header("What they ask")
        st.markdown("\n".join(f"- **{literal(name)}**: {literal(_asked(offered[name]))}" for name in found))
        with st.expander("What to know of each", icon=":material/info:"):
            for name, each in found.items():
                said = unknowns(each) or ["Every cost is known."]
                st.markdown(f"**{literal(name)}**\n" + "\n".join(f"- {literal(text)}" for text in said))


def _answers(run: Run, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, WhatIf]:
    """What each comes to; one that cannot be computed is said, and left out."""
    found: dict[str, WhatIf] = {}
    for name, document in wanted.items():
        try:
            (found[name],) = what_ifs(run, [read_scenario(document)])
        except (ScenarioError, PricingError) as error:
            st.warning(literal(f"{name}: {error}"), icon=":material/calculate:")
    return found


def _asked(document: Mapping[str, Any]) -> str:
    note = document.get("note")
    return question_of(document["changes"]) + (f" {note}" if note else "")


def _draw(found: Mapping[str, WhatIf], currency: str) -> None:
    """A bar for as priced, where all have the same, and one for each scenario."""
    billed = {each.result.billed.get(currency) for each in found.values()}
    costs = {BILLED: billed.pop()} if len(billed) == 1 else {}
    costs |= {name: each.result.cost.get(currency) for name, each in found.items()}
    names, most = list(costs), max(pico or 1 for pico in costs.values())
    texts = [NONE if pico is None else money(pico, currency) for pico in costs.values()]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [(pico or 0) / PICO for pico in costs.values()],
        "y": names,
        "text": [f" {text} " for text in texts],
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"color": theme.ink().strong, "size": 13},
        "hoverinfo": "skip",
        "marker": {"color": [theme.OTHER if name == BILLED else theme.BLUE for name in names], "cornerradius": 3},
        "width": 0.62,
    }
    figure = theme.figure(
        [bars],
        height=40 + BAR_PX * len(names),
        showlegend=False,
        xaxis={**amount_axis(most, currency), "range": [0, most / PICO * 1.45], "nticks": 5},
        yaxis=theme.axis(
            categoryorder="array", categoryarray=names[::-1], ticktext=[_label(name) for name in names],
            tickvals=names, tickfont={"color": theme.ink().strong, "size": 13}, ticklabelstandoff=6,
        ),
    )  # fmt: skip
    said = ", ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True))
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key="compare_chart", alt=f"In {currency}: {said}")


def _label(name: str) -> str:
    """A name in at most two short lines, its signs as they are: a chart takes some for markup."""
    return "<br>".join(escape(line) for line in wrap(name, SHORT, max_lines=2, placeholder=" …"))


def _show_table(found: Mapping[str, WhatIf], currency: str) -> None:
    rows = [_row(name, each, currency) for name, each in found.items()]
    kinds = [label for label, _ in KINDS.values() if any(row.get(label, "–") != "–" for row in rows)]
    columns = ["Scenario", BILLED, "Comes to", "Difference", *kinds, "Apart", "Coverage"]
    table = {column: [row.get(column, "–") for row in rows] for column in columns}
    if set(table["Apart"]) == {"–"}:
        del table["Apart"]
    show_frame(
        pd.DataFrame(table),
        hide_index=True,
        height="content",
        alt="Each scenario with its steps",
        column_config=right(list(table)[1:]) | {"Scenario": st.column_config.TextColumn(pinned=True)},
    )


def _row(name: str, each: WhatIf, currency: str) -> dict[str, str]:
    billed, cost = each.result.billed.get(currency), each.result.cost.get(currency)
    row = {"Scenario": name, BILLED: money(billed, currency), "Comes to": money(cost, currency)}
    for bridge in each.bridges:
        if bridge.currency == currency:
            row["Difference"] = difference_of(bridge)
            row |= {KINDS[step.kind][0]: signed(step.pico, currency) for step in bridge.steps if step.pico}
            row |= {"Apart": signed(bridge.apart, currency)} if bridge.apart else {}
    calls = each.result.unpriced + sum(line.requests for line in each.result.lines if line.cost is not None)
    row["Coverage"] = share(int(calls - each.result.unpriced), int(calls)) if calls else "–"
    return row
