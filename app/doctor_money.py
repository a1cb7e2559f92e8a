"""Checks of the figures themselves: what nobody bills, has an old price, or is in doubt."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.doctor import Check, Finding, Patient, counted, first_few, some
from app.figures import days_since, things

if TYPE_CHECKING:
    from pricing.rates import Rate


BY_LOG = "say whose a log is and load it again: `tollbook ingest --again --seller SELLER LOG`"
BY_ADDRESS = (
    f"{BY_LOG}; or say whose an address is: write these lines into a card, with its rates under `models`, or into the "
    "seller's own card, then `tollbook rates add CARD`, then `tollbook ingest --again LOG`"
)
MOST_ADDRESSES = 3
URL = re.compile(r"https?://[^\s/]+\S*")
"""What a card takes for the beginning of an address."""


def nameless_sellers(patient: Patient) -> Iterator[Finding]:
    """Calls of which nobody knows who bills them."""
    from warehouse.cost import cost_by

    rows = [row for row in cost_by(patient.reader, ["seller", "base_url"], patient.scope) if row.group[0] is None]
    calls = sum(row.unpriced for row in rows)
    told = sorted((row for row in rows if row.group[1] is not None), key=lambda row: -row.unpriced)
    addresses = [url for row in told if URL.fullmatch(url := str(row.group[1]))][:MOST_ADDRESSES]
    if calls:
        yield Finding(
            "no seller",
            f"{things(calls, 'call')} of no known seller, in no amount",
            BY_ADDRESS if addresses else BY_LOG,
            needs_person=True,
            calls=calls,
            unpriced=calls,
            cases=first_few(counted((str(row.group[1]), row.unpriced) for row in told)),
            lines=_card_lines(addresses) if addresses else None,
            page="imports",
        )


def _card_lines(addresses: Sequence[str]) -> str:
    """The beginning of a card that says whose these addresses are."""
    urls = "".join(f"  - url: {url}\n" for url in addresses)
    return f"seller: my-seller\nbase_urls:\n{urls}"


def stale_rates(patient: Patient) -> Iterator[Finding]:
    """Rates in force that priced something and that nobody has checked for too long."""
    from app.commands.rates import all_rates, in_force
    from warehouse.rate_book import stale_days_of, used_digests

    limit, used = stale_days_of(patient.root), used_digests(patient.reader)

    def is_stale(rate: "Rate") -> bool:
        return rate.digest in used and days_since(rate.checked, patient.now) > limit

    stale = sorted(filter(is_stale, in_force(all_rates(patient.root), patient.now)), key=lambda rate: rate.checked)
    if stale:
        named = some(f"{rate.model} at {rate.seller}, {rate.checked}" for rate in stale)
        yield Finding(
            "stale rates",
            f"{things(len(stale), 'rate')} in use and not checked for more than {things(limit, 'day')}: {named}",
            "`tollbook rates stale` lists them; look at each source, then write the day into the entry's `checked`",
            needs_person=True,
            page="rates",
        )


def calls_under_review(patient: Patient) -> Iterator[Finding]:
    """Calls whose usage can be read in two ways."""
    from warehouse.checkups import loaded

    review = loaded(patient.reader).review
    if review:
        yield Finding(
            "under review",
            f"{things(review, 'call')} whose usage is in doubt: their cost is a band",
            "the page Imports lists them with both readings",
            needs_person=True,
            calls=review,
            page="imports",
        )


def doubled_calls(patient: Patient) -> Iterator[Finding]:
    """Pairs of rows that seem to be one call, and are counted twice until somebody says so."""
    from warehouse.sightings import count_sightings

    proposed = count_sightings(patient.reader).proposed
    if proposed:
        yield Finding(
            "seen twice",
            f"{things(proposed, 'pair')} of rows seem to be one call each, and both are counted",
            "`tollbook sightings` lists them; confirm those that are, or declare the rule in the settings",
            needs_person=True,
            calls=proposed,
            page="imports",
        )


def unknown_usage_fields(patient: Patient) -> Iterator[Finding]:
    """Usage that a seller began to report and that no figure has."""
    from warehouse.unknown_fields import unknown_fields

    found = unknown_fields(patient.reader)
    if found:
        yield Finding(
            "unknown usage fields",
            f"{things(len({row.field for row in found}), 'usage field')} that nobody reads: "
            f"{some(row.field for row in found)}",
            "`tollbook fields` shows where; what they count may be charged",
            needs_person=False,
            page="imports",
        )


FIGURES = (
    Check(("no seller",), nameless_sellers),
    Check(("under review",), calls_under_review),
    Check(("seen twice",), doubled_calls),
    Check(("stale rates",), stale_rates),
    Check(("unknown usage fields",), unknown_usage_fields),
)
