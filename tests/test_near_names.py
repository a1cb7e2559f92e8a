"""Model strings near a known one: what differs, and what is never taken for it."""

import pytest

from pricing.card_model import Card
from pricing.near_names import near_names
from pricing.regions import find_region, others, regions_of

KNOWN = [
    "step-3.7-flash",
    "stepfun/step-3.7-flash",
    "claude-opus-4-6",
    "gpt-5-mini",
    "gpt-4",
    "deepseek-chat",
    "m-{date}",
]


@pytest.mark.parametrize(
    ("string", "near", "how"),
    [
        ("Step-3.7-Flash", "step-3.7-flash", "upper and lower case"),
        ("step-3.7-flash-20260601", "step-3.7-flash", "the date"),
        ("step-3.7-flash@2026-06-01", "step-3.7-flash", "the date"),
        ("step-3.7-flash-2606", "step-3.7-flash", "the date"),
        ("openai/gpt-5-mini", "gpt-5-mini", "the prefix"),
        ("models/GPT-5-mini-20260101", "gpt-5-mini", "the prefix, the date"),
        ("claude-opus-4.6", "claude-opus-4-6", "dots and dashes"),
        ("claude_opus_4_6", "claude-opus-4-6", "dots and dashes"),
    ],
)
def test_the_same_name_written_another_way(string, near, how):
    first = near_names(string, KNOWN)[0]
    assert (first.name, first.how, first.is_same) == (near, how, True)


@pytest.mark.parametrize(
    ("string", "near"), [("claude-opsu-4-6", "claude-opus-4-6"), ("deapseek-chat", "deepseek-chat")]
)
def test_a_misspelt_name_is_told_as_such(string, near):
    (only,) = near_names(string, KNOWN)
    assert (only.name, only.is_same) == (near, False)


@pytest.mark.parametrize(
    "string",
    [
        "step-3.6-flash",
        "step-37-flash",
        "claude-opus-4-5",
        "claude-opus-4",
        "gpt-4o",
        "gpt-5",
        "gpt-5-nano",
        "gpt-5-mini-high",
        "step-3.7-flash:free",
        "deepseek-coder",
        "m-20260101",
        "",
    ],
)
def test_another_version_or_size_is_never_near(string):
    assert near_names(string, KNOWN) == []


def test_the_least_different_name_comes_first():
    found = near_names("stepfun/Step-3.7-Flash", KNOWN)
    assert [each.name for each in found] == ["stepfun/step-3.7-flash", "step-3.7-flash"]


def test_regions_are_known_by_their_address():
    regions = regions_of([])
    here = find_region("https://api.stepfun.ai/v1/chat/completions", regions)
    assert here and (here.company, here.name) == ("StepFun", "global")
    assert [each.url for each in others(here, regions)] == ["https://api.stepfun.com"]
    assert find_region("https://api.stepfun.ai.example.com/v1", regions) is None
    assert find_region("not an address", regions) is None


def test_a_card_tells_regions_of_its_own():
    places = [{"url": f"https://{region}.example.com/v1", "region": region} for region in ("eu", "us")]
    card = Card.model_validate({"seller": "example", "name": "Example", "base_urls": places})
    here = find_region("https://eu.example.com/v1", regions_of([card]))
    assert here and [each.name for each in others(here, regions_of([card]))] == ["us"]
