"""What the page of tasks asks beside the list: read once per state of the traffic and of the outcomes entered."""

from pathlib import Path

import streamlit as st

from analysis.tasks import Group
from app.components.entered import Edition, edition_of_state
from app.components.page import Run
from app.task_evidence import Dear, Grouped, Outcomes, Steps, read_dear, read_groups, read_steps, read_whole
from app.task_sides import Side, read_side
from warehouse.connection import Reader, silent
from warehouse.outcomes import Entered, list_outcomes, outcomes_beside
from warehouse.scope import Scope


def whole_of(run: Run) -> Group:
    """All tasks in scope together."""
    return run.desk.ask(_whole, run.scope, edition_of_state(run.desk.root))


def groups_of(run: Run, by: str) -> Grouped:
    """The tasks in scope by model, team or kind."""
    return run.desk.ask(_groups, run.scope, edition_of_state(run.desk.root), by)


def steps_of(run: Run) -> Steps:
    """Where the money of the tasks in scope goes."""
    return run.desk.ask(read_steps, run.scope)


def dear_of(run: Run) -> Dear:
    """The outliers and the dearest calls."""
    return run.desk.ask(_dear, run.scope, edition_of_state(run.desk.root))


def side_of(run: Run, task: str) -> Side | None:
    """One task, to be seen beside another."""
    return run.desk.ask(_side, task, edition_of_state(run.desk.root))


def _whole(reader: Reader, scope: Scope, edition: Edition) -> Group:
    return read_whole(reader, scope, _outcomes(reader, edition))


def _groups(reader: Reader, scope: Scope, edition: Edition, by: str) -> Grouped:
    return read_groups(reader, scope, _outcomes(reader, edition), by)


def _dear(reader: Reader, scope: Scope, edition: Edition) -> Dear:
    return read_dear(reader, scope, _outcomes(reader, edition))


def _side(reader: Reader, task: str, edition: Edition) -> Side | None:
    return read_side(reader, task, _outcomes(reader, edition))


def _outcomes(reader: Reader, edition: Edition) -> Outcomes:
    return outcomes_beside(reader, _entered(edition))


@st.cache_data(max_entries=2, show_spinner=False)
def _entered(edition: Edition) -> list[Entered]:
    return list_outcomes(Path(edition[0]), tell=silent)
