"""How figures are written: exact, half-even, unknown never 0, nothing nearly whole shown as whole."""

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.money import PICO
from reports.characters import visible
from reports.document import Link, Money, Number, Share, UnitRate
from reports.figures import kind_of, text_of


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        (Money(1234_500_000_000_000, "USD"), "money", "1,234.50 USD"),
        (Money(-1234_500_000_000_000, "CNY"), "money", "−1,234.50 CNY"),
        (Money(0, "USD"), "money", "0.00 USD"),
        (Money(None, "USD"), "money", "unknown"),
        (Money(174_280_000, "USD"), "money", "0.000174 USD"),
        (Money(999_999_999_999, "USD"), "money", "1.00 USD"),
        (Money(5, "USD"), "money", "0.000000000005 USD"),
        (Money(1_005_000_000_000, "USD"), "money", "1.00 USD"),
        (Money(1_015_000_000_000, "USD"), "money", "1.02 USD"),
        (UnitRate(40_000, "USD"), "rate", "0.04 USD per 1M"),
        (UnitRate(3_625, "USD"), "rate", "0.003625 USD per 1M"),
        (UnitRate(15_000_000, "USD"), "rate", "15.00 USD per 1M"),
        (UnitRate(10**10, "USD", "unit"), "rate", "0.01 USD per unit"),
        (UnitRate(0, "USD"), "rate", "0.00 USD per 1M"),
        (UnitRate(None, "USD"), "rate", "–"),
        (Share(0.123), "share", "12.3%"),
        (Share(1.0), "share", "100%"),
        (Share(0.0), "share", "0%"),
        (Share(0.99996), "share", "99.996%"),
        (Share(0.9999999999), "share", ">99.9999%"),
        (Share(1.0000000001), "share", "<100.0001%"),
        (Share(0.0004), "share", "0.04%"),
        (Share(1e-12), "share", "<0.0001%"),
        (Share(-1e-12), "share", ">−0.0001%"),
        (Share(-0.25), "share", "−25.0%"),
        (Share(12.5), "share", "1,250.0%"),
        (Share(None), "share", "–"),
        (Number(12.5, "s"), "number", "12.5 s"),
        (Number(0.012345, "s"), "number", "0.0123 s"),
        (Number(1234.5, "tokens/s"), "number", "1,234 tokens/s"),
        (Number(-2.0), "number", "−2.00"),
        (Number(0.0, "s"), "number", "0 s"),
        (Number(None, "s"), "number", "–"),
        (1234, "count", "1,234"),
        (-1234, "count", "−1,234"),
        (2026, "text", "2026"),
        (None, "count", "–"),
        (None, "money", "–"),
        (date(2026, 10, 7), "day", "2026-10-07"),
        (datetime(2026, 10, 7, 9, 5), "instant", "2026-10-07 09:05 UTC"),
        (datetime(2026, 10, 7, 9, 5, 8), "instant", "2026-10-07 09:05:08 UTC"),
        (datetime(2026, 10, 7, 9, 5, 8), "day", "2026-10-07"),
        (Link("https://example.com/a?b=c"), "link", "https://example.com/a?b=c"),
        ("=1+1 <script> 中 😀", "text", "=1+1 <script> 中 😀"),
        ("a\x00b\u202ec", "text", "a⟨U+0000⟩b⟨U+202E⟩c"),
    ],
)
def test_a_cell_is_written(cell, kind, text):
    assert text_of(cell, kind) == text


@given(st.integers(-(10**30), 10**30))
def test_an_amount_differs_from_what_is_exact_by_half_a_step_at_most(pico):
    text = text_of(Money(pico, "USD"), "money")
    figure = text.removesuffix(" USD").replace(",", "").replace("−", "-")
    step = Decimal(1).scaleb(-len(figure.partition(".")[2]))
    number = Decimal(figure)
    assert number == Decimal(pico).scaleb(-12).quantize(step, ROUND_HALF_EVEN)
    assert (number == 0) == (pico == 0)


@given(st.integers(0, 10**15))
def test_a_rate_is_written_to_its_last_digit(pico):
    figure = text_of(UnitRate(pico, "USD"), "rate").removesuffix(" USD per 1M").replace(",", "")
    assert Decimal(figure) * PICO == pico * 10**6


@given(st.floats(-5, 5, allow_nan=False))
def test_only_none_and_all_are_written_as_none_and_all(value):
    text = text_of(Share(value), "share")
    assert (text == "0%") == (value == 0)
    assert (text == "100%") == (value == 1)


@given(st.text())
def test_nothing_in_a_name_is_hidden(name):
    text = visible(name)
    assert all(each.isprintable() or each in " \u200c\u200d" or each.isspace() for each in text)
    assert visible(text) == text


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (Money(1, "USD"), "money"),
        (Share(0.5), "share"),
        (UnitRate(1, "USD"), "rate"),
        (Link("x"), "link"),
        (Number(1.0), "number"),
        (1, "count"),
        (datetime(2026, 1, 1), "instant"),
        (date(2026, 1, 1), "day"),
        ("a", "text"),
        (None, "text"),
    ],
)
def test_what_a_fact_holds_is_told_from_its_cell(cell, kind):
    assert kind_of(cell) == kind
