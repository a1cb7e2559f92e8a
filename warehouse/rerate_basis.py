"""The rates of a re-rate: a card's, those known at a moment, or today's for calls that had none."""

from datetime import datetime
from pathlib import Path

from pricing.card import read_card
from pricing.rates import PRECEDENCE, compile_card, discounted
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.rates import compile_rates, read_cards
from warehouse.rates_known import rates_at
from warehouse.rerate import Basis


def card_basis(root: Path, path: Path) -> Basis:
    """Under one card; a contract's discount is taken off the list rates in force. Raises CardError."""
    card = read_card(path)
    rates = compile_card(card, precedence=PRECEDENCE["own"])
    if card.discounts:
        rates += discounted([card], compile_rates(read_cards(Folder(root))))
    return Basis("card", path.name, rates, keeps=True)


def known_basis(root: Path, at: datetime, *, now: datetime, tell: Tell) -> Basis:
    """Under the rates as the warehouse knew them at a moment; raises what ``rates_at`` does."""
    rates = rates_at(root, at, now=now, tell=tell)
    return Basis("known-at", f"{at:%Y-%m-%dT%H:%M:%SZ}", rates, keeps=False, is_present=at >= now)


def unpriced_basis(root: Path) -> Basis:
    """Under the cards as they are now; raises CardError."""
    return Basis("unpriced", "", compile_rates(read_cards(Folder(root))), keeps=False)
