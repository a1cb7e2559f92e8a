"""Where the usage objects of the API surfaces hold what, and which of their fields are known and left aside.

All paths begin at the usage object.
"""

from warehouse.reading import Leaf

_DETAILS_IN = ("prompt_tokens_details.", "input_tokens_details.")
_DETAILS_OUT = ("completion_tokens_details.", "output_tokens_details.")


def _in(*names: str) -> tuple[str, ...]:
    return tuple(place + name for name in names for place in _DETAILS_IN)


def _out(*names: str) -> tuple[str, ...]:
    return tuple(place + name for name in names for place in _DETAILS_OUT)


_READ_FIRST = _in("cached_tokens")
_READ_ELSEWHERE = ("cached_tokens", "prompt_cache_hit_tokens", "num_cached_tokens", "cache_read_input_tokens")
_LASTING = "prompt_tokens_details.cache_creation_token_details."

TOKENS = (
    Leaf("prompt", "count", ("prompt_tokens", "input_tokens")),
    Leaf("completion", "count", ("completion_tokens", "output_tokens")),
    Leaf("total", "count", ("total_tokens",)),
    # OpenAI's place first, then the top level (StepFun, Hugging Face), DeepSeek's, Mistral's and Anthropic's names.
    Leaf("cache_read", "count", (*_READ_FIRST, *_READ_ELSEWHERE)),
    # The same places from behind: where the two differ, the answer contradicts itself.
    Leaf("cache_read_other", "count", (*reversed(_READ_ELSEWHERE), *_READ_FIRST)),
    Leaf("cache_miss", "count", ("prompt_cache_miss_tokens",)),
    Leaf(
        "cache_write",
        "count",
        (*_in("cache_write_tokens", "cache_creation_tokens"), "cache_creation_input_tokens"),
    ),
    Leaf(
        "cache_write_5m",
        "count",
        ("cache_creation.ephemeral_5m_input_tokens", f"{_LASTING}ephemeral_5m_input_tokens"),
    ),
    Leaf(
        "cache_write_1h",
        "count",
        ("cache_creation.ephemeral_1h_input_tokens", f"{_LASTING}ephemeral_1h_input_tokens"),
    ),
    Leaf("reasoning", "count", _out("reasoning_tokens", "thinking_tokens")),
    Leaf("input_audio", "count", _in("audio_tokens")),
    Leaf("input_image", "count", _in("image_tokens")),
    Leaf("input_video", "count", _in("video_tokens")),
    Leaf("output_audio", "count", _out("audio_tokens")),
    Leaf("output_image", "count", _out("image_tokens")),
    Leaf(
        "web_search",
        "count",
        ("server_tool_use_details.web_search_requests", "server_tool_use.web_search_requests"),
    ),
    Leaf("service_tier", "text", ("service_tier",)),
)
"""The surfaces of OpenAI and Anthropic, and their dialects: other names, and other things inside the same names."""

CONVERSE = (
    Leaf("prompt", "count", ("inputTokens",)),
    Leaf("completion", "count", ("outputTokens",)),
    Leaf("total", "count", ("totalTokens",)),
    Leaf("cache_read", "count", ("cacheReadInputTokens", "cacheReadInputTokenCount")),
    Leaf("cache_read_other", "count", ("cacheReadInputTokenCount", "cacheReadInputTokens")),
    Leaf("cache_write", "count", ("cacheWriteInputTokens", "cacheWriteInputTokenCount")),
)
"""Bedrock's Converse."""

GEMINI = (
    Leaf("prompt", "count", ("promptTokenCount",)),
    Leaf("completion", "count", ("candidatesTokenCount", "responseTokenCount")),
    Leaf("total", "count", ("totalTokenCount",)),
    Leaf("cache_read", "count", ("cachedContentTokenCount",)),
    Leaf("reasoning", "count", ("thoughtsTokenCount",)),
    Leaf("service_tier", "text", ("serviceTier",)),
)
"""generateContent of the Gemini API and of Vertex AI."""

COHERE = (
    Leaf("prompt", "count", ("billed_units.input_tokens",)),
    Leaf("completion", "count", ("billed_units.output_tokens",)),
    Leaf("input_image", "count", ("billed_units.image_tokens",)),
)
"""Cohere's chat and embeddings: what it bills, which is less than the tokens beside it."""

_ITERATION = tuple(
    f"iterations[].{name}"
    for name in (
        "type",
        "model",
        "input_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "cache_creation.*",
        "output_tokens_details.thinking_tokens",
    )
)
_ASIDE_TOKENS = frozenset(
    (
        *_out("accepted_prediction_tokens", "rejected_prediction_tokens", "text_tokens"),
        *_in("text_tokens"),
        *(f"{place}.{name}" for place in ("server_tool_use", "server_tool_use_details") for name in (
            "web_search_requests", "web_fetch_requests", "tool_calls_requested", "tool_calls_executed")),
        "inference_geo", "speed", "fallback_credit.*", *_ITERATION,
        # OpenRouter's cost is read with the answer; Groq's seconds are no tokens.
        "cost", "is_byok", "cost_details.*", "queue_time", "prompt_time", "completion_time", "total_time",
        # An answer that gives its counts under both surfaces' names says the same twice.
        "prompt_tokens", "completion_tokens", "input_tokens", "output_tokens",
    )
)  # fmt: skip
_ASIDE_CONVERSE = frozenset(("cacheDetails[].ttl", "cacheDetails[].inputTokens"))
_ASIDE_GEMINI = frozenset(
    (
        "toolUsePromptTokenCount",
        "trafficType",
        *(
            f"{name}[].{field}"
            for name in (
                "promptTokensDetails",
                "promptTokenDetails",
                "cacheTokensDetails",
                "candidatesTokensDetails",
                "responseTokensDetails",
                "toolUsePromptTokensDetails",
            )
            for field in ("modality", "tokenCount")
        ),
        "billablePromptCharacterCount",
    )
)
_ASIDE_COHERE = frozenset(
    (
        "tokens.*",
        "cached_tokens",
        "billed_units.search_units",
        "billed_units.classifications",
        "billed_units.images",
        "api_version.*",
    )
)


def _known(leaves: tuple[Leaf, ...], aside: frozenset[str]) -> frozenset[str]:
    return aside | {path for leaf in leaves for path in leaf.paths}


KNOWN_TOKENS = _known(TOKENS, _ASIDE_TOKENS)
KNOWN_CONVERSE = _known(CONVERSE, _ASIDE_CONVERSE)
KNOWN_GEMINI = _known(GEMINI, _ASIDE_GEMINI)
KNOWN_COHERE = _known(COHERE, _ASIDE_COHERE)
