"""On whose word an entry stands: its source, its card, and what other sources say of the same rate."""

import re
from collections.abc import Sequence

import streamlit as st

from app.components.formats import day, instant, literal, money, plural, rate, share
from app.components.rate_grid import TITLES
from app.components.rate_terms import MTOK, is_discount
from pricing.card_fields import same_as
from pricing.card_terms import Sighting
from pricing.meters import METERS
from pricing.money import parse_rate
from pricing.rates import PRECEDENCE, Rate, to_naive
from warehouse.booked_rates import BookedEntry

NAMED_TEAMS = 3
WORDS = {number: word for word, number in PRECEDENCE.items()}


def show_evidence(entry: BookedEntry) -> None:
    """Everything that is known of an entry beside its figures."""
    base = entry.base
    st.markdown(f":small[{source_line(entry)}]")
    if base.corrects is not None:
        st.caption(f"**Correction** of an earlier entry: {literal(base.corrects)}")
    if base.promotion is not None:
        end = "without an end" if entry.is_open else f"until {instant(base.valid_until)}"
        st.caption(f"**Promotion** {end}: {literal(base.promotion)}")
    if len(base.strings) > 1:
        st.caption(f"Also prices calls that name {_some(base.strings[1:])}.")
    if base.note:
        st.caption(f"Note: {literal(base.note)}")
    if entry.same_in:
        same = ", ".join(f"{WORDS[precedence]} card {literal(card)}" for card, precedence in entry.same_in)
        st.caption(f"The very same figures are in {same}.")
    if entry.uses:
        st.caption(uses_line(entry))
    _show_sightings(base)


def source_line(entry: BookedEntry) -> str:
    """The source, when someone last looked at it, and the card that says so."""
    base = entry.base
    parts = re.split(r"(https?://[^\s<>]*[^\s<>.,;])", base.source)
    source = "".join(f"<{part}>" if is_link(part) else literal(part) for part in parts)
    card = f"{card_word(base)} card {literal(base.card)}"
    return f"Source ({base.confidence}): {source}, checked {day(base.checked)} · {card}"


def card_word(base: Rate) -> str:
    """Whose word a card is."""
    return f"{WORDS[base.precedence]}{' discount' if is_discount(base) else ''}"


def is_link(source: str) -> bool:
    """Whether a source is an address, and not a citation."""
    return re.fullmatch(r"https?://[^\s<>]+", source) is not None


def uses_line(entry: BookedEntry) -> str:
    """Who uses it: the three teams with most calls, the rest, and the last day."""
    currency, cost = entry.base.currency, entry.cost or 0
    named = [
        f"{literal(use.team or 'no team')} {literal(money(use.cost, currency))} ({share(use.cost, cost)}, "
        f"{plural(use.requests, 'call')})"
        for use in entry.uses[:NAMED_TEAMS]
    ]
    rest = entry.uses[NAMED_TEAMS:]
    if rest:
        spent = sum(use.cost for use in rest)
        calls = sum(use.requests for use in rest)
        named.append(
            f"{len(rest)} more {literal(money(spent, currency))} ({share(spent, cost)}, {plural(calls, 'call')})"
        )
    return f"Used by {', '.join(named)}; last on {day(entry.last_day)}."


def _some(strings: Sequence[str], most: int = 6) -> str:
    rest = len(strings) - most
    return literal(", ".join(strings[:most])) + (f" and {rest} more" if rest > 0 else "")


def _show_sightings(base: Rate) -> None:
    """What other sources say, agreeing or not."""
    if not base.sightings:
        return
    st.markdown("**Other sources**")
    for sighting in base.sightings:
        agreed, differing = compare(base, sighting)
        icon = ":material/call_split:" if differing else ":material/check:" if agreed else ":material/info:"
        said = [f"differs on {'; '.join(differing)}" if differing else "", f"agrees on {', '.join(agreed)}"]
        verdict = (
            ", ".join(part for part, there in zip(said, (differing, agreed), strict=True) if there) or "no figures"
        )
        note = f" {literal(sighting.note)}" if sighting.note else ""
        st.caption(f"{icon} {literal(sighting.source)}, seen {day(sighting.seen)}: {literal(verdict)}.{note}")


def compare(base: Rate, sighting: Sighting) -> tuple[list[str], list[str]]:
    """What another source agrees on with the base of an entry, and what it differs on, with both figures."""
    agreed, differing = [], []
    figures = {str(meter): figure for meter, figure in sighting.per_mtok.items()}
    for meter, figure in sighting.per_mtok.items():
        text = figures.get(same_as(figure) or meter)
        if text is None or same_as(text):
            continue
        told, ours = parse_rate(text), base.pico[METERS.index(meter)]
        name = TITLES[meter].lower()
        if told == ours:
            agreed.append(name)
        else:
            here = rate(None if ours is None else ours * MTOK, base.currency)
            differing.append(f"{name}: {rate(told * MTOK, base.currency)} there, {here} here")
    if sighting.valid_from is not None:
        start = to_naive(sighting.valid_from)
        if start == base.valid_from:
            agreed.append("the start")
        else:
            differing.append(f"the start: {instant(start)} there, {instant(base.valid_from)} here")
    return agreed, differing
