"""Which calls a rate is about, in words, and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.card_model import Card
from pricing.rates import compile_card
from pricing.terms_text import render_hours, render_week, render_when
from pricing.week import DAYS, WEEK, WHOLE_WEEK, parse_hours

ENTRY = {
    "valid_from": "2026-01-01T00:00:00Z",
    "currency": "USD",
    "per_mtok": {"input": "1"},
    "source": "s",
    "checked": "2026-01-01",
    "confidence": "official",
}


def whens(**more):
    card = Card.model_validate({"seller": "s", "models": {"m": [{**ENTRY, **more}]}})
    return [(render_when(rate), render_week(rate.cell)) for rate in compile_card(card, precedence=1)]


def test_a_rate_of_every_call_has_no_words():
    assert whens() == [(None, None)]


def test_sizes_tiers_and_regions():
    found = whens(
        context=[{"above": 200_000, "multiply": "2"}, {"at_least": 500_000, "multiply": "3"}],
        service_tiers={"batch": {"multiply": "0.5"}},
        regions={"us": {"multiply": "1.1"}},
    )
    words = [when for when, _ in found]
    assert words[:3] == ["input to 200,000", "input to 200,000, region us", "input 200,001 to 499,999"]
    assert words[-1] == "input above 499,999, batch, region us"
    assert len(set(words)) == 12


def test_hours():
    window = {"name": "off-peak", "zone": "UTC", "hours": {"mon-fri": "10:00-24:00", "sat-sun": "00:00-24:00"}}
    assert whens(windows=[{**window, "multiply": "0.5"}]) == [
        ("other hours (UTC)", "other hours (UTC): mon-fri 00:00-10:00"),
        ("off-peak (UTC)", "off-peak (UTC): mon-fri 10:00-24:00; sat-sun 00:00-24:00"),
    ]


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        (WHOLE_WEEK, "mon-sun 00:00-24:00"),
        (((1380, 1560),), "mon 23:00-24:00; tue 00:00-02:00"),
        (((WEEK - 60, WEEK),), "sun 23:00-24:00"),
    ],
)
def test_hours_are_told_by_days(ranges, expected):
    assert render_hours(ranges) == expected


@settings(max_examples=100)
@given(st.sets(st.integers(0, WEEK), min_size=2, max_size=12))
def test_hours_that_are_told_are_read_back(edges):
    ordered = sorted(edges)
    ranges = tuple(zip(ordered[::2], ordered[1::2], strict=False))
    told = dict(part.split(" ", 1) for part in render_hours(ranges).split("; "))
    assert parse_hours(told) == ranges and set("".join(told)) <= set("".join(DAYS) + "-")
