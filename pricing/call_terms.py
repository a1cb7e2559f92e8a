"""What of a call selects its rate beside seller, time and size: the name of its model, its tier, its region, who asks.

The warehouse does the same in SQL, from macros that a property test holds equal to these functions.
"""

import re
from datetime import datetime
from typing import NamedTuple

from pricing.card_terms import STANDARD
from pricing.cells import ANY

DATE = "{date}"
"""Where an alias has any day: 8 digits, or YYYY-MM-DD."""
DATE_PATTERN = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}|20[0-9]{6}"
STANDARD_NAMES = ("default", "standard", "auto", "on_demand", "standard_only", "")
"""What sellers call the tier that their price list is about."""
BATCH = "batch"

_DATE = re.compile(DATE_PATTERN)


class CallTerms(NamedTuple):
    """One call, as far as its rate depends on it."""

    seller: str
    model: str
    at: datetime
    """Its start, naive UTC."""
    input_tokens: int = 0
    """All input: uncached, cached, written, and of every kind."""
    tier: str = STANDARD
    region: str = ANY
    org: str = ANY
    team: str = ANY


def tier_of(service_tier: str | None, batch: bool | None) -> str:
    """The tier a call is charged by: batch, or what the answer says, in the card's words."""
    if batch:
        return BATCH
    name = (service_tier or "").strip().lower()
    return STANDARD if name in STANDARD_NAMES else name


def dated_name(model: str) -> str:
    """A model string with its first day replaced by ``{date}``; the same where there is none."""
    return _DATE.sub(DATE, model, count=1)


def no_tier_rate(tier: str) -> str:
    """Why a call is unpriced whose tier its model's card does not sell."""
    return f"no {tier} rate"
