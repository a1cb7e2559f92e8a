"""What a FOCUS file is asked for, and what its rows have in common."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from reports.asked import Asked
from reports.focus.columns import EMPTY, Row
from warehouse.recurring import day_span

SUB_ACCOUNTS = ("team", "org", "project", "environment", "application", "key_alias")
NOT_STATED = "not stated"
"""Of a charge that belongs to no seller: FOCUS wants a name."""


class FocusAsked(NamedTuple):
    """The question: a period and a scope, and which dimensions stand for sub-accounts and tags."""

    asked: Asked
    sub_account: str = "team"
    tags: tuple[str, ...] = ("project",)
    zone: str = "UTC"
    """The billing zone, in which days and months begin."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What rows of calls are told apart by, beside rate and meter; the day first."""
        return ("day", "seller", "model", self.sub_account, *self.tags)


def months_of(asked: Asked) -> list[tuple[date, date]]:
    """The calendar months of a period, each cut to it."""
    found, first = [], asked.first
    while first <= asked.last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((first, min(following - timedelta(days=1), asked.last)))
        first = following
    return found


def times_of(first: date, last: date, zone: str) -> Row:
    """The columns of time of a charge for these days, which lie in one month."""
    month = first.replace(day=1)
    end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return {
        "BillingPeriodStart": _midnight(month, zone),
        "BillingPeriodEnd": day_span(end, zone)[1],
        "ChargePeriodStart": _midnight(first, zone),
        "ChargePeriodEnd": day_span(last, zone)[1],
    }


def _midnight(day: date, zone: str) -> datetime:
    return day_span(day, zone)[0]


def seller_row(seller: str | None, names: dict[str, str]) -> Row:
    """A row of nulls but for who sells and bills."""
    name = NOT_STATED if seller is None else names.get(seller, seller)
    return EMPTY | {
        "BillingAccountId": seller or NOT_STATED,
        "BillingAccountName": name,
        "InvoiceIssuerName": name,
        "ProviderName": name,
        "PublisherName": name,
        "x_Seller": seller,
    }
