"""Usage objects that real answers held, each against what another library reads from it, field by field.

The library reads one object as several sellers would. Which of those readings applies is decided here by the object's
own names and by who was asked, apart from our readers. Where we differ on purpose, the object is listed with the
reason; an object that agrees may not be listed.
"""

import gzip
import json
from collections import Counter
from typing import Any

import pytest

from ingest.reading import EVERY_COLUMN
from ingest.surfaces import set_usage
from pricing.usage import FLAVOURS, Counts, read_usage

ASKED = {
    "openrouter": ("chat", "openrouter"),
    "deepseek": ("chat", "deepseek"),
    "groq": ("default", "groq"),
    "mistral": ("default", "mistral"),
}
"""The library's readings of chats, by whom the file's name says was asked; OpenAI's for all others."""
PARTS = ("input_audio", "input_image", "input_video")
COMPARED = {
    "input_tokens": 788, "output_tokens": 778, "output_reasoning_tokens": 282, "input_image_tokens": 30,
    "cache_read_tokens": 26, "cache_write_tokens": 21, "input_audio_tokens": 21, "input_video_tokens": 14,
    "cache_write_5m_tokens": 6, "output_image_tokens": 4, "web_searches": 2,
}  # fmt: skip
"""In how many bodies the library reads something of each kind: nothing there is passed over."""
DIFFERENT = {
    "it leaves out num_cached_tokens, which Mistral writes for tokens read from a cache": (
        "test_tool_choice_matrix[list_single-mistral]",
        "test_tool_choice_matrix[required-mistral]",
        "test_tool_choice_matrix[tools_plus_output-mistral]",
        "test_tool_choice_matrix[auto-mistral]",
        "test_tool_choice_matrix[none_with_output-mistral]",
        "test_multimodal_tool_return_matrix[tool_return_content-url_force_download-image-mistral]",
        "test_multimodal_tool_return_matrix[tool_return_content-url-document-mistral]",
        "test_multimodal_tool_return_matrix[direct-url-image-mistral]",
        "test_multimodal_tool_return_matrix[tool_return_content-url-image-mistral]",
        "test_multimodal_tool_return_matrix[direct-url_force_download-image-mistral]",
        "test_multimodal_tool_return_matrix[direct-url_force_download-document-mistral]",
        "test_multimodal_tool_return_matrix[tool_return_content-url_force_download-document-mistral]",
    ),
    "it leaves out cacheDetails, which tell how long what was written to a cache lasts": (
        "test_bedrock_cache_messages_with_image_as_last_content",
        "test_bedrock_cache_messages_with_document_as_last_content",
    ),
    "it leaves out Gemini's thinking, which its endpoint in OpenAI's shape counts in the total alone": (
        "test_compatible_api_with_tool_calls_without_id",
    ),
}


def usage_of(body: dict[str, Any]) -> dict[str, Any]:
    found = body.get("usage") or body.get("usageMetadata") or body["meta"]
    return dict(found)


def reading_that_applies(body: dict[str, Any]) -> tuple[str, str]:
    """The library's name for how this body is to be read."""
    usage = usage_of(body)
    marks = {
        "usageMetadata": ("default", "google"),
        "meta": ("embeddings", "cohere"),
        "billed_units": ("default", "cohere"),
        "inputTokens": ("default", "aws"),
        "cache_read_input_tokens": ("default", "anthropic"),
        "input_tokens": ("responses", "openai"),
    }
    for mark, applies in marks.items():
        if mark in body or mark in usage:
            return applies
    if "completion_tokens" not in usage:
        return "embeddings", "openai"
    return next((applies for name, applies in ASKED.items() if name in body["file"]), ("chat", "openai"))


def expected_of(row: dict[str, Any]) -> dict[str, int]:
    """What the library reads; what of a prompt's parts is from a cache is counted there, as we do."""
    wanted = reading_that_applies(row["body"])
    (found,) = [
        each["usage"]
        for each in row["extracted"]
        if any((by["api_flavor"], by["provider_id"]) == wanted for by in each["extractors"])
    ]
    cached = {f"{name}_tokens": found.get(f"cache_{name.removeprefix('input_')}_read_tokens", 0) for name in PARTS}
    return {name: tokens - cached.get(name, 0) for name, tokens in found.items()}


def ours_of(body: dict[str, Any]) -> dict[str, int]:
    """Our meters in the library's words."""
    reading: dict[str, Any] = {**dict.fromkeys(EVERY_COLUMN), "model_served": body.get("model")}
    set_usage(reading, usage_of(body))
    counts = Counts(**{name: reading[name] for name in Counts._fields})
    read = read_usage(counts, FLAVOURS[reading["usage_flavour"]])
    assert (read.check_gap or 0, read.review) == (0, None)
    used = {name: tokens or 0 for name, tokens in read.usage._asdict().items()}
    writes = used["cache_write"] + used["cache_write_5m"] + used["cache_write_1h"]
    return {
        "input_tokens": used["input"] + used["cache_read"] + writes + sum(used[name] for name in PARTS),
        "output_tokens": used["output"] + used["output_audio"] + used["output_image"],
        "cache_read_tokens": used["cache_read"],
        "cache_write_tokens": writes,
        "cache_write_5m_tokens": used["cache_write_5m"],
        "output_reasoning_tokens": reading["reasoning"] or 0,
        "web_searches": reading["web_search"] or 0,
        **{f"{name}_tokens": used[name] for name in (*PARTS, "output_audio", "output_image")},
    }


@pytest.fixture(scope="module")
def bodies(shared) -> list[dict[str, Any]]:
    with gzip.open(shared / "datasets" / "usages_expected" / "usages.jsonl.gz", "rt") as file:
        return [json.loads(line) for line in file]


def test_every_body_is_read_as_expected_or_is_listed(bodies):
    differing: list[str] = []
    compared: Counter[str] = Counter()
    for row in bodies:
        ours, expected = ours_of(row["body"]), expected_of(row)
        if any(tokens != expected.get(name, 0) for name, tokens in ours.items()):
            differing.append(row["body"]["file"].rsplit("/", 1)[1].removesuffix(".yaml"))
        compared.update(name for name in ours if expected.get(name))
    listed = [name for names in DIFFERENT.values() for name in names]
    assert (len(bodies), sorted(differing)) == (789, sorted(listed))
    assert compared == COMPARED


def test_a_total_that_is_reported_is_met_exactly(bodies):
    """Thinking that stands in the total alone is the one gap; it is taken from there."""
    names = ("total_tokens", "totalTokens", "totalTokenCount")
    met = []
    for row in bodies:
        usage, ours = usage_of(row["body"]), ours_of(row["body"])
        met += [usage[name] == ours["input_tokens"] + ours["output_tokens"] for name in names if name in usage]
    assert (len(met), all(met)) == (668, True)


def test_only_fields_of_others_are_unknown(bodies):
    """A gateway that adds a field of its own to the answer: the one field that nobody here reads."""
    found: Counter[str] = Counter()
    for row in bodies:
        reading: dict[str, Any] = dict.fromkeys(EVERY_COLUMN)
        set_usage(reading, usage_of(row["body"]))
        found.update(list(json.loads(reading["unknown_usage"] or "{}")))
    assert found == {"pydantic_ai_gateway.cost_estimate": 3}
