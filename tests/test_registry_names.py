"""Names that answers of real sellers carry, and what they cost on the registry's word."""

from datetime import datetime

import pytest

from pricing.call_terms import CallTerms
from pricing.card import read_registry
from pricing.meters import METERS
from pricing.rates import PRECEDENCE, compile_card
from pricing.spans import RateFinder

NOW = datetime(2026, 11, 22, 12)


@pytest.fixture(scope="module")
def finder():
    return RateFinder(
        rate for card in read_registry() for rate in compile_card(card, precedence=PRECEDENCE["registry"])
    )


def per_mtok(finder: RateFinder, seller: str, model: str, meter: str = "input", **terms) -> float | None:
    rate = finder.find(CallTerms(seller, model, NOW, **terms))
    pico = rate.pico[METERS.index(meter)] if rate else None
    return None if pico is None else pico / 10**6


@pytest.mark.parametrize(
    ("seller", "model", "price"),
    [
        ("anthropic", "claude-sonnet-4-20250514", 3),
        ("google", "gemini-2.0-flash-001", 0.1),
        ("bedrock", "global.anthropic.claude-opus-4-6-v1", 5),
        ("bedrock", "us.anthropic.claude-opus-4-6-v1", 5.5),
        ("bedrock", "us.anthropic.claude-opus-4-5-20251101-v1:0", 5.5),
        ("bedrock", "global.anthropic.claude-opus-4-7", 5),
        ("bedrock", "us.anthropic.claude-sonnet-4-6", 3.3),
        ("google-vertex", "claude-opus-4-6@default", 5),
    ],
)
def test_a_seller_s_own_name_of_a_model_has_its_price(finder, seller, model, price):
    assert per_mtok(finder, seller, model) == price


def test_fast_answers_have_their_own_price(finder):
    """OpenAI calls its priority tier so since July 2026; Anthropic's is another price of the same model."""
    fast, priority = (per_mtok(finder, "openai", "gpt-5", tier=tier) for tier in ("fast", "priority"))
    assert fast == priority == 2.5
    assert per_mtok(finder, "anthropic", "claude-opus-4-8", tier="fast") == 10
    assert per_mtok(finder, "anthropic", "claude-opus-4-8", "output", tier="fast", region="us-only") == 55
    assert per_mtok(finder, "anthropic", "claude-sonnet-4-6", tier="fast") is None


def test_what_is_worked_out_in_one_country_costs_more(finder):
    for model in ("claude-opus-4-8", "claude-sonnet-4-6", "claude-opus-5-5", "claude-fable-5-1"):
        here, anywhere = (per_mtok(finder, "anthropic", model, region=region) for region in ("us-only", ""))
        assert here is not None and anywhere is not None
        assert here == pytest.approx(anywhere * 1.1)
    assert per_mtok(finder, "anthropic", "claude-opus-4-5", region="us-only") == 5


@pytest.mark.parametrize("tier", ["flex", "batch"])
def test_a_tier_without_a_price_for_long_inputs_has_none(finder, tier):
    """The standard tier asks twice as much for them; the registry says that it does not know of this one."""
    assert per_mtok(finder, "openai", "gpt-5.5-pro") == 30
    assert per_mtok(finder, "openai", "gpt-5.5-pro", tier=tier) is None
