"""Sellers compared for the same traffic: what the calls of one model in scope would come to at each of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from app import theme
from app.components.answers import Desk
from app.components.formats import MINUS, count, day, literal, money, plural, share
from app.components.spend_chart import amount_axis
from app.components.tables import show_frame
from pricing.money import PICO
from warehouse.booked_rates import BookedEntry
from warehouse.errors import WarehouseBusy
from warehouse.rate_sellers import Comparison, Offer, compare_sellers, family_of, traffic_of
from warehouse.scope import Scope

KEY = "compare"
BAR_PX = 34
HELP = {
    "Cost": "Of all calls that the seller's rates can price.",
    "As priced": "What the compared calls cost.",
    "The same here": "What the compared calls come to at this seller.",
    "Difference": "The same here less as priced.",
}


def show_sellers(desk: Desk, scope: Scope, at: datetime, now: datetime, stale_days: int) -> None:
    """Ask for a model, and show its calls at every seller with rates for it; ``at`` is since when they are as now."""
    families: dict[str, int] = defaultdict(int)
    for one in desk.ask(traffic_of, scope):
        families[family_of(one.model)] += one.requests
    st.header("The same calls at every seller")
    if not families:
        st.caption("No call in scope has usage that a rate could price.")
        return
    names = sorted(families, key=lambda name: -families[name])
    family = st.selectbox(
        "Model",
        names,
        index=None,
        key=KEY,
        bind="query-params",
        placeholder="Choose a model: its calls in scope are priced at each seller",
        label_visibility="collapsed",
        width=420,
    )
    if family is None:
        return
    try:
        with st.spinner("Pricing the calls at each seller"):
            compared = desk.ask(compare_sellers, scope, family, at)
    except WarehouseBusy as error:
        st.caption(literal(str(error)))
        return
    _show(compared, now, stale_days)


def since_when(entries: Sequence[BookedEntry], now: datetime) -> datetime:
    """The last moment at which any rate began or ended: until the next one all answers stay the same."""
    edges = (edge for entry in entries for edge in (entry.base.valid_from, entry.base.valid_until) if edge <= now)
    return max(edges, default=now)


def _show(compared: Comparison, now: datetime, stale_days: int) -> None:
    st.caption(_said(compared))
    if not compared.offers:
        st.caption("No card has a rate for it now.")
        return
    for currency in _currencies(compared):
        offers = [offer for offer in ordered(compared) if offer.currency == currency]
        _draw([offer for offer in offers if offer.cost is not None], currency)
    _show_table(compared, now, stale_days)
    st.caption(
        "Priced at the rates of now, whenever the calls were: their tokens, size, service tier, hour, team and region "
        "as they were, and as much from the cache as there was; another seller's cache may keep less or more. The same "
        "model is the same name after the last slash, without a date. That two sellers serve it equally well is not "
        "said. Calls that are not charged or have no usage are left out."
    )


def ordered(compared: Comparison) -> list[Offer]:
    """By currency, then the sellers that can price most, then the cheapest."""
    places = _currencies(compared)
    return sorted(
        compared.offers,
        key=lambda offer: (places.index(offer.currency), -offer.priced, offer.cost or 0, offer.seller, offer.model),
    )


def _currencies(compared: Comparison) -> list[str]:
    """That of most calls as priced first."""
    billed = {total.currency: total.requests for total in compared.billed}
    return sorted({offer.currency for offer in compared.offers}, key=lambda name: (-billed.get(name, 0), name))


def _said(compared: Comparison) -> str:
    """What is compared."""
    sums = " and ".join(money(total.cost, total.currency) for total in compared.billed if total.currency)
    unpriced = sum(total.requests for total in compared.billed if total.currency is None)
    calls = sum(one.requests for one in compared.traffic)
    sellers = sorted({one.seller for one in compared.traffic})
    some = f"; {plural(unpriced, 'call')} had no rate" if unpriced else ""
    return literal(f"{plural(calls, 'call')} in scope from {', '.join(sellers)}, as priced {sums or 'nothing'}{some}.")


def difference(offer: Offer) -> str:
    """To as priced, of the calls that were billed in the same currency."""
    if not offer.compared:
        return "–"
    pico = offer.billed_now - offer.billed
    sign = "+" if pico > 0 else MINUS if pico < 0 else ""
    percent = f" ({sign}{abs(pico) * 100 / offer.billed:.1f} %)" if offer.billed else ""
    return f"{sign}{money(abs(pico), offer.currency)}{percent}"


def _show_table(compared: Comparison, now: datetime, stale_days: int) -> None:
    offers = ordered(compared)
    right = ["Cost", "As priced", "The same here", "Difference", "Can price", "Age"]
    show_frame(
        pd.DataFrame(
            {
                "Seller": [offer.seller for offer in offers],
                "Model at the seller": [offer.model for offer in offers],
                "Bought from": ["yes" if offer.is_bought else "–" for offer in offers],
                "Cost": [money(offer.cost, offer.currency) if offer.priced else "–" for offer in offers],
                "Can price": [share(offer.priced, offer.all_requests) for offer in offers],
                "Compared": [_compared(offer) for offer in offers],
                "As priced": [money(offer.billed, offer.currency) if offer.compared else "–" for offer in offers],
                "The same here": [
                    money(offer.billed_now, offer.currency) if offer.compared else "–" for offer in offers
                ],
                "Difference": [difference(offer) for offer in offers],
                "Cannot, because": [_missing(offer) for offer in offers],
                "Age": [_age(offer, now, stale_days) for offer in offers],
                "Checked": [day(offer.checked) for offer in offers],
                "Confidence": [", ".join(offer.confidence) for offer in offers],
            }
        ),
        hide_index=True,
        height="content" if len(offers) <= 12 else 460,
        alt="What the same calls come to at each seller",
        column_config={
            "Seller": st.column_config.TextColumn(pinned=True),
            "Bought from": st.column_config.TextColumn(
                help="Whether calls in scope were bought there, under this model."
            ),
            "Compared": st.column_config.TextColumn(
                help="The calls that have a price on both sides, in the seller's own currency."
            ),
            **{name: st.column_config.TextColumn(alignment="right", help=HELP.get(name)) for name in right},
        },
    )


def _compared(offer: Offer) -> str:
    if not offer.compared:
        return "–"
    return "all calls" if offer.compared == offer.all_requests else plural(offer.compared, "call")


def _missing(offer: Offer) -> str:
    return "; ".join(f"{reason}: {count(requests)}" for reason, requests in offer.missing) or "–"


def _age(offer: Offer, now: datetime, stale_days: int) -> str:
    days = max(0, (now.date() - offer.checked).days)
    return f"{plural(days, 'day')}{', stale' if days > stale_days else ''}"


def _draw(offers: Sequence[Offer], currency: str) -> None:
    """A bar per seller; hatched where it cannot price all calls."""
    if not offers:
        return
    most = max(offer.cost or 0 for offer in offers)
    names = [_name(offer, offers) for offer in offers]
    axis = amount_axis(most, currency)
    figure = theme.figure(
        [_bars(offers, names, currency)],
        height=40 + BAR_PX * len(offers),
        showlegend=False,
        xaxis={**axis, "range": [0, most / PICO * 1.6 or 1], "showgrid": False, "showticklabels": False},
        yaxis=theme.axis(categoryorder="array", categoryarray=names[::-1]),
    )
    cheapest = min((offer for offer in offers if offer.priced == offer.all_requests), key=_cost, default=None)
    best = f"; cheapest for all of them {cheapest.seller} with {money(cheapest.cost, currency)}" if cheapest else ""
    st.markdown(
        f"**In {literal(currency)}** :small[(blue: calls in scope were bought there; hatched: some have no price)]"
    )
    st.plotly_chart(
        figure,
        config=theme.CHART_CONFIG,
        key=f"sellers_chart_{currency}",
        alt=f"What the same calls come to in {currency} at {plural(len(offers), 'seller')}{best}",
    )


def _bars(offers: Sequence[Offer], names: Sequence[str], currency: str) -> dict[str, Any]:
    """Blue for those that were bought from."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": [(offer.cost or 0) / PICO for offer in offers],
        "y": list(names),
        "text": [f" {money(offer.cost, currency)}{_part(offer)} " for offer in offers],
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"color": theme.ink().strong, "size": 13},
        "hoverinfo": "skip",
        "marker": {
            "color": [theme.BLUE if offer.is_bought else theme.OTHER for offer in offers],
            "pattern": {
                "shape": ["" if offer.priced == offer.all_requests else "/" for offer in offers],
                "fgcolor": theme.ink().paper,
                "size": 6,
            },
        },
    }


def _cost(offer: Offer) -> int:
    return offer.cost or 0


def _part(offer: Offer) -> str:
    """How much of the calls it is, where it is not all of them."""
    return "" if offer.priced == offer.all_requests else f" ({share(offer.priced, offer.all_requests)})"


def _name(offer: Offer, offers: Sequence[Offer]) -> str:
    """The seller; with its model's name where it has several."""
    several = sum(other.seller == offer.seller for other in offers) > 1
    return f"{offer.seller} · {offer.model.rsplit('/', 1)[-1]}" if several else offer.seller
