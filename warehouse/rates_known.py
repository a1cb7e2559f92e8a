"""How the rate cards stood at a moment: what this warehouse had been told of rates by then."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from pricing.card_terms import Sighting
from pricing.cells import Cell
from pricing.rates import Rate
from warehouse.connection import Reader, open_reader
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.rate_edits import refuse_edits
from warehouse.rates import compile_rates, read_cards
from warehouse.sqlfiles import sql


def rates_at(root: Path, at: datetime, *, now: datetime, tell: Tell) -> list[Rate]:
    """The rates as this warehouse knew them at a moment; from ``now`` on, as the cards say, loaded since or not.

    Raises CardError and RateConflict for cards that no load would take, and WarehouseError as ``rates_known`` does.
    """
    with open_reader(root, tell=tell) as reader:
        if at < now:
            return rates_known(reader, at)
        cards = read_cards(Folder(root))
        rates = compile_rates(cards)
        refuse_edits(reader.connection, cards.own, rates)
        return rates


def rates_known(reader: Reader, at: datetime) -> list[Rate]:
    """Every rate that some card stated at a moment (naive UTC), as it was stated then.

    Raises WarehouseError for a moment before the first load: nobody had told this warehouse anything.
    """
    first = reader.row(sql("first_stand"))
    if first is None or first[0] is None:
        raise WarehouseError("this warehouse knows no rates yet: load a log first")
    if at < first[0]:
        raise WarehouseError(
            f"this warehouse knows rates from {first[0]:%Y-%m-%dT%H:%M:%SZ} on; nobody can tell what it would have "
            f"known on {at:%Y-%m-%dT%H:%M:%SZ}"
        )
    return [rate_of_row(row) for row in reader.rows(sql("rates_known"), {"at": at})]


def rate_of_row(row: tuple[Any, ...]) -> Rate:
    """A row of ``rates_known`` as the rate it stores."""
    *plain, digest, entry = row[:16]
    context_from, context_until, window, zone, week, tier, region, org, team, correction, *rest = row[16:]
    list_precedence, promotion, corrects, sightings = rest
    ranges = tuple((begins, ends) for begins, ends in json.loads(week))
    seller, model, strings, place, currency, valid_from, valid_until, pico, *evidence = plain
    source, checked, confidence, note, card, precedence = evidence
    return Rate(
        seller=seller,
        model=model,
        strings=tuple(strings),
        region=place,
        currency=currency,
        valid_from=valid_from,
        valid_until=valid_until,
        pico=tuple(pico),
        source=source,
        checked=checked,
        confidence=confidence,
        note=note,
        card=card,
        precedence=precedence,
        digest=digest,
        entry=entry,
        cell=Cell(context_from, context_until, window, zone, ranges, tier, region),
        org=org,
        team=team,
        correction=correction,
        list_precedence=list_precedence,
        promotion=promotion,
        corrects=corrects,
        sightings=tuple(Sighting.model_validate(sighting) for sighting in json.loads(sightings)),
    )
