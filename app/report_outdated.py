"""Files that were written on schedule, of months that the books have otherwise since: reopened, closed anew, closed."""

import shlex
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from app.periods import period_of
from app.report_runs import measured
from app.report_schedule import Plan, plan_of
from pricing.books import Closing, month_of
from warehouse.report_schedule import Done, Schedule

SAYS_STATE = ("procurement", "chargeback")
"""Kinds that say on their cover whether the month is closed: once it is, those of before say it wrong."""


class Outdated(NamedTuple):
    """One period of a schedule whose files say of a month what it says no more."""

    plan: Plan
    done: Done
    why: str
    """What became of the month, after the name of the files' period."""

    @property
    def command(self) -> str:
        """What writes the files again, into the same place."""
        return shlex.join(["tollbook", *self.plan.command(period_of(self.done.period), self.plan.folder)])


def find_outdated(
    schedules: Sequence[Schedule], done: Sequence[Done], closings: Sequence[Closing]
) -> tuple[Outdated, ...]:
    """In the order in which they were written; what somebody wrote again by hand is not among them."""
    plans = {each.number: plan_of(each.document) for each in schedules}
    found = []
    for each in done:
        plan = plans.get(each.number)
        if plan and each.files and (why := _why(plan, each, closings)) and not _is_rewritten(each):
            found.append(Outdated(plan, each, why))
    return tuple(found)


def _why(plan: Plan, done: Done, closings: Sequence[Closing]) -> str:
    return "; ".join(
        said
        for month in sorted({each.month for each in closings})
        if month_of(done.first) <= month <= done.last
        and (said := _said_of(month, [each for each in closings if each.month == month], plan, done))
    )


def _said_of(month: date, closings: Iterable[Closing], plan: Plan, done: Done) -> str:
    """What became of a month since; empty where it is as it was."""
    closings = list(closings)
    then, now = _at(closings, done.written_at), _at(closings, None)
    if (then and then.closing_id) == (now and now.closing_id):
        return ""
    name = f"{month:%Y-%m}"
    if then is None:
        says_so = plan.kind in SAYS_STATE and f"{month:%Y-%m}" == done.period
        return f"{name} was open then, and closed on {now.closed_at:%Y-%m-%d}" if now and says_so else ""
    reopened = f"{name} was reopened on {then.reopened_at:%Y-%m-%d}"
    return f"{reopened} and closed anew on {now.closed_at:%Y-%m-%d}" if now else f"{reopened} and is open"


def _at(closings: Iterable[Closing], at: datetime | None) -> Closing | None:
    """The closing that was in force at an instant; None as the instant: now."""
    for each in closings:
        if at is None and each.reopened_at is None:
            return each
        if at is not None and each.closed_at <= at and (each.reopened_at is None or each.reopened_at > at):
            return each
    return None


def _is_rewritten(done: Done) -> bool:
    """Whether other files stand in their places."""
    paths = [Path(each.path) for each in done.files]
    if not all(path.is_file() for path in paths):
        return False
    return any(measured(path) != each for path, each in zip(paths, done.files, strict=True))
