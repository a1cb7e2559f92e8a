"""Reports that are written on schedule: what comes next, what was written last, and how to add one."""

import shlex
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from app.components.entered import Edition, edition_of_state
from app.components.filters import today_of
from app.components.formats import day, literal
from app.components.page import Run
from app.components.tables import show_frame
from app.report_due import Data, Found, State, find_due, next_of
from app.report_kinds import KINDS, Wanted, schedule_arguments_of
from app.report_outdated import find_outdated
from app.report_schedule import plan_of, shown_path
from pricing.books import Closing
from warehouse.connection import silent
from warehouse.month_close import list_closings
from warehouse.report_schedule import Done, Schedule, list_done, list_schedules
from warehouse.traffic import traffic_span

STATES: dict[State, str] = {
    "due": "due now",
    "waiting": "waits for calls after its end",
    "not over": "when it is over",
}
SENT = {"pending": "waits to be sent", "sent": "sent"}


def show_scheduled(run: Run, wanted: Wanted | None) -> None:
    """Every schedule with the period that comes next and the one written last; how to add what is chosen above."""
    schedules, done = _entered(edition_of_state(run.desk.root))
    st.header("Written on schedule")
    if schedules:
        _show_table(run, schedules, done)
        _show_outdated(run, schedules, done)
        st.caption("`tollbook report --due`, run by cron, writes what is due and sends it.")
    else:
        st.caption("Nothing is written by itself yet. Schedule it on the command line; cron runs the second line.")
    if wanted is None:
        return
    with st.expander("Schedule what is chosen above", icon=":material/schedule:", expanded=not schedules):
        command = shlex.join(["tollbook", *schedule_arguments_of(wanted)])
        st.code(f"{command} --to=DIR NAME\ntollbook report --due", language=None, wrap_lines=True)
        st.caption(" ".join(_explained(wanted)))


def _explained(wanted: Wanted) -> list[str]:
    """What a person has to fill in or may change, in sentences."""
    said = ["NAME is what it is called, DIR the folder for its files."]
    if not KINDS[wanted.kind].monthly:
        said.append("Each month is written once; `--every=week` and `--every=day` take shorter periods.")
    return [*said, *(["A schedule writes the statements of every team."] if wanted.team else [])]


def _show_table(run: Run, schedules: Sequence[Schedule], done: Sequence[Done]) -> None:
    today = today_of(run.choices)
    span = run.desk.ask(traffic_span, today)
    found = find_due(schedules, done, Data(today, span.first, span.begun, span.data_through))
    rows = [_row(each, found, [one for one in done if one.number == each.number], run) for each in schedules]
    show_frame(pd.DataFrame(rows), hide_index=True, alt="Scheduled reports, and when each is due")


def _show_outdated(run: Run, schedules: Sequence[Schedule], done: Sequence[Done]) -> None:
    """Files of months that were reopened, closed anew or closed since they were written."""
    for each in find_outdated(schedules, done, _closings(edition_of_state(run.desk.root))):
        said = literal(f"{each.plan.name}, {each.done.period}: its files are outdated, {each.why}.")
        st.warning(f"{said} To write them again:  \n`{each.command}`", icon=":material/history:")


def _row(each: Schedule, found: Found, done: Sequence[Done], run: Run) -> dict[str, str]:
    plan = plan_of(each.document)
    period, state = next_of(each, found, today_of(run.choices))
    last = done[-1] if done else None
    options = (f"{name} {value}" for name, values in plan.options for value in values)
    return {
        "Name": plan.name,
        "What": f"{plan.title[:1].upper()}{plan.title[1:]}",
        "Every": plan.every,
        "Next": f"{period.name}, {STATES[state]}",
        "Last written": _last(last) if last else "None yet",
        "Formats": ", ".join(plan.formats),
        "Only": ", ".join(options),
        "Into": shown_path(plan.folder),
    }


def _last(done: Done) -> str:
    if not done.files:
        return f"{done.period}: no call, nothing to write"
    sent = "" if done.delivery == "not asked" else f", {SENT[done.delivery]}"
    return f"{done.period}, on {day(done.written_at.date())}{sent}"


@st.cache_data(max_entries=10, show_spinner=False)
def _closings(edition: Edition) -> list[Closing]:
    return list_closings(Path(edition[0]), tell=silent)


@st.cache_data(max_entries=10, show_spinner=False)
def _entered(edition: Edition) -> tuple[list[Schedule], list[Done]]:
    root = Path(edition[0])
    return list_schedules(root, tell=silent), list_done(root, tell=silent)
