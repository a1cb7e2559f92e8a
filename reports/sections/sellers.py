"""The same calls at every seller that has a rate for their model: nothing changes but whose rates price them."""

from datetime import datetime

from reports.charts import Bars, Series
from reports.document import Block, Cell, Column, Money, Section, Share, Table, Words, count_column, money_column
from reports.document import text_column as text
from reports.figures import text_of
from reports.forward_parts import Family, Sellers
from reports.sections.scenarios import calls_text
from warehouse.rate_sellers import Comparison, Offer

TITLE = "The same calls at other sellers"
SHORT = "Other sellers"
METHOD = (
    "Priced at the rates of now, whenever the calls were: their tokens, size, service tier, hour, team and region as "
    "they were, and as much from the cache as there was; another seller's cache may keep less or more. The same model "
    "is the same name after the last slash, without a date. That two sellers serve it equally well is not said. Calls "
    "that are not charged or have no usage are left out."
)
COLUMNS = (
    text("Seller", "Who would bill the calls."),
    text("Model at the seller", "As the seller's card names it."),
    text("Bought from", "Whether calls in scope were bought there, under this model."),
    money_column("Cost", "What the calls that its rates can price come to; unknown where they can price none."),
    Column("Can price", "share", "Share of the calls that its rates can price: only equal shares compare."),
    count_column("Compared", "The calls that have a price on both sides, in the seller's own currency."),
    money_column("As priced", "What the compared calls cost."),
    money_column("The same here", "What the compared calls come to at this seller."),
    money_column("Difference", "The same here less as priced."),
    Column("Change", "share", "The difference as a share of as priced."),
)
COMPARED = (
    "Cost is of all calls that the seller's rates can price. What stands right of compared is of those alone that were "
    "also priced in the seller's own currency: the same here less as priced is the difference."
)
RATE_COLUMNS = (
    text("Seller", "Who would bill the calls."),
    text("Model at the seller", "As the seller's card names it."),
    text("Currency", "The currency of its rates."),
    Column("Checked", "day", "When somebody last looked at the rates, the longest ago."),
    count_column("Age in days", "Days since then."),
    text("Confidence", "Official, registry, article or contract."),
    text("Cannot price", "Why its rates cannot price some of the calls, and how many."),
)


def sellers_section(found: Sellers) -> Section:
    """A table and a picture for each model."""
    blocks: list[Block] = []
    for number, family in enumerate(found.families, 1):
        blocks += [_table(number, family), *_charts(number, family.found, family.name)]
        if family.found.offers:
            blocks.append(_rates(number, family, found))
    if found.left_out:
        named = ", ".join(f"{name} ({calls:,})" for name, calls in found.left_out)
        blocks.append(Words((f"Models with fewer calls are not compared here: {named}.",)))
    if blocks:
        blocks.append(Words((METHOD,)))
    lead = f"What the calls of this report would come to at each seller, at the rates of {found.at:%Y-%m-%d %H:%M} UTC."
    none = "No call in scope has usage that a rate could price."
    return Section("sellers", TITLE, lead if found.families else none, tuple(blocks), SHORT)


def ordered(found: Comparison) -> list[Offer]:
    """By currency, that of most calls as priced first; then the sellers that can price most, then the cheapest."""
    billed = {total.currency: total.requests for total in found.billed}
    return sorted(
        found.offers,
        key=lambda offer: (
            -billed.get(offer.currency, 0),
            offer.currency,
            -offer.priced,
            offer.cost or 0,
            offer.seller,
            offer.model,
        ),
    )


def _table(number: int, family: Family) -> Table:
    return Table(
        f"sellers_{number}",
        f"Calls of {family.name}",
        COLUMNS,
        tuple(_row(offer) for offer in ordered(family.found)),
        notes=(_said(family.found), COMPARED),
        empty="No card has a rate for it now.",
    )


def _rates(number: int, family: Family, found: Sellers) -> Table:
    """How old the rates are and on whose word."""
    offers = ordered(family.found)
    stale = [place for place, offer in enumerate(offers) if _age(offer, found.at) > found.stale_days]
    return Table(
        f"sellers_{number}_rates",
        f"Rates for {family.name}",
        RATE_COLUMNS,
        tuple(_rate(offer, found.at) for offer in offers),
        notes=(f"Marked: nobody has looked at them for more than {found.stale_days} days.",) if stale else (),
        marked=frozenset(stale),
    )


def _rate(offer: Offer, at: datetime) -> tuple[Cell, ...]:
    missing = "; ".join(f"{reason}: {requests:,}" for reason, requests in offer.missing) or None
    confidence = ", ".join(offer.confidence)
    return offer.seller, offer.model, offer.currency, offer.checked, _age(offer, at), confidence, missing


def _said(found: Comparison) -> str:
    """Which calls are compared."""
    sums = [text_of(Money(total.cost, total.currency), "money") for total in found.billed if total.currency]
    unpriced = sum(total.requests for total in found.billed if total.currency is None)
    calls = sum(one.requests for one in found.traffic)
    sellers = ", ".join(sorted({one.seller for one in found.traffic}))
    some = f"; {unpriced:,} of them had no rate" if unpriced else ""
    return f"{calls_text(calls)} from {sellers}, as priced {' and '.join(sums) or 'nothing'}{some}."


def _row(offer: Offer) -> tuple[Cell, ...]:
    code, difference = offer.currency, offer.billed_now - offer.billed
    compared = bool(offer.compared)
    return (
        offer.seller,
        offer.model,
        "yes" if offer.is_bought else None,
        Money(offer.cost if offer.priced else None, code),
        Share(offer.priced / offer.all_requests if offer.all_requests else None),
        offer.compared if compared else None,
        Money(offer.billed, code) if compared else None,
        Money(offer.billed_now, code) if compared else None,
        Money(difference, code) if compared else None,
        Share(difference / offer.billed if compared and offer.billed else None),
    )


def _age(offer: Offer, at: datetime) -> int:
    return max(0, (at.date() - offer.checked).days)


def _charts(number: int, found: Comparison, name: str) -> list[Block]:
    """The sellers that can price all of the calls, in each currency that has several of them."""
    whole = [offer for offer in ordered(found) if offer.priced == offer.all_requests and offer.cost is not None]
    charts: list[Block] = []
    for code in dict.fromkeys(offer.currency for offer in whole):
        offers = [offer for offer in whole if offer.currency == code]
        if len(offers) < 2:
            continue
        least = offers[0].cost
        cheapest = " and ".join(_label(offer, offers) for offer in offers if offer.cost == least)
        charts.append(
            Bars(
                f"sellers_{number}_{code.lower()}",
                f"All calls of {name}, in {code}",
                f"{len(offers)} offers can price all calls; the least is {_money(least, code)}, of {cheapest}.",
                code,
                tuple(_label(offer, offers) for offer in offers),
                tuple(_series(side, offers) for side in (True, False) if any(o.is_bought == side for o in offers)),
                lying=True,
            )
        )
    return charts


def _money(pico: int | None, code: str) -> str:
    return text_of(Money(pico, code), "money")


def _series(bought: bool, offers: list[Offer]) -> Series:
    values = tuple(offer.cost if offer.is_bought == bought else None for offer in offers)
    return Series("Bought there", values) if bought else Series("Not bought there", values, tone="other")


def _label(offer: Offer, offers: list[Offer]) -> str:
    """The seller; with its model's name where it has several."""
    several = sum(other.seller == offer.seller for other in offers) > 1
    return f"{offer.seller} · {offer.model.rsplit('/', 1)[-1]}" if several else offer.seller
