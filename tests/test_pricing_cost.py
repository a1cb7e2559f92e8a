"""What a call costs: documented figures to the last digit, and the laws every cost obeys."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.call_terms import CallTerms
from pricing.card import read_shipped
from pricing.cost import Cost, cost_of
from pricing.errors import UsageError
from pricing.meters import BASE_METER, METERS, Usage
from pricing.money import format_pico
from pricing.rates import PRECEDENCE, compile_card
from pricing.spans import RateFinder
from pricing.usage import FLAVOURS, Counts, read_usage

naive = datetime.fromisoformat
SHIPPED = [rate for card in read_shipped() for rate in compile_card(card, precedence=PRECEDENCE["shipped"])]
FINDER = RateFinder(SHIPPED)
OPENAI = FLAVOURS["openai_chat"]
FULL = next(rate for rate in SHIPPED if rate.model == "claude-opus-4-6")
NO_SEARCH = next(rate for rate in SHIPPED if rate.model == "step-3.7-flash")
EVERY_METER = FULL._replace(pico=tuple(range(1, len(METERS) + 1)))

usages = st.builds(Usage, *[st.none() | st.integers(0, 10**9)] * len(METERS))
known = st.builds(Usage, *[st.integers(0, 10**9)] * len(METERS))
rates = st.builds(
    lambda pico: FULL._replace(pico=tuple(pico)),
    st.lists(st.none() | st.integers(0, 10**12), min_size=len(METERS), max_size=len(METERS)),
)
full_rates = st.builds(
    lambda pico: FULL._replace(pico=tuple(pico)),
    st.lists(st.integers(0, 10**12), min_size=len(METERS), max_size=len(METERS)),
)


def shown(seller: str, model: str, at: datetime, counts: Counts) -> tuple[str | None, str | None]:
    cost = cost_of(read_usage(counts, OPENAI).usage, FINDER.find(CallTerms(seller, model, at, counts.prompt or 0)))
    return format_pico(cost.pico), cost.currency or cost.unpriced_reason


DOCUMENTED = Counts(prompt=591, completion=120, cache_read=512, total=711)
TEN_THOUSAND = Counts(prompt=10_000, completion=1_000, cache_read=8_000)


@pytest.mark.parametrize(
    ("seller", "model", "at", "counts", "expected"),
    [
        ("stepfun", "step-3.7-flash", naive("2026-07-01"), DOCUMENTED, ("0.00017428", "USD")),
        ("novita", "stepfun/step-3.7-flash", naive("2026-07-01"), TEN_THOUSAND, ("0.00187", "USD")),
        ("stepfun-cn", "step-3.7-flash", naive("2026-10-08"), TEN_THOUSAND, ("0.01296", "CNY")),
        (
            "openrouter",
            "stepfun/step-3.7-flash-20260528",
            naive("2026-07-01"),
            TEN_THOUSAND,
            ("0.00187", "USD"),
        ),
        (
            "openrouter",
            "google/gemini-3-pro-preview",
            naive("2025-11-18"),
            Counts(1662, 106),
            ("0.004596", "USD"),
        ),
        # A price change in the middle of a day.
        (
            "deepseek",
            "deepseek-v4-flash",
            naive("2026-04-26T12:14:59"),
            TEN_THOUSAND,
            ("0.000784", "USD"),
        ),
        ("deepseek", "deepseek-v4-flash", naive("2026-04-26T12:15"), TEN_THOUSAND, ("0.0005824", "USD")),
        ("deepseek", "deepseek-v4-flash", naive("2026-08-17"), TEN_THOUSAND, ("0.001156", "USD")),
        # Off-peak, and a minute of a Thursday's peak.
        ("deepseek", "deepseek-v4-flash", naive("2026-09-10"), TEN_THOUSAND, ("0.000924", "USD")),
        ("deepseek", "deepseek-v4-flash", naive("2026-09-10T01:00"), TEN_THOUSAND, ("0.001848", "USD")),
        # Not known before it was announced, or under another seller's name.
        ("novita", "stepfun/step-3.7-flash", naive("2026-06-17"), TEN_THOUSAND, (None, "no rate")),
        ("novita", "step-3.7-flash", naive("2026-07-01"), TEN_THOUSAND, (None, "no rate")),
        ("nim", "step-3.7-flash", naive("2026-07-01"), TEN_THOUSAND, (None, "no rate")),
    ],
)
def test_shipped_cards_price_documented_calls(seller, model, at, counts, expected):
    assert shown(seller, model, at, counts) == expected


def test_cache_writes_are_priced_by_their_lifetime():
    usage = Usage(input=1, cache_read=1, cache_write_5m=1, cache_write_1h=1, output=1)
    assert cost_of(usage, FULL).per_meter == (5_000_000, 500_000, 6_250_000, 10_000_000, None, 25_000_000) + (None,) * 7
    assert cost_of(usage._replace(cache_write=1), FULL).unpriced_reason == "no cache_write rate"


@pytest.mark.parametrize(
    ("usage", "rate", "reason"),
    [
        (Usage(), None, "no rate"),
        (Usage(output=1), FULL, "usage missing"),
        (Usage(input=1), FULL, "usage missing"),
        (Usage(1, output=1, web_search=1, cache_write=2), FULL, "no cache_write rate"),
        (Usage(1, output=1, web_search=1, request=1), NO_SEARCH, "no web_search rate"),
        (Usage(-9, cache_read=10, output=1), FULL, "its usage would cost less than nothing"),
    ],
)
def test_unknown_is_never_nought(usage, rate, reason):
    assert cost_of(usage, rate) == Cost(None, None, (None,) * len(METERS), reason)


def test_a_call_costs_no_fee_that_its_card_does_not_know():
    assert cost_of(Usage(1, output=0, request=1), FULL).pico == 5_000_000


def test_more_cache_than_prompt_is_priced_as_its_flavour_says():
    assert cost_of(Usage(-2, cache_read=100, output=10), FULL).pico == -2 * 5_000_000 + 100 * 500_000 + 10 * 25_000_000


def test_a_meter_without_rate_matters_only_when_used():
    assert cost_of(Usage(1, cache_write=0, output=0), FULL).pico == 5_000_000


@pytest.mark.parametrize("rate", [None, FULL])
def test_a_negative_count_is_an_error(rate):
    with pytest.raises(UsageError, match=r"^cache_read is -1; a count is never negative$"):
        cost_of(Usage(1, -1), rate)


@given(usages, rates)
def test_a_cost_is_the_sum_of_its_meters_and_never_negative(usage, rate):
    cost = cost_of(usage, rate)
    if cost.unpriced_reason is None:
        assert cost.pico == sum(part or 0 for part in cost.per_meter) >= 0
        assert [part is None for part in cost.per_meter] == [count is None for count in usage]
    assert (cost.pico is None) == (cost.currency is None) == (cost.unpriced_reason is not None)


@given(known, known, full_rates)
def test_split_usage_costs_the_same(one, other, rate):
    whole = Usage(*(a + b for a, b in zip(one, other, strict=True)))
    parts = [cost_of(part, rate).pico for part in (one, other)]
    assert cost_of(whole, rate).pico == sum(part for part in parts if part is not None)


@given(known, full_rates, st.sampled_from(METERS), st.integers(1, 10**6))
def test_a_cost_grows_with_each_count(usage, rate, meter, more):
    grown = usage._replace(**{meter: getattr(usage, meter) + more})
    before, after = cost_of(usage, rate).pico, cost_of(grown, rate).pico
    assert before is not None and after is not None
    assert after - before == more * rate.pico[METERS.index(meter)]


@given(known)
def test_each_meter_has_its_own_rate(usage):
    assert cost_of(usage, EVERY_METER).per_meter == tuple(count * rate for rate, count in enumerate(usage, start=1))


def test_a_modality_takes_the_rate_it_is_part_of():
    for modality, base in BASE_METER.items():
        assert FULL.pico[METERS.index(modality)] == FULL.pico[METERS.index(base)] is not None
