"""The page Explore put together: where the reader is, what is looked at, the chart, the table, the requests."""

import streamlit as st

from app.components.explore_call import show_call
from app.components.explore_calls import show_calls
from app.components.explore_chart import show_chart
from app.components.explore_controls import show_controls
from app.components.explore_crumbs import show_crumbs
from app.components.explore_data import Figures, Stretch, figures_of, provenance_of, stretch_of, view_in
from app.components.explore_download import show_download
from app.components.explore_into import into_bar, into_row, show_rows, show_ways
from app.components.explore_saved import show_saved
from app.components.explore_state import SECTION, Shown, go, show_mistake, shown
from app.components.explore_table import show_table
from app.components.explore_words import figure, lower, named, summed
from app.components.formats import instant, literal
from app.components.notices import show_nothing_matches
from app.components.page import Run, get_run
from app.components.provenance import show_provenance
from app.components.undo import show_undo
from app.pivot import Pivot, Table
from warehouse.explore import dimensions_of, label_of

SECTIONS = ("Figures", "Requests")
OVER = {"month": "per month", "week": "per week", "day": "per day", "hour": "per hour"}


def show() -> None:
    """Show what the URL says."""
    run, found = get_run(), shown()
    show_mistake()
    stretch = stretch_of(run, found)
    _show_top(run, found, stretch)
    if found.call is not None:
        show_call(run, found)
    elif stretch is None:
        _show_nothing(run, found)
    elif found.calls:
        with st.container(border=True):
            show_calls(run, found, stretch.scope)
        show_provenance(provenance_of(run, stretch.scope))
    else:
        _show_figures(run, found, stretch)


def _show_top(run: Run, found: Shown, stretch: Stretch | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        show_crumbs(found, lambda name, value: f"{label_of(name)}: {named(name, value)}")
        st.session_state[SECTION] = SECTIONS[found.calls]
        st.segmented_control(
            "Section", SECTIONS, required=True, key=SECTION, label_visibility="collapsed", width="content",
            on_change=_turn, args=(found,),
        )  # fmt: skip
        if stretch is not None and not found.calls and found.call is None:
            with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small"):
                show_saved(run, found, view_in(found, stretch))
                show_download(run, found, view_in(found, stretch), stretch.scope)
    show_undo("view")


def _turn(found: Shown) -> None:
    go(found._replace(calls=st.session_state[SECTION] == SECTIONS[1], call=None))


def _show_nothing(run: Run, found: Shown) -> None:
    if found.place.at is None and not found.place.where:
        show_nothing_matches(instant(provenance_of(run, run.scope).data_through))
        return
    st.info(
        "The filters above and what was picked here leave no call together.",
        title="No traffic here",
        icon=":material/filter_alt_off:",
    )
    st.button("Show all days", icon=":material/restart_alt:", on_click=go, args=(Shown(found.view),))


def _show_figures(run: Run, found: Shown, stretch: Stretch) -> None:
    dimensions = run.desk.ask(dimensions_of)
    show_controls(found, view_in(found, stretch), dimensions, stretch.days)
    figures = figures_of(run, found, stretch)
    currency = run.charted([table.currency for table in figures.table.tables if table.currency])
    with st.container(border=True):
        _show_drawn(run, found, figures, currency)
    with st.container(border=True):
        _show_table(found, figures, currency, [each.name for each in dimensions])
    show_provenance(provenance_of(run, stretch.scope))


def _show_drawn(run: Run, found: Shown, figures: Figures, currency: str | None) -> None:
    shown, table = figures.chart, _of(figures.chart, currency)
    step = figures.view.step
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        title = f"{shown.measure.label} {OVER[step]} by" if step else f"{shown.measure.label} by"
        with st.container(gap="xxsmall", width="content"):
            st.header(f"{title} {literal(lower(label_of(figures.view.rows)))}")
            st.caption(f"In all {literal(summed(table.total, shown.measure, table.currency))}")
        show_ways(found, figures.view, table)
    chosen = show_chart(run, shown, table, f"explore_chart_{hash((found, currency))}")
    if chosen is not None:
        into_bar(found, figures.view, table, chosen)


def _show_table(found: Shown, figures: Figures, currency: str | None, dimensions: list[str]) -> None:
    shown, table = figures.table, _of(figures.table, currency)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        across = figures.table.view.columns or figures.table.view.step
        by = [lower(label_of(name)) for name in (figures.view.rows, across) if name]
        st.header(literal(f"By {' and '.join(by)}"), width="content")
        show_rows(found, figures.view, table, dimensions)
    if len(shown.tables) > 1:
        others = " and ".join(
            figure(each.total, shown.measure, each.currency) for each in shown.tables if each.currency != table.currency
        )
        st.caption(literal(f"In {table.currency}. Never added to it, what was billed in other currencies: {others}."))
    row = show_table(shown, table, f"explore_table_{hash((found, currency))}")
    if row is not None:
        into_row(found, figures.view, row, dimensions)


def _of(shown: Pivot, currency: str | None) -> Table:
    return next((table for table in shown.tables if table.currency == currency), shown.tables[0])
