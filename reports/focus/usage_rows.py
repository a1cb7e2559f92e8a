"""Rows of calls: one per day, sub-account, tags, seller, model, meter and rate. What has no known cost is in none."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from pricing.cells import NO_LIMIT
from pricing.meters import METERS
from pricing.money import PICO, format_pico
from pricing.rates import PRECEDENCE, Rate
from reports.focus.asked import FocusAsked, seller_row, times_of
from reports.focus.columns import Row
from reports.focus.list_rates import IS_LIST, list_rate_of
from reports.focus.meters import METER_WORDS
from warehouse.connection import Reader
from warehouse.metered import Metered, metered
from warehouse.rates_by_number import RatesByNumber

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
KEPT = 4096
"""Sellers, models, rates and meters that are remembered from row to row."""


def usage_rows(reader: Reader, asked: FocusAsked, rates: RatesByNumber) -> Iterator[Row]:
    """Every row of calls, week by week, so that a long period takes no more memory than a week."""
    shared = lru_cache(KEPT)(lambda *key: _shared(asked, rates, key))
    first = asked.asked.first
    while first <= asked.asked.last:
        last = min(first + WEEK - DAY, asked.asked.last)
        found = metered(reader, asked.dimensions, asked.asked.scope._replace(since=first, until=last))
        for day, rows in groupby(found, key=lambda row: row.group[0]):
            yield from _rows_of_day(list(rows), times_of(day, day, asked.zone), rates, shared)
        first += WEEK


def _rows_of_day(found: list[Metered], times: Row, rates: RatesByNumber, shared: Any) -> Iterator[Row]:
    known = _coverage(found)
    for row in found:
        if row.cost is None or (row.costing == "rated" and row.pico is None):
            continue
        base, list_pico = shared(row.group[1:], *row[1:5], _since(row.rate_id, times["ChargePeriodStart"], rates))
        yield {**base, **times, **_amounts(row, list_pico), "x_Coverage": known[row.group]}


def _since(rate_id: int | None, at: datetime, rates: RatesByNumber) -> datetime | None:
    """The day, where the list may say something else on another: beside a contract's rate."""
    rate = None if rate_id is None else rates.numbered[rate_id]
    return None if rate is None or rate.precedence < PRECEDENCE["contract"] else at


def _coverage(found: list[Metered]) -> dict[tuple[Any, ...], int]:
    """By group, the share of its calls whose cost is known, in 10^-12, rounded half-even."""
    calls: dict[tuple[Any, ...], list[int]] = {}
    for row in found:
        if row.meter == "request":
            told = calls.setdefault(row.group, [0, 0])
            told[0] += row.quantity if row.cost is not None else 0
            told[1] += row.quantity
    return {group: _divided(known * PICO, every) for group, (known, every) in calls.items()}


def _divided(one: int, other: int) -> int:
    whole, rest = divmod(one, other)
    return whole + (2 * rest > other or (2 * rest == other and whole % 2 == 1))


def _amounts(row: Metered, list_pico: int) -> Row:
    """Quantities, prices and costs, each exact: a decimal is a whole number of 10^-12."""
    words = METER_WORDS[row.meter]
    cost, listed = row.cost, row.quantity * list_pico
    price = (row.pico or 0) * words.per
    return {
        "BilledCost": cost,
        "EffectiveCost": cost,
        "ContractedCost": cost,
        "ListCost": listed,
        "PricingCurrencyEffectiveCost": cost,
        "PricingQuantity": row.quantity * (PICO // words.per),
        "ConsumedQuantity": row.quantity * PICO,
        "ContractedUnitPrice": price,
        "PricingCurrencyContractedUnitPrice": price,
        "ListUnitPrice": list_pico * words.per,
        "PricingCurrencyListUnitPrice": list_pico * words.per,
        "x_BilledCostExact": format_pico(cost),
        "x_ListCostExact": format_pico(listed),
    }


def _shared(asked: FocusAsked, rates: RatesByNumber, key: Any) -> tuple[Row, int]:
    """What rows of one rate and meter have in common, and the list's figure in pico-units per token or unit."""
    (seller, model, sub_account, *tags), rate_id, currency, costing, meter, at = key
    words = METER_WORDS[meter]
    rate = None if rate_id is None else rates.numbered[rate_id]
    base = seller_row(seller, rates.seller_names)
    base |= {
        "BillingCurrency": currency,
        "PricingCurrency": currency,
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "ChargeDescription": f"{words.text} of {model or 'an unnamed model'} at {base['ProviderName']}",
        "ServiceCategory": "AI and Machine Learning",
        "ServiceSubcategory": "Generative AI",
        "ServiceName": "Model inference",
        "SubAccountId": sub_account,
        "SubAccountName": sub_account,
        "SubAccountType": None if sub_account is None else asked.sub_account,
        "PricingUnit": words.pricing_unit,
        "PricingCategory": "Standard",
        "ConsumedUnit": words.consumed_unit,
        "SkuMeter": words.text,
        "Tags": _tags(asked.tags, tags),
        "x_Model": model,
        "x_Meter": meter,
        "x_TokenDirection": words.direction,
        "x_CacheAction": words.cache,
        "x_CostBasis": costing,
    }
    if costing == "rated" and rate is not None:
        place = METERS.index(meter)
        listed, basis = list_rate_of(rate, at or rate.valid_from, rates)
        pico = listed.pico[place]
        if pico is None:
            listed, basis, pico = rate, IS_LIST, rate.pico[place]
        return base | _of_rate(rate, listed, basis, meter), pico or 0
    sku = f"{seller}/{model}/{meter}"
    return base | {"SkuId": sku, "SkuPriceId": f"free/{sku}"}, 0


def _of_rate(rate: Rate, listed: Rate, basis: str, meter: str) -> Row:
    return {
        "SkuId": f"{listed.seller}/{listed.model}/{meter}",
        "SkuPriceId": f"{listed.digest}/{meter}",
        "SkuPriceDetails": _details(rate),
        "x_ListPriceBasis": basis,
        "x_RateId": rate.digest,
        "x_RateConfidence": rate.confidence,
        "x_RateSource": rate.source,
        "x_RateChecked": rate.checked.isoformat(),
    }


def _details(rate: Rate) -> str:
    """The terms of a rate; FOCUS has no names of its own for them."""
    cell = rate.cell
    said = {
        "x_ServiceTier": cell.tier,
        "x_InputFrom": cell.context_from or None,
        "x_InputBelow": None if cell.context_until >= NO_LIMIT else cell.context_until,
        "x_Hours": cell.window,
        "x_Region": cell.region or None,
    }
    return _json({name: value for name, value in said.items() if value is not None})


def _tags(names: tuple[str, ...], values: list[Any]) -> str | None:
    found = {name: str(value) for name, value in zip(names, values, strict=True) if value is not None}
    return _json(found) if found else None


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
