"""What changed of late, why, and who moved most."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import theme
from app.components.answers import Desk
from app.components.formats import literal
from app.components.links import link_to
from app.components.overview_bridge import HEIGHT, bridge_alt, bridge_figure
from app.components.overview_part import asked_part, show_why_not
from app.morning_change import Change, Changed, Mover, Values, read_change
from app.morning_days import STEPS, Step
from app.morning_words import ABOUT, days_text, relative, sentence, signed, unknown_note

LINE_HEIGHT = 24
"""Pixels of a sentence."""
MISSING = {"model": "no model named", "team": "no team named", "project": "no project named"}


class Places(NamedTuple):
    """Where the parts of the comparison stand, from the first."""

    said: DeltaGenerator
    chart: DeltaGenerator
    movers: DeltaGenerator
    notes: DeltaGenerator


def choose_step() -> Step:
    """The title, and over which days to compare."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("What changed", width="content", help=ABOUT)
        wanted = st.segmented_control(
            "Compare",
            STEPS,
            default="week",
            required=True,
            format_func=str.capitalize,
            key="change",
            bind="query-params",
            label_visibility="collapsed",
            help="The last whole day, 7 whole days, or the month so far, beside the days before.",
        )
    return next(step for step in STEPS if step == wanted)


@st.fragment(parallel=True)
def show_change(root: Path, asked: tuple[Step, Values, date], currency: str | None) -> None:
    """The difference in the charted currency as a bridge; one sentence for each."""

    def ask(desk: Desk) -> Changed | None:
        return desk.ask(read_change, *asked)

    part = st.empty()
    # Each thing takes the place of its own, or what stands below would come up and go down again.
    with part.container(gap="small"):
        said = st.skeleton(height=LINE_HEIGHT)
        left, right = st.columns((7, 5), gap="medium")
        places = Places(said, left.skeleton(height=HEIGHT), right.skeleton(height=HEIGHT), st.skeleton(LINE_HEIGHT))
    changed = asked_part(root, ask, "what changed")
    if isinstance(changed, str):
        with part:
            show_why_not(changed)
    elif changed is None or changed.why_not:
        part.caption(f"Nothing to compare yet: {changed.why_not if changed else 'no call is loaded'}.")
    elif not changed.changes:
        part.caption("No call of these days has a known cost.")
    else:
        _show(changed, places, currency)


def _show(changed: Changed, places: Places, currency: str | None) -> None:
    order = sorted(changed.changes, key=lambda change: change.currency != currency)
    with places.said.container(gap="small"):
        st.markdown(literal(sentence(changed, order[0])))
        for other in order[1:]:
            st.caption(literal(sentence(changed, other)))
    notes = [f"{days_text(changed.pair.now)} beside {days_text(changed.pair.before)}, as priced", unknown_note(changed)]
    places.chart.plotly_chart(
        bridge_figure(order[0]), config=theme.CHART_CONFIG, key="change_bridge", alt=bridge_alt(order[0])
    )
    with places.movers.container(gap="small"):
        _show_movers(order[0])
    places.notes.caption(literal(" · ".join(filter(None, notes))))


def _show_movers(change: Change) -> None:
    st.markdown("**Moved most**", help="Models, teams and projects by how much more or less they cost.")
    if not change.movers:
        st.caption("There is one model, team and project: it has all of the difference.")
    with st.container(gap="xxsmall"):
        for mover in change.movers:
            _show_mover(mover, change.currency)


def _show_mover(mover: Mover, currency: str) -> None:
    name = literal(mover.name or MISSING[mover.kind])
    with st.container(
        horizontal=True, wrap=False, horizontal_alignment="distribute", vertical_alignment="center", gap="xsmall"
    ):
        label = f":small[:gray[{mover.kind.capitalize()}] {name}]"
        if mover.name:
            link_to("explore", label, filters={mover.kind: mover.name})
        else:
            st.markdown(label, width="content")
        moved = f"{signed(mover.difference, currency)} ({relative(mover.now, mover.before)})"
        st.markdown(f":small[{literal(moved)}]", width="content")
