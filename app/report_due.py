"""What is due: periods of schedules that are over and whose data is there, and were not written before."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from app.periods import Period
from app.report_schedule import Plan, plan_of
from warehouse.report_schedule import Done, Schedule

CAUGHT_UP = 12
"""Of a schedule, so many of the last periods are looked at: what was missed before is not made up for."""
LATE = timedelta(days=7)
"""A period that ended longer ago is written even where no call after its end is known."""

State = Literal["due", "waiting", "not over"]
"""How the period stands that a schedule writes next."""


class Data(NamedTuple):
    """From when to when the warehouse knows of calls, in billing days."""

    today: date
    first: date | None
    """Of the oldest call. None: there is none."""
    through: date | None
    """Of the newest one."""
    instant: datetime | None = None
    """The newest call's own time (naive UTC)."""


class Due(NamedTuple):
    """One period of one schedule that is to be written, or sent."""

    schedule: Schedule
    plan: Plan
    period: Period
    is_behind: bool
    """It ended long ago, and no call after its end is known: its data may not be whole."""
    done: Done | None = None
    """It was written already, and waits to be sent."""


class Waiting(NamedTuple):
    """A period that is over, and whose data is not there yet."""

    plan: Plan
    period: Period


class Found(NamedTuple):
    """What is to be done, and what is not, and why."""

    due: tuple[Due, ...]
    waiting: tuple[Waiting, ...]
    left_out: tuple[tuple[str, int], ...]
    """Schedules with how many of their periods were missed too long ago to be made up for."""


def find_due(schedules: Sequence[Schedule], done: Collection[Done], data: Data) -> Found:
    """What is due today, schedule by schedule, the oldest period first."""
    known = {(each.number, each.period): each for each in done}
    due, waiting, left_out = [], [], []
    for schedule in schedules:
        plan = plan_of(schedule.document)
        ended = [each for each in plan.ended(schedule.first_day, data.today) if data.first and each.last >= data.first]
        missed = sum((schedule.number, each.name) not in known for each in ended[:-CAUGHT_UP])
        if missed:
            left_out.append((plan.name, missed))
        for period in ended[-CAUGHT_UP:]:
            if _is_open(schedule, period, known):
                if is_there(period, data):
                    due.append(_due(schedule, plan, period, known, data))
                else:
                    waiting.append(Waiting(plan, period))
    return Found(tuple(due), tuple(waiting), tuple(left_out))


def next_of(schedule: Schedule, found: Found, today: date) -> tuple[Period, State]:
    """The period that a schedule writes next, and whether it is due, waits for data, or is not over."""
    plan = plan_of(schedule.document)
    due = [each.period for each in found.due if each.schedule.number == schedule.number]
    waiting = [each.period for each in found.waiting if each.plan.name == plan.name]
    if due or waiting:
        first = min([*due, *waiting], key=lambda each: each.first)
        return first, "due" if first in due else "waiting"
    return plan.period_at(max(today, schedule.first_day)), "not over"


def is_there(period: Period, data: Data) -> bool:
    """Whether a period's data may be taken for whole."""
    return _has_gone_on(period, data) or period.last + LATE < data.today


def _has_gone_on(period: Period, data: Data) -> bool:
    """Whether there are calls after its end: those before it are there, as logs are loaded in order of time."""
    return data.through is not None and data.through > period.last


def _is_open(schedule: Schedule, period: Period, known: Mapping[tuple[int, str], Done]) -> bool:
    was = known.get((schedule.number, period.name))
    return was is None or was.delivery == "pending"


def _due(schedule: Schedule, plan: Plan, period: Period, known: Mapping[tuple[int, str], Done], data: Data) -> Due:
    return Due(schedule, plan, period, not _has_gone_on(period, data), known.get((schedule.number, period.name)))
