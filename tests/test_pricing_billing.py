"""Which calls a seller charges: its dated rule first, then what may be assumed, else unknown."""

from datetime import datetime

import pytest

from pricing.billing import Billable, StatusRule, compile_billing, decide, rules_in_force
from pricing.card import Card, read_shipped
from pricing.rates import OPEN

naive = datetime.fromisoformat
NOVITA = [rule for card in read_shipped() for rule in compile_billing(card)]
LATER = naive("2026-07-01")


def test_novitas_rule_is_shipped():
    assert {rule.status: rule.charged for rule in rules_in_force(NOVITA, "novita", at=LATER)} == {
        **dict.fromkeys((200, 499), True),
        **dict.fromkeys((400, 401, 403, 429, 500, 503, 504), False),
    }


@pytest.mark.parametrize(
    ("seller", "at"), [("novita", naive("2026-06-17T23:59:59")), ("stepfun", LATER), (None, LATER)]
)
def test_a_rule_holds_for_its_seller_from_its_day(seller, at):
    assert rules_in_force(NOVITA, seller, at=at) == []


@pytest.mark.parametrize(
    ("status", "category", "has_usage", "expected"),
    [
        (200, None, True, (True, "novita charges 200")),
        (499, "cancelled", False, (True, "novita charges 499")),
        (429, None, False, (False, "novita does not charge 429")),
        (500, None, True, (False, "novita does not charge 500")),
        (504, "timeout", False, (False, "novita does not charge 504")),
        (418, None, False, (False, "status 418 not in novita's rule, default")),
        (418, None, True, (True, "status 418 not in novita's rule, default")),
        (408, None, False, (None, "status 408 not in novita's rule, default")),
        (None, "timeout", False, (None, "timeout or disconnect without usage: unknown")),
        (None, None, False, (True, "succeeded")),
    ],
)
def test_a_rule_decides_what_it_lists(status, category, has_usage, expected):
    rules = rules_in_force(NOVITA, "novita", at=LATER)
    assert decide(status, category, has_usage=has_usage, rules=rules) == Billable(*expected)


@pytest.mark.parametrize(
    ("status", "category", "has_usage", "expected"),
    [
        (500, "provider_error", True, (True, "usage reported")),
        (None, "timeout", True, (True, "usage reported")),
        (200, None, False, (True, "succeeded")),
        (299, None, False, (True, "succeeded")),
        (None, None, False, (True, "succeeded")),
        (408, None, False, (None, "timeout or disconnect without usage: unknown")),
        (499, None, False, (None, "timeout or disconnect without usage: unknown")),
        (504, "provider_error", False, (None, "timeout or disconnect without usage: unknown")),
        (200, "cancelled", False, (None, "timeout or disconnect without usage: unknown")),
        (None, "timeout", False, (None, "timeout or disconnect without usage: unknown")),
        (400, None, False, (False, "assumed: 4xx/5xx without usage is not charged")),
        (500, "provider_error", False, (False, "assumed: 4xx/5xx without usage is not charged")),
        (None, "invalid_key", False, (False, "assumed: 4xx/5xx without usage is not charged")),
        (200, "provider_error", False, (None, "neither success nor failure without usage: unknown")),
        (302, None, False, (None, "neither success nor failure without usage: unknown")),
    ],
)
def test_without_a_rule_only_the_clear_is_assumed(status, category, has_usage, expected):
    assert decide(status, category, has_usage=has_usage, rules=[]) == Billable(*expected)


def test_a_rule_ends_where_it_says_or_where_the_next_one_starts():
    rule = {"source": "s", "checked": "2026-01-01"}
    card = Card.model_validate(
        {
            "seller": "s",
            "billing": [
                {
                    **rule,
                    "valid_from": "2026-03-01T00:00:00Z",
                    "charged": [200],
                    "valid_until": "2026-04-01T00:00:00Z",
                },
                {**rule, "valid_from": "2026-01-01T00:00:00+01:00", "not_charged": [499]},
                {**rule, "valid_from": "2026-05-01T00:00:00Z", "charged": [499]},
            ],
        }
    )
    assert compile_billing(card) == [
        StatusRule("s", naive("2025-12-31T23:00"), naive("2026-03-01"), 499, False, "s"),
        StatusRule("s", naive("2026-03-01"), naive("2026-04-01"), 200, True, "s"),
        StatusRule("s", naive("2026-05-01"), OPEN, 499, True, "s"),
    ]
