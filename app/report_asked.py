"""What a report is asked for: from what a person typed or chose to a question that can be answered."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from app.commands.conversion import rates_for, target_of
from app.commands.cost import scope_of
from app.periods import Period, last_whole_month, month_of, period_of
from app.present import present_of, today_of
from app.session import Session, UserMistake

if TYPE_CHECKING:
    from reports.asked import Asked
    from warehouse.connection import Reader
    from warehouse.scope import Scope
    from warehouse.traffic import Span


class Wanted(NamedTuple):
    """A report in the words of the command line."""

    period: str | None = None
    where: Sequence[str] = ()
    into: str | None = None
    scenarios: Sequence[str] = ()
    launch: str | None = None


class Question(NamedTuple):
    """What is asked, and the present that it is asked in."""

    asked: "Asked"
    period: Period
    now: datetime


def asked_of(session: Session, wanted: Wanted) -> Question:
    """The question that was meant; raises UserMistake where it is none, or no call answers it."""
    from reports.asked import Asked
    from warehouse.connection import open_reader
    from warehouse.traffic import traffic_span

    given = None if wanted.period is None else period_of(wanted.period)
    where = scope_of(None, None, wanted.where)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        today, now = today_of(session, reader), present_of(session, reader)
        span = traffic_span(reader, today)
        period = given or usual_period(span, today)
        scope = where._replace(since=period.first, until=period.last)
        _check_answered(session, reader, (period, scope, wanted.where), span, today)
        target = _target(session, reader, wanted.into, scope)
    asked = Asked(
        period.name,
        period.first,
        period.last,
        scope,
        target,
        _scenarios(session, wanted.scenarios),
        _launch(session, wanted.launch),
    )
    return Question(asked, period, now)


def usual_period(span: "Span", today: date) -> Period:
    """The last whole month with data; where there is none, the one under way."""
    if span.begun is None or span.first is None:
        raise UserMistake("no call was loaded: a report needs some; load a log with `tollbook ingest`")
    month = last_whole_month(today)
    if span.begun < month.first:
        return month_of(span.begun)
    return month_of(today) if span.first > month.last else month


def _check_answered(
    session: Session,
    reader: "Reader",
    asked: "tuple[Period, Scope, Sequence[str]]",
    span: "Span",
    today: date,
) -> None:
    """Refuse a period that has not begun, and one in which nothing cost anything; raises UserMistake."""
    from warehouse.charges import list_charges
    from warehouse.cost import coverage_of
    from warehouse.recurring import recurring_by

    period, scope, where = asked
    if period.first > today:
        raise UserMistake(f"{period.name} has not begun: today is {today}; tollbook forecast looks ahead")
    if coverage_of(reader, scope).requests:
        return
    if recurring_by(list_charges(session.warehouse, tell=session.tell), (), scope, today=today):
        return
    only = f" with {' and '.join(where)}" if where else ""
    there = f"; there are calls from {span.first} to {span.begun}" if span.first else ""
    raise UserMistake(f"nothing of {period.name}{only} is in the warehouse{there}")


def _target(session: Session, reader: "Reader", into: str | None, scope: "Scope") -> str | None:
    """The currency that figures are shown in; raises UserMistake where no rate of it is known."""
    from warehouse.cost import cost_by

    if (target := target_of(session, into)) is not None:
        rates_for(session, target, [row.currency for row in cost_by(reader, [], scope)])
    return target


def _scenarios(session: Session, names: Sequence[str]) -> tuple[str, ...]:
    """Saved scenarios by name; raises UserMistake."""
    if not names:
        return ()
    from app.saved_scenarios import pick
    from warehouse.scenarios import list_scenarios

    known = list_scenarios(session.warehouse, tell=session.tell)
    return tuple(dict.fromkeys(pick(known, name).name for name in names))


def _launch(session: Session, name: str | None) -> str | None:
    if name is None:
        return None
    from warehouse.launch_plans import get_launch_plan

    return get_launch_plan(session.warehouse, name, tell=session.tell).name
