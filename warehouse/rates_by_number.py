"""The rates that calls are priced by, by their numbers, with every list rate beside which one may stand."""

from typing import NamedTuple

from pricing.rates import PRECEDENCE, Rate
from warehouse.connection import Reader
from warehouse.rates_known import rate_of_row
from warehouse.sqlfiles import sql


class RatesByNumber(NamedTuple):
    """Rates as the cards say now; those that no card says any more, as it said last."""

    numbered: dict[int, Rate]
    """By ``rate_id``; of a rate that several cards state, as the card of the highest precedence does."""
    listed: dict[str, tuple[Rate, ...]]
    """Rates of no contract, by seller."""
    seller_names: dict[str, str]


def read_rates_by_number(reader: Reader) -> RatesByNumber:
    """Every rate that this warehouse ever knew."""
    stated = [rate_of_row(row[:-1]) for row in reader.rows(sql("rate_book"))]
    by_digest: dict[str, Rate] = {}
    listed: dict[str, list[Rate]] = {}
    for rate in sorted(stated, key=lambda rate: -rate.precedence):
        by_digest.setdefault(rate.digest, rate)
        if rate.precedence < PRECEDENCE["contract"]:
            listed.setdefault(rate.seller, []).append(rate)
    numbers = reader.rows("select rate_id, digest from rate")
    return RatesByNumber(
        {number: by_digest[digest] for number, digest in numbers},
        {seller: tuple(rates) for seller, rates in listed.items()},
        dict(reader.rows("select seller, name from seller")),
    )
