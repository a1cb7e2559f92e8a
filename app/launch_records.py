"""A plan's inputs from the records: which records, which sums make which input, and why some cannot be said."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from app.figures import share, things
from app.launch_measured import Filled, Measured
from planning.guess import SHARE, Bounds, Guess
from planning.launch_lengths import FIELDS, Lengths
from planning.launch_measured import length_guesses, noise_of, ratio_of, summed, weekend_of
from planning.launch_plan import LaunchPlan, Traffic
from warehouse.connection import Reader
from warehouse.launch_records import LaunchRecords, PlaceDay, TrafficDay, launch_records
from warehouse.scope import Scope
from warehouse.traffic import traffic_span

NEARLY_ALL = 0.95
"""Of the calls so many have to name a user, a session or a task, else nothing is said of them."""
FEWEST_CALLS = 20
"""Fewer say nothing of how long calls are."""
DAY = timedelta(days=1)


def scope_of(traffic: Traffic, since: date | None = None, until: date | None = None) -> Scope:
    """The calls that a plan names, as a scope."""
    named = traffic.model_dump(exclude_none=True)
    return Scope(since, until, tuple((name, (value,)) for name, value in sorted(named.items())))


def measure(reader: Reader, plan: LaunchPlan, today: date) -> Measured:
    """What the warehouse says of a plan's inputs, by the calls that ``measured_from`` names."""
    span = traffic_span(reader, today)
    if span.begun is None or span.first is None:
        return Measured({}, {}, 0, None, None, None, ())
    until = max(span.begun - DAY, span.first)
    since = max(until - (plan.measured_days - 1) * DAY, span.first)
    records = launch_records(reader, scope_of(plan.measured_from, since, until), list(plan.kinds))
    lengths = {name: found for name in plan.kinds if (found := _lengths(records, name)) is not None}
    calls = sum(day.calls for day in records.days)
    told = f"{things(calls, 'call')}, {since} to {until}"
    guesses = {name: guess for name, guess in _guesses(plan, records, told) if guess is not None}
    for kind, found in lengths.items():
        of_kind = f"{things(len(found.input), 'call')} of {told}"
        said = length_guesses(kind, found, of_kind)
        guesses |= {f"kinds.{kind}.{field}": said[field] for field in found.fields}
    filled = {name: Filled(name, guess) for name, guess in guesses.items()}
    return Measured(
        filled, lengths, calls, since, until, span.data_through, _notes(records, calls), _missing(records, calls)
    )


def _lengths(records: LaunchRecords, kind: str) -> Lengths | None:
    calls = [call for call in records.lengths if call.kind == kind]
    if len(calls) < FEWEST_CALLS:
        return None
    rows = [(call.taken, call.cached or 0, call.output) for call in calls]
    told = sum(call.cached is not None for call in calls)
    taken, cached, output = np.array(rows, dtype=np.int64).T
    return Lengths(taken, cached, output, FIELDS if _nearly(told, len(calls)) else FIELDS[:2])


def _guesses(plan: LaunchPlan, records: LaunchRecords, told: str) -> Iterator[tuple[str, Guess | None]]:
    days, calls = records.days, sum(day.calls for day in records.days)
    sessions = [(day.day, float(day.tasks), float(day.sessions)) for day in days]
    if _nearly(sum(day.with_session for day in days), calls):
        yield "tasks", ratio_of("tasks", summed(sessions), Bounds(), told)
        if _nearly(sum(day.with_user for day in days), calls):
            users = ((day.day, float(day.sessions), float(day.users)) for day in days)
            yield "sessions", ratio_of("sessions", summed(users), Bounds(), told)
    tasks = _each_day(days)
    yield "weekend", weekend_of(tasks, told)
    yield "day_noise", noise_of(tasks, told)
    for kind in plan.kinds:
        yield from _of_kind(kind, records, told)
    yield from _of_places(plan, records.places, told)


def _each_day(days: list[TrafficDay]) -> dict[date, float]:
    """Tasks of every day from the first to the last: on a day without a call there were none."""
    if not days:
        return {}
    first, last = min(day.day for day in days), max(day.day for day in days)
    found = {first + number * DAY: 0.0 for number in range((last - first).days + 1)}
    return found | {day.day: float(day.tasks) for day in days}


def _of_kind(kind: str, records: LaunchRecords, told: str) -> Iterator[tuple[str, Guess | None]]:
    rows = [row for row in records.kinds if row.kind == kind]
    if not rows:
        return
    own = {row.day: row for row in rows}
    whole = summed((row.day, 0.0, float(row.tasks)) for row in records.kinds)
    shares = {day: (float(own[day].tasks) if day in own else 0.0, count) for day, (_, count) in whole.items()}
    place = f"kinds.{kind}"
    yield f"{place}.share", ratio_of(f"{place}.share", shares, SHARE, told)
    calls = {row.day: float(row.failed if kind == "failure" else row.answered) for row in rows}
    steps = {row.day: (calls[row.day], float(row.tasks)) for row in rows}
    yield f"{place}.steps", ratio_of(f"{place}.steps", steps, Bounds(1), told)
    charged = {row.day: (float(row.failed_charged), calls[row.day]) for row in rows}
    if kind == "failure":
        yield f"{place}.charged", ratio_of(f"{place}.charged", charged, SHARE, told)
    else:
        yield f"{place}.retries", ratio_of(f"{place}.retries", charged, Bounds(), told)


def _of_places(plan: LaunchPlan, places: list[PlaceDay], told: str) -> Iterator[tuple[str, Guess | None]]:
    routes = [(route.seller, route.model, route.tier) for route in plan.routes]
    routed = [row for row in places if row[1:4] in routes]
    for number, route in enumerate(routes, 1):
        name = f"routes.{number}.share"
        yield name, _share(name, [row for row in routed if row[1:4] == route], routed, told)
    if plan.escalation is not None:
        larger = (plan.escalation.seller, plan.escalation.model, plan.escalation.tier)
        escalated = [row for row in places if row[1:4] == larger and larger not in routes]
        yield "escalation.share", _share("escalation.share", escalated, routed + escalated, told)
    tiers = [row for row in places if row.effort in plan.effort]
    for effort in plan.effort:
        name, own = f"effort.{effort}", [row for row in tiers if row.effort == effort]
        yield f"{name}.share", _share(f"{name}.share", own, tiers, told)
        for field in ("input", "output"):
            yield f"{name}.{field}", _factor(f"{name}.{field}", own, tiers, told)


def _share(name: str, own: list[PlaceDay], among: list[PlaceDay], told: str) -> Guess | None:
    """The share of calls that went there; None where none did: it may be that they never could."""
    pairs = [(row.day, float(row.calls), 0.0) for row in own] + [(row.day, 0.0, float(row.calls)) for row in among]
    return ratio_of(name, summed(pairs), SHARE, told) if own else None


def _factor(name: str, own: list[PlaceDay], tiers: list[PlaceDay], told: str) -> Guess | None:
    """Tokens per call of a tier, as a factor of those per call of all tiers."""
    column = "taken" if name.endswith(".input") else "output"
    tokens, calls = (float(sum(getattr(row, each) for row in tiers)) for each in (column, "calls"))
    if not tokens:
        return None
    pairs = ((row.day, getattr(row, column) * calls / tokens, float(row.calls)) for row in own)
    return ratio_of(name, summed(pairs), Bounds(), told)


def _notes(records: LaunchRecords, calls: int) -> tuple[str, ...]:
    notes = []
    named = sum(day.with_task for day in records.days)
    if calls and not _nearly(named, calls):
        told = f"{named:,} of {things(calls, 'measured call')} name a task"
        notes.append(f"{told}: each other call is taken for a task of its own.")
    if written := sum(row.written for row in records.kinds):
        part = share(written, sum(row.taken for row in records.kinds))
        notes.append(
            f"{part} of the measured input tokens were written to a cache: here they cost what plain input does."
        )
    return tuple(notes)


def _missing(records: LaunchRecords, calls: int) -> dict[str, str]:
    """Why tasks per session, sessions per user or a cache share cannot be told."""
    named = {
        "session": sum(day.with_session for day in records.days),
        "user": sum(day.with_user for day in records.days),
    }
    why = {what: f"{count:,} of {things(calls, 'call')} name a {what}" for what, count in named.items()}
    found = {}
    for name, needed in (("tasks", ("session",)), ("sessions", ("session", "user"))):
        rare = [why[what] for what in needed if not _nearly(named[what], calls)]
        if rare:
            found[name] = rare[0]
    for kind in sorted({call.kind for call in records.lengths}):
        told = [call.cached is not None for call in records.lengths if call.kind == kind]
        if not _nearly(sum(told), len(told)):
            found[f"kinds.{kind}.cache_share"] = f"{sum(told):,} of {things(len(told), 'call')} tell cached tokens"
    return found


def _nearly(part: int, whole: int) -> bool:
    return whole > 0 and part >= NEARLY_ALL * whole


__all__ = ["measure", "scope_of"]
