"""Rows of what no call costs: recurring charges day by day, and taxes, credits and fees of invoices by month."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from pricing.charges import Charge
from pricing.money import PICO, format_pico
from reports.focus.asked import FocusAsked, months_of, seller_row, times_of
from reports.focus.columns import Row
from warehouse.invoices import Invoice, Part, parts_within
from warehouse.recurring import recurring_by

OF_CHARGES = {
    "gpu_hours": ("GPU-hours", "Compute", "Other (Compute)"),
    "licence": ("Licences", "Other", "Other (Other)"),
    "plan": ("Plans", "AI and Machine Learning", "Generative AI"),
    "support": ("Support", "Other", "Other (Other)"),
    "other": ("Other charges", "Other", "Other (Other)"),
}
"""Service name, category and subcategory by kind of charge."""
OF_CALLS = ("Model inference", "AI and Machine Learning", "Generative AI")
ASIDE = ("credit", "tax", "fee", "byok")
"""Kinds of invoice lines that are rows; those of usage are not: the calls are rows themselves."""
CATEGORIES = {"tax": "Tax", "fee": "Purchase", "byok": "Purchase"}


def charge_rows(charges: Sequence[Charge], asked: FocusAsked, names: dict[str, str], *, today: date) -> Iterator[Row]:
    """Recurring charges in scope, a row per charge and day; what is to come is not counted before it has come."""
    for charge in charges:
        for row in recurring_by([charge], ["day"], asked.asked.scope, today=today):
            day = row.group[0]
            found = _row(charge.seller, names, OF_CHARGES[charge.kind]) | times_of(day, day, asked.zone)
            found |= _cost(row.cost, charge.currency, "Purchase", f"charge/{charge.charge_id}")
            found |= {
                "ChargeDescription": charge.name,
                "ChargeFrequency": "One-Time" if charge.period == "once" else "Recurring",
                "x_CostBasis": "charge",
            }
            yield found | _allocated(charge, asked)


def invoice_rows(invoices: Sequence[Invoice], asked: FocusAsked, names: dict[str, str]) -> Iterator[Row]:
    """Taxes, credits and fees in scope, a row per invoice line and month; an invoice's usage is no row."""
    for first, last in months_of(asked.asked):
        scope = asked.asked.scope._replace(since=first, until=last)
        for part in parts_within(invoices, scope, kinds=(*ASIDE, "usage")):
            if part.invoice.kind != "usage" or part.pico < 0:
                yield _invoice_row(part, asked, names)


def _invoice_row(part: Part, asked: FocusAsked, names: dict[str, str]) -> Row:
    line = part.invoice
    category = CATEGORIES.get(line.kind) or ("Credit" if part.pico < 0 else "Adjustment")
    found = _row(line.seller, names, OF_CALLS) | times_of(part.first, part.last, asked.zone)
    found |= _cost(part.pico, line.currency, category, f"invoice-line/{line.invoice_id}")
    return found | {
        "ChargeDescription": line.label or f"{line.kind.capitalize()} of {found['InvoiceIssuerName']}",
        "ChargeFrequency": "One-Time",
        "x_CostBasis": "invoice",
        "x_Model": line.model,
        "x_InvoiceNumber": line.number,
    }


def _row(seller: str | None, names: dict[str, str], service: tuple[str, str, str]) -> Row:
    name, category, subcategory = service
    return seller_row(seller, names) | {
        "ServiceName": name,
        "ServiceCategory": category,
        "ServiceSubcategory": subcategory,
    }


def _cost(pico: int, currency: str, category: str, sku: str) -> Row:
    """One amount as every column that says it. What is bought has a quantity of one; below zero it is a credit."""
    if category == "Purchase" and pico < 0:
        category = "Credit"
    amounts = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "PricingCurrencyEffectiveCost")
    found: Row = dict.fromkeys(amounts, pico) | {
        "BillingCurrency": currency,
        "PricingCurrency": currency,
        "ChargeCategory": category,
        "x_BilledCostExact": format_pico(pico),
        "x_ListCostExact": format_pico(pico),
    }
    if category != "Purchase":
        return found
    prices = [f"{head}{price}UnitPrice" for head in ("", "PricingCurrency") for price in ("List", "Contracted")]
    bought = {"PricingQuantity": PICO, "PricingUnit": "Charges", "PricingCategory": "Standard"}
    return found | dict.fromkeys(prices, pico) | bought | {"SkuId": sku, "SkuPriceId": sku, "SkuMeter": "Charges"}


def _allocated(charge: Charge, asked: FocusAsked) -> Row:
    """Whom a charge belongs to, in the columns that say it of calls."""
    values: dict[str, Any] = charge._asdict()
    sub_account = values.get(asked.sub_account)
    tags = {
        name: values[name] for name in asked.tags if values.get(name) is not None and name in ("org", "team", "project")
    }
    return {
        "SubAccountId": sub_account,
        "SubAccountName": sub_account,
        "SubAccountType": None if sub_account is None else asked.sub_account,
        "Tags": json.dumps(tags, ensure_ascii=False, sort_keys=True) if tags else None,
    }
