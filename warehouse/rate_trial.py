"""A rate card on trial: what is wrong with it, or what it would change; neither the card nor the result is kept."""

import tempfile
from pathlib import Path
from typing import NamedTuple

from pricing.card import read_card
from pricing.errors import CardError
from warehouse.connection import Reader
from warehouse.rate_book import read_gaps
from warehouse.rerate import Basis, Outcome, rerate
from warehouse.rerate_basis import card_basis
from warehouse.scope import Scope

NAME = "card.yaml"


class Trial(NamedTuple):
    """What came of a card."""

    problems: tuple[str, ...]
    """Every mistake in it; then there is nothing else."""
    seller: str = ""
    outcome: Outcome | None = None
    without_token_price: int = 0
    """Calls in scope of the card's seller that were loaded when it sold no tokens: no card prices them."""


def try_card(reader: Reader, text: str, scope: Scope, cards: object = None) -> Trial:
    """What a card would change in scope, or every mistake in it.

    ``cards`` is the state of the warehouse's own cards, for callers that keep answers: a discount is taken off them.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_text(text, encoding="utf-8")
        try:
            seller = read_card(path).seller
            basis = card_basis(reader.folder.root, path)
        except CardError as error:
            return Trial(tuple(problem.removeprefix(f"{NAME}: ") for problem in error.problems))
    hosted = sum(gap.requests for gap in read_gaps(reader, scope) if gap.seller == seller and gap.sells_no_tokens)
    return Trial((), seller, rerate_here(reader, basis, scope), hosted)


def own_cards(root: Path) -> tuple[tuple[str, int], ...]:
    """The state of the warehouse's own cards."""
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in (root / "rate_cards").rglob("*.y*ml")))


def rerate_here(reader: Reader, basis: Basis, scope: Scope) -> Outcome:
    """A re-rate on a connection that is already borrowed; nothing is stored."""
    zone = reader.row("select value from meta where name = 'billing_zone'")
    return rerate(reader.connection, basis, scope, zone[0] if zone else "UTC")
