"""``tollbook forecast``: where the month ends, how sure that is, and what it rests on."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.entered import AsJson, day_of, one_of
from app.commands.forecast_tables import Told, as_json_object, print_forecast
from app.present import present_of, today_of
from app.session import Session, UserMistake, print_json, session_of

if TYPE_CHECKING:
    from app.forecasts import Forecast
    from planning.backtest import Score
    from planning.course import Group
    from planning.glance import Period

DIMENSIONS = ("model", "team", "seller")
MOST_TESTED = 12
"""Groups whose backtest is shown, the dearest."""


def forecast(
    context: typer.Context,
    by: Annotated[
        str | None, typer.Option(metavar="DIMENSION", help=f"Each {', '.join(DIMENSIONS)} by itself, too.")
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="MONTH", help="A month, as in 2026-12. [default: this month]")
    ] = None,
    quarter: Annotated[bool, typer.Option("--quarter", help="This calendar quarter in its place.")] = False,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Or the days from the newest data on, until this one.")
    ] = None,
    with_backtest: Annotated[
        bool, typer.Option("--backtest", help="How well it would have done on its own past.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Where the month ends, how sure that is, and what it rests on.

    Projected is the middle: half of what may come ends below it. 80% of what may come ends within the band.
    Amounts are at the dated rates, those announced for later included.
    """
    session = session_of(context)
    dimension = one_of("--by", by, DIMENSIONS) if by else None
    if sum(map(bool, (month, quarter, until))) > 1:
        raise UserMistake("give one of --month, --quarter and --until")
    found, told = _found(session, (month, quarter, until), dimension)
    scores = _scores(found) if with_backtest else {}
    if as_json:
        print_json(as_json_object(found, told, scores))
    else:
        print_forecast(found, told, scores)


def _found(session: Session, asked: tuple[str | None, bool, str | None], by: str | None) -> "tuple[Forecast, Told]":
    from app.commands.cost import demo_notes
    from app.forecasts import forecast_of, too_far
    from planning.proposals import propose
    from warehouse.connection import open_reader
    from warehouse.traffic import traffic_span

    with open_reader(session.warehouse, tell=session.tell) as reader:
        now, notes = present_of(session, reader), demo_notes(reader)
        span = traffic_span(reader, today_of(session, reader))
    period = _period(asked, span.begun, now, span.zone)
    if span.begun and (why := too_far(period, span.begun)):
        raise UserMistake(why)
    found = forecast_of(session.warehouse, now, period, by, tell=session.tell)
    waiting = len(propose(found.outlook.traffic, found.outlook.events))
    return found, Told(waiting, notes)


def _period(asked: tuple[str | None, bool, str | None], begun: date | None, now: datetime, zone: str) -> "Period":
    """The days asked for; raises UserMistake."""
    from planning.glance import Period, month_of, quarter_of
    from warehouse.recurring import billing_day

    month, quarter, until = asked
    today = billing_day(now, zone)
    if until:
        first, last = begun or today, day_of("--until", until)
        if last < first:
            raise UserMistake(f"--until: {last} is before the first day to forecast, {first}")
        return Period(f"{first} to {last}", first, last)
    if quarter:
        return quarter_of(today)
    return month_of(_month(month) if month else today)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UserMistake(f"--month: {text!r} is no month; write it as in 2026-12") from None


def _scores(found: "Forecast") -> "dict[tuple[Group, str], list[Score]]":
    """The backtests of what is shown, the dearest groups."""
    from app.forecasts import scores_of

    shown = [*found.total, *sorted(found.groups, key=lambda each: -each.middle)[:MOST_TESTED]]
    return {(each.group, each.currency): scores_of(found.outlook, each.group, each.currency) for each in shown}
