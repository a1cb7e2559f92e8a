"""What needs attention on the page of rates: calls without a rate, stale rates, sellers without a token price."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import streamlit as st

from app.components.cards import Card, show_cards
from app.components.formats import amounts, count, day, literal, plural
from app.components.rate_price import offer_to_price, offer_to_rerate
from pricing.meters import METERS
from warehouse.booked_rates import BookedEntry
from warehouse.rate_book import RateBook, RateGap


class Attention(NamedTuple):
    """The rates in scope, seen from an instant."""

    book: RateBook
    now: datetime
    stale_days: int

    @property
    def in_use(self) -> list[BookedEntry]:
        """Rates that priced something in scope."""
        return [entry for entry in self.book.entries if entry.requests]

    @property
    def stale(self) -> list[BookedEntry]:
        """Rates in use and in force whose source nobody has looked at for too long, the longest first."""
        found = [entry for entry in self.in_use if entry.is_stale(self.now, self.stale_days)]
        return sorted(found, key=lambda entry: entry.base.checked)

    @property
    def overruled(self) -> list[BookedEntry]:
        """Rates that priced calls in scope, not looked at for too long, before which another entry goes by now."""
        return [
            entry
            for entry in self.in_use
            if entry.age_days(self.now) > self.stale_days and entry.state(self.now) == "overruled"
        ]

    @property
    def missing(self) -> list[RateGap]:
        """Calls that a rate could price."""
        return [gap for gap in self.book.gaps if not gap.sells_no_tokens]

    @property
    def without_price(self) -> list[RateGap]:
        """Calls of sellers that sell no tokens."""
        return [gap for gap in self.book.gaps if gap.sells_no_tokens]


def show_rate_cards(attention: Attention, in_force: Sequence[BookedEntry]) -> None:
    """Rates in use, in force, stale; calls without a rate."""
    in_use, missing = attention.in_use, sum(gap.requests for gap in attention.missing)
    priced = sum(entry.requests for entry in in_use)
    show_cards(
        [
            Card(
                "In use", (count(len(in_use)),), f"priced {plural(priced, 'call')}", "Rates that priced calls in scope."
            ),
            Card(
                "In force",
                (count(len(in_force)),),
                f"of {plural(len({entry.base.seller for entry in in_force}), 'seller')}",
                "Rates that would price a call that begins now.",
            ),
            Card(
                "Stale",
                (count(len(attention.stale)),),
                f"in use, in force, not checked for {attention.stale_days} days",
                "`stale_days` in the warehouse's `tollbook.toml` sets after how many days a rate is marked.",
            ),
            Card("No rate", (count(missing),), "calls that a rate could price" if missing else "every call has one"),
        ]
    )


def show_attention(attention: Attention) -> None:
    """Everything that somebody could put right, and what nobody can."""
    st.header("Needs attention")
    if not (attention.missing or attention.stale or attention.overruled or attention.without_price):
        st.caption("Nothing to do here.")
        return
    for gap in attention.missing:
        _show_missing(gap)
    if attention.missing:
        offer_to_rerate()
    if attention.stale:
        _show_stale(attention)
    for entry in attention.overruled:
        cost = literal(amounts({entry.base.currency: entry.cost or 0}))
        _line(
            f"**{cost}** at a rate that another goes before by now: {_names([entry])}",
            f"checked {day(entry.base.checked)}, {plural(entry.age_days(attention.now), 'day')} ago; "
            f"it priced {plural(entry.requests, 'call')}",
            "It is not counted as stale: it prices no call that begins now. What it priced stays at it; under the new "
            "entry, beside it: `tollbook rerate --card CARD.yaml`.",
        )
    for gap in attention.without_price:
        _line(
            f"**{plural(gap.requests, 'call')}** of {_name(gap)}",
            f"{_tokens(gap)}, {_days(gap)}",
            "Nothing is missing: it has no token price. Its machines and licences: `tollbook charge add`.",
        )


def _line(what: str, where: str, then: str) -> None:
    """What it is, where, and what to do: side by side, one below the other on a phone."""
    first, second, third = st.columns((4, 3, 4), gap="xsmall")
    first.markdown(what)
    second.caption(where)
    third.markdown(f":small[{then}]")


def _show_missing(gap: RateGap) -> None:
    _line(
        f"**{plural(gap.requests, 'call')}** of {_name(gap)}: {gap.reason}",
        f"{_tokens(gap)}, {_days(gap)}",
        missing_advice(gap),
    )
    if gap.reason == "no rate" and gap.model and not _was_ended(gap):
        offer_to_price(gap)


def missing_advice(gap: RateGap) -> str:
    """Why no rate prices these calls, and what to do."""
    if gap.reason != "no rate" and gap.reason.split()[1] not in METERS:
        return "The card has no figures for this service tier: add them under `service_tiers` in a new entry."
    if gap.reason != "no rate":
        return "The card prices the model without this meter: add the figure in a new entry of the card."
    if gap.known_from is None or gap.known_until is None:
        return "No card names this very model of this seller. Add a rate card."
    if gap.last_day < gap.known_from.date():
        return f"The first rate known begins on {day(gap.known_from)}, after these calls. Add what was asked before."
    if gap.first_day >= gap.known_until.date():
        why = f"Its card says: {literal(gap.note or '')}" if _was_ended(gap) else "Add what is asked since."
        return f"The last rate known ended on {day(gap.known_until)}, before these calls. {why}"
    return (
        "These calls stand where no rate is known, or were loaded before it was: `tollbook rerate --unpriced` prices "
        "the latter; for the others add a dated rate card."
    )


def _was_ended(gap: RateGap) -> bool:
    """Whether the card itself says why no rate follows: then a card of dated figures may not be the answer."""
    return bool(gap.note and gap.known_until and gap.first_day >= gap.known_until.date())


def _name(gap: RateGap) -> str:
    return literal(f"{gap.model or 'no model'} at {gap.seller_name}")


def _tokens(gap: RateGap) -> str:
    return f"{count(gap.tokens)} tokens" if gap.tokens else "no tokens reported"


def _days(gap: RateGap) -> str:
    if gap.first_day == gap.last_day:
        return f"on {day(gap.first_day)}"
    return f"from {day(gap.first_day)} to {day(gap.last_day)}"


def _show_stale(attention: Attention) -> None:
    oldest = attention.stale[0]
    names = _names(attention.stale)
    _line(
        f"**{plural(len(attention.stale), 'stale rate')}** in use: {names}",
        f"the oldest checked {day(oldest.base.checked)}, {plural(oldest.age_days(attention.now), 'day')} ago",
        "Look at the source, linked below: set `checked` in the card, or add an entry with the new figures. A shipped "
        "card is not yours to edit: copy the entry into `rate_cards/` of the warehouse.",
    )


def _names(entries: Sequence[BookedEntry], most: int = 4) -> str:
    names = [literal(f"{entry.base.model} at {entry.base.seller}") for entry in entries[:most]]
    rest = len(entries) - most
    return ", ".join(names) + (f" and {rest} more" if rest > 0 else "")
