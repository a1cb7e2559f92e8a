"""Brings the rate cards into the warehouse: every rate once, never edited, and the stretches in which each prices."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import duckdb

from pricing.billing import compile_billing
from pricing.card import read_folder, read_shipped
from pricing.card_model import Card
from pricing.meters import METERS
from pricing.rates import Rate, compile_card, spans
from warehouse.errors import RateConflict
from warehouse.folder import Folder
from warehouse.sqlfiles import run
from warehouse.transaction import transaction

OWN, SHIPPED = 2, 1
SELLS_NO_TOKENS = "self-hosted: no token price"


class Cards(NamedTuple):
    """The cards in force: the warehouse's own go before the shipped ones."""

    own: tuple[Card, ...]
    shipped: tuple[Card, ...]

    @property
    def all(self) -> tuple[Card, ...]:
        """Every card, own ones first."""
        return self.own + self.shipped


def read_cards(folder: Folder) -> Cards:
    """The warehouse's own cards and the shipped ones; raises CardError with every mistake of a file."""
    own = tuple(read_folder(folder.own_cards)) if folder.own_cards.is_dir() else ()
    return Cards(own, tuple(read_shipped()))


def compile_rates(cards: Cards) -> list[Rate]:
    """Every rate of every card."""
    own = [rate for card in cards.own for rate in compile_card(card, precedence=OWN)]
    return own + [rate for card in cards.shipped for rate in compile_card(card, precedence=SHIPPED)]


def sync_rates(usage: duckdb.DuckDBPyConnection, cards: Cards, now: datetime) -> None:
    """Make the warehouse know the cards, in one transaction; raises RateConflict for an edit of a used rate."""
    rates = compile_rates(cards)
    digest = _digest(cards, rates)
    if usage.execute("select 1 from meta where name = 'cards' and value = $d", {"d": digest}).fetchone():
        return
    with transaction(usage):
        _refuse_edits(usage, rates)
        _store_rates(usage, rates, now)
        _store_sellers(usage, cards, rates)
        usage.execute("delete from meta where name = 'cards'")
        usage.execute("insert into meta values ('cards', $d)", {"d": digest})


def _digest(cards: Cards, rates: Sequence[Rate]) -> str:
    """Changes whenever a card does in any way that the warehouse keeps."""
    text = repr([(card.model_dump_json()) for card in cards.all]) + repr(rates)
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_edits(usage: duckdb.DuckDBPyConnection, rates: Sequence[Rate]) -> None:
    """Refuse a rate that stands where another one priced something, with other figures."""
    digests = {rate.digest for rate in rates}
    stands = {(rate.card, rate.seller, rate.model, rate.region, rate.valid_from): rate for rate in rates}
    for digest, card, seller, model, region, valid_from, calls in run(usage, "used_rates").fetchall():
        edited = stands.get((card, seller, model, region, valid_from))
        if digest not in digests and edited is not None:
            raise RateConflict(
                f"{card}: the rate of {model} at {seller} from {valid_from:%Y-%m-%dT%H:%M:%SZ} has priced calls "
                f"({calls}) and was edited; put the old figures back and add a new entry with a later valid_from"
            )


def _store_rates(usage: duckdb.DuckDBPyConnection, rates: Sequence[Rate], now: datetime) -> None:
    known = dict(usage.execute("select digest, rate_id from rate").fetchall())
    next_id = max(known.values(), default=0) + 1
    usage.execute("update rate set active = false")
    for rate in {rate.digest: rate for rate in sorted(rates, key=lambda rate: rate.precedence)}.values():
        if rate.digest in known:
            run(usage, "keep_rate", _kept(rate))
            continue
        known[rate.digest] = next_id
        run(usage, "add_rate", {**_added(rate), "rate_id": next_id, "now": now})
        next_id += 1
    usage.execute("delete from rate_span")
    stretches = [[s.seller, s.model, s.valid_from, s.valid_until, known[s.digest]] for s in spans(rates)]
    if stretches:
        usage.executemany("insert into rate_span values (?, ?, ?, ?, ?)", stretches)


def _kept(rate: Rate) -> dict[str, Any]:
    """What may change about a known rate: where it ends, and which card holds it."""
    return {
        "digest": rate.digest,
        "valid_until": rate.valid_until,
        "card": rate.card,
        "precedence": rate.precedence,
        "checked": rate.checked,
        "source": rate.source,
        "note": rate.note,
        "confidence": rate.confidence,
    }


def _added(rate: Rate) -> dict[str, Any]:
    figures: dict[str, Any] = dict(zip(METERS, rate.pico, strict=True))
    place = {name: getattr(rate, name) for name in ("seller", "model", "region", "currency", "valid_from")}
    return {**_kept(rate), **place, **figures}


def _store_sellers(usage: duckdb.DuckDBPyConnection, cards: Cards, rates: Sequence[Rate]) -> None:
    usage.execute("delete from seller")
    usage.execute("delete from status_rule")
    for name in dict.fromkeys(card.seller for card in cards.all):
        card = next(card for card in cards.all if card.seller == name)
        currencies = {rate.currency for rate in rates if rate.seller == name}
        reason = SELLS_NO_TOKENS if card.token_price == "none" else None
        currency = currencies.pop() if len(currencies) == 1 else None
        usage.execute("insert into seller values (?, ?, ?, ?)", [name, card.name or name, reason, currency])
        for rule in compile_billing(card):
            usage.execute("insert into status_rule values (?, ?, ?, ?, ?, ?)", list(rule))
