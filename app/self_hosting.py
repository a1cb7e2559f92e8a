"""Servers of one's own beside the sellers, joined for the command and the page: both show the same figures."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.claimed_speeds import claimed_speeds
from app.session import UserMistake
from planning.self_host import Case, Hosting, Hour, Traffic, Tried, Unit, cases, sensitivity, units
from planning.self_host_even import Even, even
from planning.throughput import Throughput, shipped
from pricing.plain_mistakes import plain_message
from warehouse.connection import Reader
from warehouse.rate_sellers import Offer, compare_sellers, family_of
from warehouse.scope import Scope
from warehouse.self_hosting import Busiest, busiest_hours, hosted_traffic

LEAST_RATE = 1000
"""A measured throughput is kept to a thousandth of a token in a second."""


class Side(NamedTuple):
    """What the warehouse says of one model: its traffic, what each seller asks for it, what servers were seen to do.

    Whatever is reckoned of servers starts from here, without the warehouse.
    """

    family: str
    at: datetime
    """Whose rates the sellers are priced at (naive UTC)."""
    traffic: Traffic | None
    """None: no call in scope can be compared."""
    offers: tuple[Offer, ...]
    without_task: int
    aside: tuple[tuple[str, int], ...]
    """Calls that are in neither side, by why."""
    seen: tuple[Busiest, ...]
    claimed: tuple[str, ...] = ()
    """What vendors say of the model's speed on one's own servers: nothing is reckoned from it."""


class Against(NamedTuple):
    """One seller beside the servers, case by case; ``month`` in pico-units of the seller's currency."""

    offer: Offer
    month: Fraction | None
    """Our traffic in a month like this one; None: it cannot price all calls."""
    unit: Unit
    evens: tuple[Even, ...]
    """One for each case; none where the two cannot be held against each other."""
    why: str | None
    """Why they cannot."""


class Answer(NamedTuple):
    """Servers of one's own for the traffic of one model."""

    side: Side
    traffic: Traffic
    hosting: Hosting
    cases: tuple[Case, ...]
    units: tuple[Unit, ...]
    """By the piece, one for each case."""
    sellers: tuple[Against, ...]
    """Those that can be held against the servers first, the cheapest of them first."""
    tried: tuple[Tried, ...]

    @property
    def cheapest(self) -> Against | None:
        """The seller to beat."""
        return next((one for one in self.sellers if one.why is None), None)


def read_side(reader: Reader, scope: Scope, family: str, at: datetime) -> Side:
    """What the warehouse says of a model in scope, at the sellers' rates of a moment (naive UTC)."""
    held = hosted_traffic(reader, scope, family)
    traffic = None
    if held.hours and sum(hour.input + hour.output for hour in held.hours):
        first, last = held.hours[0].at, held.hours[-1].at
        traffic = Traffic(
            hours=int((last - first).total_seconds()) // 3600 + 1,
            busy=tuple(Hour(hour.at, hour.requests, hour.input, hour.output) for hour in held.hours),
            cached=sum(hour.cache_read for hour in held.hours),
            tasks=None if held.without_task else held.tasks,
        )
    offers = tuple(compare_sellers(reader, scope, family, at).offers) if traffic else ()
    seen = tuple(busiest_hours(reader, family))
    claimed = claimed_speeds(reader.folder.root, family)
    return Side(family, at, traffic, offers, held.without_task, held.aside, seen, claimed)


def answer(side: Side, hosting: Hosting) -> Answer:
    """What the servers take and cost beside each seller; of a side with traffic."""
    traffic = side.traffic
    assert traffic is not None  # whoever asks has looked
    found = cases(traffic, hosting)
    sellers = [_against(offer, traffic, hosting, found) for offer in side.offers]
    return Answer(
        side=side,
        traffic=traffic,
        hosting=hosting,
        cases=found,
        units=tuple(units(case.cost, traffic) for case in found),
        sellers=tuple(sorted(sellers, key=_order)),
        tried=tuple(sensitivity(traffic, hosting)),
    )


def _against(offer: Offer, traffic: Traffic, hosting: Hosting, found: tuple[Case, ...]) -> Against:
    if offer.cost is None or offer.priced < offer.all_requests:
        reason = "; ".join(f"{why}: {calls:,}" for why, calls in offer.missing)
        why = f"it can price {offer.priced:,} of {offer.all_requests:,} calls" + (f" ({reason})" if reason else "")
        return Against(offer, None, Unit(None, None, None), (), why)
    month = traffic.monthly(offer.cost)
    by_piece = units(month, traffic)
    if offer.currency != hosting.currency:
        return Against(offer, month, by_piece, (), f"its prices are in {offer.currency}")
    if not month:
        return Against(offer, month, by_piece, (), "it asks nothing")
    return Against(offer, month, by_piece, tuple(even(case, hosting, month) for case in found), None)


def _order(one: Against) -> tuple[object, ...]:
    known = one.month is not None
    return one.why is not None, not known, one.month or 0, one.offer.seller, one.offer.model


def figures_of(family: str) -> list[Throughput]:
    """The figures that are shipped for a model."""
    return [one for one in shipped() if family_of(one.model) == family]


def measured(seen: Busiest, gpu: str, gpus: int) -> Throughput:
    """What a server was read to do in its busiest hour: at least that it can do. Which GPUs it has it does not say."""
    thousandths = round(Fraction(seen.output * LEAST_RATE * 10**6, seen.microseconds))
    aside = "Without what came from its own cache." if seen.cache_read is not None else (
        "It does not count what came from its own cache: some of the input may have been no work."
    )  # fmt: skip
    return hosted_throughput(
        name=f"{gpus}x {gpu}, as read",
        model=seen.model,
        gpu=gpu,
        gpus=gpus,
        output_per_s=f"{thousandths // LEAST_RATE}.{thousandths % LEAST_RATE:03d}",
        input_tokens=seen.input,
        output_tokens=seen.output,
        word="measured",
        by=seen.server,
        date=seen.read_at.date(),
        source=f"its counters, {seen.from_at:%Y-%m-%dT%H:%M}Z to {seen.read_at:%Y-%m-%dT%H:%M}Z",
        note=f"What was asked for in its busiest hour: it may be able to do more. {aside}",
    )


Names = Mapping[str, str]
"""How a person knows the fields: by their options, or by what stands beside them on a page."""


def hosted_throughput(names: Names | None = None, **fields: Any) -> Throughput:
    """A throughput that a person gives; raises UserMistake naming every mistake."""
    try:
        return Throughput(**fields)
    except ValidationError as invalid:
        raise UserMistake(mistakes(invalid, names or {})) from None


def hosting_of(names: Names | None = None, **fields: Any) -> Hosting:
    """What a person says of servers, without what is None; raises UserMistake naming every mistake."""
    try:
        return Hosting(**{name: value for name, value in fields.items() if value is not None})
    except ValidationError as invalid:
        raise UserMistake(mistakes(invalid, names or {})) from None


def mistakes(invalid: ValidationError, names: Names) -> str:
    """Every mistake, with where it is and what to do."""
    places = [".".join(str(part) for part in each["loc"]) or "output_per_s" for each in invalid.errors()]
    said = zip(places, invalid.errors(), strict=True)
    return "; ".join(f"{names.get(place, place)}: {_said(each)}" for place, each in said)


def _said(each: Any) -> str:
    if each["type"] == "string_pattern_mismatch":
        return f"{each['input']!r} is no such figure; write digits and at most one point, as in 2.50"
    return plain_message(each)
