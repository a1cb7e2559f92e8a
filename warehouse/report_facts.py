"""What a report stands on: terms of sellers, calls under review, lines that were not read, what is loaded."""

from datetime import date, datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.imports import ReviewReason
from warehouse.recurring import day_span
from warehouse.scope import ROW_DIMENSIONS, Scope, condition, row_condition
from warehouse.sqlfiles import sql
from warehouse.traffic import zone_of


class SellerRule(NamedTuple):
    """Which statuses a seller charges, by its own word, from when to when (naive UTC)."""

    seller: str
    valid_from: datetime
    valid_until: datetime
    source: str
    charged: tuple[int, ...]
    not_charged: tuple[int, ...]


class Charged(NamedTuple):
    """Calls of a seller that were charged, were not, or may have been, for one reason."""

    seller: str | None
    reason: str
    costing: str
    """``rated``, ``free`` or ``unknown``."""
    calls: int


class RejectedIn(NamedTuple):
    """Lines of one file that could not be read."""

    file: str
    """Its name without folders."""
    source: str
    lines: int
    first_line: int
    first_reason: str
    first_at: datetime | None
    last_at: datetime | None


class Loaded(NamedTuple):
    """What is loaded."""

    files: int
    records: int
    rejected: int


def seller_rules(reader: Reader, sellers: list[str]) -> list[SellerRule]:
    """The dated rules of some sellers."""
    rows = reader.rows(sql("seller_rules"), {"sellers": sellers})
    return [
        SellerRule(seller, begins, ends, source, tuple(charged or ()), tuple(not_charged or ()))
        for seller, begins, ends, source, charged, not_charged in rows
    ]


def charged_reasons(reader: Reader, scope: Scope) -> list[Charged]:
    """Why calls were charged or not; nothing where only the calls themselves know the scope."""
    if scope.dimensions & {*ROW_DIMENSIONS}:
        return []
    where, parameters = condition(scope)
    return [
        Charged(*row) for row in reader.rows(sql("charged_reasons").replace("where true", f"where {where}"), parameters)
    ]


def reviews_in_scope(reader: Reader, scope: Scope) -> list[ReviewReason]:
    """Why calls in scope need a person, and the band in which their cost lies."""
    where, parameters = row_condition(scope)
    rows = reader.rows(sql("review_in_scope").replace("where true", f"where {where}"), parameters)
    return [
        ReviewReason(reason, currency, calls, *(None if amount is None else int(amount) for amount in amounts))
        for reason, currency, calls, *amounts in rows
    ]


def rejects_in(reader: Reader, first: date, last: date) -> list[RejectedIn]:
    """Lines not read of the files that hold calls of some billing days, or of which nothing could be read."""
    zone = zone_of(reader)
    values = {"begins": day_span(first, zone)[0], "ends": day_span(last, zone)[1]}
    return [RejectedIn(*row) for row in reader.rows(sql("rejects_of_files"), values)]


def loaded(reader: Reader) -> Loaded:
    """How much is loaded."""
    return Loaded(*reader.rows(sql("loaded_files"))[0])


def engine_version(reader: Reader) -> str:
    """The version of the database."""
    row = reader.row("select version()")
    return str(row[0]).removeprefix("v") if row else ""
