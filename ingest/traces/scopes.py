"""What is known of each instrumentation: how it counts, what it loses, and which spans of it are calls of a model."""

import re
from typing import Any, NamedTuple

from ingest.traces.request import Span

CALLS = frozenset(
    "chat completion completions text_completion generate_content embeddings embedding responses messages "
    "acompletion atext_completion aresponses aembedding anthropic_messages".split()
)
"""Operations that are calls of a model; LiteLLM writes its own words."""
NO_CALLS = frozenset(
    "invoke_agent create_agent execute_tool invoke_workflow retrieval rerank workflow task agent tool".split()
)
"""Operations that hold calls, or are none."""
VERCEL_CALL = re.compile(r"ai\.\w+\.do(Generate|Stream|Embed)\b")
RAW_REQUEST = "raw_gen_ai_request"
"""LiteLLM's span of what went over the wire: a detail of the span above it."""
USED = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.total_tokens", "llm.token_count.prompt")
KEEPS_CACHE = re.compile(r"(?:.*[/.])?(gpt-|o\d|chatgpt|codex|claude|gemini|deepseek|grok)", re.IGNORECASE)
"""Models whose own sellers report cached tokens where every client looks for them: a zero of theirs is one."""


class Scope(NamedTuple):
    """What is known of one instrumentation."""

    begins: str
    """How its scope's name begins."""
    inside: bool = True
    """Whether cached tokens are inside its input count, for every seller. False: not known for Anthropic's."""
    writes_zeros: bool = False
    """It writes 0 cached tokens where the answer had none where it looks."""
    names_end: bool = False
    """It writes why an answer ended of every stream that did."""
    guessed_streams: bool = False
    """It counts the placeholder at the beginning of a stream as output."""
    sellers: frozenset[str] = frozenset()
    """Providers whose name it writes only for calls to the seller of that name, where it gives no address."""


NOTHING_KNOWN = Scope("", inside=False)
SCOPES = (
    Scope("com.anthropic.sdk", sellers=frozenset({"anthropic"})),
    Scope("opentelemetry.instrumentation.anthropic", guessed_streams=True),
    Scope("opentelemetry.instrumentation.openai_v2"),
    Scope("opentelemetry.instrumentation.openai", names_end=True),
    Scope("opentelemetry.util.genai"),
    Scope("openinference.instrumentation.openai"),
    Scope(
        "litellm",
        writes_zeros=True,
        # Not OpenAI: so it calls everybody who speaks its protocol.
        sellers=frozenset({"anthropic", "deepseek", "groq", "mistral", "novita", "openrouter"}),
    ),
    Scope("openlit", inside=False, writes_zeros=True),
    Scope("@openlit", inside=False, writes_zeros=True),
    Scope("langfuse-sdk"),
)
VERCEL = Scope("ai", inside=False, writes_zeros=True, sellers=frozenset({"openrouter"}))


def scope_of(span: Span) -> Scope:
    """What is known of the instrumentation that wrote a span."""
    if span.scope == "ai" or "ai.operationId" in span.attributes:
        return VERCEL
    if "litellm.call_id" in span.attributes:
        # Its first version writes onto the web framework's spans, and no address.
        known = next(scope for scope in SCOPES if scope.begins == "litellm")
        return known if span.scope == known.begins else known._replace(sellers=frozenset())
    return next((scope for scope in SCOPES if span.scope.startswith(scope.begins)), NOTHING_KNOWN)


def is_call(span: Span) -> bool:
    """Whether a span is a call of a model, by its kind, its operation or its name; else by the tokens on it."""
    attributes = span.attributes
    observed = attributes.get("langfuse.observation.type")
    kind = attributes.get("openinference.span.kind")
    vercel = attributes.get("ai.operationId")
    if observed is not None:
        return observed in ("generation", "embedding")
    if kind is not None:
        return str(kind).upper() in ("LLM", "EMBEDDING")
    if vercel is not None:
        return bool(VERCEL_CALL.match(str(vercel)))
    if span.name == RAW_REQUEST:
        return True
    return _by_operation(attributes)


def _by_operation(attributes: dict[str, Any]) -> bool:
    operation = attributes.get("gen_ai.operation.name") or attributes.get("llm.request.type")
    if operation is not None and str(operation) in CALLS:
        return True
    if operation in NO_CALLS or attributes.get("traceloop.span.kind") in NO_CALLS:
        return False
    return any(name in attributes for name in USED)


def operation_of(span: Span, response_id: str | None) -> str:
    """The kind of call, as the object that such a call answers with."""
    attributes = span.attributes
    said = str(attributes.get("gen_ai.operation.name") or attributes.get("llm.request.type") or "")
    kind = f"{attributes.get('openinference.span.kind')} {attributes.get('langfuse.observation.type')}"
    vercel = str(attributes.get("ai.operationId") or "")
    if "embedding" in said or "embedding" in kind.lower() or vercel.endswith(".doEmbed"):
        return "list"
    if said in ("text_completion", "atext_completion"):
        return "text_completion"
    if "anthropic" in (said, span.scope.rpartition(".")[2]) or said == "anthropic_messages":
        return "message"
    if "anthropic.sdk" in span.scope or (response_id or "").startswith("msg_"):
        return "message"
    if said in ("responses", "aresponses") or (response_id or "").startswith("resp_"):
        return "response"
    return "chat.completion"


def loses_zero(scope: Scope, model: str | None) -> bool:
    """Whether 0 may stand for some cached tokens or reasoning: it is written where it was looked for in vain."""
    return scope.writes_zeros and not KEEPS_CACHE.match(model or "")
