"""Under which attributes the instrumentations write what: the current GenAI names first, then older and other ones.

``ingest.traces.spans`` reads a span's own attributes by these leaves, whose paths are whole attribute names; what a
name means together with others, and what each instrumentation loses, is in ``ingest.traces.scopes``.
"""

from warehouse.reading import Leaf

PROMPT = (
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.usage.prompt_tokens",
    "llm.token_count.prompt",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "ai.usage.tokens",
)
COMPLETION = (
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.usage.completion_tokens",
    "llm.token_count.completion",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
)
TOTAL = (
    "gen_ai.usage.total_tokens",
    "llm.usage.total_tokens",
    "llm.token_count.total",
    "ai.usage.totalTokens",
    "gen_ai.client.token.usage",
)
CACHE_READ = (
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.cached_input_tokens",
    "gen_ai.usage.input_tokens.cached",
    "gen_ai.usage.cached_tokens",
    "gen_ai.usage.details.cache_read_tokens",
    "gen_ai.usage.details.cache_read_input_tokens",
    "gen_ai.usage.details.cached_tokens",
    "llm.usage.cache_read_input_tokens",
    "llm.token_count.prompt_details.cache_read",
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.cachedInputTokens",
)
CACHE_WRITE = (
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.cache_write_input_tokens",
    "gen_ai.usage.cache_write_tokens",
    "gen_ai.usage.details.cache_write_tokens",
    "gen_ai.usage.details.cache_creation_input_tokens",
    "llm.usage.cache_creation_input_tokens",
    "llm.token_count.prompt_details.cache_write",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
)
REASONING = (
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "gen_ai.usage.details.reasoning_tokens",
    "llm.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
    "ai.usage.outputTokenDetails.reasoningTokens",
    "ai.usage.reasoningTokens",
)

COUNTS = (
    Leaf("prompt", "count", PROMPT),
    Leaf("completion", "count", COMPLETION),
    Leaf("total", "count", TOTAL),
    Leaf("cache_read", "count", CACHE_READ),
    Leaf("cache_write", "count", CACHE_WRITE),
    Leaf("cache_write_5m", "count", ("anthropic.usage.cache_creation.ephemeral_5m_input_tokens",)),
    Leaf("cache_write_1h", "count", ("anthropic.usage.cache_creation.ephemeral_1h_input_tokens",)),
    Leaf("reasoning", "count", REASONING),
    Leaf("input_audio", "count", ("llm.token_count.prompt_details.audio",)),
    Leaf("output_audio", "count", ("llm.token_count.completion_details.audio",)),
    Leaf(
        "cost_reported",
        "money",
        ("gen_ai.usage.cost", "litellm.cost.total", "gen_ai.cost.total_cost", "llm.cost.total"),
    ),
)

IDENTITY = (
    Leaf("response_id", "text", ("gen_ai.response.id", "ai.response.id", "llm.response.id")),
    Leaf("request_id", "text", ("litellm.call_id", "anthropic.request.id", "gen_ai.request.id")),
    Leaf(
        "session_id",
        "text",
        (
            "gen_ai.conversation.id",
            "session.id",
            "langfuse.session.id",
            "traceloop.association.properties.session_id",
            "traceloop.association.properties.chat_id",
            "ai.telemetry.metadata.sessionId",
        ),
    ),
    Leaf(
        "task",
        "text",
        (
            "task.id",
            "traceloop.association.properties.task_id",
            "ai.telemetry.metadata.taskId",
            "langfuse.trace.metadata.task_id",
            "metadata.task_id",
        ),
    ),
    Leaf(
        "step",
        "integer",
        (
            "step",
            "traceloop.association.properties.step",
            "ai.telemetry.metadata.step",
            "langfuse.trace.metadata.step",
            "metadata.step",
        ),
    ),
    Leaf("agent", "text", ("gen_ai.agent.id", "gen_ai.agent.name", "agent.name", "traceloop.entity.name")),
)

ROUTE = (
    Leaf(
        "base_url",
        "text",
        ("gen_ai.openai.api_base", "openai.api_base", "gen_ai.request.base_url", "llm.openai.api_base", "url.full"),
    ),
    Leaf(
        "model_requested",
        "text",
        (
            "gen_ai.request.model",
            "llm.request.model",
            "llm.input_model_name",
            "embedding.model_name",
            "ai.model.id",
            "llm.invocation_parameters.model",
        ),
    ),
    Leaf(
        "model_served",
        "text",
        (
            "gen_ai.response.model",
            "llm.response.model",
            "llm.output_model_name",
            "ai.response.model",
            "llm.model_name",
            "langfuse.observation.model.name",
        ),
    ),
    Leaf(
        "service_tier",
        "text",
        (
            "gen_ai.response.service_tier",
            "openai.response.service_tier",
            "gen_ai.openai.response.service_tier",
            "anthropic.response.service_tier",
            "llm.invocation_parameters.service_tier",
            "langfuse.observation.model.parameters.service_tier",
        ),
    ),
)

OUTCOME = (
    Leaf("http_status", "status", ("http.response.status_code", "http.status_code")),
    Leaf(
        "finish_reason",
        "text",
        (
            "gen_ai.response.finish_reasons",
            "ai.response.finishReason",
            "llm.finish_reason",
            "anthropic.message.stop_reason",
            "gen_ai.completion.0.finish_reason",
        ),
    ),
    Leaf("retry_count", "integer", ("http.request.resend_count",)),
    Leaf(
        "streamed",
        "flag",
        ("gen_ai.request.stream", "gen_ai.is_streaming", "llm.is_streaming", "llm.invocation_parameters.stream"),
    ),
    Leaf(
        "reasoning_effort",
        "text",
        (
            "gen_ai.request.reasoning_effort",
            "gen_ai.openai.request.reasoning_effort",
            "llm.invocation_parameters.reasoning_effort",
            "langfuse.observation.model.parameters.reasoning_effort",
        ),
    ),
    Leaf(
        "max_tokens",
        "count",
        (
            "gen_ai.request.max_tokens",
            "llm.request.max_tokens",
            "ai.settings.maxOutputTokens",
            "ai.settings.maxTokens",
            "llm.invocation_parameters.max_completion_tokens",
            "llm.invocation_parameters.max_tokens",
            "langfuse.observation.model.parameters.max_completion_tokens",
            "langfuse.observation.model.parameters.max_tokens",
        ),
    ),
)

ALLOCATION = (
    Leaf("org", "text", ("litellm.metadata.user_api_key_org_id", "metadata.user_api_key_org_id")),
    Leaf(
        "team",
        "text",
        (
            "litellm.team.alias",
            "litellm.team.id",
            "metadata.user_api_key_team_alias",
            "metadata.user_api_key_team_id",
            "team",
            "traceloop.association.properties.team",
            "ai.telemetry.metadata.team",
            "langfuse.trace.metadata.team",
            "metadata.team",
        ),
    ),
    Leaf("project", "text", ("project", "metadata.user_api_key_project_alias", "metadata.project")),
    Leaf("environment", "text", ("deployment.environment.name", "deployment.environment", "langfuse.environment")),
    Leaf("application", "text", ("service.name",)),
    Leaf(
        "user",
        "text",
        (
            "user.id",
            "langfuse.user.id",
            "enduser.id",
            "gen_ai.user",
            "gen_ai.request.user",
            "llm.user",
            "traceloop.association.properties.user_id",
            "ai.telemetry.metadata.userId",
            "litellm.metadata.user_api_key_end_user_id",
            "litellm.metadata.user_api_key_user_id",
            "metadata.user_api_key_end_user_id",
            "metadata.user_api_key_user_id",
        ),
    ),
    Leaf("key_alias", "text", ("litellm.metadata.user_api_key_alias", "metadata.user_api_key_alias")),
)

NESTED = ("metadata", "llm.invocation_parameters", "langfuse.observation.model.parameters")
"""Attributes that hold a JSON object as text: its plain values are read under ``NAME.FIELD``."""
LEAVES = COUNTS + IDENTITY + ROUTE + OUTCOME + ALLOCATION

USAGE_PLACES = ("gen_ai.usage.", "llm.usage.", "llm.token_count.", "ai.usage.")
"""Where instrumentations write usage: what of it nobody reads is counted."""
LEFT_ASIDE = (
    "ai.usage.inputTokenDetails.noCacheTokens",
    "ai.usage.outputTokenDetails.textTokens",
    "gen_ai.usage.details.accepted_prediction_tokens",
    "gen_ai.usage.details.rejected_prediction_tokens",
    "llm.token_count.prompt_details.input",
    "llm.token_count.prompt_details.cache_input",
)
"""Counts that others hold already, or that cost nothing apart."""
TAG_PLACES = (
    "traceloop.association.properties.",
    "ai.telemetry.metadata.",
    "langfuse.trace.metadata.",
    "langfuse.observation.metadata.",
)
"""What callers say of a call, by the beginning of its names."""
TAG_LISTS = ("tag.tags", "langfuse.trace.tags")
FIRST_TOKEN = (
    "First Token Stream Event",
    "gen_ai.content.completion.chunk",
    "llm.content.completion.chunk",
    "ai.stream.firstChunk",
)
"""Events at which a stream's first piece came."""
