"""What the figures of budgets rest on, in sentences for the command line and the pages alike."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from app.budget_words import chance_text
from app.figures import instant

if TYPE_CHECKING:
    from app.budgets import Budgets, Stood

Money = Callable[[int], str]
"""An amount in the budget's currency, as it is shown."""


def data_line(found: "Budgets") -> str:
    """``Data through 2026-11-20T10:00:00Z``."""
    return f"Data through {instant(found.data_through)}"


def behind_note(found: "Budgets") -> str | None:
    """That days without data are not known; None where the newest data is of today or yesterday."""
    if not found.is_behind:
        return None
    return f"Today is {found.today}: the days since then are projected, not known, until their logs are loaded."


def unpriced_note(share: float) -> str | None:
    """That calls to come are in no figure; None where all have a rate."""
    if not share:
        return None
    return f"{chance_text(share)} of the projected calls in scope have no rate; their cost is in no figure."


def carry_note(each: "Stood", money: Money) -> str | None:
    """That days without data count as unspent in what is carried over; None where there are none."""
    place = each.standing
    if not place.carry_open:
        return None
    return (
        f"Data ends before {place.span.first}, and days without data count as days on which nothing was spent: what is "
        f"carried over may change; it is at most {money(place.carried)}, and the amount at most {money(place.amount)}."
    )


def pace_note(each: "Stood") -> str | None:
    """That the data begins within the period; None where it does not."""
    place = each.standing
    if each.billed_from is None or not place.span.first < each.billed_from <= place.through:
        return None
    return (
        f"Nothing was billed in its scope before {each.billed_from}: the even pace counts the days of the period "
        "before that, the run-rate does not."
    )


def at_most(each: "Stood") -> str:
    """Before an amount that holds what is carried over from days without data."""
    return "at most " if each.standing.carry_open else ""


def through_note(last: date) -> str:
    """Of which days the amounts of parts without a forecast are."""
    return f"Amounts of parts without a forecast are of the days to come through {last}."
