"""How converted figures are told from those that were billed, and what is said of the rates."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from app.commands.entered import currency_of
from app.figures import rounded, things
from app.session import Session, UserMistake
from pricing.money import format_pico

if TYPE_CHECKING:
    from pricing.fx import Converted, Rates, Use

NATIVE = "native"
"""What ``--in`` says to leave figures as they were billed, whatever the settings say."""


def target_of(session: Session, given: str | None) -> str | None:
    """The currency to convert to: as given, else as the settings say; None: nothing is converted."""
    from warehouse.folder import Folder

    if given is not None:
        return None if given == NATIVE else currency_of(given, "--in")
    folder = Folder(session.warehouse)
    return folder.settings().display_currency if folder.settings_file.exists() else None


def rates_for(session: Session, target: str, currencies: Iterable[str | None]) -> "Rates":
    """Every rate that a conversion of these currencies may need; raises UserMistake where the target has none."""
    from warehouse.fx import read_rates

    wanted = {target, *(code for code in currencies if code)}
    rates = read_rates(session.warehouse, wanted, tell=session.tell)
    if wanted != {target} and not any(target in pair for pair in (*rates.own, *rates.library, ("EUR",))):
        raise UserMistake(f"no rate of {target} is known; tollbook fx list says of which there are any")
    return rates


def shown(value: "Converted | None") -> str:
    """A converted figure in a table whose column names the currency."""
    if value is None:
        return "–"
    return "no rate" if value.exact is None else f"≈ {rounded(value.exact)}"


def cost_in(value: "Converted | None", target: str) -> dict[str, str | None]:
    """A converted figure as JSON has it."""
    return {"currency": target, "cost": format_pico(value.pico) if value else None}


def rates_used(value: "Converted") -> list[dict[str, Any]]:
    """Every rate that a figure rests on, as JSON has it."""
    from pricing.fx import uses_of

    return [
        {name: str(found) if isinstance(found, date) else found for name, found in use._asdict().items()}
        | {"pair": "/".join(use.pair)}
        for use in uses_of(value.legs)
    ]


def conversion_notes(target: str, value: "Converted") -> list[str]:
    """Whose rates, of which days, how many had to be carried, and what could not be converted."""
    from pricing.fx import uses_of

    notes = [f"≈ {target}: converted for display only, each day at its own rate. Amounts as priced are the others."]
    notes += [_use_note(use) for use in uses_of(value.legs)]
    return [*notes, *_missing_notes(target, sorted(value.missing))]


def _use_note(use: "Use") -> str:
    days = f"of {use.first}" if use.first == use.last else f"of {use.first} to {use.last}"
    note = f"{'/'.join(use.pair)} {days}: {use.source}."
    if use.carried:
        at_most = f"at most {things(use.carried_days, 'day')} old (that of {use.carried_from})"
        note += f" {use.carried:,} of {things(use.days, 'day')} had no rate and took the last one before, {at_most}."
    return note


def _missing_notes(target: str, missing: Sequence[tuple[str, date]]) -> list[str]:
    found: dict[str, list[date]] = {}
    for currency, day in missing:
        found.setdefault(currency, []).append(day)
    return [
        f"No rate of {currency}/{target} is known on {max(days)} or before: what that day is part of is not converted."
        for currency, days in found.items()
    ]
