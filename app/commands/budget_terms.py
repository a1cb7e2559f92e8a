"""What is typed of a budget, as it is kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.present import today_without_reader
from app.session import Session, UserMistake

if TYPE_CHECKING:
    from warehouse.budgets import BudgetVersion


def normal_form(form: dict[str, Any], session: Session) -> dict[str, Any]:
    """What a budget says, checked, and written as it is kept."""
    from planning.budget_form import read_form, write_form
    from warehouse.scope import DIMENSIONS

    # Only what has no days of its own asks which day it is: it is read from the traffic, which a load may keep shut.
    has_days = form.get("first") is not None or form.get("amounts") is not None
    return write_form(read_form(form, DIMENSIONS, session.now.date() if has_days else today_without_reader(session)))


def changed_form(
    was: "BudgetVersion", given: dict[str, Any], amounts: Sequence[tuple[str, str]], session: Session
) -> dict[str, Any]:
    """What a budget says with other fields, and with other amounts from some months on."""
    from planning.budget import with_amount
    from planning.budget_form import amount_from, month_from, read_form, write_form
    from warehouse.scope import DIMENSIONS

    changed = read_form(was.form | given, DIMENSIONS, session.now.date())
    for month, amount in amounts:
        changed = with_amount(changed, amount_from(amount), month_from(month))
    return write_form(changed)


def month_amount_of(text: str) -> tuple[str, str]:
    """A month and its amount, as in 2027-01=2000; raises UserMistake."""
    month, sign, amount = text.partition("=")
    if not sign:
        raise UserMistake(f"--month-amount: {text!r} is no month with its amount; write it as in 2027-01=2000")
    return month.strip(), amount.strip()
