"""Limits and claims: what the shipped cards hold, what a card may not say, and that nothing is made from a claim."""

from datetime import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from pricing.card import read_shipped
from pricing.claims import Claim
from pricing.limits import Limit

ROOT = Path(__file__).parents[1]
CARDS = {card.seller: card for card in read_shipped()}
EVIDENCE = {"source": "s", "checked": "2026-01-01"}
CLAIM = {**EVIDENCE, "model": "m", "about": "a", "unit": "%", "by": "b", "date": "2026-01-01"}
STATUS = "vendor claim, not replicated"


def limit(**more):
    return Limit.model_validate({**EVIDENCE, "confidence": "official", **more})


def claim(**more):
    return Claim.model_validate({**CLAIM, "status": STATUS, "figure": "1", **more})


def test_stepfun_tiers_by_what_was_paid_in():
    tiers = {
        (known.tier, known.top_up.amount, known.top_up.currency): (known.concurrency, known.rpm, known.tpm)
        for known in CARDS["stepfun-cn"].limits
        if known.top_up
    }
    assert tiers == {
        ("V0", "0", "CNY"): (5, 10, 5_000_000),
        ("V1", "100", "CNY"): (100, 1_000, 20_000_000),
        ("V2", "500", "CNY"): (200, 5_000, 30_000_000),
        ("V3", "2000", "CNY"): (400, 10_000, 40_000_000),
        ("V4", "5000", "CNY"): (1_000, 20_000, 50_000_000),
        ("V5", "10000", "CNY"): (10_000, 200_000, 100_000_000),
    }


def test_novita_by_model_and_tier():
    model, tier = CARDS["novita"].limits
    assert (model.context_tokens, model.max_output_tokens, model.rpm) == (262_144, 256_000, None)
    assert (model.reads, model.writes, str(model.released)) == (("text", "image", "video"), ("text",), "2026-05-29")
    assert (tier.tier, tier.rpm, tier.tpm, str(tier.checked)) == ("T1", 30, 50_000_000, "2026-06-18")


def test_an_image_is_about_so_many_tokens():
    assert [dict(known.image_tokens) for known in CARDS["stepfun"].limits] == [{"low": 400}]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, "it limits nothing"),
        ({"rpm": 0}, "greater than or equal to 1"),
        ({"rpm": "30"}, "valid integer"),
        ({"tier": "T1", "top_up": {"amount": 100, "currency": "CNY"}, "rpm": 1}, "valid string"),
        ({"rpm": 1, "burst": 2}, "Extra inputs"),
        (
            {"rpm": 1, "valid_from": "2026-02-01T00:00:00Z", "valid_until": "2026-02-01T00:00:00Z"},
            "valid_until is not after valid_from",
        ),
    ],
)
def test_a_limit_is_refused(more, message):
    with pytest.raises(ValidationError, match=message):
        limit(**more)


def test_a_limit_holds_for_its_models_and_in_its_time():
    known = limit(rpm=1, models=["a/m-1"], valid_from="2026-02-01T00:00:00Z", valid_until="2026-03-01T00:00:00Z")
    assert (known.is_about("m-1"), known.is_about("m-2"), limit(rpm=1).is_about("m-2")) == (True, False, True)
    held = [known.holds(datetime(2026, month, 1)) for month in (1, 2, 3)]  # noqa: DTZ001 - naive UTC
    assert held == [False, True, False] and limit(rpm=1).holds(datetime(2000, 1, 1))  # noqa: DTZ001


def test_every_claim_has_comparator_date_source_and_label():
    found = {
        (known.about, known.conditions or ""): (known.text, known.unit, known.comparator and known.comparator.text)
        for card in CARDS.values()
        for known in card.claims
    }
    lambda_runs = "8192 in / 2048 out, 32 concurrent"
    assert found == {
        ("cost per task", "with Advisor Mode"): ("0.19", "USD per task", "claude-opus-4-6 (4.6): 1.76"),
        ("coding performance", "with Advisor Mode"): ("97", "% of the comparator's", "claude-opus-4-6 (4.6)"),
        ("SWE-Bench Pro", ""): ("56.3", "%", "step-3.5-flash: 51.3"),
        ("Terminal-Bench 2.1", ""): ("59.5", "%", "step-3.5-flash: 53.4"),
        ("ClawEval-1.1", ""): ("67.1", "%", "deepseek-v4-flash: 57.8"),
        ("spread of evaluation runs", ""): ("64.5–71.5", "%", "step-3.5-flash: 43–73"),
        ("speed, self-hosted", "NVIDIA Hopper"): ("up to 600", "tokens/s", None),
        ("output speed, self-hosted", f"4x B200, {lambda_runs}"): ("1597", "output tokens/s", None),
        ("output speed, self-hosted", f"8x H100, {lambda_runs}"): ("1245", "output tokens/s", None),
        ("output speed, self-hosted", f"8x A100, {lambda_runs}"): ("474", "output tokens/s", None),
    }
    assert all("not replicated" in known.status for card in CARDS.values() for known in card.claims)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"figure": 0.19}, "valid string"),
        ({"figure_to": "1"}, "figure_to is not above figure"),
        ({"comparator": {"model": "n", "figure_to": "2"}}, "figure_to is not above figure"),
        ({"status": "true"}, "vendor claim, not replicated"),
    ],
)
def test_a_claim_is_refused(more, message):
    with pytest.raises(ValidationError, match=message):
        claim(**more)


def test_no_figure_is_made_from_a_claim():
    """Only the cards and what shows claims may know them."""
    cards, shown = {"pricing/claims.py", "pricing/card_model.py"}, {"reports/forward.py", "reports/forward_parts.py"}
    packages = ("pricing", "ingest", "warehouse", "analysis", "planning", "reports")
    reading = {
        str(path.relative_to(ROOT))
        for package in packages
        for path in (ROOT / package).rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in ("pricing.claims", ".claims"))
    }
    assert reading <= cards | shown | {"reports/sections/claims.py"}
