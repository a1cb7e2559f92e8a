"""Four costs of the same calls, and why what the log reports is not what the rate card says.

Reasons come from arithmetic alone: each is named only where every single call agrees with it, to within the digit
that the log rounds to. Where none does, the difference is not explained.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from pricing.money import PICO

OWN_KEY = "own upstream key: another seller bills these calls"
UNPRICED = "calls that have no price"
TOOLS_UNPRICED = "calls with server tools, which have no price"
UNREPORTED = "calls whose cost the log does not report"
OTHER_CURRENCY = "calls that the log reports in another currency"
TOOLS = "server tools that are not in the tokens"
CACHE = "cached tokens reported at the input rate"
ROUNDING = "rounded in the log"
CANCEL = "calls that differ and cancel out"
NOT_EXPLAINED = "not explained"
ROUNDED_TO_CENTS = "rounded to cents"
AS_REPORTED = "as the log reports"
HALF_CENT = PICO // 200
LEAST_CALLS = 3
"""Calls from which on one ratio in all of them is no accident."""


class Reason(NamedTuple):
    """Why, and how much of the difference that is, in pico-units."""

    text: str
    pico: int


class Compared(NamedTuple):
    """Calls whose cost is known and reported, in one currency. Gaps are the greatest of any single call."""

    calls: int
    billed: int
    reported: int
    unit: int
    """The digit that the log rounds to: every reported cost is a multiple of so many pico-units."""
    gap: int
    """Between reported and as priced."""
    plain_gap: int
    """The same among calls without a web search."""
    cache_gap: int
    """The same with their cached tokens at the input rate."""
    cache_cost: int
    """What their cached tokens would cost more at the input rate."""
    searching: int
    """Calls with a web search."""
    searched: int
    """What those are reported to cost beyond as priced."""
    least_ratio: int | None
    most_ratio: int | None
    """Millionths: no call allows less, or more, as the one ratio of reported to as priced."""


class Side(NamedTuple):
    """Calls that one of the two costs has and the other has not."""

    calls: int
    pico: int


class Sums(NamedTuple):
    """What the calls of one seller and model add up to in one currency."""

    billed: int | None
    reported: int | None
    compared: Compared
    upstream: Side
    unpriced: Side
    tools_unpriced: Side
    """Calls with a web search, which the rate card does not price."""
    unreported: Side
    """As priced, and not reported."""
    foreign: Side
    """As priced, and reported in another currency; or the other way round, below 0."""


def reasons_of(sums: Sums) -> list[Reason]:
    """Why the reported cost is not the cost as priced; together they are the whole difference."""
    sides = [
        Reason(OWN_KEY, sums.upstream.pico),
        Reason(UNPRICED, sums.unpriced.pico),
        Reason(TOOLS_UNPRICED, sums.tools_unpriced.pico),
        Reason(UNREPORTED, -sums.unreported.pico),
        Reason(OTHER_CURRENCY, -sums.foreign.pico),
    ]
    return [*reasons_of_compared(sums.compared), *(reason for reason in sides if reason.pico)]


def reasons_of_compared(sums: Compared) -> list[Reason]:
    """Why calls that have both costs differ."""
    difference = sums.reported - sums.billed
    if not sums.calls or not sums.gap:
        return []
    # What agrees to the last digit goes before what agrees as far as the log's digits go.
    if not sums.searching and sums.cache_cost and sums.cache_gap <= 1:
        return [Reason(CACHE, difference)]
    if is_rounding(sums, sums.gap):
        return [Reason(ROUNDING, difference)]
    if margin := margin_of(sums):
        return [Reason(margin, difference)]
    plain = reasons_without_tools(sums)
    if plain is None:
        return [Reason(NOT_EXPLAINED if difference else CANCEL, difference)]
    return [*([Reason(TOOLS, sums.searched)] if sums.searching and sums.searched else []), *plain]


def reasons_without_tools(sums: Compared) -> list[Reason] | None:
    """Why calls without a web search differ; nothing where they do not, None where it is not explained."""
    difference = sums.reported - sums.billed - sums.searched
    if not sums.plain_gap:
        return []
    if is_rounding(sums, sums.plain_gap):
        return [Reason(ROUNDING, difference)]
    if sums.cache_cost and is_rounding(sums, sums.cache_gap):
        return [Reason(CACHE, difference)]
    return None


def is_rounding(sums: Compared, gap: int) -> bool:
    """Whether no call is further off than rounding explains; a log that reports only 0 has rounded nothing."""
    return sums.reported != 0 and gap <= max(sums.unit // 2, 1)


def margin_of(sums: Compared) -> str | None:
    """The one ratio of reported to as priced, in words, where there is one in every call."""
    if sums.calls < LEAST_CALLS or sums.least_ratio is None or sums.most_ratio is None or not sums.billed:
        return None
    if sums.least_ratio > sums.most_ratio or not sums.reported:
        return None
    more = round((Fraction(sums.reported, sums.billed) - 1) * 10_000)
    sign = "+" if more >= 0 else "-"
    return f"margin: {sign}{abs(more) // 100}.{abs(more) % 100:02d}% on every call" if more else None


def reason_of_invoice(
    invoiced: int, billed: int, reported: int | None, unpriced: int, credited: tuple[int, str] | None = None
) -> str | None:
    """Why an invoice is not the cost as priced; None where it is. Calls without a price may be why, or part of it.

    ``credited``: what credits take off, in pico-units below 0, and in words. They are a reason of their own.
    """
    if credited is None or (reported is not None and abs(invoiced - reported) <= HALF_CENT):
        return _reason_of_usage(invoiced, billed, reported, unpriced)
    rest = _reason_of_usage(invoiced - credited[0], billed, reported, unpriced)
    return f"{credited[1]} of credits" + (f"; the rest: {rest}" if rest else "")


def _reason_of_usage(invoiced: int, billed: int, reported: int | None, unpriced: int) -> str | None:
    if invoiced == billed:
        return None
    if abs(invoiced - billed) <= HALF_CENT:
        return ROUNDED_TO_CENTS
    if reported is not None and abs(invoiced - reported) <= HALF_CENT:
        return AS_REPORTED
    return f"{NOT_EXPLAINED}; {unpriced:,} calls have no price" if unpriced else NOT_EXPLAINED


def merged(reasons: Sequence[Reason]) -> list[Reason]:
    """Reasons of several models as those of their seller."""
    sums: dict[str, int] = {}
    for reason in reasons:
        sums[reason.text] = sums.get(reason.text, 0) + reason.pico
    return [Reason(text, pico) for text, pico in sums.items()]
