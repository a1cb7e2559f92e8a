"""Sellers compared: the calls of one model in scope, priced at each seller that has rates for it now.

The calls stay as they were: their tokens, size, service tier, hour, team and region. Only whose rates price them
changes, through the engine of re-rates; nothing is stored.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from pricing.call_terms import dated_name
from pricing.rates import OPEN, Rate
from pricing.spans import spans
from warehouse.connection import Reader
from warehouse.rate_trial import rerate_here
from warehouse.rates_known import rate_of_row
from warehouse.rerate import Basis, Change, Total, put_sums, rerate_sums
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql

LONG_AGO = datetime(1900, 1, 1)
"""Before every call: today's rates are taken to have always been in force."""


class Traffic(NamedTuple):
    """Calls in scope of one seller and model string."""

    seller: str
    model: str
    requests: int


class Offer(NamedTuple):
    """What one seller's rates of today come to for the same calls; amounts in pico-units of ``currency``."""

    seller: str
    model: str
    """As the seller's card names it."""
    currency: str
    cost: int | None
    """Of the calls that its rates can price. None: they can price none."""
    priced: int
    all_requests: int
    billed: int
    """What ``compared`` of the priced calls, those billed in the same currency, were billed at."""
    billed_now: int
    """What those same calls come to here."""
    compared: int
    missing: tuple[tuple[str, int], ...]
    """Why its rates cannot price calls, and how many."""
    checked: date
    """When someone last looked at the rates, the longest ago."""
    confidence: tuple[str, ...]
    is_bought: bool
    """Whether calls in scope are this seller's, under this model."""


class Comparison(NamedTuple):
    """One model at every seller."""

    traffic: list[Traffic]
    billed: list[Total]
    """As priced, per currency; of calls without a price their number alone."""
    offers: list[Offer]


@lru_cache(4096)
def family_of(model: str) -> str:
    """What makes models of two sellers the same: the name after the last slash, without a date, in small letters."""
    name = dated_name(model.rsplit("/", 1)[-1].lower())
    for sign in ("-", "@", ":", "_", ""):
        name = name.replace(f"{sign}{{date}}", "")
    return name


def traffic_of(reader: Reader, scope: Scope) -> list[Traffic]:
    """The calls in scope that could be compared, most first."""
    where, parameters = condition(scope)
    return [Traffic(*row) for row in reader.rows(sql("rate_traffic").replace("and true", f"and {where}"), parameters)]


def compare_sellers(
    reader: Reader, scope: Scope, family: str, now: datetime, stated: Sequence[Rate] | None = None
) -> Comparison:
    """The calls of a family in scope at every seller that has rates for it now (naive UTC).

    ``stated``: what ``stated_rates`` says, for callers that compare several families.
    """
    traffic = [one for one in traffic_of(reader, scope) if family_of(one.model) == family]
    if not traffic:
        return Comparison([], [], [])
    narrowed = _narrowed(scope, {one.model for one in traffic})
    candidates = _candidates(stated or stated_rates(reader), family, now)
    zones = {span.zone for rates in candidates.values() for span in spans(rates) if span.zone}
    bases = {place: relabelled(rates, traffic) for place, rates in sorted(candidates.items())}
    summed: list[list[Change] | None] = [None] * len(bases)
    # The rates hold at all times here, so that mostly a few sums tell what hundreds of thousands of cells do.
    if bases and put_sums(reader.connection, narrowed, sorted(zones)):
        summed = rerate_sums(reader.connection, list(bases.values()))
    offers: list[Offer] = []
    billed: list[Total] = []
    for ((seller, model), basis), quick in zip(bases.items(), summed, strict=True):
        rates = candidates[seller, model]
        changes = quick
        if changes is None:
            changes = rerate_here(reader, Basis("card", seller, basis, keeps=False), narrowed).changes
        billed = _totals((change.currency, change.cost, change.all_requests) for change in changes)
        strings = {name for rate in rates for name in rate.strings}
        bought = any(one.seller == seller and {one.model, dated_name(one.model)} & strings for one in traffic)
        offers += [offer._replace(is_bought=bought) for offer in _offers(seller, model, rates, changes)]
    return Comparison(traffic, billed, offers)


def relabelled(rates: Sequence[Rate], traffic: Iterable[Traffic]) -> list[Rate]:
    """A seller's rates as if each seller in the traffic asked them for its own model strings, at all times."""
    strings: dict[str, list[str]] = defaultdict(list)
    for one in traffic:
        strings[one.seller].append(one.model)
    # What started later goes before what started earlier, as it does now.
    starts = sorted({rate.valid_from for rate in rates})
    return [
        rate._replace(
            seller=seller,
            model=models[0],
            strings=tuple(models),
            valid_from=LONG_AGO + timedelta(days=starts.index(rate.valid_from)),
            valid_until=OPEN,
        )
        for rate in rates
        for seller, models in strings.items()
    ]


def stated_rates(reader: Reader) -> list[Rate]:
    """The rates that some card states now."""
    return [rate_of_row(row[:-1]) for row in reader.rows(sql("rate_book")) if row[-1]]


def _candidates(rates: Iterable[Rate], family: str, now: datetime) -> dict[tuple[str, str], list[Rate]]:
    """By seller and the model of its card, the rates that price some call of the family that begins now.

    Not those that another card goes before: nobody would be billed at them.
    """
    named = [rate for rate in rates if any(family_of(name) == family for name in rate.strings)]
    pricing = {
        (span.seller, span.digest)
        for span in spans(named)
        if span.valid_from <= now < span.valid_until and family_of(span.model) == family
    }
    found: dict[tuple[str, str], list[Rate]] = defaultdict(list)
    for rate in named:
        if (rate.seller, rate.digest) in pricing and rate.valid_from <= now < rate.valid_until:
            found[rate.seller, rate.model].append(rate)
    return found


def _narrowed(scope: Scope, models: set[str]) -> Scope:
    kept = tuple(value for value in scope.values if value[0] != "model")
    return scope._replace(values=(*kept, ("model", tuple(sorted(models)))))


def _offers(seller: str, model: str, rates: Sequence[Rate], changes: Sequence[Change]) -> list[Offer]:
    """One per currency that the seller's rates are in."""
    winning = {span.digest for span in spans(rates)}
    # A figure that two cards give alike stands on the word of the card that counts more.
    first = {rate.digest: rate for rate in sorted(rates, key=lambda rate: rate.precedence)}
    held = [first[digest] for digest in winning]
    reasons: dict[str, int] = defaultdict(int)
    for change in changes:
        if change.new_cost is None:
            reasons[change.reason or "no rate"] += change.all_requests
    missing = tuple(sorted(reasons.items(), key=lambda reason: -reason[1]))
    after = _totals((change.new_currency, change.new_cost, change.all_requests) for change in changes)
    totals = [total for total in after if total.currency is not None]
    totals = totals or [Total(currency, None, 0) for currency in sorted({rate.currency for rate in held})]
    offers = []
    for total in totals:
        same = [change for change in changes if _is_compared(change, total.currency)]
        offers.append(
            Offer(
                seller=seller,
                model=model,
                currency=total.currency or "",
                cost=total.cost,
                priced=total.requests,
                all_requests=sum(change.all_requests for change in changes),
                billed=sum(change.cost or 0 for change in same),
                billed_now=sum(change.new_cost or 0 for change in same),
                compared=sum(change.all_requests for change in same),
                missing=missing,
                checked=min(rate.checked for rate in held),
                confidence=tuple(sorted({rate.confidence for rate in held})),
                is_bought=False,
            )
        )
    return offers


def _totals(sums: Iterable[tuple[str | None, int | None, int]]) -> list[Total]:
    """Per currency, calls of unknown cost last; the three are currency, cost and calls."""
    found: dict[str | None, Total] = {}
    for currency, cost, calls in sums:
        was = found.get(currency, Total(currency, None, 0))
        known = [each for each in (was.cost, cost) if each is not None]
        found[currency] = Total(currency, sum(known) if known else None, was.requests + calls)
    return sorted(found.values(), key=lambda total: (total.currency is None, total.currency or ""))


def _is_compared(change: Change, currency: str | None) -> bool:
    """Priced before and now, in the same currency."""
    return (
        change.currency == change.new_currency == currency and change.cost is not None and change.new_cost is not None
    )
