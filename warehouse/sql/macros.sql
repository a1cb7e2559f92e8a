-- Macros of a load: how full a record is, and what tells two equally full ones apart whatever their order.
create or replace temp macro status_rank(status) as
    case status when 'reported' then 3 when 'estimated' then 2 when 'partial' then 1 else 0 end;
create or replace temp macro fullness_of(status, input, output, cached, details) as
    status_rank(status) * 100000000000000 + (coalesce(input, 0) + coalesce(output, 0) + coalesce(cached, 0)) * 100 + details;
create or replace temp macro tie_of(t) as md5(cast([
    t.start_at::varchar, t.gateway::varchar, t.seller::varchar, t.base_url::varchar, t.region::varchar,
    t.upstream_provider::varchar, t.operation::varchar, t.model_requested::varchar, t.model_served::varchar,
    t.role::varchar, t.service_tier::varchar, t.batch::varchar, t.request_id::varchar, t.trace_id::varchar,
    t.span_id::varchar, t.session_id::varchar, t.task::varchar, t.step::varchar, t.agent::varchar,
    t.latency_ms::varchar, t.ttft_ms::varchar, t.input::varchar, t.cache_read::varchar, t.cache_write::varchar,
    t.output::varchar, t.input_audio::varchar, t.input_image::varchar, t.output_audio::varchar,
    t.web_search::varchar, t.reasoning::varchar, t.total_reported::varchar, t.http_status::varchar,
    t.error_category::varchar, t.finish_reason::varchar, t.retry_count::varchar, t.attempt::varchar,
    t.gateway_cache_hit::varchar, t.streamed::varchar, t.tools::varchar, t.json_schema::varchar,
    t.image::varchar, t.video::varchar, t.reasoning_effort::varchar, t.max_tokens::varchar, t.org::varchar,
    t.team::varchar, t.project::varchar, t.environment::varchar, t.application::varchar, t.user_hash::varchar,
    t.key_alias::varchar, t.tags::varchar, t.cost_reported::varchar, t.byok::varchar
] as varchar));
-- What makes one sighting of a call better than that of another source: the greatest is counted.
create or replace temp macro sighting_rank(t) as struct_pack(
    seller := t.seller is not null, status := status_rank(t.usage_status),
    -- Another log may have added the parts of the call up, and they are counted on their own.
    parts := t.lists_parts,
    cache := t.cache_read is not null and not coalesce(contains(t.review, 'not in this log'), false),
    -- Whom a cost belongs to goes before all else that a log may tell.
    task := t.task is not null, team := t.team is not null,
    details := (t.project is not null)::tinyint + (t.user_hash is not null)::tinyint
        + (t.session_id is not null)::tinyint + (t.latency_ms is not null)::tinyint
        + (t.application is not null)::tinyint + (t.environment is not null)::tinyint,
    fullness := t.fullness, source := t.source, record_key := t.record_key);
-- The number, from 1, of the file of a load in which a line stands.
create or replace temp macro part_of(line) as
    greatest(1, len(list_filter(cast(getvariable('load_starts') as bigint[]), lambda s: s <= line)));
