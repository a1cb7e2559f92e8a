"""What a report says of budgets: those about its traffic, as they stand today."""

from datetime import date
from functools import partial
from pathlib import Path

from app.budget_notes import behind_note, carry_note, data_line, pace_note, unpriced_note
from app.budget_words import scope_text, span_text
from app.budgets import Known, Stood, budget_of, read_beside, read_budgets
from planning.budget import Scope as Values
from planning.course import NANO_IN_PICO
from reports.asked import Asked
from reports.document import Money
from reports.figures import text_of
from reports.forward_parts import Budgeted, Budgets
from warehouse.budgets import list_budgets
from warehouse.connection import open_reader
from warehouse.locks import Tell


def read_budget_part(root: Path, asked: Asked, today: date, *, tell: Tell) -> Budgets:
    """The budgets whose scope has traffic of the report's in it, the worst first."""
    entries = list_budgets(root, tell=tell)
    chosen = tuple(each for each in entries if _meets(budget_of(each).scope, asked.scope.values))
    others = len(entries) - len(chosen)
    if not chosen:
        return Budgets(today, None, (), others, ())
    beside = read_beside(root, tell=tell)
    with open_reader(root, tell=tell) as reader:
        found = read_budgets(reader, Known(chosen, beside, today))
    notes = [f"{data_line(found)}; figures are those of {today}, whatever the period of the report."]
    notes += [note] if (note := behind_note(found)) else []
    return Budgets(today, found.data_through, tuple(_budgeted(each) for each in found.stood), others, tuple(notes))


def _meets(one: Values, other: Values) -> bool:
    """Whether two scopes may hold a call in common: no dimension has other values in each."""
    wanted = dict(other)
    return all(set(values) & set(wanted.get(name, values)) for name, values in one)


def _budgeted(each: Stood) -> Budgeted:
    place = each.standing
    budget = place.budget
    return Budgeted(
        name=budget.name,
        owner=budget.owner or "",
        scope=scope_text(budget.scope),
        period=span_text(budget, place.span),
        standing=place,
        variance=each.bridge,
        compared=each.compared,
        billed_from=each.billed_from,
        notes=tuple(_notes(each)),
    )


def _notes(each: Stood) -> list[str]:
    """What the figures of one budget rest on or leave out, each under its name."""
    place = each.standing
    amount = partial(_amount, currency=place.budget.currency)
    notes = [carry_note(each, amount), unpriced_note(each.unpriced_ahead), pace_note(each)]
    if each.unpriced:
        notes.append(f"{each.unpriced:,} calls of unknown cost are not counted.")
    if each.left_out and place.paths:
        whole = amount(sum(part.nano for part in each.left_out) * NANO_IN_PICO)
        notes.append(
            f"{whole} of the days to come through {each.projected_through} is no forecast: it goes on as it did."
        )
    notes += [f"{_amount(pico, code)} billed in its scope is not counted." for code, pico in place.not_counted]
    if each.carries_unknown or each.compares_unknown:
        notes.append(f"Nothing was billed in its scope before {each.billed_from}: earlier days count as 0.")
    return [f"{place.budget.name}: {note}" for note in notes if note]


def _amount(pico: int, currency: str) -> str:
    return text_of(Money(pico, currency), "money")
