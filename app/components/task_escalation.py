"""Escalation: what logs say of other models, what was billed and not shown, and how much of it could be checked."""

from pathlib import Path

import pandas as pd
import streamlit as st

from app.components.cards import Card, show_cards
from app.components.formats import UNKNOWN, amounts, count, instant, literal, money, plural, share
from app.components.page import TASK, Run
from app.components.sections import section
from app.components.tables import show_frame
from app.escalation_loops import LOOP_STEPS
from app.escalation_words import (
    LIMITS,
    REASONS,
    SIGNS,
    bill_line,
    hint_line,
    left_out_line,
    models_of,
    money_line,
    route_name,
    span,
    verdict,
    why_not,
)
from app.escalations import Escalations, find_escalations, works_of
from warehouse.connection import Reader, silent
from warehouse.scope import Scope

NEWEST_CALLS = 1_000_000
"""A page looks at so many calls of its scope; the command line at all of them."""
FEW = 12
"""Rows up to which a table is shown whole."""


def escalations_of(reader: Reader, scope: Scope, works: tuple[tuple[str, str], ...]) -> Escalations:
    """The question that the page asks."""
    return find_escalations(reader, scope, dict(works), newest=NEWEST_CALLS)


def show_escalation(run: Run) -> None:
    """Escalation in the tasks in scope."""
    works = tuple(sorted(works_of(run.desk.root, silent).items()))
    with st.spinner("Following answers from step to step"):
        found = run.desk.ask(escalations_of, run.scope, works)
    with section("Escalation", plural(found.tasks, "task")):
        _show_cards(found)
        for line in [*verdict(found, money), *filter(None, (money_line(each, money) for each in found.money))]:
            st.markdown(literal(line))
        _show_suspicions(found)
        _show_said(found)
        _show_routes(found)
        _show_notes(found)


def _show_cards(found: Escalations) -> None:
    lines, said = found.suspected, found.said
    least: dict[str, int] = {}
    other: dict[str, int] = {}
    for line in lines:
        if line.currency and line.unpriced < line.calls:
            least[line.currency] = least.get(line.currency, 0) + line.at_least
    for each in said:
        if each.currency and each.unknown < each.calls:
            other[each.currency] = other.get(each.currency, 0) + each.cost
    bills = sum(bill.bills.compared for bill in found.bills)
    apart = sum(bill.bills.apart for bill in found.bills)
    calls, checkable = found.found.calls, found.found.checkable
    show_cards(
        [
            Card(
                "Checkable",
                (share(checkable, calls),),
                f"{count(checkable)} of {plural(calls, 'call')}",
                "Calls whose output could be followed into the next prompt or held against its size "
                f"({count(found.found.followed)}), or whose prompt could be held against its neighbours. Of the others "
                "nothing is known.",
            ),
            Card(
                "Never shown",
                ((f"≥ {amounts(least)}" if least else UNKNOWN) if lines else "no evidence",),
                plural(sum(line.calls for line in lines), "call") if lines else "in the calls that could be checked",
                "A lower bound: tokens that were billed and never came back with a later prompt, at the call's rate.",
            ),
            Card(
                "Other models",
                (amounts(other) if said else "none said",),
                plural(sum(each.calls for each in said), "call") if said else "by what the logs themselves say",
                "What the logs themselves say: exact, and no suspicion.",
            ),
            Card(
                "Off the card",
                (count(apart) if bills else UNKNOWN,),
                f"of {plural(bills, 'bill')} compared" if bills else "no log says what was billed",
                "Calls that were billed at something else than the card's rates.",
            ),
        ]
    )


def _show_suspicions(found: Escalations) -> None:
    rows = found.suspicions
    if not rows:
        return
    st.caption("Suspected calls, the dearest first. Select a row to open its task.")
    chosen = show_frame(
        pd.DataFrame(
            {
                "Task": [each.task for each in rows],
                "Step": [count(each.step) for each in rows],
                "Sign": [SIGNS[each.sign] for each in rows],
                "Tokens": [count(each.tokens) for each in rows],
                "At least": [money(each.at_least, each.kind.currency) for each in rows],
                "Estimate": [money(each.likely, each.kind.currency) for each in rows],
                "Model": [models_of(each.kind) for each in rows],
                "Began": [instant(each.start_at) for each in rows],
                "Logged in": [f"{Path(each.file).name}:{each.line}" for each in rows],
            }
        ),
        hide_index=True,
        alt="Suspected calls, dearest first",
        key="suspicions",
        on_select="rerun",
        selection_mode="single-row",
        height="content" if len(rows) <= FEW else 460,
        column_config={
            "Task": st.column_config.TextColumn(pinned=True),
            **{
                name: st.column_config.TextColumn(alignment="right")
                for name in ("Step", "Tokens", "At least", "Estimate")
            },
        },
    )
    if chosen.selection.rows:
        st.query_params[TASK] = rows[chosen.selection.rows[0]].task
        st.rerun()


def _show_said(found: Escalations) -> None:
    if not found.said:
        return
    st.caption("What the logs say, exact")
    show_frame(
        pd.DataFrame(
            {
                "What": [REASONS[each.reason] for each in found.said],
                "Asked": [each.asked or "–" for each in found.said],
                "Served": [each.served or "–" for each in found.said],
                "Seller": [each.seller or "–" for each in found.said],
                "Calls": [each.calls for each in found.said],
                "Tasks": [each.tasks for each in found.said],
                "Cost": [money(each.cost if each.unknown < each.calls else None, each.currency) for each in found.said],
                "Unknown cost": [each.unknown for each in found.said],
            }
        ),
        hide_index=True,
        alt="Calls of other models by the logs",
        column_config={
            "Cost": st.column_config.TextColumn(alignment="right"),
            **{name: st.column_config.NumberColumn(format="%,d") for name in ("Calls", "Tasks", "Unknown cost")},
        },
    )


def _show_routes(found: Escalations) -> None:
    checks = [check for _, check in found.routes]
    reasons = [why_not(check) for check in checks]
    columns = {
        "Route": [route_name(route) for route, _ in found.routes],
        "Calls": [check.calls for check in checks],
        "Checkable": [share(check.checkable, check.calls) for check in checks],
        "By output": [share(check.followed, check.calls) for check in checks],
        "By prompt": [share(check.held, check.calls) for check in checks],
        "Why not": reasons if any(reasons) else None,
    }
    st.caption("What could be checked, by route")
    show_frame(
        pd.DataFrame({name: values for name, values in columns.items() if values is not None}),
        hide_index=True,
        alt="Share of calls that could be checked, by route",
        column_config={
            "Calls": st.column_config.NumberColumn(format="%,d"),
            **{
                name: st.column_config.TextColumn(alignment="right") for name in ("Checkable", "By output", "By prompt")
            },
        },
    )


def _show_wholes(found: Escalations) -> None:
    if not found.wholes:
        return
    st.caption(f"Whole loops of {LOOP_STEPS} calls and more beside those at high effort on one model, 95% intervals")
    wholes = found.wholes
    show_frame(
        pd.DataFrame(
            {
                "Loops": ["with a sign" if each.with_signs else "without a sign" for each in wholes],
                "How many": [each.compared.loops.clusters for each in wholes],
                "Each cost": [span(each.compared.loops, each.currency, money) for each in wholes],
                "High effort on": [each.model for each in wholes],
                "How many at high": [each.compared.baseline.clusters for each in wholes],
                "Each at high": [span(each.compared.baseline, each.currency, money) for each in wholes],
                "Same work": [each.compared.difference.clusters if each.compared.difference else 0 for each in wholes],
                "Difference": [
                    span(each.compared.difference, each.currency, money) if each.compared.difference else "not paired"
                    for each in wholes
                ],
            }
        ),
        hide_index=True,
        alt="Whole loops beside those at high effort",
        column_config={
            **{name: st.column_config.NumberColumn(format="%,d") for name in ("How many", "How many at high")},
            "Same work": st.column_config.NumberColumn(
                format="%,d", help="Pieces of work done on both sides; where there are any, only their loops count."
            ),
        },
    )


def _show_notes(found: Escalations) -> None:
    lines = [bill_line(bill) for bill in found.bills if bill.bills.apart]
    for line in filter(None, [*lines, *map(hint_line, found.hints), left_out_line(found)]):
        st.markdown(literal(line))
    _show_wholes(found)
    st.caption("What usage cannot tell")
    st.caption("\n".join(f"- {literal(line)}" for line in LIMITS))
