"""Real samples of every source that we know, read to their own sums: counted here by a reader apart from ours."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_files
from ingest.options import Options
from warehouse.batch import Given
from warehouse.connection import open_reader

NOW = datetime(2026, 11, 22)
SAMPLES = (
    "anthropic", "bedrock", "envoy_ai_gateway", "litellm", "openai", "openai_compatible", "openrouter", "stepfun",
    "usage_objects", "vertex",
)  # fmt: skip
SCHEMA = ".prisma.txt"
"""A schema's text is no log."""


def sample_paths(shared: Path) -> list[Path]:
    found = (path for folder in SAMPLES for path in sorted((shared / "samples" / folder).iterdir()))
    return [path for path in found if not path.name.endswith(SCHEMA)]


def answers_of(path: Path) -> list[dict[str, Any]]:
    """The answers of a sample, as a reader of its own sees them."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sse":
        events = [json.loads(line[6:]) for line in text.split("\n") if line.startswith("data: {")]
        if events[0].get("type") == "message_start":
            told = [each["usage"] for each in events if each.get("usage")]
            return [{"usage": events[0]["message"]["usage"] | told[-1]}]
        return [next((event for event in reversed(events) if event.get("usage")), events[-1])]
    answers = [json.loads(text)] if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]
    return [json.loads(answer["body"]) if "body" in answer else answer for answer in answers]


def counts_elsewhere(answer: dict[str, Any]) -> tuple[int, int, int] | None:
    """The same of the surfaces that are not OpenAI's, each by its own arithmetic."""
    if usage := answer.get("usageMetadata"):
        names = ("thoughtsTokenCount", "candidatesTokenCount")
        given = usage["promptTokenCount"] + usage.get("toolUsePromptTokenCount", 0)
        return given, sum(usage.get(name, 0) for name in names), usage.get("cachedContentTokenCount", 0)
    usage = answer.get("usage") or answer.get("meta") or {}
    if billed := usage.get("billed_units"):
        return billed["input_tokens"], billed.get("output_tokens", 0), 0
    if "inputTokens" in usage:
        read = usage.get("cacheReadInputTokens", 0)
        return usage["totalTokens"] - usage["outputTokens"], usage["outputTokens"], read
    if "cache_read_input_tokens" not in usage:
        return None
    beside = [each for each in usage.get("iterations", []) if each["type"] != "message"]
    parts = [usage, *beside]
    read = sum(each["cache_read_input_tokens"] for each in parts)
    given = sum(each["input_tokens"] + each["cache_creation_input_tokens"] for each in parts) + read
    return given, sum(each["output_tokens"] for each in parts), read


def counts_of(answer: dict[str, Any]) -> tuple[int, int, int] | None:
    """Prompt, completion and cached tokens, by hand; None without usage."""
    if "gen_ai.usage.input_tokens" in answer:
        return answer["gen_ai.usage.input_tokens"], answer["gen_ai.usage.output_tokens"], 0
    if "call_type" in answer:
        return answer["prompt_tokens"], answer["completion_tokens"], 0
    if counts := counts_elsewhere(answer):
        return counts
    usage = answer.get("usage")
    if not usage:
        return None
    inside = usage.get("prompt_tokens_details") or usage.get("input_tokens_details") or {}
    elsewhere = ("cached_tokens", "prompt_cache_hit_tokens", "num_cached_tokens")
    cached = inside.get("cached_tokens", next((usage[name] for name in elsewhere if name in usage), None))
    given = usage.get("prompt_tokens", usage.get("input_tokens", 0))
    told = usage.get("completion_tokens", usage.get("output_tokens", 0))
    # What a total holds beyond the two is thinking.
    return given, usage.get("total_tokens", given + told) - given, cached or 0


@pytest.fixture(scope="module")
def samples(shared, tmp_path_factory) -> Path:
    """The warehouse after loading every sample, with a time for those that have none."""
    warehouse = tmp_path_factory.mktemp("samples") / "warehouse"
    options = Options(given=Given(time=datetime(2026, 7, 1)))
    for result in load_files(warehouse, sample_paths(shared), options, now=NOW, tell=lambda message: None):
        assert result.error is None
    return warehouse


def test_samples_are_read_to_their_own_sums(samples, shared):
    text = """
        select coalesce(sum(u.request), 0), coalesce(sum(input + coalesce(cache_read, 0) + coalesce(cache_write, 0)
            + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(input_audio, 0) + coalesce(input_image, 0) + coalesce(input_video, 0)), 0),
            coalesce(sum(output + coalesce(output_audio, 0) + coalesce(output_image, 0)), 0),
            coalesce(sum(cache_read), 0)
        from usage u join ingest_file f on f.file_id = u.file_id where f.path = $path and input is not null
    """
    compared = 0
    with open_reader(samples) as reader:
        for path in sample_paths(shared):
            ours = [counts for answer in answers_of(path) if (counts := counts_of(answer))]
            (found,) = reader.rows(text, {"path": str(path.resolve())})
            assert tuple(map(int, found)) == (len(ours), *(sum(each[at] for each in ours) for at in range(3))), path
            compared += len(ours)
    assert compared > 860


def test_nothing_of_the_samples_is_refused_once_a_time_is_given(samples):
    with open_reader(samples) as reader:
        assert reader.rows("select path, line, reason from reject join ingest_file using (file_id)") == []


@pytest.mark.long
def test_without_a_time_what_has_none_is_refused_and_says_so(shared, tmp_path):
    warehouse = tmp_path / "warehouse"
    for result in load_files(warehouse, sample_paths(shared), Options(), now=NOW, tell=lambda message: None):
        assert result.error is None
    with open_reader(warehouse) as reader:
        reasons = {reason for (reason,) in reader.rows("select distinct reason from reject")}
    assert all("no time" in reason for reason in reasons)


def test_a_schema_is_no_log(shared, tmp_path):
    (schema,) = (shared / "samples" / "litellm").glob(f"*{SCHEMA}")
    (result,) = load_files(tmp_path / "warehouse", [schema], Options(), now=NOW, tell=lambda message: None)
    assert result.error and "no source recognises it" in result.error


def test_an_answer_without_usage_is_missing_not_zero(samples):
    with open_reader(samples) as reader:
        text = "select usage_status, input, output, cost from usage_priced where response_id = $id"
        stream = reader.rows(text, {"id": "chatcmpl-ASYMZbRqo8Bkz53FVzaTj7W7feOn4"})
        failed = reader.rows("select error_category, usage_status, input from usage where error_category is not null")
    assert stream == [("missing", None, None, None)]
    assert sorted(failed) == [("invalid_request", "missing", None), ("not_found", "missing", None)]
