"""Recurring charges: every way of cutting a period into days adds up to its amount, to the last pico-unit."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.charges import (
    PERIODS,
    Charge,
    charges_between,
    days_between,
    months_after,
    multiplied,
    period_of,
    pieces_between,
)
from pricing.errors import RateError
from pricing.money import PICO, parse_signed_amount

DAY = timedelta(days=1)
days = st.dates(date(2019, 1, 1), date(2032, 12, 31))


def charge(**own) -> Charge:
    values = dict.fromkeys(Charge._fields)
    values |= {"charge_id": 1, "name": "plan", "kind": "plan", "pico": 100 * PICO, "currency": "USD"}
    values |= {"period": "month", "first": date(2026, 1, 1)}
    return Charge(**(values | own))  # type: ignore[arg-type]


def cost(charge: Charge, first: date, last: date) -> int:
    return sum(share.pico for share in charges_between([charge], first, last))


@given(
    pico=st.integers(0, 10**22),
    period=st.sampled_from([name for name in PERIODS if name != "once"]),
    first=days,
    later=st.integers(0, 1500),
    cuts=st.sets(st.integers(1, 365), max_size=12),
)
def test_every_partition_of_a_period_adds_up_to_its_amount(pico, period, first, later, cuts):
    each = charge(pico=pico, period=period, first=first)
    start, end = period_of(each, first + later * DAY)
    edges = [start, *sorted(start + cut * DAY for cut in cuts if start + cut * DAY <= end), end + DAY]
    parts = [cost(each, one, other - DAY) for one, other in zip(edges, edges[1:], strict=False)]
    assert sum(parts) == pico == cost(each, start, end) == sum(share.pico for share in days_between([each], start, end))
    least = pico // ((end - start).days + 1)
    assert {share.pico - least for share in days_between([each], start, end)} <= {0, 1}


@given(first=days, later=st.integers(0, 3000), period=st.sampled_from(PERIODS[1:]))
def test_periods_follow_one_another_without_gap_or_overlap(first, later, period):
    each, day = charge(first=first, period=period), first + later * DAY
    start, end = period_of(each, day)
    assert start <= day <= end
    assert period_of(each, end + DAY)[0] == end + DAY
    assert start == first or period_of(each, start - DAY)[1] == start - DAY


@pytest.mark.parametrize(
    ("first", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 10, 31), 4, date(2027, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_a_month_that_is_too_short_ends_with_its_last_day(first, months, expected):
    assert months_after(first, months) == expected


@pytest.mark.parametrize(("year", "month", "length"), [(2026, 2, 28), (2028, 2, 29), (2026, 4, 30), (2026, 1, 31)])
def test_a_month_costs_its_amount_however_long_it_is(year, month, length):
    start = date(year, month, 1)
    assert cost(charge(first=date(2020, 1, 1)), start, start + (length - 1) * DAY) == 100 * PICO


def test_a_charge_costs_nothing_outside_its_days():
    each = charge(first=date(2026, 11, 15), last=date(2027, 1, 14))
    assert cost(each, date(2026, 1, 1), date(2026, 11, 14)) == 0
    assert cost(each, date(2026, 1, 1), date(2030, 1, 1)) == 200 * PICO
    assert charges_between([each], date(2027, 1, 15), date(2030, 1, 1)) == []


def test_a_charge_that_ends_within_a_period_costs_the_days_it_has():
    each = charge(first=date(2026, 11, 1), last=date(2026, 11, 10))
    assert cost(each, date(2026, 11, 1), date(2026, 11, 30)) == 100 * PICO * 10 // 30


def test_a_charge_of_one_time_stands_on_its_day_or_is_spread():
    once = charge(period="once", first=date(2026, 11, 5))
    assert cost(once, date(2026, 11, 5), date(2026, 11, 5)) == 100 * PICO
    assert cost(once, date(2026, 11, 6), date(2036, 11, 5)) == 0
    spread = once._replace(last=date(2026, 11, 14))
    assert cost(spread, date(2026, 11, 1), date(2026, 11, 9)) == 50 * PICO
    assert cost(spread, date(2026, 11, 1), date(2027, 11, 9)) == 100 * PICO


def test_pieces_are_cut_where_periods_end():
    found = list(pieces_between(charge(first=date(2026, 1, 31)), date(2026, 1, 1), date(2026, 3, 5)))
    assert [(str(piece.first), str(piece.last), piece.days) for piece in found] == [
        ("2026-01-31", "2026-02-27", 28),
        ("2026-02-28", "2026-03-05", 6),
    ]


def test_a_quantity_at_a_price_is_exact():
    assert multiplied("720", "2.10") == 1512 * PICO
    assert multiplied("0.000001", "0.000001") == 1
    with pytest.raises(RateError, match="7 decimals"):
        multiplied("0.0000001", "1")


def test_an_amount_may_be_a_credit():
    assert parse_signed_amount("-12.5") == -12_500_000_000_000
    for text in ("--1", "-", "+1", "1e3", "1,000", "1000000000"):
        with pytest.raises(RateError):
            parse_signed_amount(text)
