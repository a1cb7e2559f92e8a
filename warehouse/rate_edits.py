"""Own cards that no longer say what has priced calls: refused, because what was billed would have no ground."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb

from pricing.card_model import Card
from pricing.rates import PRECEDENCE, Rate, discount_entry
from warehouse.errors import RateConflict
from warehouse.sqlfiles import run

OWN = PRECEDENCE["own"]
EDITED = "its figures and terms cannot be changed"
GONE = "it cannot be taken out, nor start at another time"


def refuse_edits(usage: duckdb.DuckDBPyConnection, cards: Sequence[Card], rates: Sequence[Rate]) -> None:
    """Raise RateConflict for own cards that say other figures, another start, or nothing at all.

    A discount may be of other figures where it is the same, and the shipped or registered list rate that it was taken
    off is what changed.
    """
    digests = {rate.digest for rate in rates}
    starts = {(rate.seller, rate.model, rate.region, rate.valid_from) for rate in rates if rate.precedence >= OWN}
    lost: list[str] = []
    files: dict[str, None] = {}
    for digest, card, *what, calls, is_off_a_list, entries, listed in run(usage, "used_rates", {"own": OWN}).fetchall():
        seller, model, region, valid_from = what
        if digest in digests or (is_off_a_list and _still_given(cards, seller, valid_from, entries, listed or [])):
            continue
        how = EDITED if (seller, model, region, valid_from) in starts else GONE
        lost.append(
            f"{card}: the rate of {model} at {seller} from {valid_from:%Y-%m-%dT%H:%M:%SZ} has priced "
            f"{calls:,} call{'' if calls == 1 else 's'}: {how}"
        )
        files[card] = None
    if lost:
        raise RateConflict(lost, _advice(list(files)))


def _advice(files: Sequence[str]) -> tuple[str, ...]:
    """What can be done instead, with the commands."""
    add = ", and ".join(f"tollbook rates add {file} --replace" for file in files)
    return (
        "Leave the entry as it was. To end it, give it a valid_until; for a new price, add an entry with a later "
        f"valid_from; then: {add}",
        "To correct it, add an entry of the same valid_from with corrects: and what was wrong (a discount is corrected "
        f"by figures under models); then: {add}, and for the calls that it has priced: tollbook rerate --known-at now",
    )


def _still_given(
    cards: Sequence[Card], seller: str, start: datetime, entries: Sequence[Any], listed: Sequence[Any]
) -> bool:
    """Whether a discount of today, off a list entry of any day, is what priced the calls."""
    discounts = [discount for card in cards if card.seller == seller for discount in card.discounts]
    found = {discount_entry(entry, discount, start) for discount in discounts for entry in listed}
    return not found.isdisjoint(entries)
