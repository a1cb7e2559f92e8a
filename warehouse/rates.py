"""Brings the rate cards into the warehouse: every rate once, never edited, and the calls that each prices."""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from pricing.billing import compile_billing
from pricing.card import read_folder, read_imported, read_registry, read_shipped
from pricing.card_model import Card
from pricing.errors import CardError
from pricing.meters import METERS
from pricing.rates import PRECEDENCE, Rate, compile_card, discounted
from pricing.rivals import find_idle, find_rivals
from pricing.spans import Span, spans
from warehouse.audit import keep_audit, machine_user
from warehouse.folder import Folder
from warehouse.rate_edits import refuse_edits
from warehouse.sqlfiles import run
from warehouse.transaction import transaction

if TYPE_CHECKING:
    import pyarrow as pa

SELLS_NO_TOKENS = "self-hosted: no token price"
OWN = PRECEDENCE["own"]
Row = dict[str, Any]
RATE_FIELDS = (
    dict.fromkeys(("seller", "model", "region", "currency", "digest", "card", "source", "confidence"), "VARCHAR")
    | dict.fromkeys(("note", "promotion", "corrects", "sightings"), "VARCHAR")
    | dict.fromkeys(("entry", "window_name", "zone", "week", "tier", "cell_region", "org", "team"), "VARCHAR")
    | dict.fromkeys(("valid_from", "valid_until"), "TIMESTAMP")
    | dict.fromkeys((*METERS, "context_from", "context_until"), "BIGINT")
    | dict.fromkeys(("precedence", "list_precedence", "correction", "place"), "INTEGER")
    | {"checked": "DATE", "strings": "VARCHAR[]", "is_first": "BOOLEAN"}
)
"""Columns of a compiled rate on its way into the database, with their types."""
SPAN_FIELDS = (
    dict.fromkeys(("seller", "model", "digest", "org", "team", "region", "tier", "zone"), "VARCHAR")
    | dict.fromkeys(("valid_from", "valid_until"), "TIMESTAMP")
    | dict.fromkeys(("context_from", "context_until"), "BIGINT")
    | dict.fromkeys(("week_from", "week_until"), "INTEGER")
)
assert set(SPAN_FIELDS) == set(Span._fields)


class Cards(NamedTuple):
    """The cards in force: the warehouse's own go before the shipped ones, those before a registry's."""

    own: tuple[Card, ...]
    shipped: tuple[Card, ...]
    imported: tuple[Card, ...] = ()
    """Of a price registry, brought in by a person."""
    registry: tuple[Card, ...] = ()
    """Of a price registry, shipped."""

    @property
    def all(self) -> tuple[Card, ...]:
        """Every card, own ones first."""
        return self.own + self.shipped + self.imported + self.registry


def read_cards(folder: Folder, *, own: Path | None = None) -> Cards:
    """The warehouse's own cards and the shipped ones; raises CardError with every mistake of the own ones.

    ``own``: the folder that the own cards are read from, where that is another one.
    """
    held = own or folder.own_cards
    own_cards = tuple(read_folder(held)) if held.is_dir() else ()
    if rivals := list(find_rivals(own_cards)):
        raise CardError(rivals)
    imported = read_imported(folder.own_cards / "registry")
    return Cards(own_cards, read_shipped(), imported, read_registry())


def compile_rates(cards: Cards, sellers: Collection[str | None] | None = None) -> list[Rate]:
    """Every rate of every card, and what contracts take off them; with ``sellers`` theirs alone."""

    def of(held: Sequence[Card], whose: str, kept: bool = False) -> list[Rate]:
        wanted = [place for place, card in enumerate(held) if sellers is None or card.seller in sellers]
        return [rate for place in wanted for rate in (_kept(whose, place) if kept else _compiled(held[place], whose))]

    rates = of(cards.own, "own") + of(cards.shipped, "shipped", cards.shipped is read_shipped())
    rates += of(cards.imported, "registry") + of(cards.registry, "registry", cards.registry is read_registry())
    return rates + discounted(cards.own, rates)


def idle_discounts(cards: Cards) -> list[str]:
    """What one should know of own discounts that come to nothing: usually a name that is spelt otherwise."""
    held = [card for card in cards.own if card.discounts]
    return list(find_idle(held, compile_rates(cards))) if held else []


def _compiled(card: Card, whose: str) -> list[Rate]:
    return compile_card(card, precedence=PRECEDENCE[whose])


@cache
def _kept(whose: str, place: int) -> list[Rate]:
    """Of a card that comes with the program: thousands in all, and the same in every load of a process."""
    return _compiled((read_shipped() if whose == "shipped" else read_registry())[place], whose)


def sync_rates(usage: duckdb.DuckDBPyConnection, cards: Cards, now: datetime, who: str | None = None) -> None:
    """Make the warehouse know the cards, in one transaction; raises RateConflict for an edit of a used rate.

    ``who`` is written to the audit; None: the user of this machine.
    """
    digest = _digest(cards)
    if usage.execute("select 1 from meta where name = 'cards' and value = $d", {"d": digest}).fetchone():
        return
    laid_out = _lay_out(_Held(digest, cards))
    with transaction(usage):
        refuse_edits(usage, cards.own, laid_out.rates)
        _store_rates(usage, laid_out, now)
        _keep_audit(usage, digest, who or machine_user(), now)
        _store_sellers(usage, cards, laid_out.rates)
        usage.execute("delete from meta where name = 'cards'")
        usage.execute("insert into meta values ('cards', $d)", {"d": digest})


def put_rows(usage: duckdb.DuckDBPyConnection, statement: str, rows: "pa.Table") -> None:
    """Run a statement that takes its rows from ``given_rows``, once: thousands of single inserts take seconds."""
    # As a stream: for a table, the database would import pyarrow.dataset, which takes longer than to read the rows.
    usage.register("given_rows", rows.__arrow_c_stream__())
    run(usage, statement)
    usage.unregister("given_rows")


def rate_rows(rates: Sequence[Rate]) -> "pa.Table":
    """Rates as rows of RATE_FIELDS; the first of a digest is the one of the highest precedence."""
    return _table(RATE_FIELDS, list(_rate_rows(rates)))


def span_rows(rates: Sequence[Rate]) -> "pa.Table":
    """The spans of rates as rows of SPAN_FIELDS."""
    return _table(SPAN_FIELDS, [span._asdict() for span in spans(rates)])


def _table(fields: dict[str, str], rows: list[Row]) -> "pa.Table":
    import pyarrow as pa

    kinds = {
        "VARCHAR": pa.string(),
        "VARCHAR[]": pa.list_(pa.string()),
        "BIGINT": pa.int64(),
        "INTEGER": pa.int32(),
        "TIMESTAMP": pa.timestamp("us"),
        "DATE": pa.date32(),
        "BOOLEAN": pa.bool_(),
    }
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, kinds[kind]) for name, kind in fields.items()]))


class _Held:
    """Cards that are told apart by their digest."""

    def __init__(self, digest: str, cards: Cards) -> None:
        self.digest = digest
        self.cards = cards

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.digest == other.digest


class _LaidOut(NamedTuple):
    """Cards on their way into a database."""

    rates: list[Rate]
    rate_rows: "pa.Table"
    span_rows: "pa.Table"


@lru_cache(maxsize=4)
def _lay_out(held: _Held) -> _LaidOut:
    """The same cards go into every new warehouse of a process."""
    rates = compile_rates(held.cards)
    return _LaidOut(rates, rate_rows(rates), span_rows(rates))


def _digest(cards: Cards) -> str:
    """Changes whenever a card does in any way that the warehouse keeps."""
    text = repr([_written(_Same(held)) for held in cards])
    return hashlib.sha256(text.encode()).hexdigest()


class _Same:
    """Cards that are told apart by being the very same objects: the shipped ones are, in every load of a process."""

    def __init__(self, cards: tuple[Card, ...]) -> None:
        self.cards = cards

    def __hash__(self) -> int:
        return id(self.cards)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.cards is other.cards


@lru_cache(maxsize=8)
def _written(held: _Same) -> list[tuple[str, str]]:
    return [(card.file, card.model_dump_json()) for card in held.cards]


def _store_rates(usage: duckdb.DuckDBPyConnection, laid_out: _LaidOut, now: datetime) -> None:
    latest = run(usage, "latest_stand").fetchone()
    # What becomes known later is later, also where somebody set the clock back.
    at = max(now, latest[0]) if latest and latest[0] else now
    put_rows(usage, "card_rates", laid_out.rate_rows)
    run(usage, "add_rates", {"now": at, "active": True})
    run(usage, "keep_rates")
    run(usage, "keep_stands", {"now": at})
    put_rows(usage, "keep_spans", laid_out.span_rows)


def _keep_audit(usage: duckdb.DuckDBPyConnection, digest: str, who: str, now: datetime) -> None:
    """What the change of cards came to: rates stated from now on, and stated no more."""
    row = usage.execute("select (select count(*) from new_stand), (select count(*) from old_stand)").fetchone()
    assert row is not None
    if any(row):
        after = {"stated": row[0], "no longer stated": row[1], "cards": digest}
        keep_audit(usage, "rate cards changed", who=who, now=now, after=after)


def _rate_rows(rates: Sequence[Rate]) -> Iterator[Row]:
    first = {rate.digest: rate for rate in sorted(rates, key=lambda rate: rate.precedence)}
    for place, rate in enumerate(rates):
        cell = rate.cell
        plain = {name: value for name, value in rate._asdict().items() if name in RATE_FIELDS}
        yield {
            **plain,
            **dict(zip(METERS, rate.pico, strict=True)),
            "sightings": json.dumps([sighting.model_dump(mode="json") for sighting in rate.sightings]),
            "context_from": cell.context_from,
            "context_until": cell.context_until,
            "window_name": cell.window,
            "zone": cell.zone,
            "week": json.dumps(cell.week),
            "tier": cell.tier,
            "cell_region": cell.region,
            "place": place,
            "is_first": rate is first[rate.digest],
        }


def _store_sellers(usage: duckdb.DuckDBPyConnection, cards: Cards, rates: Sequence[Rate]) -> None:
    usage.execute("delete from seller")
    usage.execute("delete from status_rule")
    for name in dict.fromkeys(card.seller for card in cards.all):
        held = [card for card in cards.all if card.seller == name]
        currencies = {rate.currency for rate in rates if rate.seller == name}
        reason = SELLS_NO_TOKENS if held[0].token_price == "none" else None
        currency = currencies.pop() if len(currencies) == 1 else None
        title = next((card.name for card in held if card.name), name)
        usage.execute("insert into seller values (?, ?, ?, ?)", [name, title, reason, currency])
        # The rules of one card: those of two could contradict each other.
        for rule in next((rules for card in held if (rules := compile_billing(card))), []):
            usage.execute("insert into status_rule values (?, ?, ?, ?, ?, ?)", list(rule))
