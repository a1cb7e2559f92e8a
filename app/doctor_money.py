"""Checks of the figures themselves: what has no price, an old price, no usage, or was not read at all."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.doctor import Check, Finding, Patient, counted, some
from app.figures import count, days_since, things

if TYPE_CHECKING:
    from pricing.rates import Rate


def unpriced_models(patient: Patient) -> Iterator[Finding]:
    """Calls that a rate could price."""
    from warehouse.rate_book import read_gaps

    gaps = [gap for gap in read_gaps(patient.reader, patient.scope) if not gap.sells_no_tokens]
    if gaps:
        calls = sum(gap.requests for gap in gaps)
        named = some(counted((f"{gap.model or 'no model'} at {gap.seller}", gap.requests) for gap in gaps))
        yield Finding(
            "no rate",
            f"{things(calls, 'call')} without a rate, in no amount: {named}",
            "tollbook rates unpriced --yaml writes cards to fill in; then tollbook rerate --unpriced",
            needs_person=True,
            calls=calls,
            unpriced=calls,
        )


def nameless_sellers(patient: Patient) -> Iterator[Finding]:
    """Calls of which nobody knows who bills them."""
    from warehouse.cost import cost_by

    rows = [row for row in cost_by(patient.reader, ["seller"], patient.scope) if row.group[0] is None]
    calls = sum(row.unpriced for row in rows)
    if calls:
        yield Finding(
            "no seller",
            f"{things(calls, 'call')} of no known seller, in no amount",
            "name the seller or the base URL in the log, or load the file with --seller",
            needs_person=True,
            calls=calls,
            unpriced=calls,
        )


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
            "tollbook rates stale lists them; look at each source, then write the day into the entry's `checked`",
            needs_person=True,
        )


def rejected_lines(patient: Patient) -> Iterator[Finding]:
    """Lines that could not be read, of all loads."""
    from warehouse.checkups import loaded

    rejected = loaded(patient.reader).rejected
    if rejected:
        yield Finding(
            "rejected lines",
            f"{things(rejected, 'line')} could not be read: in no figure",
            "the page Imports lists them, each with its reason and what to do",
            needs_person=True,
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
        )


def doubled_calls(patient: Patient) -> Iterator[Finding]:
    """Pairs of rows that seem to be one call, and are counted twice until somebody says so."""
    from warehouse.sightings import count_sightings

    proposed = count_sightings(patient.reader).proposed
    if proposed:
        yield Finding(
            "seen twice",
            f"{things(proposed, 'pair')} of rows seem to be one call each, and both are counted",
            "tollbook sightings lists them; confirm those that are, or declare the rule in the settings",
            needs_person=True,
            calls=proposed,
        )


def answers_without_usage(patient: Patient) -> Iterator[Finding]:
    """Answers that do not say what they used, streams apart: they have a cure of their own."""
    from warehouse.checkups import missing_usage

    found = missing_usage(patient.reader, patient.scope)
    for is_stream, name, fix in (
        (True, "streams without usage", 'ask for it in the request: "stream_options": {"include_usage": true}'),
        (False, "answers without usage", "have the gateway log the answer's `usage` object as it came"),
    ):
        rows = [row for row in found if row.is_stream == is_stream]
        calls = sum(row.missing for row in rows)
        if calls:
            named = some(counted((f"{row.seller or 'no seller'} in {row.source}", row.missing) for row in rows))
            yield Finding(
                name,
                f"{things(calls, 'answer')} of {count(sum(row.answers for row in rows))} there came without usage, "
                f"in no amount: {named}",
                fix,
                needs_person=True,
                calls=calls,
                unpriced=calls,
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
            "tollbook fields shows where; what they count may be charged",
            needs_person=False,
        )


FIGURES: tuple[Check, ...] = (
    unpriced_models,
    nameless_sellers,
    answers_without_usage,
    rejected_lines,
    calls_under_review,
    doubled_calls,
    stale_rates,
    unknown_usage_fields,
)
