"""What the page of effort asks: read once per state of the traffic and of what people entered."""

from datetime import datetime
from pathlib import Path

import streamlit as st

from analysis.evaluation_plan import Plan
from app.components.entered import Edition, edition_of_state
from app.components.entries import present
from app.components.page import Run
from app.efforts import LOGS, Effort, Material, Wanted, effort_of
from app.evaluation_plans import Offer, offers
from warehouse.connection import Reader, silent
from warehouse.effort_tasks import EffortTask, effort_tasks
from warehouse.eval_runs import EvalRun, list_eval_runs
from warehouse.outcomes import Entered, list_outcomes, outcomes_beside
from warehouse.rate_trial import own_cards
from warehouse.scope import Scope

Cards = tuple[tuple[str, int], ...]


def effort_for(run: Run, wanted: Wanted) -> Effort:
    """The figures of what is wanted."""
    root = run.desk.root
    day = present(run).replace(hour=0, minute=0, second=0, microsecond=0)
    return run.desk.ask(_effort, run.scope, edition_of_state(root), wanted, (str(root), own_cards(root), day))


def sets_of(run: Run) -> list[str]:
    """The evaluations that there are, the logs first where there are tasks in scope."""
    entered = {each.run_set for each in _runs(edition_of_state(run.desk.root))}
    return [*([LOGS] if run.desk.ask(_tasks, run.scope) else []), *sorted(entered)]


def kinds_in_logs(run: Run) -> list[str]:
    """The kinds of work in the logs, the one with the most judged tasks first."""
    return list(effort_for(run, Wanted(sets=(LOGS,))).kinds)


def runs_entered(run: Run) -> list[EvalRun]:
    """Every run that was loaded."""
    return _runs(edition_of_state(run.desk.root))


def offers_of(run: Run, plan: Plan, models: tuple[str, ...]) -> list[Offer]:
    """What a plan costs on each seller."""
    at = present(run).replace(minute=0, second=0, microsecond=0)
    return _offers(plan, models, str(run.desk.root), own_cards(run.desk.root), at)


def _effort(
    reader: Reader, scope: Scope, edition: Edition, wanted: Wanted, prices: tuple[str, Cards, datetime]
) -> Effort:
    outcomes = outcomes_beside(reader, _outcomes(edition))
    return effort_of(Material(_tasks(reader, scope), outcomes, _runs(edition)), wanted, Path(prices[0]), prices[2])


def _tasks(reader: Reader, scope: Scope) -> list[EffortTask]:
    return effort_tasks(reader, scope)


@st.cache_data(max_entries=2, show_spinner=False)
def _outcomes(edition: Edition) -> list[Entered]:
    return list_outcomes(Path(edition[0]), tell=silent)


@st.cache_data(max_entries=2, show_spinner=False)
def _runs(edition: Edition) -> list[EvalRun]:
    return list_eval_runs(Path(edition[0]), tell=silent)


@st.cache_data(max_entries=20, show_spinner=False)
def _offers(plan: Plan, models: tuple[str, ...], root: str, cards: Cards, at: datetime) -> list[Offer]:
    return offers(plan, models, Path(root), at)
