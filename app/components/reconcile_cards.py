"""The headline of a reconciliation: how much of the traffic has a known cost, and the money at risk in the rest."""

import streamlit as st

from analysis.coverage import Headline, Risk
from app.components.cards import Card, show_cards
from app.components.formats import count, money, plural, share
from warehouse.connection import Reader
from warehouse.cost import coverage_of
from warehouse.overview import Provenance, read_provenance
from warehouse.scope import Scope


def provenance_of(reader: Reader, scope: Scope) -> Provenance:
    """Through when the data goes, and whose rates priced it."""
    return read_provenance(reader, scope, coverage_of(reader, scope))


def show_coverage(found: Headline) -> None:
    """Attempts, with usage, priced, billed, unknown, and the band."""
    whole = found.attempts
    show_cards(
        [
            Card("Attempts", (count(whole),), "failed ones too"),
            Card(
                "With usage",
                (share(found.with_usage, whole),),
                f"{count(found.with_usage)}",
                "Attempts whose log says the tokens.",
            ),
            Card(
                "Priced",
                (share(found.priced, whole),),
                f"{count(found.priced)}",
                "Attempts whose cost is known; one that is not charged costs nothing, and that is known.",
            ),
            Card(
                "Billed",
                ("–" if found.billed is None else share(found.billed, whole),),
                "by a bill or the log",
                "Attempts that a line of a bill is about, or whose log says what was billed.",
            ),
            Card(
                "Unknown cost",
                (count(found.unknown),),
                f"{count(found.elsewhere)} on another bill" if found.elsewhere else "in no amount",
                "On another bill: calls with an own upstream key, or on machines of your own.",
            ),
            Card(
                "At risk",
                tuple(_width(risk) for risk in found.risks if risk.low or risk.high) or ("none",),
                _unbounded(found),
                "By how much the true cost may differ: calls without usage, without a price, or under review.",
            ),
        ]
    )
    bands = [_band(risk) for risk in found.risks if risk.low or risk.high]
    if bands:
        st.caption(f"Money at risk: {' · '.join(bands)}.".replace("$", "\\$"))


def _band(risk: Risk) -> str:
    known, low, high = (money(risk.known + pico, risk.currency) for pico in (0, risk.low, risk.high))
    return f"{known} known; with what is not, between {low} and {high}"


def _width(risk: Risk) -> str:
    return money(risk.high - risk.low, risk.currency)


def _unbounded(found: Headline) -> str:
    return f"and {plural(found.unbounded, 'call')} without a band" if found.unbounded else "width of the band"
