"""One tier in cards, and all tiers of a seller's model in a table."""

import pandas as pd
import streamlit as st

from app.capacities import Capacity, Standing
from app.capacity_words import NAMES, over_text, seconds_text, share_text
from app.components.cards import Card, show_cards
from app.components.columns import right
from app.components.formats import UNKNOWN, count, money
from app.components.tables import show_frame
from planning.capacity import KINDS

GROWS = "only grows"
SHORT = {"rpm": "RPM", "tpm": "TPM", "concurrency": "At once"}
"""What fits a card on a phone."""
UNITS = {"rpm": "requests a minute", "tpm": "tokens a minute", "concurrency": "at the same time"}


def show_standing(found: Capacity, each: Standing) -> None:
    """What one tier does to the calls."""
    binds = each.binds
    wait = GROWS if each.waits is None else seconds_text(each.waits.most)
    longest = "more calls come than it lets through"
    if each.waits is not None:
        longest = f"95% wait no longer; the longest {seconds_text(each.waits.longest)}"
    pace = "no limit known that calls like these meet"
    if each.pace is not None:
        pace = f"30 full days, {float(each.pace.per_minute):,.1f} calls a minute"
    show_cards(
        [
            Card(
                "Over a limit",
                (share_text(each.over),),
                f"of the calls, at {found.basis.rate:,.1f} a minute{_else(each)}",
            ),
            Card(
                "Binds first",
                ("–" if binds is None else SHORT[binds.kind],),
                "none can be judged" if binds is None else f"fullest: {count(binds.peak)} of {count(binds.limit)}",
            ),
            Card("Wait in a queue", (wait,), longest),
            Card("Spend it allows", (_spend(found, each),), pace),
        ]
    )


def _else(each: Standing) -> str:
    """The least that it may be, where that depends on how traffic grows."""
    if each.least_over is None or share_text(each.least_over) == share_text(each.over):
        return ""
    return f"; {share_text(each.least_over)} if bursts do not grow with it"


def show_tiers(found: Capacity) -> None:
    """Every tier; amounts are texts."""
    rows = [
        {
            "Tier": each.tier.name,
            "From": each.tier.reached or "not known",
            "Over": over_text(each),
            "Binds first": "–" if each.binds is None else NAMES[each.binds.kind],
            "Fullest": "–" if each.binds is None else f"{each.binds.filled:,.0%}",
            "Waits, 95%": GROWS if each.waits is None else seconds_text(each.waits.most),
            "Full month": _spend(found, each),
            **{UNITS[kind].capitalize(): count(each.tier.caps.of(kind)) for kind in KINDS},
            "Checked": "–" if each.tier.checked is None else str(each.tier.checked),
            "Source": each.tier.source or "typed in",
        }
        for each in found.standings
    ]
    show_frame(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        alt="Every tier of the seller's model against the calls",
        column_config={
            "Tier": st.column_config.TextColumn(pinned=True),
            **right(("Over", "Fullest", "Waits, 95%", "Full month", *(UNITS[kind].capitalize() for kind in KINDS))),
        },
    )


def _spend(found: Capacity, each: Standing) -> str:
    return UNKNOWN if each.spend is None else money(round(each.spend.per_month), found.price.currency)
