"""What a report says of where its period, or the month in progress, and the next month end."""

from datetime import date, datetime
from pathlib import Path

from app.commands.forecast_figures import percent
from app.commands.forecast_tables import change_text
from app.figures import instant, things
from app.forecasts import scores_of, too_far
from app.outlook import Outlook, project_basis, read_basis, read_events
from planning.glance import Period, glance, month_after, month_of, quarter_of
from reports.asked import Asked
from reports.forward_parts import Ends, Projected
from warehouse.connection import open_reader
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.rates import compile_rates, read_cards
from warehouse.recurring import billing_day
from warehouse.traffic import zone_of

NAMED_CHANGES = 5
"""Rates to come that are named; the rest is counted."""


def read_projection(root: Path, asked: Asked, now: datetime, *, tell: Tell) -> Projected:
    """Project the traffic in scope, whenever the report's days are; raises WarehouseError where nothing was loaded."""
    scope = asked.scope._replace(since=None, until=None)
    events = read_events(root, tell=tell)
    with open_reader(root, tell=tell) as reader:
        basis = read_basis(reader, billing_day(now, zone_of(reader)), scope)._replace(events=events)
    rates = compile_rates(read_cards(Folder(root)), {row.seller for row in basis.days})
    begun = basis.span.begun
    assert begun is not None  # the reader made sure
    periods, about = periods_of(asked, begun)
    found = project_basis(basis, rates, now, until=periods[-1].last, kinds=())
    courses = tuple(found.of())
    ends = tuple(Ends(period, tuple(glance(course, period) for course in courses)) for period in periods)
    scores = {course.currency: tuple(scores_of(found, course.group, course.currency)) for course in courses}
    return Projected(about, ends, courses, scores, tuple(_notes(found, periods[-1].last)))


def periods_of(asked: Asked, begun: date) -> tuple[tuple[Period, ...], str]:
    """The periods that are projected, and why these; ``begun`` is the first day whose data is not whole.

    A forecast of what is over is not made up afterwards: the month in progress stands in its place.
    """
    own = _own_period(asked)
    if too_far(own, begun) is None:
        nearest, about = own, f"Where {own.name} ends, and the month after it, from data before {begun}."
    else:
        nearest = month_of(begun)
        why = "is over" if own.last < begun else "lies too far ahead"
        about = f"{asked.name} {why}: here is where {nearest.name}, the month in progress, and the month after it end."
    after = month_after(nearest)
    return (nearest, after) if too_far(after, begun) is None else (nearest,), about


def _own_period(asked: Asked) -> Period:
    days = (asked.first, asked.last)
    for named in (month_of(asked.first), quarter_of(asked.first)):
        if days == named[1:]:
            return named
    return Period(asked.name, *days)


def _notes(found: Outlook, last: date) -> list[str]:
    """What the figures rest on, and what is in none of them."""
    days = f"From {things(found.history_days, 'whole day')} of data, {found.since} to {found.through}"
    whole = days if found.history_days else "There is no whole day of data yet"
    notes = [f"{whole}; data through {instant(found.data_through)}."]
    if (found.today - found.through).days > 2:
        notes.append(f"Today is {found.today}: the days since then are projected, too, until their logs are loaded.")
    if found.later:
        notes.append(f"{things(found.later, 'call')} of days to come, by a clock that is wrong: in no figure here.")
    notes += [
        f"Event {event.event_id}: {event.kind} of {event.about}, {event.days}."
        for event in found.events
        if event.state == "confirmed"
    ]
    changes = found.changes_through(last)
    notes += [change_text(change) for change in changes[:NAMED_CHANGES]]
    if len(changes) > NAMED_CHANGES:
        notes.append(f"And {things(len(changes) - NAMED_CHANGES, 'more rate')} that begin or end by {last}.")
    if unpriced := max((course.unpriced for course in found.of()), default=0.0):
        notes.append(f"{percent(unpriced)} of the projected calls have no rate; their cost is in no figure.")
    return notes
