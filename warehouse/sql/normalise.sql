-- One row per record of the load, in the usage table's words: seller found, meters disjoint, checks made.
-- What the command says of the load is in the variables `load_...`. `place` is the row's own number in the load.
create or replace temp view batch as
with reading as (
    select s.* exclude (plain, usage_shape), coalesce(n.line, s.rowid + getvariable('load_first_line')) as line, s.rowid as place
    from stage s
    left join line_number n on n.ordinal = s.rowid
    where s.plain
    union all by name
    select *, -1 - rowid as place
    from reread
),
routed as (
    select
        r.*,
        coalesce(r.seller, route.seller,
            case when r.response_id like 'gen-%' and r.upstream_provider is not null then 'openrouter' end,
            cast(getvariable('load_seller') as varchar)) as seller_found,
        coalesce(r.region, route.region) as region_found,
        route.clean_url,
        flavour.cache_inside_input, flavour.reasoning_inside_output
    from reading r
    left join route on route.base_url = coalesce(r.base_url, cast(getvariable('load_base_url') as varchar), '')
    left join flavour on flavour.name = r.usage_flavour
),
summed as (
    select
        *,
        coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0) + coalesce(cache_write, 0)
            as cached,
        coalesce(input_audio, 0) + coalesce(input_image, 0) + coalesce(input_video, 0) as input_parts,
        coalesce(output_audio, 0) + coalesce(output_image, 0) as output_parts,
        completion + case when reasoning_inside_output then 0 else coalesce(reasoning, 0) end as output_total
    from routed
),
checked as (
    select
        *,
        coalesce(cache_inside_input and cached > prompt, false) as cache_exceeds,
        prompt + case when cache_inside_input then 0 else cached end as input_total,
        prompt - case when cache_inside_input then cached else 0 end as input_rest
    from summed
),
reviewed as (
    select
        *,
        coalesce(input_parts > 0 and input_parts > input_rest, false) as parts_exceed,
        -- A count that is missing adds nothing: a total without its parts is a gap.
        total - (coalesce(input_total, 0) + coalesce(output_total, 0)) as gap,
        nullif(concat_ws('; ',
            case when cache_exceeds then 'cache exceeds input' end,
            case when input_parts > 0 and input_parts > input_rest then 'modalities exceed input' end,
            case when reasoning_inside_output and reasoning > completion then 'reasoning exceeds output' end,
            case when output_parts > output_total then 'modalities exceed output' end,
            case when total <> coalesce(input_total, 0) + coalesce(output_total, 0) then 'total differs' end,
            case when cache_read <> cache_read_other then 'cache read reported twice, differently' end,
            case when cache_read + cache_miss <> prompt then 'cache hits and misses differ from input' end,
            case when usage_status = 'estimated' then 'the log estimates the usage' end,
            review_note
        ), '') as review_found
    from checked
)
select
    -- What the source says, else an answer's id and second, else the recorder's own id of the record; without an id,
    -- everything that tells calls apart.
    md5(case
        when key_text is not null then concat_ws('|', getvariable('load_source'), key_text)
        when response_id is not null
            then concat_ws('|', getvariable('load_source'), response_id, coalesce(created_text, ''))
        when record_id is not null then concat_ws('|', getvariable('load_source'), 'record', record_id)
        else concat_ws('|', getvariable('load_source'),
            case when time_quality = 'given' then concat(getvariable('load_file_mark'), ':', line) end,
            start_at, coalesce(base_url, ''), coalesce(seller, ''), coalesce(model_requested, ''), coalesce(model_served, ''),
            coalesce(task, ''), coalesce(step, -1), coalesce(request_id, ''), coalesce(span_id, ''),
            coalesce(attempt, -1), coalesce(http_status, -1), coalesce(latency_ms, -1), coalesce(prompt, -1),
            coalesce(completion, -1), coalesce("user", ''))
    end) as record_key,
    case when parent_text is not null then md5(concat_ws('|', getvariable('load_source'), parent_text)) end as parent_key,
    getvariable('load_source') as source, line, place, coalesce(granularity, 'request') as granularity,
    request_id, response_id, trace_id, span_id, session_id, task, step, agent,
    start_at, time_quality, latency_ms, ttft_ms,
    gateway, seller_found as seller, clean_url as base_url, region_found as region, upstream_provider,
    case
        when object like 'chat.completion%' then 'chat'
        when object like 'response%' then 'responses'
        when object = 'text_completion' then 'text_completion'
        when object = 'list' then 'embeddings'
        when object = 'message' then 'messages'
        when object in ('generate_content', 'converse') then object
        -- Of what failed only the address says what it was.
        else case regexp_extract(api_path, '/((?:chat/)?[a-z]+)/?(?:[?#].*)?$', 1)
            when 'chat/completions' then 'chat'
            when 'responses' then 'responses'
            when 'completions' then 'text_completion'
            when 'embeddings' then 'embeddings'
            when 'messages' then 'messages'
        end
    end as operation,
    model_requested, model_served, role, service_tier, batch,
    input_rest - case when parts_exceed then 0 else input_parts end as input,
    cache_read, cache_write_5m, cache_write_1h, cache_write,
    output_total - case when output_parts > output_total then 0 else output_parts end as output,
    case when not parts_exceed then input_image end as input_image,
    case when not parts_exceed then input_audio end as input_audio,
    case when not parts_exceed then input_video end as input_video,
    case when not coalesce(output_parts > output_total, false) then output_audio end as output_audio,
    case when not coalesce(output_parts > output_total, false) then output_image end as output_image,
    web_search, case when granularity = 'bucket' then requests else coalesce(requests, 1) end as request,
    reasoning, total as total_reported, usage_flavour,
    coalesce(usage_status, case when prompt is null and completion is null then 'missing'
        when prompt is null or completion is null then 'partial' else 'reported' end) as usage_status,
    gap as check_gap, review_found as review, case when review_found is not null then raw_usage end as raw_usage,
    http_status, error_category, finish_reason, retry_count, attempt, gateway_cache_hit,
    coalesce(streamed, contains(object, 'chunk')) as streamed, tools, json_schema, image, video,
    reasoning_effort, max_tokens, split_part(split_part(api_path, '?', 1), '#', 1) as api_path, service_tier_asked, logical_call,
    sent_messages, known_messages, new_answer_chars, new_call_chars, new_thinking_chars, new_other_chars, new_media,
    answer_chars, call_chars, thinking_chars,
    org, coalesce(team, cast(getvariable('load_team') as varchar)) as team,
    coalesce(project, cast(getvariable('load_project') as varchar)) as project, environment, application,
    person.user_hash,
    case when regexp_matches(key_alias, getvariable('load_key_pattern'))
        then 'key ' || left(md5(getvariable('load_salt') || key_alias), 8) else key_alias end
        as key_alias,
    case when len(getvariable('load_tag_names')) = 0 then tags
        else map_concat(
            map(cast(getvariable('load_tag_names') as varchar[]), cast(getvariable('load_tag_values') as varchar[])),
            coalesce(tags, cast(map {} as map(varchar, varchar))))
        end as tags,
    case when byok then upstream_cost else cost_reported end as cost_reported, byok, upstream_cost,
    -- What the other readings of a contradictory row would count: for its band, once the rate is known.
    prompt, cached, output_total as output_read, cache_read_other, cache_unseen, cache_unproven, beyond_tokens,
    cost_currency, cost_kind, unknown_usage,
    fullness_of(
        coalesce(usage_status, case when prompt is null and completion is null then 'missing'
            when prompt is null or completion is null then 'partial' else 'reported' end),
        prompt, completion, cache_read,
        (cache_read is not null)::tinyint + (reasoning is not null)::tinyint + (seller_found is not null)::tinyint
        + (model_served is not null)::tinyint + (task is not null)::tinyint + (coalesce(team, cast(getvariable('load_team') as varchar)) is not null)::tinyint
        + (coalesce(project, cast(getvariable('load_project') as varchar)) is not null)::tinyint
        + (cache_write_5m is not null)::tinyint + (cache_write_1h is not null)::tinyint
        + (latency_ms is not null)::tinyint + (cost_reported is not null)::tinyint + (ttft_ms is not null)::tinyint
        + (streamed is not null)::tinyint + (tools is not null)::tinyint + (finish_reason is not null)::tinyint
        + (answer_chars is not null)::tinyint)
        - case when replay then 1000000000000000 else 0 end as fullness
from reviewed
left join person on person.name = reviewed."user";
