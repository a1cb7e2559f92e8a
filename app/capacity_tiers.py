"""The tiers that a seller's cards know of a model, and how long a call the model takes."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from planning.capacity import Caps
from pricing.card_model import Card
from pricing.limits import Limit
from warehouse.folder import Folder
from warehouse.rates import read_cards


class Tier(NamedTuple):
    """What one tier allows, and how one gets it."""

    name: str
    caps: Caps
    reached: str | None = None
    """What it takes; None: nobody says."""
    source: str | None = None
    """None: a person typed it in."""
    checked: date | None = None
    is_account_wide: bool = False
    """It names no model: it may count all calls to the seller together."""


class Limits(NamedTuple):
    """All that is known of what a seller's model takes."""

    tiers: tuple[Tier, ...]
    """Those with the least requests first."""
    context_tokens: int | None
    max_output_tokens: int | None


def limits_of(root: Path, seller: str, model: str, now: datetime) -> Limits:
    """The limits in force; those of own cards go before shipped ones of the same tier."""
    cards = [card for card in read_cards(Folder(root)).all if card.seller == seller]
    held = [limit for card in cards for limit in _of_model(card, model) if limit.holds(now)]
    tiers: dict[str, Tier] = {}
    for limit in held:
        if limit.rpm or limit.tpm or limit.concurrency:
            tier = _tier(limit)
            tiers.setdefault(tier.name, tier)
    ordered = sorted(tiers.values(), key=lambda tier: (tier.caps.rpm or 0, tier.caps.tpm or 0))
    return Limits(tuple(ordered), _first(held, "context_tokens"), _first(held, "max_output_tokens"))


def sellers_with_limits(root: Path, now: datetime) -> list[tuple[str, str | None]]:
    """Seller and model of every tier in force; of a tier that names no model, None."""
    found = dict[tuple[str, str | None], None]()
    for card in read_cards(Folder(root)).all:
        for limit in card.limits:
            if limit.holds(now) and (limit.rpm or limit.tpm or limit.concurrency):
                found.update(dict.fromkeys((card.seller, model) for model in limit.models or (None,)))
    return sorted(found, key=lambda pair: (pair[0], pair[1] or ""))


def _of_model(card: Card, model: str) -> list[Limit]:
    exact = [limit for limit in card.limits if not limit.models or model in limit.models]
    if any(limit.models for limit in exact):
        return exact
    # A served model may have its day behind the name of the card.
    return [
        limit for limit in card.limits if not limit.models or any(model.startswith(f"{one}-2") for one in limit.models)
    ]


def _tier(limit: Limit) -> Tier:
    name = limit.tier or "every account"
    reached = limit.reached_by
    if limit.top_up is not None:
        reached = f"{limit.top_up.amount} {limit.top_up.currency} paid in"
    caps = Caps(limit.rpm, limit.tpm, limit.concurrency)
    where = f"{name} ({limit.region})" if limit.region else name
    return Tier(where, caps, reached, limit.source, limit.checked, not limit.models)


def _first(held: Sequence[Limit], name: str) -> int | None:
    return next((int(value) for limit in held if (value := getattr(limit, name)) is not None), None)
