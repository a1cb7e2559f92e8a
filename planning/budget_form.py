"""How a budget is written: one mapping of plain text, the same in YAML, in the warehouse and in ``--json``.

A threshold is one line: ``80%``, ``1200.00``, ``100% forecast``, ``100% forecast at 80%``.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeVar

from planning.budget import CARRIES, PERIODS, USUAL_THRESHOLDS, Budget, Scope, Step, Threshold, month_of
from pricing.errors import PricingError, RateError
from pricing.money import format_pico, parse_signed_amount

FIELDS = (
    "name", "owner", "scope", "period", "first", "last", "currency", "amount", "amounts", "carry", "recurring",
    "credits", "thresholds", "note",
)  # fmt: skip
"""What may be said of a budget."""
MOST_CHANCE = 99
Word = TypeVar("Word", bound=str)
_THRESHOLD = re.compile(
    r"(?P<value>[0-9.]+)\s*(?P<percent>%?)(?:\s+(?P<on>actual|forecast))?(?:\s+at\s+(?P<chance>[0-9]{1,2})\s*%)?"
)


class BudgetError(PricingError):
    """What is written of a budget cannot be used; ``field`` says where, the text what to do."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


def read_form(form: Mapping[str, Any], dimensions: Collection[str], today: date) -> Budget:
    """The budget that a mapping says; raises BudgetError. Without a first day it begins with today's month."""
    for key in form:
        if key not in FIELDS:
            raise BudgetError(str(key), f"there is no such field; there are {', '.join(FIELDS)}")
    period = _one_of("period", form.get("period", "month"), PERIODS)
    once = period in ("custom", "project")
    first = _day("first", form["first"]) if form.get("first") is not None else None
    last = _day("last", form["last"]) if form.get("last") is not None else None
    steps = _once(form, first) if once else _steps(form)
    first = first or (month_of(today) if steps[0].month == date.min else steps[0].month)
    if last is not None and last < first:
        raise BudgetError("last", f"{last} is before the first day, {first}")
    if period == "custom" and last is None:
        raise BudgetError("last", "a custom period needs its last day; a project may go without")
    carry = _one_of("carry", form.get("carry", "none"), CARRIES)
    if once and carry != "none":
        raise BudgetError("carry", f"a {period} has one period: there is none to carry to")
    return Budget(
        name=_text("name", form.get("name")),
        currency=_currency(form.get("currency")),
        period=period,
        first=first,
        steps=_from_first(steps, first),
        last=last,
        scope=_scope(form.get("scope"), dimensions),
        owner=_maybe_text("owner", form.get("owner")),
        thresholds=_thresholds(form.get("thresholds")),
        carry=carry,
        recurring=_flag("recurring", form.get("recurring", False)),
        credits=_flag("credits", form.get("credits", False)),
        note=_maybe_text("note", form.get("note")),
    )


def write_form(budget: Budget) -> dict[str, Any]:
    """The mapping that says a budget; what it leaves out is as without it."""
    form: dict[str, Any] = {"name": budget.name, "owner": budget.owner}
    form["scope"] = {name: list(values) for name, values in budget.scope}
    form |= {"period": budget.period, "first": str(budget.first), "last": budget.last and str(budget.last)}
    form["currency"] = budget.currency
    if len(budget.steps) == 1:
        form["amount"] = format_pico(budget.steps[0].pico)
    else:
        form["amounts"] = {f"{step.month:%Y-%m}": format_pico(step.pico) for step in budget.steps}
    form |= {"carry": budget.carry, "recurring": budget.recurring, "credits": budget.credits}
    form["thresholds"] = [threshold_text(threshold) for threshold in budget.thresholds]
    form["note"] = budget.note
    return {name: value for name, value in form.items() if value is not None and value != {}}


def threshold_of(text: object) -> Threshold:
    """A threshold from its line; raises BudgetError."""
    found = _THRESHOLD.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        why = f'{text!r} is no threshold; write it as in "80%", "1200.00", "100% forecast", "100% forecast at 80%"'
        raise BudgetError("thresholds", why)
    value = _amount("thresholds", found["value"], decimals=6 if found["percent"] else 12)
    chance = int(found["chance"] or 50)
    if found["chance"] and found["on"] != "forecast":
        raise BudgetError("thresholds", f"{text!r}: a probability belongs to a forecast, as in 100% forecast at 80%")
    if not 1 <= chance <= MOST_CHANCE:
        raise BudgetError("thresholds", f"{text!r}: a probability is from 1% to {MOST_CHANCE}%")
    on = "forecast" if found["on"] == "forecast" else "actual"
    return Threshold("percent" if found["percent"] else "amount", value, on, chance)  # type: ignore[arg-type]


def threshold_text(threshold: Threshold) -> str:
    """The line of a threshold."""
    value = format_pico(threshold.value)
    text = f"{value}%" if threshold.kind == "percent" else str(value)
    if threshold.on == "actual":
        return text
    return f"{text} forecast" + (f" at {threshold.probability}%" if threshold.probability != 50 else "")


def month_from(text: object, field: str = "amounts") -> date:
    """The first day of a month written as 2026-11; raises BudgetError."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text) if isinstance(text, str) else None
    if found is None or not (found[1] > "0000" and "01" <= found[2] <= "12"):
        raise BudgetError(field, f"{text!r} is no month; write it as in 2026-11")
    return date(int(found[1]), int(found[2]), 1)


def amount_from(text: object, field: str = "amount") -> int:
    """Pico-units of an amount, which is not below zero; raises BudgetError."""
    return _amount(field, text)


def _steps(form: Mapping[str, Any]) -> tuple[Step, ...]:
    """Amounts by month; one amount for all is of the first month there is."""
    amount, amounts = form.get("amount"), form.get("amounts")
    if (amount is None) == (amounts is None):
        raise BudgetError("amount", "give either amount, the same each month, or amounts, by month")
    if amount is not None:
        return (Step(date.min, _amount("amount", amount)),)
    if not isinstance(amounts, Mapping) or not amounts:
        raise BudgetError("amounts", 'write months with their amounts, as in {2026-11: "1500", 2027-01: "2000"}')
    return tuple(sorted(Step(month_from(month), _amount("amounts", pico)) for month, pico in amounts.items()))


def _once(form: Mapping[str, Any], first: date | None) -> tuple[Step, ...]:
    if form.get("amount") is None or form.get("amounts") is not None:
        raise BudgetError("amount", "a custom period or a project has one amount, for all of it")
    if first is None:
        raise BudgetError("first", "a custom period or a project needs its first day")
    return (Step(month_of(first), _amount("amount", form["amount"])),)


def _from_first(steps: tuple[Step, ...], first: date) -> tuple[Step, ...]:
    """The first amount holds from the first day on; one of before it that is never reached is left out."""
    begin = month_of(first)
    early = [step for step in steps if step.month <= begin]
    later = [step for step in steps if step.month > begin]
    if not early:
        raise BudgetError("amounts", f"the budget begins on {first}, and its first amount is of {later[0].month:%Y-%m}")
    return (Step(begin, early[-1].pico), *later)


def _thresholds(lines: object) -> tuple[Threshold, ...]:
    if lines is None:
        return USUAL_THRESHOLDS
    if isinstance(lines, str) or not isinstance(lines, list | tuple):
        raise BudgetError("thresholds", 'write a list, as in ["80%", "100% forecast"]')
    return tuple(dict.fromkeys(threshold_of(line) for line in lines))


def _scope(scope: object, dimensions: Collection[str]) -> Scope:
    if scope is None:
        return ()
    if not isinstance(scope, Mapping):
        raise BudgetError("scope", "write dimensions with their values, as in {team: research, seller: [novita]}")
    found = {}
    for name, values in scope.items():
        if (name not in dimensions and not _is_tag(name)) or name == "day":
            known = ", ".join(each for each in dimensions if each != "day")
            raise BudgetError("scope", f"there is no dimension {name!r}; there are {known}, and tag:NAME of any tag")
        wanted = [values] if not isinstance(values, list | tuple) else values
        if not wanted or any(isinstance(each, bool | float | Mapping) or each in (None, "") for each in wanted):
            raise BudgetError("scope", f"{name}: {values!r} is no value; write text, or a list of it")
        found[str(name)] = tuple(sorted({str(each) for each in wanted}))
    return tuple(sorted(found.items()))


def _is_tag(name: object) -> bool:
    """Whether a dimension is a tag of the logs, of which there may be any."""
    return isinstance(name, str) and name.startswith("tag:") and name != "tag:"


def _amount(field: str, text: object, *, decimals: int = 12) -> int:
    if not isinstance(text, str):
        raise BudgetError(field, f'{text!r}: quote amounts, as in "{text}", so that no digit is lost')
    try:
        pico = parse_signed_amount(text, decimals=decimals)
    except RateError as error:
        raise BudgetError(field, f"{text!r} is no amount: {str(error).partition(': ')[2]}") from None
    if pico < 0:
        raise BudgetError(field, f"{text!r} is below 0")
    return pico


def _day(field: str, value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise BudgetError(field, f"{value!r} is no day; write it as in 2026-11-01") from None


def _currency(value: object) -> str:
    code = value.upper() if isinstance(value, str) else ""
    if not re.fullmatch("[A-Z]{3}", code):
        raise BudgetError("currency", f"{value!r} is no currency; write its code, as in USD")
    return code


def _text(field: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BudgetError(field, "a budget needs one" if value in (None, "") else f"{value!r} is no text")
    return " ".join(value.split())


def _maybe_text(field: str, value: object) -> str | None:
    return None if value in (None, "") else _text(field, value)


def _flag(field: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise BudgetError(field, f"{value!r} is neither true nor false")
    return value


def _one_of(field: str, value: object, words: tuple[Word, ...]) -> Word:
    found = next((word for word in words if word == value), None)
    if found is None:
        raise BudgetError(field, f"there is no {value!r}; there are {', '.join(words)}")
    return found
