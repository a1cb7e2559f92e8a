"""The demo's invoices of October: what the made-up sellers say they are owed, with what goes wrong with invoices.

Novita's has a line for each day: one day is missing, another stands twice, and tax comes on top. StepFun's knows the
cached tokens that LiteLLM loses. OpenRouter's names no model and is right, less a credit.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date

from scripts.demo_calls import Call, cost_of

FIELDS = ("first", "last", "seller", "model", "kind", "amount", "currency", "number", "label")
OCTOBER = date(2026, 10, 8), date(2026, 10, 31)
MISSING_DAY, DOUBLED_DAY = date(2026, 10, 20), date(2026, 10, 27)
NUMBERS = {"novita": "DEMO-N-1044", "stepfun": "DEMO-S-207", "stepfun-cn": "DEMO-CN-88", "openrouter": "DEMO-O-3"}
PICO_PER_CENT = 10**10
TAX_PERCENT, CREDIT_CENTS = 20, 25
Owed = dict[tuple[str, str, date], int]
"""Pico-units of a seller's currency, by seller, model and day."""


def invoices_table(calls: Iterable[Call]) -> str:
    """A row for each line of the four invoices."""
    owed, currencies = _owed(calls)
    lines = []
    for seller, number in NUMBERS.items():
        own = {key: pico for key, pico in owed.items() if key[0] == seller}
        by_day = seller == "novita"
        for (model, first, last), pico in sorted((_by_day(own) if by_day else _by_month(own)).items()):
            lines.append((first, last, seller, model, "usage", _cents(pico), currencies[seller], number, ""))
        cents = sum(_cents(pico) for pico in _by_day(own).values())
        if by_day:
            tax = (cents * TAX_PERCENT + 50) // 100
            lines.append((*OCTOBER, seller, "", "tax", tax, currencies[seller], number, f"VAT {TAX_PERCENT}%"))
        if seller == "openrouter":
            lines.append((*OCTOBER, seller, "", "credit", -CREDIT_CENTS, currencies[seller], number, "Credit"))
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(FIELDS)
    rows.writerows((*line[:5], _amount(line[5]), *line[6:]) for line in lines)
    return text.getvalue()


def _owed(calls: Iterable[Call]) -> tuple[Owed, dict[str, str]]:
    owed: Owed = {}
    currencies: dict[str, str] = {}
    for call in calls:
        # The seller knows its cached tokens, whatever gets lost on the way to a log.
        told = call.route._replace(cache_told=True)
        was, call.route = call.route, told
        currency, pico = cost_of(call)
        call.route = was
        day = call.at.date()
        if pico and OCTOBER[0] <= day <= OCTOBER[1] and call.route.seller in NUMBERS:
            model = "" if call.route.seller == "openrouter" else call.route.served
            key = call.route.seller, model, day
            owed[key] = owed.get(key, 0) + pico
            currencies[call.route.seller] = currency
    return owed, currencies


def _by_day(owed: Owed) -> dict[tuple[str, date, date], int]:
    days = {(model, day, day): pico for (_, model, day), pico in owed.items() if day != MISSING_DAY}
    return {key: pico * 2 if key[1] == DOUBLED_DAY else pico for key, pico in days.items()}


def _by_month(owed: Owed) -> dict[tuple[str, date, date], int]:
    models: dict[tuple[str, date, date], int] = {}
    for (_, model, _), pico in owed.items():
        key = model, *OCTOBER
        models[key] = models.get(key, 0) + pico
    return models


def _cents(pico: int) -> int:
    """Rounded half up, as invoices are."""
    return (pico + PICO_PER_CENT // 2) // PICO_PER_CENT


def _amount(cents: int) -> str:
    sign, whole = "-" if cents < 0 else "", abs(cents)
    return f"{sign}{whole // 100}.{whole % 100:02}"
