"""What the shipped cards say of the rates that Tollbook must carry: seller, model, instant, size, and the figures.

Every row is a published figure; where sources disagree the card says so in its sightings, and the row is the one
that prices.
"""

from datetime import datetime

import pytest

from pricing.call_terms import CallTerms
from pricing.card import read_shipped
from pricing.cost import cost_of
from pricing.meters import METERS, Usage
from pricing.money import format_pico
from pricing.rates import PRECEDENCE, compile_card
from pricing.spans import RateFinder

CARDS = {card.seller: card for card in read_shipped()}
FINDER = RateFinder(rate for card in CARDS.values() for rate in compile_card(card, precedence=PRECEDENCE["shipped"]))
STEP, STEP_CN, V4 = "0.2 0.04 1.15", "1.35 0.27 8.1", "deepseek-v4-flash"
PRO, OPUS, ROUTED = "deepseek-v4-pro", "claude-opus-4-6", "deepseek/deepseek-v4-flash"
OPENROUTER_35 = "stepfun/step-3.5-flash"
PEAK, OFF_PEAK = "0.3 0.006 1.2", "0.15 0.003 0.6"

FACTS = [
    # Step 3.7 Flash, everywhere
    ("novita", "stepfun/step-3.7-flash", "2026-06-18T00:00:00", "USD", STEP),
    ("stepfun", "step-3.7-flash", "2026-05-29T00:00:00", "USD", STEP),
    ("stepfun-cn", "step-3.7-flash", "2026-10-07T00:00:00", "CNY", STEP_CN),
    ("openrouter", "stepfun/step-3.7-flash", "2026-05-29T00:00:00", "USD", STEP),
    ("openrouter", "stepfun/step-3.7-flash-20260528", "2026-11-22T12:00:00", "USD", STEP),
    ("deepinfra", "stepfun-ai/Step-3.7-Flash", "2026-11-22T00:00:00", "USD", STEP),
    ("aihubmix", "step-3.7-flash", "2026-11-22T00:00:00", "USD", "0.22 0.044 1.32"),
    # Step 3.5 Flash
    ("stepfun", "step-3.5-flash", "2026-06-30T00:00:00", "USD", "0.1 0.02 0.3"),
    ("stepfun", "step-3.5-flash-2603", "2026-06-30T00:00:00", "USD", "0.1 0.02 0.3"),
    ("stepfun-cn", "step-3.5-flash", "2026-10-07T00:00:00", "CNY", "0.7 0.14 2.1"),
    ("stepfun-cn", "step-3.5-flash-2603", "2026-10-07T00:00:00", "CNY", "0.7 0.14 2.1"),
    ("openrouter", OPENROUTER_35, "2026-02-12T00:00:00", "USD", "0.1 None None"),
    ("openrouter", OPENROUTER_35, "2026-05-19T23:59:59", "USD", "0.1 None None"),
    ("openrouter", OPENROUTER_35, "2026-05-20T00:00:00", "USD", "0.09 0.02 0.3"),
    ("openrouter", OPENROUTER_35, "2026-06-28T23:59:59", "USD", "0.09 0.02 0.3"),
    ("openrouter", OPENROUTER_35, "2026-06-29T00:00:00", "USD", "0.1 0.02 0.3"),
    ("openrouter", OPENROUTER_35, "2026-11-22T00:00:00", "USD", "0.1 0.02 0.3"),
    # DeepSeek V4 Flash: at DeepSeek, at Novita, through OpenRouter
    ("deepseek", V4, "2026-04-24T00:00:00", "USD", "0.14 0.028 0.28"),
    ("deepseek", V4, "2026-04-26T12:14:59", "USD", "0.14 0.028 0.28"),
    ("deepseek", V4, "2026-04-26T12:15:00", "USD", "0.14 0.0028 0.28"),
    ("deepseek", V4, "2026-06-15T02:00:00", "USD", "0.14 0.0028 0.28"),  # a June night: no peak rate then
    ("deepseek", V4, "2026-08-16T23:59:59", "USD", "0.14 0.0028 0.28"),
    ("deepseek", V4, "2026-08-17T00:00:00", "USD", "0.22 0.007 0.66"),
    ("deepseek", V4, "2026-08-17T01:00:00", "USD", "0.44 0.014 1.32"),  # peak, a Monday
    ("deepseek", V4, "2026-08-22T06:00:00", "USD", "0.44 0.014 1.32"),  # peak, a Saturday of the first week
    ("deepseek", V4, "2026-08-29T06:00:00", "USD", "0.22 0.007 0.66"),  # a Saturday later
    ("deepseek", V4, "2026-09-09T23:59:59", "USD", "0.22 0.007 0.66"),
    ("deepseek", V4, "2026-09-10T00:59:59", "USD", OFF_PEAK),  # a Thursday
    ("deepseek", V4, "2026-09-10T01:00:00", "USD", PEAK),
    ("deepseek", V4, "2026-09-10T03:59:59", "USD", PEAK),
    ("deepseek", V4, "2026-09-10T04:00:00", "USD", OFF_PEAK),
    ("deepseek", V4, "2026-09-10T06:00:00", "USD", PEAK),
    ("deepseek", V4, "2026-09-10T10:00:00", "USD", OFF_PEAK),
    ("deepseek", V4, "2026-09-12T02:00:00", "USD", OFF_PEAK),  # a Saturday
    ("deepseek", V4, "2026-09-13T23:59:59", "USD", OFF_PEAK),  # a Sunday
    ("deepseek", V4, "2026-09-14T02:00:00", "USD", PEAK),  # a Monday
    ("novita", ROUTED, "2026-04-27T00:00:00", "USD", "0.14 0.028 0.28"),
    ("novita", ROUTED, "2026-11-22T00:00:00", "USD", "0.14 0.028 0.28"),
    ("openrouter", ROUTED, "2026-10-19T00:00:00", "USD", "0.091 0.0182 0.182"),
    ("openrouter", ROUTED, "2026-11-03T00:00:00", "USD", "0.14 0.03 0.28"),
    ("openrouter", ROUTED, "2026-11-09T00:00:00", "USD", "0.105 0.021 0.21"),
    # DeepSeek V4 Pro: list, promotion with an end, and what the list price was afterwards
    ("deepseek", PRO, "2026-04-26T12:14:59", "USD", "1.74 0.145 3.48"),
    ("deepseek", PRO, "2026-04-26T12:15:00", "USD", "1.74 0.0145 3.48"),
    ("deepseek", PRO, "2026-04-30T00:00:00", "USD", "0.435 0.003625 0.87"),
    ("deepseek", PRO, "2026-05-31T15:58:59", "USD", "0.435 0.003625 0.87"),
    ("deepseek", PRO, "2026-05-31T15:59:00", "USD", "0.435 0.003625 0.87"),
    ("deepseek", PRO, "2026-08-17T00:00:00", "USD", "0.66 0.022 1.98"),
    ("deepseek", PRO, "2026-11-23T02:00:00", "USD", "1.32 0.044 3.96"),
    # Claude Opus 4.6
    ("anthropic", OPUS, "2026-02-05T00:00:00", "USD", "5 0.5 25"),
    ("anthropic", OPUS, "2026-03-13T00:00:00", "USD", "5 0.5 25"),
]

UNPRICED = [
    ("stepfun-cn", "step-3.7-flash", "2026-10-06T23:59:59"),
    ("novita", "stepfun/step-3.7-flash", "2026-06-17T23:59:59"),
    ("openrouter", ROUTED, "2026-10-18T23:59:59"),
    ("anthropic", OPUS, "2026-02-04T23:59:59"),
    ("nim", "stepfun/step-3.7-flash", "2026-11-22T00:00:00"),
    ("nvidia", "stepfun-ai/step-3.7-flash", "2026-11-22T00:00:00"),
]


def find(seller, model, at, **more):
    return FINDER.find(CallTerms(seller, model, datetime.fromisoformat(at), **more))


def figures(rate, meters=("input", "cache_read", "output")):
    """As quoted, per 1,000,000 tokens."""
    quoted = [rate.pico[METERS.index(meter)] for meter in meters]
    return " ".join(str(format_pico(None if pico is None else pico * 1_000_000)) for pico in quoted)


@pytest.mark.parametrize(("seller", "model", "at", "currency", "expected"), FACTS)
def test_the_rate_is_what_was_published(seller, model, at, currency, expected):
    rate = find(seller, model, at)
    assert rate is not None
    assert (rate.currency, figures(rate)) == (currency, expected)
    assert rate.source and rate.checked


@pytest.mark.parametrize(("seller", "model", "at"), UNPRICED)
def test_nothing_is_priced_before_it_is_proven_and_no_trial_is(seller, model, at):
    assert seller in CARDS and find(seller, model, at) is None


SHORT, LONG = "5 0.5 6.25 10 25", "10 1 12.5 20 37.5"
HALF_SHORT, HALF_LONG = "2.5 0.25 3.125 5 12.5", "5 0.5 6.25 10 18.75"


@pytest.mark.parametrize(
    ("at", "tokens", "tier", "expected"),
    [
        ("2026-03-12T23:59:59", 200_000, "standard", SHORT),
        ("2026-03-12T23:59:59", 200_001, "standard", LONG),
        ("2026-03-13T00:00:00", 200_000, "standard", SHORT),
        ("2026-03-13T00:00:00", 200_001, "standard", SHORT),
        ("2026-03-12T23:59:59", 200_000, "batch", HALF_SHORT),
        ("2026-03-12T23:59:59", 200_001, "batch", HALF_LONG),
        ("2026-03-13T00:00:00", 1_000_000, "batch", HALF_SHORT),
    ],
)
def test_opus_by_size_day_and_batch(at, tokens, tier, expected):
    rate = find("anthropic", OPUS, at, input_tokens=tokens, tier=tier)
    assert figures(rate, ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")) == expected


def test_opus_counts_cached_and_written_input_for_its_boundary():
    def cost(at, usage):
        tokens = sum(filter(None, (usage.input, usage.cache_read, usage.cache_write_5m)))
        return format_pico(cost_of(usage, find("anthropic", OPUS, at, input_tokens=tokens)).pico)

    at_boundary = Usage(input=1_000, cache_read=198_000, cache_write_5m=1_000, output=100)
    above = at_boundary._replace(cache_read=198_001)
    assert cost("2026-03-12T12:00:00", at_boundary) == "0.11275"
    assert cost("2026-03-12T12:00:00", above) == "0.224251"
    assert cost("2026-03-13T12:00:00", above) == "0.1127505"


def test_no_other_tier_of_opus_is_invented():
    assert find("anthropic", OPUS, "2026-11-22T00:00:00", tier="priority") is None


def test_a_second_and_an_hour_change_what_a_call_costs():
    usage = Usage(input=1_000_000, cache_read=1_000_000, output=1_000_000)

    def cost(at):
        return cost_of(usage, find("deepseek", V4, at)).pico

    assert format_pico(cost("2026-04-26T12:14:59") - cost("2026-04-26T12:15:00")) == "0.0252"
    assert cost("2026-09-14T02:00:00") == 2 * cost("2026-09-12T02:00:00")


def sightings(seller, model):
    return [
        (sighting.source.split(",")[0].split(" (")[0], str(sighting.valid_from or "")[:10], dict(sighting.per_mtok))
        for entry in CARDS[seller].models[model]
        for sighting in entry.sightings
    ]


@pytest.mark.parametrize(
    ("seller", "model", "expected"),
    [
        ("deepseek", V4, ("a price registry's sighting", "2026-05-24", {"cache_read": "0.0028"})),
        ("openrouter", OPENROUTER_35, ("models.dev", "2026-06-29", {"input": "0.10"})),
        (
            "openrouter",
            OPENROUTER_35,
            ("genai-prices 0.2.3", "2026-10-19", {"input": "0.10", "cache_read": "0.02", "output": "0.30"}),
        ),
        ("openrouter", "stepfun/step-3.7-flash", ("a price registry's sighting", "", {"cache_read": "0.04"})),
        (
            "openrouter",
            ROUTED,
            ("genai-prices 0.2.3", "", {"input": "0.0983", "cache_read": "0.0197", "output": "0.1966"}),
        ),
        (
            "deepseek",
            PRO,
            ("article of 2026-04-30", "", {"input": "1.74", "cache_read": "0.0145", "output": "3.48"}),
        ),
    ],
)
def test_where_sources_disagree_both_are_kept(seller, model, expected):
    assert expected in sightings(seller, model)


def test_a_trial_is_a_sighting_and_no_price():
    (sighting,) = CARDS["nvidia"].sightings
    assert (dict(sighting.per_mtok), CARDS["nvidia"].models) == ({"input": "0", "output": "0"}, {})


def test_the_promotion_says_that_it_is_one_and_ends():
    rate = find("deepseek", PRO, "2026-05-31T15:58:59")
    assert rate.promotion and str(rate.valid_until) == "2026-05-31 15:59:00"
    assert find("deepseek", PRO, "2026-05-31T15:59:00").promotion is None
