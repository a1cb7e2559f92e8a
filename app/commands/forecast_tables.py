"""A forecast as a table for people, with notes on what it rests on; and as one object for programs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from app.commands.forecast_figures import amount, as_object, band, percent
from app.figures import instant, things
from app.session import plain_table, print_table
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.forecasts import Forecast
    from planning.backtest import Score, Trial
    from planning.course import Group, LeftOut
    from planning.glance import Glance
    from planning.prices import Change

    Scores = Mapping[tuple[Group, str], Sequence[Score]]

NAMED = 5
"""Parts without a forecast named in a note; the rest is counted."""


class Told(NamedTuple):
    """What is said beside a forecast."""

    proposals: int
    """How many wait for an answer."""
    demo: list[str]


def print_forecast(found: "Forecast", told: Told, scores: "Scores") -> None:
    """The figures, how good the method was, and what they rest on."""
    table = plain_table()
    by = found.groups[0].group.kind if found.groups else None
    for head in (*([by] if by else []), "currency"):
        table.add_column(head, overflow="fold")
    for head in ("spent so far", "projected", "80% band", "run-rate", "period before", "chance of more"):
        table.add_column(head, justify="right", no_wrap=True)
    for each in found.groups:
        table.add_row(each.group.name, *_cells(each))
    for each in found.total:
        table.add_row(*(["total"] if by else []), *_cells(each), style="bold" if by else None)
    days = f"{found.period.first} to {found.period.last}"
    print_table(plain_table(), days if found.period.name == days else f"{found.period.name}, {days}")
    print_table(table, spare=("chance of more", "run-rate"))
    for (group, currency), held in scores.items():
        _print_scores(group, currency, held)
    print_table(plain_table(), *notes_on(found, told))


def _cells(each: "Glance") -> list[str]:
    before = amount(each.before) + ("" if each.before_is_whole or each.before is None else " *")
    return [
        each.currency,
        amount(each.spent),
        amount(each.middle),
        band(each),
        amount(each.run_rate),
        before,
        percent(each.above_before),
    ]


def notes_on(found: "Forecast", told: Told) -> list[str]:
    """What the figures rest on, and what one should know of them."""
    outlook = found.outlook
    days = f"From {things(outlook.history_days, 'whole day')} of data, {outlook.since} to {outlook.through}"
    whole = days if outlook.history_days else "There is no whole day of data yet"
    notes = [f"{whole}; data through {instant(outlook.data_through)}."]
    if outlook.later:
        notes.append(
            f"{things(outlook.later, 'call')} of days to come, up to {outlook.latest}, by a clock that is wrong: "
            "in no figure here. tollbook cost --by source,day shows whose."
        )
    if (outlook.today - outlook.through).days > 2:
        notes.append(f"Today is {outlook.today}: the days since then are projected, too, until their logs are loaded.")
    notes += [f"Event {event.event_id}: {event.kind} of {event.about}, {event.days}." for event in found.events]
    if told.proposals:
        notes.append(f"{things(told.proposals, 'proposal')} of events to confirm or dismiss: tollbook event propose.")
    notes += [change_text(change) for change in outlook.changes_through(found.period.last)]
    courses = found.courses()
    if not courses:
        notes.append("Nothing of it has a price, so there is no amount to forecast: tollbook rates unpriced.")
    unpriced = max((course.unpriced for course in courses), default=0.0)
    if unpriced:
        notes.append(f"{percent(unpriced)} of the projected calls have no rate; their cost is in no figure.")
    for course in courses:
        cells = course.left_out_within(found.period.first, found.period.last)
        notes += left_out_notes(cells, course.currency)
    partial = [each for each in (*found.total, *found.groups) if each.before is not None and not each.before_is_whole]
    if partial:
        notes.append("* The data holds only a part of the period before.")
    return [*notes, *told.demo]


def change_text(change: "Change") -> str:
    """``From 2026-12-01T00:00:00Z another rate of novita for MODEL: 0.08 ...``."""
    if change.rate is None:
        return f"From {instant(change.at)} no rate is known of {change.seller} for {change.model}."
    source = f" ({change.rate.source}, checked {change.rate.checked})"
    return f"From {instant(change.at)} another rate of {change.seller} for {change.model}{source}."


def left_out_notes(cells: "Sequence[LeftOut]", currency: str) -> list[str]:
    """Parts of the traffic that cannot be forecast, why, and what is assumed of them instead."""
    held = sorted(cells, key=lambda each: -each.nano)
    notes = [
        f"No forecast of {_cell(each)}: {each.why.rstrip('.')}. It is taken to go on as in its last days: "
        f"{amount(each.nano * 1000)} {currency}."
        for each in held[:NAMED]
    ]
    rest = sum(each.nano for each in held[NAMED:])
    if len(held) > NAMED:
        notes.append(f"And {len(held) - NAMED} more parts without a forecast: {amount(rest * 1000)} {currency}.")
    return notes


def _cell(each: "LeftOut") -> str:
    return " · ".join(name or "no name" for name in each.cell)


def _print_scores(group: "Group", currency: str, scores: "Sequence[Score]") -> None:
    table = plain_table()
    for head in ("backtest", "forecasts", "error", "run-rate's", "period before's", "in 80% band"):
        table.add_column(head, justify="left" if head == "backtest" else "right", no_wrap=True)
    short = []
    for score in scores:
        if score.why_not:
            short.append(f"{score.horizon}: {score.why_not}.")
            continue
        inside = f"{score.covered} of {len(score.trials)}"
        errors = (percent(each) for each in (score.error, score.run_rate, score.last_period))
        table.add_row(score.horizon, str(len(score.trials)), *errors, inside)
    name = f"{group.kind} {group.name}" if group.name else "all traffic"
    head = f"Backtest of {name} in {currency}, at today's rates: median error of the total"
    print_table(plain_table(), "", head)
    print_table(table, *short)


def as_json_object(found: "Forecast", told: Told, scores: "Scores") -> dict[str, Any]:
    """A forecast as JSON has it."""
    outlook = found.outlook
    answer: dict[str, Any] = {
        "period": {"name": found.period.name, "first": str(found.period.first), "last": str(found.period.last)},
        "rows": [as_object(each) for each in found.groups],
        "total": [as_object(each) for each in found.total],
        "data_through": instant(outlook.data_through),
        "today": str(outlook.today),
        "calls_of_days_to_come": outlook.later,
        "history": {"first": str(outlook.since), "last": str(outlook.through), "days": outlook.history_days},
        "events": [event.event_id for event in found.events],
        "proposals": told.proposals,
        "rate_changes": [_change(change) for change in outlook.changes_through(found.period.last)],
        "unpriced_share": max((course.unpriced for course in found.courses()), default=0.0),
        "without_forecast": [
            {**each.cell._asdict(), "why": each.why, "currency": course.currency, "assumed": _nano(each.nano)}
            for course in found.courses()
            for each in course.left_out_within(found.period.first, found.period.last)
        ],
        "demo": bool(told.demo),
    }
    if scores:
        answer["backtest"] = [
            _score(group, currency, score) for (group, currency), held in scores.items() for score in held
        ]
    return answer


def _change(change: "Change") -> dict[str, Any]:
    return {
        "at": instant(change.at),
        "seller": change.seller,
        "model": change.model,
        "source": change.rate.source if change.rate else None,
    }


def _score(group: "Group", currency: str, score: "Score") -> dict[str, Any]:
    return {
        "group": group.kind,
        "name": group.name or None,
        "currency": currency,
        "horizon": score.horizon,
        "forecasts": len(score.trials),
        "covered": score.covered,
        "median_error": score.error,
        "median_error_run_rate": score.run_rate,
        "median_error_last_period": score.last_period,
        "why_not": score.why_not,
        "trials": [_trial(trial) for trial in score.trials],
    }


def _trial(trial: "Trial") -> dict[str, Any]:
    days = {name: str(getattr(trial, name)) for name in ("as_of", "first", "last")}
    names = ("actual", "low", "middle", "high", "run_rate", "last_period")
    return {**days, **{name: _nano(getattr(trial, name)) for name in names}}


def _nano(nano: int | None) -> str | None:
    return None if nano is None else format_pico(nano * 1000)
