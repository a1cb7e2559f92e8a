"""The check of what stopped sending: everything, a source, a seller or a team, each by its own rhythm."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from app.doctor import Check, Finding, Patient
from app.figures import instant, things

if TYPE_CHECKING:
    from datetime import date

    from analysis.stopped import Cell, Stopped
    from planning.events import Event
    from warehouse.traffic import Span

STOPPED = "stopped sending"
DAY = timedelta(days=1)
RARE = 1e-4
FRESH = 2
"""A source whose files were last loaded so many days after its newest call was being followed."""


def stopped_sending(patient: Patient) -> Iterator[Finding]:
    """Everything, or a source, seller or team, that is silent for longer than its own rhythm explains."""
    from analysis.stopped import FORGOTTEN, find_stopped
    from analysis.stopped import Cell as DayCell
    from warehouse.checkups import daily_calls, last_loads
    from warehouse.recurring import billing_day
    from warehouse.traffic import traffic_span, zone_of

    today = billing_day(patient.now, zone_of(patient.reader))
    span = traffic_span(patient.reader, today)
    if span.begun is None or (today - span.begun).days > FORGOTTEN:
        return
    cells = [DayCell(*row) for row in daily_calls(patient.reader, today - _look_back())]
    yield from _all_stopped(patient, span, cells, today)
    loads = {load.source: load.loaded_at.date() for load in last_loads(patient.reader)}
    for one in find_stopped(cells, span.begun - DAY):
        if one.kind == "source" and loads.get(one.name, one.last) > one.last + FRESH * DAY:
            continue
        if not any(_explains(event, one) for event in patient.known.events):
            yield _finding_of(one)


def _look_back() -> timedelta:
    from analysis.silence import LOOK_BACK

    return (LOOK_BACK + 7) * DAY


def _all_stopped(patient: Patient, span: "Span", cells: "Sequence[Cell]", today: "date") -> Iterator[Finding]:
    """Nothing at all since the newest call: by the hour where something loads by itself, else by whole days."""
    from analysis.silence import UNLIKELY
    from analysis.stopped import days_of_silence, hours_of_silence
    from warehouse.checkups import hourly_calls, last_loads

    assert span.data_through is not None
    looking = [watcher for watcher in patient.known.watchers if watcher.state == "looking"]
    days, chance = days_of_silence(cells, today)
    long = things(days, "whole day")
    if looking and chance > UNLIKELY:
        hours, chance = hours_of_silence(hourly_calls(patient.reader, patient.now - 120 * DAY), patient.now)
        long = things(hours, "whole hour")
    if chance > UNLIKELY:
        return
    loaded = max((load.loaded_at for load in last_loads(patient.reader)), default=span.data_through)
    is_followed = bool(looking)
    why = "logs are followed, and nothing new is in them" if is_followed else f"the last load was at {instant(loaded)}"
    yield Finding(
        STOPPED,
        f"no call at all since {instant(span.data_through)}, {long}: {_odds(chance)}; {why}",
        "look whether the gateway still writes its log, and where to"
        if is_followed
        else "load newer logs; `tollbook watch` loads them as they are written",
        needs_person=is_followed,
        page="imports",
    )


def _finding_of(one: "Stopped") -> Finding:
    is_source = one.kind == "source"
    fix = (
        "look whether it still logs, and whether its new logs are loaded"
        if is_source
        else "look whether its calls are logged; if it ended or moved on purpose, say so: "
        f"`tollbook event add ended --first {one.last + DAY} --{one.kind} {_quoted(one.name)}`"
    )
    return Finding(
        STOPPED,
        f"no call of {one.kind} {one.name} after {one.last}, {things(one.days, 'whole day')}, though others go on; "
        f"before it had {one.usual:,.0f} a day: {_odds(one.chance)}",
        fix,
        needs_person=is_source,
        page="imports",
    )


def _odds(chance: float) -> str:
    """``by its own rhythm a chance of 1 in 500``; one that is smaller than can be known is not told to the digit."""
    odds = f"1 in {round(1 / chance):,}" if chance > RARE else f"less than 1 in {round(1 / RARE):,}"
    return f"by its own rhythm a chance of {odds}"


def _quoted(name: str) -> str:
    from shlex import quote

    return quote(name)


def _explains(event: "Event", one: "Stopped") -> bool:
    """Whether people marked what happened, at about the time when the silence began."""
    if event.state != "confirmed" or one.kind == "source":
        return False
    own = event.seller if one.kind == "seller" else event.team
    near = event.first <= one.last + one.days * DAY and (event.last is None or event.last > one.last)
    return own in (None, one.name) and near and event.kind in ("ended", "migration", "outage")


STOPS = (Check((STOPPED,), stopped_sending),)
