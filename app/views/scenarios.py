"""Scenarios: what the calls would cost with other models, prices, caches or volumes, against what was billed."""

import streamlit as st

from app.components.formats import literal
from app.components.page import Run, get_run
from app.components.scenario_break_even import show_break_even
from app.components.scenario_compare import show_compare
from app.components.scenario_controls import show_about, show_main, show_move
from app.components.scenario_data import bought_about, bought_anywhere, bought_in, market_of, what_ifs
from app.components.scenario_more import show_further, show_more
from app.components.scenario_question import first_question
from app.components.scenario_result import show_basis, show_by, show_projected, show_result_cards, show_unknown
from app.components.scenario_saved import show_actions, show_stale
from app.components.scenario_state import open_document, scenario_of
from app.components.scenario_waterfall import show_steps, show_waterfall
from app.components.sections import pick_section
from app.components.self_hosting import show_self_hosting
from app.components.undo import show_undo
from app.scenario_draft import NAME, Document
from app.scenario_sentences import caveats_of, question_of, scope_of
from app.scenarios import WhatIf
from planning.scenario import ScenarioError
from pricing.errors import PricingError

TABS = ("What if", "Break-even", "Compare", "Self-hosting")
# A question of more changes is too long for a heading. (A docstring here would be written on the page.)
SHORT = 2
MANY = "What if all of this happened?"


def show(run: Run) -> None:
    """The tab that the reader picks."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        tab = pick_section(TABS, key="show")
        actions = st.container(width="content")
    if tab == TABS[3]:
        show_self_hosting(run)
        return
    bought = bought_in(run)
    if not bought:
        st.info("No call in scope has usage that could cost something else.", icon=":material/filter_alt_off:")
        return
    # What comes and goes stands in containers: a slider that changes its place on the page would lose the keyboard.
    with st.container():
        show_undo("scenario")
        document = open_document(run, first_question(bought, bought_anywhere(run), market_of(run), run.currency))
    with actions:
        show_actions(run)
    if tab == TABS[2]:
        show_compare(run, document)
        return
    with st.container():
        show_question(document)
    if tab == TABS[1]:
        show_break_even(run, document)
    else:
        show_what_if(run, document)


def show_question(document: Document) -> None:
    """What is asked, and what an answer takes for granted."""
    asked, is_named = question_of(document["changes"]), document["name"] != NAME
    is_short = len(document["changes"]) <= SHORT and not is_named
    st.header(literal(asked if is_short else document["name"] if is_named else MANY))
    for text in (document.get("note"), None if is_short else asked):
        if text:
            st.markdown(literal(text))
    if scope_of(document):
        st.caption(literal(f"It is about calls {scope_of(document)}: its own choice, within the filters above."))
    for caveat in caveats_of(document["changes"]):
        st.caption(literal(caveat))


def show_what_if(run: Run, document: Document) -> None:
    """The answer in figures, what may be changed, and where the difference lies."""
    found, why = _answer(run, document)
    currency = run.charted([bridge.currency for bridge in found.bridges]) if found else None
    with st.container():
        show_stale(run)
        if found is not None:
            show_projected(found, currency)
            show_result_cards(found, currency)
            show_basis(found)
    left, right = st.columns((4, 7), gap="medium")
    with left:
        _show_controls(run, document)
    with right:
        if found is not None:
            _show_answer(found, currency)
        else:
            st.warning(literal(why), title="This cannot be computed", icon=":material/calculate:")


def _answer(run: Run, document: Document) -> tuple[WhatIf | None, str]:
    try:
        (found,) = what_ifs(run, [scenario_of(document)])
        return found, ""
    except (ScenarioError, PricingError) as error:
        return None, str(error)


def _show_controls(run: Run, document: Document) -> None:
    bought, market = bought_in(run), market_of(run)
    try:
        about = bought_about(run, scenario_of(document))
    except ScenarioError:
        about = bought
    with st.container(border=True):
        show_move(bought, market)
    with st.container(border=True):
        show_about(bought)
        show_main(about)
        show_more(run)
        show_further()


def _show_answer(found: WhatIf, currency: str | None) -> None:
    bridge = next((each for each in found.bridges if each.currency == currency), None)
    if bridge is None or currency is None:
        st.info("None of these calls has a known cost, on either side.", icon=":material/help:")
        return
    with st.container(border=True):
        st.header("From as priced to the scenario")
        show_waterfall(bridge)
        show_steps(bridge)
    with st.container(border=True):
        show_by(found, currency)
    show_unknown(found)


show(get_run())
