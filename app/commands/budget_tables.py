"""How ``tollbook budget`` shows budgets: tables for people, objects for programs."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.budget_notes import at_most, behind_note, carry_note, data_line, pace_note, through_note, unpriced_note
from app.budget_words import (
    HELD,
    chance_text,
    changes_between,
    counted_text,
    form_lines,
    span_text,
)
from app.commands.forecast_tables import left_out_notes
from app.figures import instant, plain, rounded, things
from app.session import plain_table, print_json, print_table
from planning.budget_form import threshold_text
from planning.course import NANO_IN_PICO
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.budgets import Budgets, Stood
    from planning.standing import Mark
    from planning.variance import Bridge
    from warehouse.budgets import BudgetVersion

RIGHT = ("no.", "amount", "spent", "left", "projected", "80% band", "chance", "limit", "version")
NONE = "No budget was entered: tollbook budget add NAME --amount AMOUNT --currency CODE."

DEMO = "Demo data, made up: tollbook demo --remove takes them out."


def print_budgets(found: "Budgets", as_json: bool) -> None:
    """All at a glance, the worst first."""
    if as_json:
        print_json({"rows": [as_object(each) for each in found.stood], **_data(found)})
        return
    heads = ("no.", "budget", "period", "amount", "spent", "left", "projected", "80% band", "chance", "breaks", "state")
    table = _table(heads)
    for each in found.stood:
        table.add_row(*_cells(each))
    notes = [f"{data_line(found)}; the chance is that of exceeding the amount.", *_data_notes(found)]
    if any(each.unpriced_ahead for each in found.stood):
        notes.append("* Some of the projected calls have no rate; their cost is in no figure.")
    notes += [DEMO] if found.has_demo else []
    print_table(table, *(notes if found.stood else [NONE]), spare=("80% band", "left"))


def print_budget(found: "Budgets", as_json: bool) -> None:
    """The one budget that was asked for in detail."""
    (each,) = found.stood
    if as_json:
        print_json({"budget": as_object(each) | {"terms": each.entry.form}, **_data(found)})
        return
    table = _table(("", f"budget {each.entry.number}"))
    for name, value in [*form_lines(each.standing.budget), *_lines(each)]:
        table.add_row(name, value)
    print_table(table)
    marks = _table(("threshold", "limit", "chance", "crossed"))
    for mark in each.standing.marks:
        marks.add_row(*_mark_cells(mark, each))
    notes = [*_notes(each), f"{data_line(found)}.", *_data_notes(found)]
    print_table(marks, *notes, *([DEMO] if found.has_demo else []))


def print_history(versions: "Sequence[BudgetVersion]", as_json: bool) -> None:
    """Who changed what, and when."""
    if as_json:
        rows = [each._asdict() | {"changed_at": instant(each.changed_at)} for each in versions]
        print_json({"rows": rows})
        return
    table = _table(("version", "when", "who", "what", "field", "before", "after"))
    before: dict[str, Any] = {}
    for each in versions:
        changes = changes_between(before, each.form) if each.what != "removed" else []
        for place, change in enumerate(changes or [("", "", "")]):
            head = (str(each.version), str(instant(each.changed_at)), each.who, each.what) if not place else ("",) * 4
            table.add_row(*head, *change)
        before = each.form
    print_table(table)


def as_object(each: "Stood") -> dict[str, Any]:
    """Where a budget stands, as JSON has it: amounts as decimal strings, what is unknown null."""
    place = each.standing
    budget, breaks = place.budget, place.breaks
    band = place.projected
    return {
        "no": each.entry.number,
        "name": budget.name,
        "owner": budget.owner,
        "scope": {name: list(values) for name, values in budget.scope},
        "period": budget.period,
        "first": str(place.span.first),
        "last": place.span.last and str(place.span.last),
        "currency": budget.currency,
        "amount": format_pico(place.amount),
        "carried": format_pico(place.carried),
        "carry_open": place.carry_open,
        "carried_is_at_most": place.carry_open,
        "spent": format_pico(place.spent),
        "left": format_pico(place.left),
        "projected": band and {name: format_pico(pico) for name, pico in zip(("p10", "p50", "p90"), band, strict=True)},
        "probability": place.probability,
        "run_rate": format_pico(place.run_rate),
        "breaks": breaks and {name: plain(value) for name, value in breaks._asdict().items()},
        "state": place.state,
        "no_forecast_because": place.why_not,
        "through": str(place.through),
        "even_pace": format_pico(place.pace) if place.span.last and place.through >= place.span.first else None,
        "billed_from": each.billed_from and str(each.billed_from),
        "unpriced": each.unpriced,
        "unpriced_share": each.unpriced_ahead,
        "without_forecast": [
            {**part.cell._asdict(), "why": part.why, "assumed": format_pico(part.nano * NANO_IN_PICO)}
            for part in each.left_out
        ],
        "projected_through": plain(each.projected_through),
        "not_counted": [{"currency": code, "cost": format_pico(pico)} for code, pico in place.not_counted],
        "thresholds": [_mark_object(mark) for mark in place.marks],
        "variance": _bridge_object(each.bridge, each),
        "before": [
            {
                "first": str(closed.span.first),
                "last": str(closed.span.last),
                "amount": format_pico(closed.amount),
                "carried": format_pico(closed.carried),
                "spent": format_pico(closed.spent),
            }
            for closed in place.before
        ],
    }


def _data(found: "Budgets") -> dict[str, Any]:
    return {"today": str(found.today), "data_through": instant(found.data_through), "data_behind": found.is_behind}


def _data_notes(found: "Budgets") -> list[str]:
    note = behind_note(found)
    return [note] if note else []


def _table(heads: Sequence[str]) -> Any:
    table = plain_table()
    for head in heads:
        table.add_column(head, justify="right" if head in RIGHT else "left", overflow="fold")
    return table


def _cells(each: "Stood") -> list[str]:
    place = each.standing
    band = place.projected
    return [
        str(each.entry.number),
        place.budget.name,
        span_text(place.budget, place.span),
        at_most(each) + _amount(place.amount, place.budget.currency),
        _amount(place.spent),
        _amount(place.left),
        (_amount(band.median) if band else "–") + (" *" if each.unpriced_ahead else ""),
        f"{_amount(band.low)}–{_amount(band.high)}" if band else "–",
        chance_text(place.probability),
        _breaks(each),
        place.state,
    ]


def _breaks(each: "Stood") -> str:
    """A day on which few paths break it is not told at a glance."""
    breaks = each.standing.breaks
    if breaks is None or each.standing.state in ("on track", "ended"):
        return "–"
    return f"on {breaks.median}" if breaks.happened else f"~{breaks.median}"


def _lines(each: "Stood") -> list[tuple[str, str]]:
    place = each.standing
    code, band, breaks = place.budget.currency, place.projected, place.breaks
    carried = f", {at_most(each)}{_amount(place.carried)} of it carried over" if place.carried else ""
    lines = [
        ("now", f"{span_text(place.budget, place.span)}: {place.state}"),
        ("counted", f"{counted_text(place.budget)}; {HELD[place.budget.carry]}"),
        ("amount now", at_most(each) + _amount(place.amount, code) + carried),
        ("spent", f"{_amount(place.spent, code)}; left {at_most(each)}{_amount(place.left, code)}"),
    ]
    if place.span.last and place.through >= place.span.first:
        pace = place.spent_whole - place.pace
        word = "above" if pace > 0 else "below"
        lines.append(("even pace", f"{_amount(abs(pace), code)} {word} it, through {place.through}"))
    if band:
        text = f"{_amount(band.median, code)}, 80% between {_amount(band.low)} and {_amount(band.high)}"
        lines += [("projected", text), ("run-rate", _amount(place.run_rate, code))]
        lines.append(("chance to exceed", chance_text(place.probability)))
    else:
        lines.append(("projected", f"unknown: {place.why_not}"))
    if breaks:
        between = f", in {things(breaks.paths, 'path')} of {place.paths:,}: {breaks.early} to {breaks.late}"
        lines.append(("breaks", f"on {breaks.median}" if breaks.happened else f"about {breaks.median}{between}"))
    return lines


def _notes(each: "Stood") -> list[str]:
    place = each.standing
    code, notes = place.budget.currency, []
    if each.bridge:
        bridge, (first, last) = each.bridge, each.compared
        steps = ", ".join(
            f"{name} {'+' if pico >= 0 else ''}{_amount(pico)}"
            for name, pico in (("volume", bridge.volume), ("mix", bridge.mix), ("price", bridge.price))
        )
        notes.append(
            f"Calls of {place.span.first} to {min(place.through, place.span.last or place.through)} against "
            f"{first} to {last}: {_amount(bridge.before)} before, {steps}: {_amount(bridge.now, code)}."
        )
    if each.compares_unknown:
        notes.append(f"Nothing was billed in its scope before {each.billed_from}: earlier days are compared as 0.")
    if each.carries_unknown:
        notes.append(f"Nothing was billed in its scope before {each.billed_from}: earlier days are carried as unspent.")
    for other, pico in place.not_counted:
        notes.append(f"Not counted: {_amount(pico, other)} billed in its scope in another currency.")
    if each.unpriced:
        notes.append(f"Not counted: {things(each.unpriced, 'call')} of unknown cost: tollbook rates unpriced")
    if place.paths and each.left_out and each.projected_through:
        notes += [*left_out_notes(each.left_out, code), through_note(each.projected_through)]
    more = (carry_note(each, lambda pico: _amount(pico, code)), unpriced_note(each.unpriced_ahead), pace_note(each))
    return [*notes, *(note for note in more if note)]


def _mark_cells(mark: "Mark", each: "Stood") -> tuple[str, ...]:
    paths = each.standing.paths
    chance = chance_text(mark.chance / paths) if mark.chance is not None and paths else "–"
    crossed = f"on {mark.day}" if mark.day else "forecast" if mark.fired else "no"
    return threshold_text(mark.threshold), _amount(mark.limit, each.standing.budget.currency), chance, crossed


def _mark_object(mark: "Mark") -> dict[str, Any]:
    return {
        "threshold": threshold_text(mark.threshold),
        "on": mark.threshold.on,
        "limit": format_pico(mark.limit),
        "fired": mark.fired,
        "day": mark.day and str(mark.day),
        "paths_above": mark.chance,
    }


def _bridge_object(bridge: "Bridge | None", each: "Stood") -> dict[str, Any] | None:
    if bridge is None:
        return None
    days = {"compared_first": str(each.compared[0]), "compared_last": str(each.compared[1])}
    return {name: format_pico(pico) for name, pico in bridge._asdict().items()} | days


def _amount(pico: int | None, currency: str | None = None) -> str:
    if pico is None:
        return "unknown"
    return rounded(Fraction(pico)) + (f" {currency}" if currency else "")
