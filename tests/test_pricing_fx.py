"""Conversion for display: exact, each day at its own rate, and what was carried or is missing is told."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.figures import rounded
from pricing.errors import FxTableError
from pricing.fx import Known, Rates, converted, rate_at, uses_of
from pricing.fx_table import OwnRate, read_table
from pricing.money import PICO


def on(day: int) -> date:
    return date(2026, 10, day)


def known(*found: tuple[int, str], source: str = "bank") -> list[Known]:
    return [Known(on(day), Fraction(rate), source) for day, rate in found]


LIBRARY = {("EUR", "USD"): known((1, "1.25"), (2, "1.6")), ("EUR", "CNY"): known((1, "8"), (2, "7.5"))}
RATES = Rates({}, LIBRARY)


def test_each_day_has_its_own_rate():
    found = converted([("USD", on(1), 5 * PICO), ("USD", on(2), 8 * PICO)], "EUR", RATES)
    assert found.pico == 9 * PICO


def test_a_cross_rate_goes_through_eur_exactly():
    found = rate_at(RATES, "USD", "CNY", on(1))
    assert found and found.rate == Fraction(8) / Fraction("1.25")
    assert [leg.pair for leg in found.legs] == [("EUR", "USD"), ("EUR", "CNY")]


def test_a_day_without_a_rate_takes_the_last_one_before_and_it_is_told():
    found = converted([("USD", on(2), PICO), ("USD", on(5), PICO), ("USD", on(9), PICO)], "EUR", RATES)
    (use,) = uses_of(found.legs)
    assert (use.days, use.carried, use.carried_from, use.carried_days) == (3, 2, on(2), 7)
    assert (use.first, use.last, use.source) == (on(2), on(2), "bank")


def test_before_the_first_known_rate_nothing_is_converted():
    early = date(2026, 9, 30)
    assert rate_at(RATES, "USD", "EUR", early) is None
    found = converted([("USD", early, PICO), ("USD", on(1), PICO)], "EUR", RATES)
    assert found.pico is None and set(found.missing) == {("USD", early)}
    assert converted([("JPY", on(1), PICO)], "USD", RATES).pico is None


def test_ones_own_pair_goes_before_the_librarys_from_its_first_day_on():
    rates = Rates({("EUR", "USD"): known((2, "2"), source="group")}, LIBRARY)
    sources = [rate_at(rates, "USD", "EUR", on(day)).legs[0].source for day in (1, 2, 9)]  # type: ignore[union-attr]
    assert sources == ["bank", "group", "group"]
    direct = Rates({("CNY", "USD"): known((1, "0.14"))}, LIBRARY)
    found = rate_at(direct, "USD", "CNY", on(3))
    assert found and found.rate == 1 / Fraction("0.14") and len(found.legs) == 1


def test_a_currency_to_itself_needs_no_rate():
    assert converted([("USD", date(1990, 1, 1), 7)], "USD", Rates({}, {})).pico == 7


@given(st.lists(st.tuples(st.sampled_from(["USD", "CNY"]), st.integers(1, 28), st.integers(-(10**18), 10**18))))
def test_a_sum_is_exact_however_it_is_cut(amounts):
    each = [(currency, on(day), pico) for currency, day, pico in amounts]
    whole = converted(each, "EUR", RATES).exact
    assert whole == sum((converted([one], "EUR", RATES).exact or Fraction() for one in each), Fraction())


@pytest.mark.parametrize(
    ("exact", "text"),
    [
        (Fraction(0), "0.00"),
        (Fraction(1234567 * PICO, 1000), "1,234.57"),
        (Fraction(PICO, 8) + PICO, "1.12"),
        (Fraction(PICO * 3, 8) + PICO, "1.38"),
        (Fraction(-PICO, 3), "-0.333"),
        (Fraction(54321), "0.0000000543"),
    ],
)
def test_a_converted_figure_is_rounded_half_even_once(exact, text):
    assert rounded(exact) == text


def test_a_table_of_ones_own_is_read_in_both_forms():
    one = read_table(["date,currency,per_eur\n", "2026-10-01,USD,1.10\n", "\n"], "own.csv")
    assert one == [OwnRate(on(1), "EUR", "USD", "1.10")]
    other = read_table(["Date, Base, Quote, Rate\n", "2026-10-01,USD,CNY,7.1\n"], "own.csv")
    assert other == [OwnRate(on(1), "USD", "CNY", "7.1")]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "the first line is not date,currency,per_eur or date,base,quote,rate"),
        (["date,currency,per_eur"], "there is no rate in it"),
        (["date,currency,per_eur", "2026-10-01,USD"], "line 2: it has 2 cells, and the first line has 3"),
        (["date,currency,per_eur", "2026-10-01,usd,1"], "line 2: 'usd' is no currency"),
        (["date,currency,per_eur", "2026-10-01,EUR,1"], "line 2: a rate from EUR to itself is none"),
        (["date,currency,per_eur", "2026-10-01,USD,0.00"], "line 2: '0.00' is no rate"),
        (["date,currency,per_eur", '2026-10-01,USD,"1,1"'], "line 2: '1,1' is no rate"),
        (["date,currency,per_eur", "2026-10-01,USD,-1"], "line 2: '-1' is no rate"),
        (["date,currency,per_eur", "1.10.2026,USD,1"], "line 2: '1.10.2026' is no day"),
        (["date,currency,per_eur", "2026-10-01,USD,1", "2026-10-01,USD,2"], "line 3: EUR/USD of 2026-10-01 stands"),
        (["date,currency,per_eur", "a,USD,1", "b,USD,1", "c,USD,1"], r"\(and 2 more such lines\)"),
    ],
)
def test_a_table_that_cannot_be_used_says_where(lines, message):
    with pytest.raises(FxTableError, match=f"^own.csv.*{message}"):
        read_table(lines, "own.csv")
