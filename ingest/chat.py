"""The leaves of OpenAI-shaped answers, bare or inside our envelope: chat completions and Responses.

Meters, their places and their dialects are described in ``docs/sources.md``. These leaves take cached and written
tokens to stand inside the prompt's count and reasoning inside the completion's; a line of another surface, or whose
total says otherwise, gets a closer look (``ingest.surfaces``).
"""

from ingest.source import Sample
from warehouse.reading import Leaf
from warehouse.staging import Form

ENVELOPE_KEY = "response"
"""A line with this key is an envelope: the answer is inside it."""


def form_of(sample: Sample) -> Form:
    """Whether a file's lines are envelopes, bare answers, or both, by its first records."""
    kinds = {ENVELOPE_KEY in record for record in sample.records}
    return "mixed" if len(kinds) != 1 else "envelope" if kinds == {True} else "bare"


_DETAILS_IN = ("body.usage.prompt_tokens_details.", "body.usage.input_tokens_details.")
_DETAILS_OUT = ("body.usage.completion_tokens_details.", "body.usage.output_tokens_details.")


def _in(name: str) -> tuple[str, ...]:
    return tuple(place + name for place in _DETAILS_IN)


def _out(name: str) -> tuple[str, ...]:
    return tuple(place + name for place in _DETAILS_OUT)


IDENTITY = (
    Leaf("record_id", "text", ("record",)),
    Leaf("logical_call", "text", ("logical_call",)),
    Leaf("response_id", "text", ("body.id",)),
    Leaf("request_id", "text", ("request_id",)),
    Leaf("trace_id", "text", ("trace",)),
    Leaf("span_id", "text", ("span",)),
    Leaf("session_id", "text", ("session",)),
    Leaf("task", "text", ("task",)),
    Leaf("step", "integer", ("step",)),
    Leaf("agent", "text", ("agent",)),
    Leaf("time_text", "text", ("time",)),
    Leaf("created_text", "text", ("body.created", "body.created_at")),
    Leaf("latency_ms", "milliseconds", ("latency_ms",)),
    Leaf("ttft_ms", "milliseconds", ("ttft_ms",)),
)

ROUTE = (
    Leaf("gateway", "text", ("gateway",)),
    Leaf("seller", "text", ("seller",)),
    Leaf("base_url", "text", ("base_url",)),
    Leaf("region", "text", ("region",)),
    Leaf("api_path", "text", ("api_path",)),
    Leaf("upstream_provider", "text", ("body.provider",)),
    Leaf("object", "text", ("body.object",)),
    Leaf("model_requested", "text", ("request.model",)),
    Leaf("model_served", "text", ("body.model",)),
    Leaf("role", "text", ("role",)),
    # Anthropic and, in its Messages, OpenRouter write the tier into the usage.
    Leaf("service_tier", "text", ("body.service_tier", "body.usage.service_tier")),
    Leaf("service_tier_asked", "text", ("request.service_tier",)),
    Leaf("batch", "flag", ("batch",)),
)

USAGE = (
    Leaf(
        "usage_flavour",
        "which",
        ("body.usage.prompt_tokens", "body.usage.input_tokens"),
        "openai_chat openai_responses",
    ),
    # Names of other surfaces, where the same counts mean something else: such a line gets a closer look.
    Leaf(
        "usage_foreign",
        "text",
        (
            "body.usage.cache_read_input_tokens",
            "body.usage.cache_creation_input_tokens",
            "body.usage.billed_units.input_tokens",
            "body.usage.cache_creation.ephemeral_5m_input_tokens",
            "body.usage.iterations",
            "body.usage.server_tool_use.web_search_requests",
            "body.usage.inference_geo",
            "body.usage.speed",
            *_in("cache_creation_tokens"),
            *_out("thinking_tokens"),
            "body.stop_reason",
        ),
    ),
    Leaf("prompt", "count", ("body.usage.prompt_tokens", "body.usage.input_tokens")),
    Leaf("completion", "count", ("body.usage.completion_tokens", "body.usage.output_tokens")),
    Leaf("total", "count", ("body.usage.total_tokens",)),
    # OpenAI's place first, then the top level (StepFun, Hugging Face), DeepSeek's and Mistral's names.
    Leaf(
        "cache_read",
        "count",
        (
            *_in("cached_tokens"),
            *(f"body.usage.{name}" for name in ("cached_tokens", "prompt_cache_hit_tokens", "num_cached_tokens")),
        ),
    ),
    # The same places from behind: where the two differ, the answer contradicts itself.
    Leaf(
        "cache_read_other",
        "count",
        (
            *(f"body.usage.{name}" for name in ("num_cached_tokens", "prompt_cache_hit_tokens", "cached_tokens")),
            *_in("cached_tokens"),
        ),
    ),
    Leaf("cache_miss", "count", ("body.usage.prompt_cache_miss_tokens",)),
    Leaf("cache_write", "count", _in("cache_write_tokens")),
    Leaf("reasoning", "count", _out("reasoning_tokens")),
    Leaf("input_audio", "count", _in("audio_tokens")),
    Leaf("input_image", "count", _in("image_tokens")),
    Leaf("input_video", "count", _in("video_tokens")),
    Leaf("output_audio", "count", _out("audio_tokens")),
    Leaf("output_image", "count", _out("image_tokens")),
    Leaf("web_search", "count", ("body.usage.server_tool_use_details.web_search_requests",)),
    Leaf("cost_reported", "money", ("body.usage.cost",)),
    Leaf("upstream_cost", "money", ("body.usage.cost_details.upstream_inference_cost",)),
    Leaf("byok", "flag", ("body.usage.is_byok",)),
)

OUTCOME = (
    Leaf("http_status", "status", ("status",)),
    Leaf(
        "finish_reason",
        "text",
        (
            "body.choices[].finish_reason",
            "body.finish_reason",
            "body.incomplete_details.reason",
            "body.status",
        ),
    ),
    # An error beside an answer: such a line gets a closer look. Its words are not kept.
    Leaf("error_text", "text", ("error", "body.error")),
    # A recorder saw the connection break: such a line gets a closer look.
    Leaf("ended", "flag", ("ended",)),
    Leaf("retry_count", "integer", ("retries",)),
    Leaf("attempt", "integer", ("attempt",)),
    Leaf("gateway_cache_hit", "flag", ("cache_hit",)),
    Leaf("streamed", "flag", ("request.stream",)),
    Leaf("tools", "present", ("features.tools", "request.tools")),
    # What a recorder says that the request held goes before what is left of it.
    Leaf(
        "json_schema",
        "equals",
        ("features.json_schema", "request.response_format.type", "request.text.format.type"),
        "json_schema true",
    ),
    Leaf(
        "image",
        "part",
        ("features.image", "request.messages[].content[].type", "request.input[].content[].type"),
        "image_url input_image image",
    ),
    Leaf(
        "video",
        "part",
        ("features.video", "request.messages[].content[].type", "request.input[].content[].type"),
        "video_url input_video video",
    ),
    Leaf(
        "reasoning_effort",
        "text",
        ("request.reasoning_effort", "request.reasoning.effort", "body.reasoning.effort"),
    ),
    Leaf(
        "max_tokens",
        "count",
        (
            "request.max_completion_tokens",
            "request.max_tokens",
            "request.max_output_tokens",
            "body.max_output_tokens",
        ),
    ),
)

_MEDIA = "image,audio,video,file"
_WORDLESS = f"encrypted,{_MEDIA}"
"""Kinds that have no characters: thinking that is sealed, and media."""

SIZES = (
    Leaf("sent_messages", "integer", ("sizes.messages",)),
    Leaf("known_messages", "integer", ("sizes.known",)),
    Leaf("new_answer_chars", "sum", ("sizes.new",), f"chars role=assistant kind!=tool_call,reasoning,{_WORDLESS}"),
    Leaf("new_call_chars", "sum", ("sizes.new",), "chars role=assistant kind=tool_call"),
    Leaf("new_thinking_chars", "sum", ("sizes.new",), "chars role=assistant kind=reasoning"),
    Leaf("new_other_chars", "sum", ("sizes.new",), f"chars role!=assistant kind!={_WORDLESS}"),
    Leaf("new_media", "sum", ("sizes.new",), f"count kind={_MEDIA}"),
    # Beside a picture or a voice, whose tokens not every seller counts apart, words do not stand for what was billed.
    Leaf("answer_chars", "sum", ("sizes.answer",), "chars kind!=tool_call,reasoning,encrypted"),
    Leaf("call_chars", "sum", ("sizes.answer",), "chars kind=tool_call"),
    Leaf("thinking_chars", "sum", ("sizes.answer",), "chars kind=reasoning"),
)

ALLOCATION = (
    Leaf("org", "text", ("org",)),
    Leaf("team", "text", ("team",)),
    Leaf("project", "text", ("project",)),
    Leaf("environment", "text", ("environment",)),
    Leaf("application", "text", ("application",)),
    Leaf("user", "text", ("user",)),
    Leaf("key_alias", "text", ("key_alias",)),
    Leaf("tags", "tags", ("tags",)),
)

LEAVES = IDENTITY + ROUTE + USAGE + OUTCOME + SIZES + ALLOCATION
