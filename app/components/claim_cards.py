"""Claims beside our own measurements: both figures, what can be said, and how the two set-ups differ."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import pandas as pd
import streamlit as st

from analysis.claims import Status
from app.claim_evidence import Measurement
from app.claimed import Beside
from app.components.cards import Card, show_cards
from app.components.formats import SYMBOLS, literal, plural, symbol_of
from app.components.tables import show_frame
from app.figures import days_since
from pricing.claims import Claim

NOT_MEASURED = RANGE = "–"
ICONS: dict[Status, str] = {
    "unverified": ":material/help:",
    "consistent": ":material/check_circle:",
    "contradicted": ":material/error:",
}
COLORS: dict[Status, Literal["gray", "green", "orange"]] = {
    "unverified": "gray",
    "consistent": "green",
    "contradicted": "orange",
}


def show_claim(each: Beside, own: Measurement) -> None:
    """A claim and our measurement, the comparator's beside them where it has a figure; then what can be said."""
    claim, status = each.claim, each.verdict.status
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header(literal(f"{claim.model}: {claim.about}"), width="content")
            st.badge(status, icon=ICONS[status], color=COLORS[status])
        # Not small print: a link in it would be too pale to read.
        st.markdown(f":small[{literal(_said_by(each))}]")
        near = f", {each.relation}" if each.relation else ""
        cards = [
            Card("Claimed", (_in_unit(claim.text, claim.unit),), _by(claim)),
            Card("Measured here", (_in_unit(figure_text(own), claim.unit),), _sample(own) + near),
        ]
        if claim.comparator and claim.comparator.figure is not None:
            claimed = claim.comparator.text.rsplit(": ", 1)[1]
            part = each.comparator
            cards += [
                Card("Compared with", (_in_unit(claimed, claim.unit),), claim.comparator.model),
                Card(
                    "Measured here",
                    (_in_unit(figure_text(part), claim.unit),),
                    _sample(part) if part else "no such task here",
                ),
            ]
        show_cards(cards)
        st.markdown(literal(f"{each.verdict.why[:1].upper()}{each.verdict.why[1:]}."))
        decisive = sum(gap.is_decisive for gap in each.differences)
        summary = f"{plural(decisive, 'decisive difference')} in set-up, {len(each.differences) - decisive} other"
        with st.expander(summary, icon=":material/compare_arrows:"):
            for line in _details(each, own):
                st.markdown(f"- :small[{literal(line)}]")


def show_unmeasured(claims: Sequence[Beside], now: datetime) -> None:
    """The claims that nothing here measures, in one table."""
    show_frame(
        pd.DataFrame(
            {
                "Model": [each.claim.model for each in claims],
                "About": [each.claim.about for each in claims],
                "Claimed": [each.claim.text for each in claims],
                "Unit": [each.claim.unit for each in claims],
                "Compared with": [each.claim.comparator.text if each.claim.comparator else "–" for each in claims],
                "By": [each.claim.by for each in claims],
                "Whose word": [each.claim.status for each in claims],
                "Of": [str(each.claim.date) for each in claims],
                "Age, days": [days_since(each.claim.date, now) for each in claims],
                "Harness": [each.claim.harness or "not said" for each in claims],
                "Conditions": [each.claim.conditions or "–" for each in claims],
                "Source": [each.claim.source for each in claims],
            }
        ),
        hide_index=True,
        alt="Claims that nothing here measures",
        column_config={
            "Model": st.column_config.TextColumn(pinned=True),
            "Claimed": st.column_config.TextColumn(alignment="right"),
        },
    )


def _in_unit(text: str, unit: str) -> str:
    """A figure with its currency before it or its percent sign behind it; other units, and a range's, stand below."""
    if text == NOT_MEASURED:
        return text
    if unit == "%":
        return text if RANGE in text else f"{text}%"
    code, per, _ = unit.partition(" per ")
    return f"{symbol_of(code)}{text}" if per and code in SYMBOLS else text


def _by(claim: Claim) -> str:
    """What the figure counts, as far as it does not say so itself, and whose it is."""
    code, per, what = claim.unit.partition(" per ")
    counted = (
        ""
        if claim.unit == "%" and RANGE not in claim.text
        else f"per {what}"
        if per and code in SYMBOLS
        else claim.unit
    )
    return ", ".join(part for part in (counted, f"by {claim.by}") if part)


def _said_by(each: Beside) -> str:
    claim = each.claim
    parts = [f"{claim.status}, by {claim.by}, {claim.date}"]
    parts += [text for text in (claim.conditions, claim.harness) if text]
    return "; ".join(parts) + f". {claim.source}" + (f". {claim.note}" if claim.note else "")


def figure_text(own: Measurement | None) -> str:
    """Three digits that count; a dash where nothing was measured."""
    return NOT_MEASURED if own is None or own.found.estimate is None else f"{own.figure(own.found.estimate)}"


def _sample(own: Measurement) -> str:
    return f"{_interval(own)}, {plural(own.sample, own.of)}"


def _interval(own: Measurement) -> str:
    if own.found.low is None or own.found.high is None:
        return "no interval"
    return f"95%: {own.figure(own.found.low)} to {own.figure(own.found.high)}"


def _details(each: Beside, own: Measurement) -> list[str]:
    lines = [f"{'Decisive: ' * gap.is_decisive}{gap.says}" for gap in each.differences]
    lines += [f"{part.what}: {figure_text(part)} ({_sample(part)})" for part in each.also]
    return lines + [f"Left out: {plural(number, own.of)} {why}" for number, why in own.left_out]
