"""What the page of rates asks: every entry of the cards with what it priced in a scope, and calls without a rate."""

from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from pricing.rates import Rate
from pricing.spans import spans
from warehouse.booked_rates import BookedEntry, Stated, Stretch, Use, book
from warehouse.connection import Reader
from warehouse.folder import STALE_DAYS, Folder
from warehouse.rates_known import rate_of_row, rates_known
from warehouse.scope import EVERYTHING, Scope, condition
from warehouse.sqlfiles import sql


class RateGap(NamedTuple):
    """Calls in scope that no rate prices."""

    seller: str
    seller_name: str
    model: str | None
    reason: str
    sells_no_tokens: bool
    """The seller has no token price: nothing is missing."""
    requests: int
    tokens: int
    first_day: date
    last_day: date
    known_from: datetime | None
    """Start of the earliest rate of this very model and seller. None: there never was one."""
    known_until: datetime | None
    note: str | None
    """What the card says of the latest of them: perhaps why no other follows."""


class RateBook(NamedTuple):
    """The answers of the page of rates."""

    entries: list[BookedEntry]
    gaps: list[RateGap]


def read_rate_book(reader: Reader, scope: Scope, known_at: datetime | None = None) -> RateBook:
    """Every entry, and what is missing; or the entries as they were known at a moment (naive UTC).

    Raises WarehouseError for a moment before the first load. What an entry priced is what was billed, in both cases.
    """
    where, parameters = condition(scope)
    uses: dict[str, list[Use]] = defaultdict(list)
    for digest, team, requests, tokens, cost, last_day in reader.rows(
        sql("rate_uses").replace("and true", f"and {where}"), parameters
    ):
        uses[digest].append(Use(team, requests, tokens, int(cost), last_day))
    if known_at is None:
        stated = [Stated(rate_of_row(row[:-1]), row[-1]) for row in reader.rows(sql("rate_book"))]
        stretches = _stretches(reader)
    else:
        known = rates_known(reader, known_at)
        stated = [Stated(rate, True) for rate in known]
        stretches = _stretches_of(known)
    return RateBook(book(stated, stretches, uses), read_gaps(reader, scope))


def read_gaps(reader: Reader, scope: Scope = EVERYTHING) -> list[RateGap]:
    """The calls in scope that no rate prices, most first."""
    where, parameters = condition(scope)
    gaps = reader.rows(sql("rate_gaps").replace("and true", f"and {where}"), parameters)
    return [RateGap(*gap)._replace(requests=int(gap[5])) for gap in gaps]


def used_digests(reader: Reader) -> set[str]:
    """Digests of the rates that have priced something."""
    return {digest for digest, *_ in reader.rows(sql("used_rates"), {"own": 0})}


def first_known(reader: Reader) -> datetime | None:
    """The moment from which on this warehouse knows rates; None before the first load."""
    row = reader.row(sql("first_stand"))
    return row[0] if row else None


def _stretches(reader: Reader) -> dict[str, list[Stretch]]:
    """By digest, when each rate prices what, as the calls are priced now."""
    found: dict[str, list[Stretch]] = defaultdict(list)
    for digest, *stretch in reader.rows(sql("rate_stretches")):
        found[digest].append(Stretch(*stretch))
    return found


def _stretches_of(rates: list[Rate]) -> dict[str, list[Stretch]]:
    """The same of rates that are no longer, or not yet, the ones that price."""
    found: dict[str, dict[Stretch, None]] = defaultdict(dict)
    for span in spans(rates):
        found[span.digest][Stretch(span.model, span.valid_from, span.valid_until, span.org, span.team)] = None
    return {digest: list(stretches) for digest, stretches in found.items()}


def stale_days_of(root: Path) -> int:
    """After how many days without a look at its source a rate is stale; raises WarehouseError."""
    folder = Folder(root)
    return folder.settings().stale_days if folder.settings_file.exists() else STALE_DAYS
