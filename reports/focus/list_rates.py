"""What the seller's list says where a contract's rate is in force."""

from datetime import datetime

from pricing.rates import PRECEDENCE, Rate
from warehouse.rates_by_number import RatesByNumber

IS_LIST = "the rate is the list rate"
FOUND = "list rate of the same terms"
NOT_KNOWN = "no list rate known"


def list_rate_of(rate: Rate, at: datetime, rates: RatesByNumber) -> tuple[Rate, str]:
    """The list rate at an instant beside which a rate stands, and on what that rests.

    A contract's own figures may be cut otherwise than the list's (by hours, by size of input): then none of the same
    terms is known, and the rate itself is handed back.
    """
    if rate.precedence < PRECEDENCE["contract"]:
        return rate, IS_LIST
    moment = max(at, rate.valid_from)
    found = [other for other in rates.listed.get(rate.seller, ()) if _stands_beside(other, rate, moment)]
    if not found:
        return rate, NOT_KNOWN
    return max(found, key=lambda one: (one.precedence, one.correction, one.valid_from, one.checked, one.digest)), FOUND


def _stands_beside(listed: Rate, rate: Rate, at: datetime) -> bool:
    is_discount = rate.list_precedence != rate.precedence
    return (
        not is_discount or listed.precedence == rate.list_precedence
    ) and (
        listed.currency == rate.currency
        and listed.cell == rate.cell
        and not {*listed.strings}.isdisjoint(rate.strings)
        and listed.valid_from <= at < listed.valid_until
    )  # fmt: skip
