"""The usage record: one billable model sampling. The table ``usage`` agrees with it, by test.

``None`` means "not reported"; 0 means "reported zero".
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

Granularity = Literal["request", "iteration", "bucket", "counter_delta"]
TimeQuality = Literal["exact", "assumed_utc", "given", "bucket"]
UsageStatus = Literal["reported", "estimated", "partial", "missing"]
Costing = Literal["rated", "free", "unknown"]


class UsageRecord(BaseModel):
    """One row of ``usage``. Token counts are whole tokens; money is in pico-units (1e-12) of its currency."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    # Identity
    record_key: str
    """32 hex digits: a 128-bit hash of the source and its idempotency parts. Never None."""
    source: str
    """The file shape it was read from: ``openai_compatible``, ``openrouter``. Never None."""
    file_id: int
    """The file it came from, in ``ingest_file``. Never None."""
    line: int
    """Line in that file, counted from 1; for a document, the line where the record begins. Never None."""
    granularity: Granularity
    """What the row stands for; rows of different granularity are never summed together. Never None."""
    parent_key: str | None
    """Record key of the call this row is a part of. None: a call of its own."""
    counted: bool
    """False for a second sighting of a call that another row already bills. Never None."""
    sighting_of: str | None
    """Record key of the row that is counted in this row's stead. None: counted itself."""

    # Ids
    request_id: str | None
    """The gateway's or client's own id of the request. None: not reported."""
    response_id: str | None
    """The seller's id of the answer (``chatcmpl-``, ``resp_``, ``gen-``). None: not reported."""
    trace_id: str | None
    """Trace the call belongs to. None: not reported."""
    span_id: str | None
    """Span of the call in its trace. None: not reported."""
    session_id: str | None
    """Conversation or session. None: not reported."""
    task: str | None
    """The piece of work the call belongs to. None: the log names none."""
    step: int | None
    """The call's place in its task, as the log numbers it. None: not reported."""
    agent: str | None
    """The agent that called. None: not reported."""

    # Time
    start_at: datetime
    """When the call began: UTC, to the microsecond. Never None."""
    time_quality: TimeQuality
    """``exact``, ``assumed_utc`` (the log names no zone), ``given`` (on the command line), ``bucket``."""
    latency_ms: int | None
    """Milliseconds from start to end. None: not reported."""
    ttft_ms: int | None
    """Milliseconds from start to the first token. None: not reported or not a stream."""

    # Route
    gateway: str | None
    """The gateway in between. None: none known."""
    seller: str | None
    """Who bills: the name of a rate card's seller. None: unknown, and the row is unpriced."""
    base_url: str | None
    """The address called, without its query. None: not reported."""
    region: str | None
    """Region of the route. None: not reported."""
    upstream_provider: str | None
    """Who served the call behind the seller. None: not reported."""
    operation: str | None
    """``chat``, ``responses``, ``text_completion``, ``embeddings``. None: cannot be told."""
    model_requested: str | None
    """Model asked for. None: not reported."""
    model_served: str | None
    """Model that answered, as the answer names it; this one is priced. None: no answer."""
    role: str | None
    """``executor``, ``advisor``, ``compaction`` or ``fallback``. None: not reported."""
    service_tier: str | None
    """Service tier of the answer. None: not reported."""
    batch: bool | None
    """Whether the call went through a batch interface. None: not reported."""

    # Meters: disjoint
    input: int | None
    """Uncached text tokens read. None: not reported."""
    cache_read: int | None
    """Tokens read from the cache. None: not reported."""
    cache_write_5m: int | None
    """Tokens written to a 5-minute cache. None: not reported."""
    cache_write_1h: int | None
    """Tokens written to a 1-hour cache. None: not reported."""
    cache_write: int | None
    """Tokens written to a cache of unstated life. None: not reported."""
    output: int | None
    """Text tokens written, reasoning included. None: not reported."""
    input_image: int | None
    """Image tokens read, where the answer splits them. None: not split."""
    input_audio: int | None
    """Audio tokens read, where the answer splits them. None: not split."""
    input_video: int | None
    """Video tokens read, where the answer splits them. None: not split."""
    output_audio: int | None
    """Audio tokens written, where the answer splits them. None: not split."""
    output_image: int | None
    """Image tokens written, where the answer splits them. None: not split."""
    web_search: int | None
    """Web searches made by the seller. None: not reported."""
    request: int | None
    """1 for a call, 0 for a part of one, the number of calls of a bucket. None: a bucket that does not say."""

    # Memo
    reasoning: int | None
    """Reasoning tokens; inside output, never added to it. None: not reported."""
    total_reported: int | None
    """Total tokens as the log gives them. None: not reported."""
    usage_flavour: str | None
    """How to read the counts: a name of ``pricing.usage.FLAVOURS``. None: no counts."""
    usage_status: UsageStatus
    """``reported``, ``estimated``, ``partial`` (a lower bound) or ``missing``. Never None."""
    check_gap: int | None
    """Total reported less the total of the reading, in tokens. None: no total reported."""
    review: str | None
    """Why the usage contradicts itself. None: it does not."""
    raw_usage: str | None
    """The usage object as it was, JSON, for rows under review. None: not under review."""

    # Outcome
    http_status: int | None
    """HTTP status. None: not reported, or no answer came."""
    error_category: str | None
    """One of ``ingest.outcome.ERROR_CATEGORIES``. None: no error."""
    finish_reason: str | None
    """Why the answer ended. None: not reported."""
    retry_count: int | None
    """Retries after the first attempt, for the logical call. None: not reported."""
    attempt: int | None
    """Number of this attempt. None: not reported."""
    gateway_cache_hit: bool | None
    """Answered by the gateway's own cache. None: not reported."""
    billable: bool | None
    """Whether the seller charges for it. None: cannot be known."""
    billable_reason: str
    """The rule that decided ``billable``. Never None."""

    # Features
    streamed: bool | None
    """The answer was streamed. None: not reported."""
    tools: bool | None
    """Tools were offered. None: not reported."""
    json_schema: bool | None
    """A JSON schema was demanded. None: not reported."""
    image: bool | None
    """The request held an image. None: not reported."""
    video: bool | None
    """The request held a video. None: not reported."""
    reasoning_effort: str | None
    """Reasoning effort asked for. None: not reported."""
    max_tokens: int | None
    """Longest answer allowed, in tokens. None: not set or not reported."""

    # Allocation
    org: str | None
    """Organisation. None: not reported."""
    team: str | None
    """Team. None: not reported."""
    project: str | None
    """Project. None: not reported."""
    environment: str | None
    """Environment, such as ``prod``. None: not reported."""
    application: str | None
    """Application. None: not reported."""
    user_hash: str | None
    """The user, hashed with the warehouse's salt. None: not reported."""
    key_alias: str | None
    """Name of the API key, never the key. None: not reported."""
    tags: dict[str, str] | None
    """Free tags. None: not reported."""

    # Cost
    cost_reported: int | None
    """Cost as the log reports it, in pico-units. None: the log reports none."""
    cost_reported_currency: str | None
    """Its currency. None: no cost reported."""
    cost_reported_kind: Literal["billed", "list", "estimate", "upstream"] | None
    """What that figure is. None: no cost reported."""
    byok: bool | None
    """The caller brought their own upstream key. None: not reported."""
    rate_id: int | None
    """The rate in force at the call's start; set once, never changed. None: no rate."""
    costing: Costing
    """``rated`` (tokens at the rate), ``free`` (not charged: 0) or ``unknown``. Never None."""
    currency: str | None
    """Currency of the cost. None: the cost is unknown."""
    unpriced_reason: str | None
    """Why the cost is unknown. None: it is known."""
    cost_read: int | None
    """As priced by the declared reading, in pico-units, when a row under review was loaded. None: as ``cost_low``."""
    cost_low: int | None
    """Least cost of any reading, in pico-units, for rows under review. None: not under review or unpriced."""
    cost_high: int | None
    """Greatest cost of any reading, in pico-units, for rows under review. None: as ``cost_low``."""
    fullness: int
    """How much the record says: of two sightings in one source the fuller one is kept. Never None."""

    # What a band is made from
    cache_read_other: int | None
    """The cached tokens that the log reports in a second place, where they differ. None: they do not."""
    cache_unseen: bool | None
    """The log has no place for cached tokens: none counted is unknown, not zero. None: it has."""
    cache_unproven: bool | None
    """Nothing tells whether cached tokens are inside the prompt's count. None: it is known."""
    beyond_tokens: bool | None
    """The reported cost holds more than tokens explain. None: it does not."""
    gap_task: str | None
    """The task that pauses between calls make of it, where the rule of tasks has a pause. None: named otherwise."""

    # What a recorder saw of the request and the answer: sizes, never content
    api_path: str | None
    """The path below the base URL that was called, without its query. None: not reported."""
    service_tier_asked: str | None
    """Service tier that the request asked for. None: for none, or not reported."""
    logical_call: str | None
    """What all attempts of one call have in common. None: not reported."""
    sent_messages: int | None
    """Messages of the request, instructions counted as one. None: not reported."""
    known_messages: int | None
    """How many of them, from the first, the request before in this task had as well. None: not known."""
    new_answer_chars: int | None
    """Characters of the text of models' messages among the others, the new ones. None: not reported."""
    new_call_chars: int | None
    """Characters of the calls of tools in those messages. None: not reported."""
    new_thinking_chars: int | None
    """Characters of thinking in those messages. None: not reported."""
    new_other_chars: int | None
    """Characters of all other new messages: of users, of tools, instructions. None: not reported."""
    new_media: int | None
    """Images, sounds, videos and files in the new messages. None: not reported."""
    answer_chars: int | None
    """Characters of the answer's text, as far as it was delivered. None: not reported."""
    call_chars: int | None
    """Characters of the answer's calls of tools. None: not reported."""
    thinking_chars: int | None
    """Characters of thinking that was delivered with the answer. None: not reported."""
