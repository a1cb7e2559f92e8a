"""Whether a seller charges a call at all, by its HTTP status and by the seller's dated rule.

The warehouse decides the same in SQL, from the constants and templates of this module. In order:

1. The rule in force lists the status: charged or not, and the reason names seller and status.
2. Otherwise the default holds, and if there is a rule and a status, the reason is ``UNLISTED`` instead:

   a. usage was reported: charged;
   b. status in ``UNCERTAIN_STATUSES`` or error category in ``UNCERTAIN_CATEGORIES``: unknown;
   c. no error category, and no status or a 2xx: charged;
   d. status of 400 and above, or an error category and no status: assumed not charged;
   e. anything else (an error after a 200, a redirect): unknown.

A call that is charged but has no usage has an unknown cost, not a cost of 0.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from pricing.card import BillingRule, Card
from pricing.rates import OPEN, to_naive

UNCERTAIN_STATUSES = (408, 499, 504)
UNCERTAIN_CATEGORIES = ("timeout", "cancelled", "disconnect")

CHARGES = "{seller} charges {status}"
DOES_NOT_CHARGE = "{seller} does not charge {status}"
UNLISTED = "status {status} not in {seller}'s rule, default"
USAGE_REPORTED = "usage reported"
SUCCEEDED = "succeeded"
DISCONNECTED = "timeout or disconnect without usage: unknown"
FAILED = "assumed: 4xx/5xx without usage is not charged"
UNCLEAR = "neither success nor failure without usage: unknown"


class StatusRule(NamedTuple):
    """What a seller's rule says of one status. Instants are naive UTC; ``valid_until`` is exclusive."""

    seller: str
    valid_from: datetime
    valid_until: datetime
    status: int
    charged: bool
    source: str


class Billable(NamedTuple):
    """Whether a call is charged (None: nobody can know) and why."""

    charged: bool | None
    reason: str


def compile_billing(card: Card) -> list[StatusRule]:
    """The card's rules, one per status; a rule without an end ends where the next one starts."""
    rules: list[StatusRule] = []
    ends = OPEN
    for rule in sorted(card.billing, key=lambda rule: rule.valid_from, reverse=True):
        starts = to_naive(rule.valid_from)
        until = ends if rule.valid_until is None else to_naive(rule.valid_until)
        rules += _status_rules(card.seller, rule, starts, until)
        ends = starts
    return sorted(rules)


def _status_rules(seller: str, rule: BillingRule, starts: datetime, until: datetime) -> list[StatusRule]:
    charged = dict.fromkeys(rule.charged, True) | dict.fromkeys(rule.not_charged, False)
    return [StatusRule(seller, starts, until, status, said, rule.source) for status, said in charged.items()]


def rules_in_force(rules: Sequence[StatusRule], seller: str | None, *, at: datetime) -> list[StatusRule]:
    """The rules of one seller at one instant (naive UTC)."""
    return [rule for rule in rules if rule.seller == seller and rule.valid_from <= at < rule.valid_until]


def decide(status: int | None, error_category: str | None, *, has_usage: bool, rules: Sequence[StatusRule]) -> Billable:
    """Whether a call is charged; ``rules`` are those of its seller in force at its start (none: no rule)."""
    for rule in rules:
        if rule.status == status:
            template = CHARGES if rule.charged else DOES_NOT_CHARGE
            return Billable(rule.charged, template.format(seller=rule.seller, status=status))
    default = _default(status, error_category, has_usage=has_usage)
    if rules and status is not None:
        return default._replace(reason=UNLISTED.format(status=status, seller=rules[0].seller))
    return default


def _default(status: int | None, error_category: str | None, *, has_usage: bool) -> Billable:
    if has_usage:
        return Billable(True, USAGE_REPORTED)
    if status in UNCERTAIN_STATUSES or error_category in UNCERTAIN_CATEGORIES:
        return Billable(None, DISCONNECTED)
    if error_category is None and (status is None or 200 <= status < 300):
        return Billable(True, SUCCEEDED)
    if status is None or status >= 400:
        return Billable(False, FAILED)
    return Billable(None, UNCLEAR)
