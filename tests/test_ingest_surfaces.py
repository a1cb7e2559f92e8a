"""Usage objects of each surface: whose they are is told by structure, and by the total where that leaves it open."""

from typing import Any

import pytest

from ingest.problem import Unreadable
from ingest.reading import EVERY_COLUMN
from ingest.surfaces import THOUGHTS_IN_TOTAL, set_usage
from pricing.usage import FLAVOURS, Counts, read_usage


def read(usage: dict[str, Any], **before: Any) -> dict[str, Any]:
    reading: dict[str, Any] = {**dict.fromkeys(EVERY_COLUMN), **before}
    set_usage(reading, usage)
    return {name: value for name, value in reading.items() if value is not None and name != "raw_usage"}


def meters(usage: dict[str, Any], **before: Any) -> tuple[str, dict[str, int]]:
    found = read(usage, **before)
    counts = Counts(**{name: found.get(name) for name in Counts._fields})
    used = read_usage(counts, FLAVOURS[found["usage_flavour"]]).usage._asdict()
    return found["usage_flavour"], {name: tokens for name, tokens in used.items() if tokens}


def chat(prompt: int, completion: int, total: int, **details: int) -> dict[str, Any]:
    told = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}
    thought = {"completion_tokens_details": {"reasoning_tokens": details.pop("reasoning", None)}}
    return {**told, **thought, "prompt_tokens_details": details}


def test_a_total_that_somebody_added_to_an_answer_of_messages_moves_no_cached_tokens_into_its_input():
    usage = {"input_tokens": 1000, "cache_read_input_tokens": 300, "output_tokens": 10, "total_tokens": 1010}
    reading: dict[str, Any] = dict.fromkeys(EVERY_COLUMN)
    set_usage(reading, usage, messages=True)
    assert (reading["usage_flavour"], reading["prompt"], reading["cache_read"]) == ("anthropic", 1000, 300)


@pytest.mark.parametrize(
    ("usage", "flavour", "used"),
    [
        (chat(100, 10, 110, cached_tokens=40), "openai_chat", {"input": 60, "cache_read": 40, "output": 10}),
        # The total holds what was cached once more: it stands beside the prompt.
        (chat(100, 10, 150, cached_tokens=40), "anthropic", {"input": 100, "cache_read": 40, "output": 10}),
        # The total holds the reasoning once more: it stands beside the completion.
        (chat(100, 10, 140, reasoning=30), "gemini", {"input": 100, "output": 40}),
        # A total that fits no reading leaves the counts as their names say.
        (chat(100, 10, 145, cached_tokens=40), "openai_chat", {"input": 60, "cache_read": 40, "output": 10}),
        (chat(100, 10, 110, cached_tokens=140), "openai_chat", {"input": -40, "cache_read": 140, "output": 10}),
    ],
)
def test_the_total_decides_where_names_leave_two_readings(usage, flavour, used):
    assert meters(usage) == (flavour, used)


def test_thinking_that_stands_in_the_total_alone_is_read_for_gemini_and_only_marked_for_others():
    usage = chat(35, 12, 109)
    assert meters(usage, model_served="gemini-2.5-pro") == ("gemini", {"input": 35, "output": 74})
    assert read(usage, model_served="gemini-2.5-pro")["review_note"] == THOUGHTS_IN_TOTAL
    assert meters(usage, model_served="another") == ("openai_chat", {"input": 35, "output": 12})


@pytest.mark.parametrize(
    ("marks", "flavour"),
    [
        ({"cache_read_input_tokens": 0}, "anthropic"),
        ({"cache_creation_input_tokens": None}, "anthropic"),
        ({"output_tokens_details": {"thinking_tokens": 0}}, "anthropic"),
        ({"inference_geo": "global"}, "anthropic"),
        ({"input_tokens_details": {"cached_tokens": 0}}, "openai_responses"),
        ({"output_tokens_details": {"reasoning_tokens": 0}}, "openai_responses"),
        ({"total_tokens": 15}, "openai_responses"),
        # Anthropic's names with a total: what it counts is what they mean.
        ({"cache_read_input_tokens": 4, "total_tokens": 15}, "openai_responses"),
        ({"cache_read_input_tokens": 4, "total_tokens": 19}, "anthropic"),
        ({}, "openai_responses"),
    ],
)
def test_two_surfaces_share_a_name_and_are_told_apart_by_the_others(marks, flavour):
    assert read({"input_tokens": 10, "output_tokens": 5, **marks})["usage_flavour"] == flavour


@pytest.mark.parametrize(
    ("writes", "expected"),
    [
        ({"cache_creation_input_tokens": 70}, {"cache_write": 70}),
        (
            {"cache_creation_input_tokens": 70, "cache_creation": {"ephemeral_5m_input_tokens": 50}},
            {"cache_write_5m": 50, "cache_write": 20},
        ),
        (
            {
                "cache_creation_input_tokens": 70,
                "cache_creation": {"ephemeral_5m_input_tokens": 50, "ephemeral_1h_input_tokens": 20},
            },
            {"cache_write_5m": 50, "cache_write_1h": 20},
        ),
    ],
)
def test_a_write_is_counted_once_by_its_lifetime_where_that_is_told(writes, expected):
    flavour, used = meters({"input_tokens": 3, "output_tokens": 5, **writes})
    assert (flavour, used) == ("anthropic", {"input": 3, "output": 5, **expected})


def test_writes_by_lifetime_that_exceed_all_writes_are_marked():
    split = {"cache_creation_input_tokens": 10, "cache_creation": {"ephemeral_5m_input_tokens": 50}}
    found = read({"input_tokens": 3, "output_tokens": 5, **split})
    assert (found["cache_write_5m"], found.get("cache_write")) == (50, None)
    assert found["review_note"] == "cache writes by lifetime exceed all cache writes"


def test_terms_of_the_usage_are_those_of_the_call():
    usage = {"input_tokens": 1, "output_tokens": 1, "speed": "fast", "inference_geo": "us", "service_tier": "standard"}
    searched = {**usage, "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 1}}
    found = read(searched, region="eu")
    assert (found["service_tier"], found["region"], found["web_search"]) == ("fast", "us-only", 2)
    assert "unknown_usage" not in found
    credited = {**usage, "fallback_credit": {"status": {"type": "redeemed"}}}
    assert read(credited)["review_note"] == "a credit for a fallback changes what is billed"


@pytest.mark.parametrize(
    ("usage", "used"),
    [
        # Thoughts beside the answer, and inside it: the total tells.
        ({"promptTokenCount": 8, "candidatesTokenCount": 9, "thoughtsTokenCount": 30, "totalTokenCount": 47}, (8, 39)),
        ({"promptTokenCount": 8, "candidatesTokenCount": 39, "thoughtsTokenCount": 30, "totalTokenCount": 47}, (8, 39)),
        ({"promptTokenCount": 8, "thoughtsTokenCount": 30, "totalTokenCount": 38}, (8, 30)),
        (
            {"promptTokenCount": 8, "toolUsePromptTokenCount": 5, "candidatesTokenCount": 2, "totalTokenCount": 15},
            (13, 2),
        ),
        ({"prompt_token_count": 8, "candidates_token_count": 2, "total_token_count": 10}, (8, 2)),
        ({"promptTokenCount": 8, "promptTokenDetails": [{"modality": "TEXT", "tokenCount": 8}]}, (8, 0)),
    ],
)
def test_googles_counts_add_up_to_its_total(usage, used):
    flavour, found = meters(usage)
    assert (flavour, found["input"], found.get("output", 0)) == ("gemini", *used)


def test_a_count_that_is_missing_and_not_explained_by_the_total_is_unknown():
    assert "completion" not in read({"promptTokenCount": 8, "totalTokenCount": 20})
    assert "completion" not in read({"promptTokenCount": 8})


def test_what_of_a_modality_was_cached_is_not_counted_there_again():
    usage = {
        "promptTokenCount": 3297,
        "cachedContentTokenCount": 2918,
        "candidatesTokenCount": 55,
        "totalTokenCount": 3352,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": 83},
            {"modality": "VIDEO", "tokenCount": 2893},
            {"modality": "AUDIO", "tokenCount": 321},
        ],
        "cacheTokensDetails": [
            {"modality": "AUDIO", "tokenCount": 284},
            {"modality": "TEXT", "tokenCount": 73},
            {"modality": "VIDEO", "tokenCount": 2561},
        ],
    }
    expected = {"input": 10, "cache_read": 2918, "input_video": 332, "input_audio": 37, "output": 55}
    assert meters(usage) == ("gemini", expected)
    assert read(usage)["review_note"] == "cached audio is read as cached text"


def test_converse_counts_what_was_cached_beside_the_input_and_tells_how_long_it_lasts():
    usage = {"inputTokens": 22, "outputTokens": 13, "totalTokens": 2527, "cacheWriteInputTokens": 2492}
    details = [{"ttl": "1h", "inputTokens": 2000}, {"ttl": "5m", "inputTokens": 400}]
    flavour, used = meters({**usage, "cacheDetails": details})
    assert flavour == "bedrock_converse"
    assert used == {"input": 22, "cache_write_1h": 2000, "cache_write_5m": 400, "cache_write": 92, "output": 13}


def test_coheres_tokens_are_those_that_it_bills():
    usage = {"billed_units": {"input_tokens": 41, "output_tokens": 9}, "tokens": {"input_tokens": 1442}}
    assert meters({**usage, "cached_tokens": 1024}) == ("cohere", {"input": 41, "output": 9})
    images = {"billed_units": {"input_tokens": 4, "image_tokens": 900}}
    assert meters(images) == ("cohere", {"input": 4, "input_image": 900})


def test_new_fields_are_told_and_strange_usage_is_refused():
    told = read({"inputTokens": 1, "outputTokens": 1, "dreamTokens": 4, "cacheDetails": []})
    assert told["unknown_usage"] == '{"dreamTokens":4}'
    with pytest.raises(Unreadable, match="none of prompt_tokens"):
        read({"spent_units": 4})
    with pytest.raises(Unreadable, match="no whole number"):
        read({"inputTokens": 1, "cacheDetails": [{"ttl": "5m", "inputTokens": -4}]})
    with pytest.raises(Unreadable, match="prompt_tokens is 1.5"):
        read({"prompt_tokens": 1.5})
