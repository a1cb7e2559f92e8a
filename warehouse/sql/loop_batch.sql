-- One row per counted call of some tasks, with the rates that priced it, kept while the reader is open.
create or replace temp table loop_call as
select
    t.number, t.in_scope, hash(u.agent) as agent, hash(u.team, u.project) as worker, u.start_at, u.step, u.attempt, u.file_id, u.line,
    hash(
        u.seller, u.base_url, u.upstream_provider, u.operation, u.model_requested, u.model_served, u.role,
        u.granularity, u.currency, u.reasoning_effort, u.tags['provider_asked']
    ) as kind,
    u.seller, u.base_url, u.upstream_provider, u.operation, u.model_requested, u.model_served, u.role,
    u.granularity, u.currency, u.reasoning_effort, u.tags['provider_asked'] as provider_asked,
    u.input + coalesce(u.cache_read, 0) + coalesce(u.cache_write_5m, 0) + coalesce(u.cache_write_1h, 0)
        + coalesce(u.cache_write, 0) + coalesce(u.input_image, 0) + coalesce(u.input_audio, 0)
        + coalesce(u.input_video, 0) as prompt,
    u.cache_read, u.output + coalesce(u.output_audio, 0) + coalesce(u.output_image, 0) as output, u.reasoning,
    u.latency_ms, u.errors > 0 as failed, u.review > 0 or u.partial > 0 as doubtful,
    hash(u.record_key) as record, hash(u.parent_key) as parent, u.parent_key is not null as is_part,
    try_cast(u.cost as bigint) as cost,
    case
        when u.cost_reported_kind = 'billed' and not coalesce(u.byok, false) and u.cost_reported_currency = u.currency
            then try_cast(u.cost_reported as bigint)
    end as billed,
    r.input as rate_input, r.cache_read as rate_cache_read, r.output as rate_output,
    u.sent_messages, u.known_messages, u.new_answer_chars + u.new_call_chars as new_back_chars, u.new_other_chars,
    -- What was drawn or spoken has no characters.
    case when coalesce(u.output_audio, 0) + coalesce(u.output_image, 0) = 0 then u.answer_chars end as answer_chars,
    u.call_chars, u.thinking_chars
from usage_row_priced u
join loop_task t on t.task = u.task
left join rate r on r.rate_id = u.rate_id
where t.number between $first and $last
    and u.start_at between make_timestamp($from_us) and make_timestamp($until_us);
