"""Where LiteLLM's logs hold what: the payload's names first, then those of SpendLogs.

``usage`` is the usage object, from wherever the log has it: the only place of cached tokens.
"""

from warehouse.reading import Leaf

LEAVES = (
    Leaf("request_id", "text", ("litellm_call_id", "metadata.litellm_call_id")),
    Leaf("key_text", "text", ("id", "request_id")),
    Leaf("trace_id", "text", ("trace_id",)),
    Leaf("session_id", "text", ("session_id", "metadata.requester_metadata.session_id")),
    Leaf("task", "text", ("metadata.spend_logs_metadata.task_id", "metadata.requester_metadata.task_id")),
    Leaf("step", "integer", ("metadata.spend_logs_metadata.step", "metadata.requester_metadata.step")),
    Leaf("agent", "text", ("agent_id",)),
    Leaf("time_text", "text", ("startTime",)),
    Leaf("base_url", "text", ("api_base", "hidden_params.api_base")),
    Leaf("object", "text", ("call_type",)),
    Leaf("model_requested", "text", ("model", "model_group")),
    Leaf("model_served", "text", ("response.model",)),
    Leaf("upstream_provider", "text", ("response.provider",)),
    Leaf("service_tier", "text", ("response.service_tier", "usage.service_tier")),
    Leaf("prompt", "count", ("prompt_tokens",)),
    Leaf("completion", "count", ("completion_tokens",)),
    Leaf("total", "count", ("total_tokens",)),
    Leaf(
        "cache_read",
        "count",
        (
            "usage.prompt_tokens_details.cached_tokens",
            "usage.cache_read_input_tokens",
        ),
    ),
    Leaf(
        "cache_write",
        "count",
        (
            "usage.prompt_tokens_details.cache_creation_tokens",
            "usage.cache_creation_input_tokens",
            "usage.prompt_tokens_details.cache_write_tokens",
        ),
    ),
    Leaf(
        "cache_write_5m",
        "count",
        ("usage.prompt_tokens_details.cache_creation_token_details.ephemeral_5m_input_tokens",),
    ),
    Leaf(
        "cache_write_1h",
        "count",
        ("usage.prompt_tokens_details.cache_creation_token_details.ephemeral_1h_input_tokens",),
    ),
    Leaf("reasoning", "count", ("usage.completion_tokens_details.reasoning_tokens",)),
    Leaf("input_audio", "count", ("usage.prompt_tokens_details.audio_tokens",)),
    Leaf("input_image", "count", ("usage.prompt_tokens_details.image_tokens",)),
    Leaf("input_video", "count", ("usage.prompt_tokens_details.video_tokens",)),
    Leaf("output_audio", "count", ("usage.completion_tokens_details.audio_tokens",)),
    Leaf("output_image", "count", ("usage.completion_tokens_details.image_tokens",)),
    Leaf("web_search", "count", ("usage.server_tool_use.web_search_requests",)),
    Leaf("cost_reported", "money", ("response_cost", "spend")),
    Leaf("finish_reason", "text", ("response.choices[].finish_reason", "response.status")),
    Leaf("retry_count", "integer", ("metadata.attempted_retries",)),
    Leaf("gateway_cache_hit", "flag", ("cache_hit",)),
    Leaf("streamed", "flag", ("stream",)),
    Leaf("tools", "present", ("model_parameters.tools",)),
    Leaf(
        "json_schema",
        "equals",
        ("model_parameters.response_format.type", "model_parameters.text.format.type"),
        "json_schema",
    ),
    Leaf("image", "part", ("messages[].content[].type",), "image_url input_image image"),
    Leaf("video", "part", ("messages[].content[].type",), "video_url input_video video"),
    Leaf("reasoning_effort", "text", ("model_parameters.reasoning_effort", "model_parameters.reasoning.effort")),
    Leaf(
        "max_tokens",
        "count",
        (
            "model_parameters.max_completion_tokens",
            "model_parameters.max_tokens",
            "model_parameters.max_output_tokens",
        ),
    ),
    Leaf("org", "text", ("metadata.user_api_key_org_alias", "metadata.user_api_key_org_id", "organization_id")),
    Leaf("team", "text", ("metadata.user_api_key_team_alias", "metadata.user_api_key_team_id", "team_id")),
    Leaf("project", "text", ("metadata.user_api_key_project_alias", "metadata.user_api_key_project_id")),
    Leaf("user", "text", ("metadata.user_api_key_user_id", "user", "end_user")),
    Leaf("key_alias", "text", ("metadata.user_api_key_alias",)),
)
"""One row per column of the reading; ``ingest.litellm_reading`` works out the rest."""
