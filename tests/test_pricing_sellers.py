"""Who bills a call is decided by its URL, by whole segments, and by nothing else."""

import pytest

from pricing.card import Card, read_shipped
from pricing.sellers import seller_of

SHIPPED = read_shipped()


@pytest.mark.parametrize(
    ("url", "seller"),
    [
        ("https://api.novita.ai/openai", "novita"),
        ("https://api.novita.ai/openai/v1/chat/completions", "novita"),
        ("https://api.stepfun.ai/v1", "stepfun"),
        ("https://api.stepfun.ai/v1/", "stepfun"),
        ("HTTPS://API.StepFun.AI/v1/chat/completions?x=1#y", "stepfun"),
        ("https://api.stepfun.ai:443/v1", "stepfun"),
        (" https://api.stepfun.ai//v1 ", "stepfun"),
        ("https://api.stepfun.com/v1", "stepfun-cn"),
        ("https://openrouter.ai/api/v1", "openrouter"),
        ("http://0.0.0.0:8000/v1", "nim"),
        ("https://api.deepseek.com", "deepseek"),
        ("https://api.deepseek.com/v1", "deepseek"),
        ("https://api.anthropic.com/v1/messages", "anthropic"),
        ("https://api.openai.com/v1", "openai"),
        ("https://api.groq.com/openai/v1", "groq"),
        ("https://api.mistral.ai/v1", "mistral"),
        # A subscription billed in credits is not this seller's price list.
        ("https://api.stepfun.ai/step_plan/v1", None),
        ("https://api.stepfun.ai/v10", None),
        ("https://api.stepfun.ai/V1", None),
        ("https://api.stepfun.ai", None),
        ("http://api.stepfun.ai/v1", None),
        ("https://api.stepfun.ai:8443/v1", None),
        ("https://api.stepfun.ai.example.com/v1", None),
        ("http://0.0.0.0:8001/v1", None),
        ("api.stepfun.ai/v1", None),
        ("https://[api.stepfun.ai/v1", None),
        ("https://api.stepfun.ai:port/v1", None),
        ("", None),
    ],
)
def test_shipped_cards_know_their_urls(url, seller):
    assert seller_of(url, SHIPPED) == (seller, None)


def card(seller, *urls):
    return Card.model_validate({"seller": seller, "base_urls": urls})


def test_the_longest_prefix_wins_and_gives_its_region():
    cards = [
        card("wide", {"url": "https://h.example"}),
        card("narrow", {"url": "https://h.example/eu/v1", "region": "eu"}, {"url": "https://h.example/us"}),
    ]
    assert seller_of("https://h.example/eu/v1/chat", cards) == ("narrow", "eu")
    assert seller_of("https://h.example/us/v1", cards) == ("narrow", None)
    assert seller_of("https://h.example/eu", cards) == ("wide", None)
    assert seller_of("https://h.example/eu/v1", list(reversed(cards))) == ("narrow", "eu")


def test_of_equal_prefixes_the_first_card_wins():
    cards = [card("own", {"url": "https://h.example/v1/"}), card("shipped", {"url": "https://h.example/v1"})]
    assert seller_of("https://h.example/v1", cards) == ("own", None)
