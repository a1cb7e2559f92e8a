"""What is paid at a seller before it is used, as people enter it: accounts, top-ups, balances that it showed."""

from datetime import date, datetime
from typing import NamedTuple

NARROWED_BY = ("org", "team", "key_alias")
"""What an account may be for alone, beside its seller and currency."""


class Account(NamedTuple):
    """Credit with one seller in one currency: of everybody, or of an organisation, a team, a key."""

    account_id: int
    name: str
    seller: str
    currency: str
    org: str | None = None
    team: str | None = None
    key_alias: str | None = None
    note: str | None = None

    @property
    def values(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The calls that it pays for, as values of dimensions."""
        own = ((name, (getattr(self, name),)) for name in NARROWED_BY if getattr(self, name) is not None)
        return (("seller", (self.seller,)), *own)


class TopUp(NamedTuple):
    """Credit bought; times are naive UTC, amounts pico-units."""

    topup_id: int
    account_id: int
    credited_at: datetime
    pico: int
    """What the seller credited."""
    fee: int | None = None
    """What was paid beyond that. None: nobody said."""
    expires: date | None = None
    """The last day on which it can be used. None: it stays."""
    note: str | None = None


class Reading(NamedTuple):
    """What the seller showed as left at an instant."""

    reading_id: int
    account_id: int
    read_at: datetime
    pico: int
    note: str | None = None


def overlap(one: Account, other: Account) -> bool:
    """Whether a call could be paid from both: then each would count it."""
    if (one.seller, one.currency) != (other.seller, other.currency):
        return False
    pairs = [(getattr(one, name), getattr(other, name)) for name in NARROWED_BY]
    return not any(mine is not None and theirs is not None and mine != theirs for mine, theirs in pairs)
