"""Figures in and out: exact both ways, and whatever is no plain figure is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.errors import PricingError, RateError
from pricing.money import PICO, format_pico, parse_rate, parse_unit_rate, to_decimal

rates = st.integers(min_value=0, max_value=10**12 - 1)


@pytest.mark.parametrize(
    ("text", "pico"),
    [("0.04", 40_000), ("1.15", 1_150_000), ("0", 0), ("0.000001", 1), ("999999", 999_999 * 10**6)],
)
def test_a_rate_is_pico_units_per_token(text, pico):
    assert parse_rate(text) == pico


@pytest.mark.parametrize(("text", "pico"), [("0.01", 10**10), ("35", 35 * PICO), ("0.000000000001", 1)])
def test_a_unit_rate_is_pico_units_per_unit(text, pico):
    assert parse_unit_rate(text) == pico


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        (0.2, 'quote it, as in "0.2"'),
        (1, 'quote it, as in "1"'),
        (None, "quote it"),
        ("-0.1", "without sign, exponent or spaces"),
        ("+1", "without sign"),
        ("1e3", "without sign, exponent"),
        (" 1", "spaces"),
        ("1\n", "spaces"),
        ("1,5", "at most one point"),
        ("1_000", "write digits"),
        (".5", "write digits"),
        ("5.", "write digits"),
        ("01", "write digits"),
        ("", "write digits"),
        ("NaN", "write digits"),
        ("\u0661", "write digits"),
        ("0.0000001", "it has 7 decimals, and at most 6 are exact"),
        ("1000000", "it is not below 1,000,000"),
        ("9" * 5000, "it is not below 1,000,000"),
    ],
)
def test_what_is_no_rate_is_refused(figure, why):
    with pytest.raises(RateError, match=r"is no rate: ") as error:
        parse_rate(figure)
    assert why in str(error.value)
    assert isinstance(error.value, PricingError)


@pytest.mark.parametrize("figure", [0.01, "0.0000000000001", "10000"])
def test_what_is_no_unit_rate_is_refused(figure):
    with pytest.raises(RateError):
        parse_unit_rate(figure)


@pytest.mark.parametrize(
    ("pico", "text"),
    [
        (None, None),
        (0, "0"),
        (174_280_000, "0.00017428"),
        (1, "0.000000000001"),
        (PICO, "1"),
        (100 * PICO, "100"),
        (-PICO // 2, "-0.5"),
        (123_456_789 * PICO + 1, "123456789.000000000001"),
    ],
)
def test_money_is_written_plainly(pico, text):
    assert format_pico(pico) == text


def test_no_money_is_no_decimal():
    assert to_decimal(None) is None


@given(st.integers())
def test_every_amount_survives_being_written(pico):
    amount = to_decimal(pico)
    assert amount is not None
    assert Fraction(amount) == Fraction(pico, PICO)


@given(rates)
def test_every_rate_survives_being_written(pico):
    text = format_pico(pico * 10**6)
    assert text is not None
    assert parse_rate(text) == pico


@given(st.integers(min_value=0, max_value=10_000 * PICO - 1))
def test_every_unit_rate_survives_being_written(pico):
    assert parse_unit_rate(format_pico(pico)) == pico
