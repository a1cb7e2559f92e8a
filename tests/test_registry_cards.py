"""The registry cards that are shipped: as the script makes them, sound, quick to read, and whose calls they price."""

import re
from datetime import UTC, datetime
from importlib import metadata
from importlib.util import find_spec

import pytest

from pricing.call_terms import CallTerms
from pricing.card import read_folder, read_imported, read_registry, read_shipped
from pricing.meters import METERS
from pricing.rates import PRECEDENCE, compile_card
from pricing.registries.compiled import COMPILED, compile_cards, read_compiled
from pricing.sellers import seller_of
from pricing.spans import RateFinder
from pricing.yaml_text import parse_yaml
from scripts.make_registry import FOLDER, RELEASED
from scripts.registry_sellers import LISTED

NOW = datetime(2026, 11, 22, 12)


@pytest.fixture(scope="module")
def finder():
    return RateFinder(
        rate for card in read_registry() for rate in compile_card(card, precedence=PRECEDENCE["registry"])
    )


def per_mtok(finder: RateFinder, seller: str, model: str, at: datetime = NOW, **terms) -> dict:
    """The figures of a call's rate; none where it has no rate."""
    rate = finder.find(CallTerms(seller, model, at, **terms))
    if rate is None:
        return {}
    return {meter: pico / 10**6 for meter, pico in zip(METERS, rate.pico, strict=True) if pico and meter in (
        "input", "cache_read", "cache_write_5m", "cache_write_1h", "output")}  # fmt: skip


@pytest.fixture
def package():
    if find_spec("genai_prices") is None or metadata.version("genai-prices") not in RELEASED:
        pytest.skip("the version of genai-prices that the cards are made from is not installed")
    from pricing.registries.genai_prices import installed

    return installed()


def test_the_cards_are_what_the_script_makes(package):
    from scripts.make_registry import make_cards
    from scripts.registry_evidence import EVIDENCE
    from scripts.registry_proof import read_proofs
    from scripts.registry_sightings import SIGHTINGS, read_sightings

    made = make_cards(package, read_proofs(EVIDENCE), read_sightings(SIGHTINGS))
    assert sorted(made) == sorted(path.name for path in FOLDER.glob("*.yaml"))
    different = [name for name, text in made.items() if (FOLDER / name).read_text(encoding="utf-8") != text]
    assert different == [], "make them again: python -m scripts.make_registry"


def test_the_compiled_cards_say_what_the_files_say():
    compiled = read_compiled(FOLDER)
    assert compiled is not None, "make them again: python -m scripts.make_registry"
    files = read_folder(FOLDER)
    assert compiled == files
    assert [card.file for card in compiled] == [card.file for card in files]


def test_an_edited_card_is_read_from_its_file(tmp_path):
    entry = {
        "valid_from": "2026-01-01T00:00:00Z", "currency": "USD", "per_mtok": {"input": "1"}, "source": "s",
        "checked": "2026-01-01", "confidence": "registry",
    }  # fmt: skip
    card = tmp_path / "a.yaml"
    card.write_text(f"seller: a\nmodels: {{m: [{entry}]}}\n".replace("'", '"'), encoding="utf-8")
    (tmp_path / COMPILED).write_bytes(compile_cards(tmp_path, {"a.yaml": parse_yaml(card.read_text())[0]}))
    assert read_compiled(tmp_path) is not None
    card.write_text(card.read_text().replace('"1"', '"2"'))
    assert read_compiled(tmp_path) is None
    assert read_imported(tmp_path)[0].models["m"][0].per_mtok == {"input": "2"}


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08\x00", b"no gzip"])
def test_a_broken_compiled_file_is_passed_over(tmp_path, content):
    (tmp_path / COMPILED).write_bytes(content)
    assert read_compiled(tmp_path) is None
    assert read_imported(tmp_path) == ()


def test_every_rate_is_on_a_registry_s_word():
    entries = [entry for card in read_registry() for found in card.models.values() for entry in found]
    assert {entry.confidence for entry in entries} == {"registry"}
    assert {entry.source for entry in entries} == {"genai-prices 0.2.3"}
    assert len(read_registry()) == len(LISTED)
    assert (FOLDER / "NOTICE.txt").read_text(encoding="utf-8").count("MIT") > 1


def test_addresses_fit_what_the_registry_knows_its_sellers_by(package):
    from pricing.registries.names import GENAI_PRICES

    patterns = {GENAI_PRICES.get(item.id, item.id).replace("_", "-"): item.api_pattern for item in package.providers}
    patterns["google-vertex"] = patterns["google"]
    for seller, listed in LISTED.items():
        for url in listed.urls:
            called = f"{url}/0123/ai/v1" if seller == "cloudflare" else f"{url}/v1"
            assert re.match(patterns[seller], called), (seller, url)


@pytest.mark.parametrize(
    ("url", "seller"),
    [
        ("https://api.openai.com/v1/chat/completions", "openai"),
        ("https://generativelanguage.googleapis.com/v1beta/openai/chat/completions", "google"),
        ("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent", "google"),
        ("https://us-central1-aiplatform.googleapis.com/v1/projects/p", "google-vertex"),
        ("https://bedrock-runtime.us-east-1.amazonaws.com/model/x/invoke", "bedrock"),
        ("https://bedrock-runtime.ap-northeast-1.amazonaws.com/model/x/invoke", None),
        ("https://my-team.openai.azure.com/openai/deployments/x", None),
        ("https://api.mistral.ai/v1/chat/completions", "mistral"),
        ("https://api.groq.com/openai/v1", "groq"),
        ("https://api.x.ai/v1", "xai"),
        ("https://api.together.xyz/v1", "together"),
        ("https://api.fireworks.ai/inference/v1", "fireworks"),
        ("https://router.huggingface.co/novita/v3/openai", "huggingface-novita"),
        ("https://router.huggingface.co/v1", None),
        ("https://api.moonshot.ai/v1", "moonshot"),
        ("https://api.moonshot.cn/v1", None),
        ("https://api.z.ai/api/paas/v4", "zai"),
        ("https://api.z.ai/api/coding/paas/v4", None),
        ("https://openrouter.ai/api/v1/chat/completions", "openrouter"),
    ],
)
def test_a_call_finds_its_seller(url, seller):
    assert seller_of(url, [*read_shipped(), *read_registry()])[0] == seller


@pytest.mark.parametrize(
    ("seller", "model", "expected"),
    [
        ("openai", "gpt-4o-2024-08-06", {"input": 2.5, "cache_read": 1.25, "output": 10}),
        ("anthropic", "claude-sonnet-4-5-20250929", {"input": 3, "cache_read": 0.3, "cache_write_5m": 3.75,
                                                     "cache_write_1h": 6, "output": 15}),
        ("google", "gemini-2.5-flash", {"input": 0.3, "cache_read": 0.03, "output": 2.5}),
        ("openrouter", "openai/gpt-4o-mini", {"input": 0.15, "cache_read": 0.075, "output": 0.6}),
    ],
)  # fmt: skip
def test_ordinary_traffic_is_priced(finder, seller, model, expected):
    assert per_mtok(finder, seller, model) == expected


def test_the_whole_request_is_at_the_higher_rate_above_the_boundary(finder):
    """Claude Opus 4.6 at 200,000 and 200,001 tokens, before and after its long contexts became ordinary."""
    before, after = datetime(2026, 3, 12, 23, 59, 59), datetime(2026, 3, 13)
    opus = ("anthropic", "claude-opus-4-6")
    assert per_mtok(finder, *opus, before, input_tokens=200_000)["input"] == 5
    assert per_mtok(finder, *opus, before, input_tokens=200_001) == {
        "input": 10, "cache_read": 1, "cache_write_5m": 12.5, "output": 37.5,
    }  # fmt: skip
    assert per_mtok(finder, *opus, after, input_tokens=200_001)["input"] == 5


def test_a_boundary_of_at_least_is_one_token_lower(finder):
    """xAI: from 200,000 tokens on, where others say more than 200,000."""
    dear = [per_mtok(finder, "xai", "grok-4.3", input_tokens=size)["input"] for size in (199_999, 200_000)]
    assert dear[0] < dear[1]


def test_a_batch_has_a_rate_from_the_day_that_the_registry_gives(finder):
    day = datetime(2026, 10, 14)
    assert per_mtok(finder, "openai", "gpt-5.2", day, tier="batch") == {
        "input": 0.875,
        "cache_read": 0.0875,
        "output": 7,
    }
    assert per_mtok(finder, "openai", "gpt-5.2", datetime(2026, 10, 13, 23), tier="batch") == {}


def test_nothing_is_priced_before_a_source_proves_it(finder):
    assert per_mtok(finder, "openai", "gpt-4o", datetime(2025, 8, 31, 23)) == {}
    assert per_mtok(finder, "openai", "gpt-4o", datetime(2025, 9, 1)) != {}


@pytest.mark.parametrize(
    ("seller", "model"),
    [
        ("bedrock", "eu.amazon.nova-pro-v1:0"),  # Europe costs more.
        ("bedrock", "us-gov.anthropic.claude-sonnet-5"),
        ("mistral", "mistral-large-latest"),  # It stands for another model by now.
        ("openrouter", "gpt-4o"),  # No name that OpenRouter writes.
        ("perplexity", "sonar"),  # Its fee depends on the search.
        ("openai", "gpt-4o-audio-preview"),
        ("openai", "gpt-4o-2"),
    ],
)
def test_a_name_that_may_cost_otherwise_is_not_priced(finder, seller, model):
    assert per_mtok(finder, seller, model) == {}


def test_what_another_registry_says_otherwise_stands_beside_the_rate():
    card = next(card for card in read_registry() if card.seller == "mistral")
    (sighting,) = card.models["mistral-large-4"][-1].sightings
    assert (sighting.source, sighting.per_mtok) == ("LiteLLM's price map 1.109.1", {"input": "1.36", "output": "4.18"})


def test_a_registry_does_not_know_weekends_so_its_hours_are_not_shipped():
    assert all(not entry.windows for card in read_registry() for found in card.models.values() for entry in found)


def test_dates_carry_a_zone():
    starts = {entry.valid_from.tzinfo for card in read_registry() for found in card.models.values() for entry in found}
    assert starts == {UTC}
