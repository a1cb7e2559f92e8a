"""What the page of launches asks: the cards, the records and the draws, each kept for as long as it stays the same."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from app.components.entered import Edition, edition_of_state
from app.components.entries import present
from app.components.page import Run
from app.launches import Cards, Launch, Measured, actual_of, measure, read_cards_for
from app.launches import run as draw
from planning.launch import DRAWS
from planning.launch_actual import Actual
from planning.launch_plan import LaunchPlan, read_launch_plan, write_launch_plan
from warehouse.connection import Reader, silent
from warehouse.rate_trial import own_cards
from warehouse.recurring import billing_day
from warehouse.traffic import zone_of

KEPT_RUNS = 8
"""Each holds its draws: some megabytes."""


class Question(NamedTuple):
    """A plan to be drawn, and all that its figures hang on."""

    plan: str
    records: tuple[object, ...]
    state: Edition
    cards: tuple[tuple[str, int], ...]
    draws: int


def today_of(run: Run) -> date:
    """The present billing day."""
    if run.choices.is_empty:
        return present(run).date()
    return billing_day(present(run), run.desk.ask(zone_of))


def cards_of(run: Run, plan: LaunchPlan) -> Cards:
    """What prices a plan."""
    return _cards(edition_of_state(run.desk.root), own_cards(run.desk.root), plan.currency)


def sold_in(run: Run, plan: LaunchPlan) -> dict[str, tuple[str, ...]]:
    """Every seller with the models that some rate prices on the plan's first day."""
    cards = cards_of(run, plan)
    return _sold(cards, edition_of_state(run.desk.root), own_cards(run.desk.root), plan.start)


def measured_of(run: Run, plan: LaunchPlan) -> Measured | None:
    """What the records say of the plan's inputs; None before anything was loaded."""
    if run.choices.is_empty:
        return None
    return run.desk.ask(_measured, _basis(plan), today_of(run))


def launch_of(run: Run, plan: LaunchPlan) -> Launch:
    """The plan and what it comes to; raises PlanError."""
    measured = measured_of(run, plan)
    state, cards = edition_of_state(run.desk.root), own_cards(run.desk.root)
    records = (measured.calls, measured.since, measured.until, measured.data_through) if measured else ()
    question = Question(_text(plan), (_basis(plan), *records), state, cards, DRAWS)
    return _launch(question, plan, cards_of(run, plan), measured)


def actual_for(run: Run, launch: Launch) -> Actual:
    """The launch's own calls beside the plan; raises PlanError where the plan does not say which."""
    state, cards = edition_of_state(run.desk.root), own_cards(run.desk.root)
    return run.desk.ask(_actual, _text(launch.simulation.plan), today_of(run), (state, cards, DRAWS), _Beside(launch))


class _Beside:
    """Goes along with a question whose other parts say it already: the cache takes any two for the same."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch

    def __reduce__(self) -> tuple[type[str], tuple[()]]:
        return str, ()


def _text(plan: LaunchPlan) -> str:
    return json.dumps(write_launch_plan(plan), sort_keys=True, default=str)


def _basis(plan: LaunchPlan) -> str:
    """The plan with nothing in it but what the records are asked by: other guesses ask for no other answer."""
    document: dict[str, Any] = {
        "name": "records",
        "start": plan.start,
        "users": 1,
        "adoption": {"curve": "points", "points": [{"day": 1, "share": 1}]},
        "sessions": 1,
        "tasks": 1,
        "kinds": {name: {"share": _part(plan.kinds), "input_tokens": 1, "output_tokens": 1} for name in plan.kinds},
        "routes": [
            {"seller": route.seller, "model": route.model, "tier": route.tier, "share": _part(plan.routes)}
            | ({"region": route.region} if route.region else {})
            for route in plan.routes
        ],
        "effort": {name: {"share": _part(plan.effort)} for name in plan.effort},
        "measured_from": plan.measured_from.model_dump(exclude_none=True),
        "measured_days": plan.measured_days,
    }
    if plan.escalation is not None:
        document["escalation"] = {
            "share": 0, "seller": plan.escalation.seller, "model": plan.escalation.model, "tier": plan.escalation.tier,
        }  # fmt: skip
    return json.dumps(document, sort_keys=True, default=str)


def _part(parts: Any) -> float:
    return round(1 / len(parts), 6)


def _measured(reader: Reader, basis: str, today: date) -> Measured:
    return measure(reader, read_launch_plan(json.loads(basis)), today)


def _actual(reader: Reader, plan: str, today: date, held: tuple[object, ...], beside: _Beside) -> Actual:
    return actual_of(reader, beside.launch, today)


@st.cache_resource(max_entries=2, show_spinner=False)
def _cards(edition: Edition, own: tuple[tuple[str, int], ...], currency: str) -> Cards:
    return read_cards_for(Path(edition[0]), currency, tell=silent)


@st.cache_data(max_entries=4, show_spinner=False)
def _sold(_cards: Cards, edition: Edition, own: tuple[tuple[str, int], ...], day: date) -> dict[str, tuple[str, ...]]:
    noon = datetime(day.year, day.month, day.day, 12)
    found: dict[str, set[str]] = {}
    for rate in _cards.rates:
        if rate.valid_from <= noon < rate.valid_until:
            found.setdefault(rate.seller, set()).add(rate.model)
    return {seller: tuple(sorted(found[seller])) for seller in sorted(found)}


@st.cache_resource(max_entries=KEPT_RUNS, show_spinner=False)
def _launch(question: Question, _plan: LaunchPlan, _cards: Cards, _measured: Measured | None) -> Launch:
    return draw(_plan, _cards, _measured, draws=question.draws)
