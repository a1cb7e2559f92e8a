"""What came of a reader's first load: what there is, what it cost, what is unknown, and where to go next."""

from collections.abc import Iterator

import streamlit as st

from app.components.advice import PATTERNS
from app.components.answers import Desk
from app.components.formats import amounts, plural, share, written
from app.components.job_status import running_job
from app.components.sections import section
from warehouse.cost import Coverage, cost_by, coverage_of
from warehouse.imports import ImportTotals, read_imports

PROMISED = "first_answer"
"""Whether this reader saw the warehouse empty."""


def promise_first_answer() -> None:
    """Remember that there was nothing: what comes first is then explained."""
    st.session_state[PROMISED] = True


def show_first_answer(desk: Desk) -> None:
    """Explain the first figures once all of them are there, until the reader closes it."""
    if not st.session_state.get(PROMISED) or running_job():
        return
    totals, coverage = desk.ask(read_imports, PATTERNS).totals, desk.ask(coverage_of)
    costs = {row.currency: row.cost for row in desk.ask(cost_by, ()) if row.currency and row.cost is not None}
    with section("Your first answer", f"{plural(totals.calls, 'call')} from {plural(totals.files, 'file')}"):
        st.markdown(written("\n".join(f"- {line}" for line in _lines(coverage, totals.rejected, costs))))
        with st.container(horizontal=True, vertical_alignment="center"):
            for page, label, icon in _next_steps(totals):
                st.page_link(f"views/{page}.py", label=label, icon=f":material/{icon}:")
            st.button("Close", key="first_answer_close", icon=":material/close:", on_click=_close)


def _close() -> None:
    st.session_state[PROMISED] = False


def _lines(coverage: Coverage, rejected: int, costs: dict[str, int]) -> Iterator[str]:
    if costs:
        yield f"The calls cost **{amounts(costs)}**, as priced: at the rates in force when each began."
    if coverage.unpriced:
        part = share(coverage.unpriced, coverage.requests)
        yield f"Of **{plural(coverage.unpriced, 'call')}** ({part}) the cost is unknown: they are in no amount."
    else:
        yield "The cost of every call is known."
    if rejected:
        yield f"Not read: **{plural(rejected, 'line')}**, kept with the reason."


def _next_steps(totals: ImportTotals) -> Iterator[tuple[str, str, str]]:
    """Pages to go to next, with what they are for."""
    if totals.unpriced:
        yield "rates", "See what has no rate", "sell"
    if totals.rejected:
        yield "imports", "See what was not read", "rule"
    yield "tasks", "Find the dearest task", "paid"
    yield "budgets", "Set a budget", "savings"
