-- The first schema of the usage database.

-- Words of closed sets: stored in a byte, and a word outside its set is refused.
create type granularity as enum ('request', 'iteration', 'bucket', 'counter_delta');
create type time_quality as enum ('exact', 'assumed_utc', 'given', 'bucket');
create type usage_status as enum ('reported', 'estimated', 'partial', 'missing');
create type usage_flavour as enum (
    'openai_chat', 'openai_responses', 'anthropic', 'bedrock_converse', 'gemini', 'cohere');
create type operation as enum (
    'chat', 'responses', 'text_completion', 'embeddings', 'messages', 'generate_content', 'converse');
create type costing as enum ('rated', 'free', 'unknown');

create table meta (name varchar not null, value varchar not null);

-- One row per loaded file. `complete_bytes` and `complete_lines` end at the last line feed: there a grown file goes on.
create table ingest_file (
    file_id integer not null, path varchar not null, source varchar not null, options varchar not null,
    mtime_ns bigint not null, file_bytes bigint not null, size_bytes bigint not null, digest varchar not null,
    complete_bytes bigint not null, complete_lines bigint not null, complete_digest varchar not null,
    lines bigint not null, records bigint not null, loaded bigint not null, replaced bigint not null,
    already_there bigint not null, rejected bigint not null, unpriced bigint not null, needs_review bigint not null,
    first_at timestamp, last_at timestamp, loaded_at timestamp not null, demo boolean not null,
);

-- One row per line that could not be read.
create table reject (
    file_id integer not null, line bigint not null, reason varchar not null, text varchar not null,
);

-- One row per rate that this warehouse ever knew. Rates are pico-units of `currency` per token, or per unit.
create table rate (
    rate_id integer not null, digest varchar not null, seller varchar not null, model varchar not null,
    region varchar, currency varchar not null, valid_from timestamp not null, valid_until timestamp not null,
    recorded_at timestamp not null,
    input bigint, cache_read bigint, cache_write_5m bigint, cache_write_1h bigint, cache_write bigint,
    output bigint, input_image bigint, input_audio bigint, input_video bigint, output_audio bigint,
    output_image bigint, web_search bigint, request bigint,
    source varchar not null, checked date not null, confidence varchar not null, note varchar,
    card varchar not null, precedence integer not null, active boolean not null,
);

-- One row per stretch of time in which one rate prices one exact model string of one seller: disjoint.
create table rate_span (
    seller varchar not null, model varchar not null, valid_from timestamp not null, valid_until timestamp not null,
    rate_id integer not null,
);

-- One row per status that a seller's dated rule names.
create table status_rule (
    seller varchar not null, valid_from timestamp not null, valid_until timestamp not null,
    http_status integer not null, charged boolean not null, source varchar not null,
);

-- One row per seller: what to say when it sells no tokens, and its currency where it has but one.
create table seller (seller varchar not null, name varchar not null, unpriced_reason varchar, currency varchar);

-- One row per billable model sampling, in time order as far as loads come in time order.
create table usage (
    record_key varchar not null, source varchar not null, file_id integer not null, line bigint not null,
    granularity granularity not null, parent_key varchar, counted boolean not null, sighting_of varchar,
    request_id varchar, response_id varchar, trace_id varchar, span_id varchar, session_id varchar,
    task varchar, step integer, agent varchar,
    start_at timestamp not null, time_quality time_quality not null, latency_ms bigint, ttft_ms bigint,
    gateway varchar, seller varchar, base_url varchar, region varchar, upstream_provider varchar, operation operation,
    model_requested varchar, model_served varchar, role varchar, service_tier varchar, batch boolean,
    input bigint, cache_read bigint, cache_write_5m bigint, cache_write_1h bigint, cache_write bigint,
    output bigint, input_image bigint, input_audio bigint, input_video bigint, output_audio bigint,
    output_image bigint, web_search bigint, request bigint not null,
    reasoning bigint, total_reported bigint, usage_flavour usage_flavour, usage_status usage_status not null,
    check_gap bigint, review varchar, raw_usage varchar,
    http_status integer, error_category varchar, finish_reason varchar, retry_count integer, attempt integer,
    gateway_cache_hit boolean, billable boolean, billable_reason varchar not null,
    streamed boolean, tools boolean, json_schema boolean, image boolean, video boolean,
    reasoning_effort varchar, max_tokens bigint,
    org varchar, team varchar, project varchar, environment varchar, application varchar,
    user_hash varchar, key_alias varchar, tags map(varchar, varchar),
    cost_reported bigint, cost_reported_currency varchar, cost_reported_kind varchar, byok boolean,
    rate_id integer, costing costing not null, currency varchar, unpriced_reason varchar,
    cost_read bigint, cost_low bigint, cost_high bigint, fullness bigint not null,
);

-- One row per hour and usage_day's dimensions. Token sums have no price in them: cost is sum times rate.
create table usage_hour (
    hour_at timestamp not null, day date not null, seller varchar, model varchar, rate_id integer,
    costing varchar not null, currency varchar, context_bucket tinyint, team varchar,
    requests bigint not null, errors bigint not null, review bigint not null, partial bigint not null,
    input bigint, cache_read bigint, cache_write_5m bigint, cache_write_1h bigint, cache_write bigint,
    output bigint, input_image bigint, input_audio bigint, input_video bigint, output_audio bigint,
    output_image bigint, web_search bigint, request bigint, reasoning bigint,
    band_low decimal(38, 0), band_high decimal(38, 0),
    cost_reported decimal(38, 0), cost_reported_currency varchar, reported bigint not null,
);

-- One row per day, seller, model, rate, costing, context bucket and team.
create table usage_day (
    day date not null, seller varchar, model varchar, rate_id integer,
    costing varchar not null, currency varchar, context_bucket tinyint, team varchar,
    requests bigint not null, errors bigint not null, review bigint not null, partial bigint not null,
    input bigint, cache_read bigint, cache_write_5m bigint, cache_write_1h bigint, cache_write bigint,
    output bigint, input_image bigint, input_audio bigint, input_video bigint, output_audio bigint,
    output_image bigint, web_search bigint, request bigint, reasoning bigint,
    band_low decimal(38, 0), band_high decimal(38, 0),
    cost_reported decimal(38, 0), cost_reported_currency varchar, reported bigint not null,
);

-- One row per day and every dimension but user, session, task and free tags.
create table usage_day_detail (
    day date not null, source varchar, gateway varchar, seller varchar, base_url varchar, region varchar,
    upstream_provider varchar, operation varchar, model varchar, model_requested varchar, role varchar,
    service_tier varchar, batch boolean, rate_id integer, costing varchar not null, currency varchar,
    unpriced_reason varchar, context_bucket tinyint, usage_status varchar, http_status integer,
    error_category varchar, finish_reason varchar, gateway_cache_hit boolean, billable_reason varchar,
    streamed boolean, tools boolean, json_schema boolean, image boolean, video boolean, reasoning_effort varchar,
    org varchar, team varchar, project varchar, environment varchar, application varchar, key_alias varchar,
    requests bigint not null, errors bigint not null, review bigint not null, partial bigint not null,
    input bigint, cache_read bigint, cache_write_5m bigint, cache_write_1h bigint, cache_write bigint,
    output bigint, input_image bigint, input_audio bigint, input_video bigint, output_audio bigint,
    output_image bigint, web_search bigint, request bigint, reasoning bigint,
    band_low decimal(38, 0), band_high decimal(38, 0),
    cost_reported decimal(38, 0), cost_reported_currency varchar, reported bigint not null,
);

-- One row per task and costing cell: task, rate, model served, context bucket.
create table task_rate (
    task varchar not null, seller varchar, model varchar, rate_id integer,
    costing varchar not null, currency varchar, context_bucket tinyint, team varchar,
    requests bigint not null, errors bigint not null, review bigint not null, partial bigint not null,
    input bigint, cache_read bigint, cache_write_5m bigint, cache_write_1h bigint, cache_write bigint,
    output bigint, input_image bigint, input_audio bigint, input_video bigint, output_audio bigint,
    output_image bigint, web_search bigint, request bigint, reasoning bigint,
    band_low decimal(38, 0), band_high decimal(38, 0),
    cost_reported decimal(38, 0), cost_reported_currency varchar, reported bigint not null,
);

-- One row per task. `costs` holds one amount per currency, in pico-units; unpriced calls are counted apart.
create table task_cost (
    task varchar not null, first_at timestamp not null, last_at timestamp not null, last_step integer,
    requests bigint not null, errors bigint not null, unpriced bigint not null, review bigint not null,
    partial bigint not null, models integer not null, model varchar, team varchar,
    input bigint, cache_read bigint, cache_written bigint, output bigint, reasoning bigint,
    currency varchar, cost decimal(38, 0), band_low decimal(38, 0), band_high decimal(38, 0),
    costs map(varchar, decimal(38, 0)) not null,
    cost_reported decimal(38, 0), cost_reported_currency varchar, reported bigint not null,
);

-- One row per value of a dimension that filters offer.
create table dimension_value (dimension varchar not null, value varchar not null, requests bigint not null);

-- What one meter costs, in pico-units: a meter that was not used, or is not charged for, costs nothing.
create macro amount(quantity, rate) as coalesce(quantity * rate, 0);

-- The clock time of an instant in the billing zone.
create macro local_of(instant, zone) as
    case when zone = 'UTC' then instant else timezone(zone, timezone('UTC', instant)) end;

-- Number of the context bucket: how many edges (in tokens, cached and written ones included) the input exceeds.
create macro context_bucket_of(tokens) as cast(
    (tokens > 32000)::tinyint + (tokens > 100000)::tinyint + (tokens > 128000)::tinyint + (tokens > 200000)::tinyint
    + (tokens > 256000)::tinyint + (tokens > 272000)::tinyint + (tokens > 512000)::tinyint as tinyint);

-- One row per usage row, with its cost in pico-units of its currency; NULL where it is unknown.
create view usage_priced as
select
    u.*,
    case u.costing
        when 'rated' then amount(u.input, r.input) + amount(u.cache_read, r.cache_read) +
            amount(u.cache_write_5m, r.cache_write_5m) + amount(u.cache_write_1h, r.cache_write_1h) +
            amount(u.cache_write, r.cache_write) + amount(u.output, r.output) +
            amount(u.input_image, r.input_image) + amount(u.input_audio, r.input_audio) +
            amount(u.input_video, r.input_video) + amount(u.output_audio, r.output_audio) +
            amount(u.output_image, r.output_image) + amount(u.web_search, r.web_search) +
            amount(u.request, r.request)
        when 'free' then 0
    end as cost
from usage u
left join rate r on r.rate_id = u.rate_id;

-- One row per counted call: the dimensions of the rollups, and their measures under the prefix `sum_`.
create view usage_cell as
select
    start_at, source, gateway, seller, base_url, region, upstream_provider, operation,
    coalesce(model_served, model_requested) as model, model_requested, role, service_tier, batch, rate_id, costing,
    currency, unpriced_reason, usage_status, http_status, error_category, finish_reason, gateway_cache_hit,
    billable_reason, streamed, tools, json_schema, image, video, reasoning_effort,
    org, team, project, environment, application, key_alias, task, cost_reported_currency,
    context_bucket_of(
        input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
        + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0) + coalesce(input_video, 0)
    ) as context_bucket,
    cast(1 as bigint) as sum_requests, cast(error_category is not null as bigint) as sum_errors,
    cast(review is not null as bigint) as sum_review, cast(usage_status = 'partial' as bigint) as sum_partial,
    input as sum_input,
    cache_read as sum_cache_read,
    cache_write_5m as sum_cache_write_5m,
    cache_write_1h as sum_cache_write_1h,
    cache_write as sum_cache_write,
    output as sum_output,
    input_image as sum_input_image,
    input_audio as sum_input_audio,
    input_video as sum_input_video,
    output_audio as sum_output_audio,
    output_image as sum_output_image,
    web_search as sum_web_search,
    request as sum_request,
    reasoning as sum_reasoning,
    cast(cost_low - cost_read as decimal(38, 0)) as sum_band_low,
    cast(cost_high - cost_read as decimal(38, 0)) as sum_band_high,
    cast(cost_reported as decimal(38, 0)) as sum_cost_reported, cast(cost_reported is not null as bigint) as sum_reported,
from usage
where counted and granularity in ('request', 'iteration');

-- One row per cell of usage_hour, with its cost in pico-units of its currency; NULL where it is unknown.
create view usage_hour_priced as
select
    c.*,
    cast(case c.costing
        when 'rated' then amount(cast(c.input as hugeint), r.input) + amount(cast(c.cache_read as hugeint), r.cache_read) +
            amount(cast(c.cache_write_5m as hugeint), r.cache_write_5m) +
            amount(cast(c.cache_write_1h as hugeint), r.cache_write_1h) +
            amount(cast(c.cache_write as hugeint), r.cache_write) +
            amount(cast(c.output as hugeint), r.output) +
            amount(cast(c.input_image as hugeint), r.input_image) +
            amount(cast(c.input_audio as hugeint), r.input_audio) +
            amount(cast(c.input_video as hugeint), r.input_video) +
            amount(cast(c.output_audio as hugeint), r.output_audio) +
            amount(cast(c.output_image as hugeint), r.output_image) +
            amount(cast(c.web_search as hugeint), r.web_search) + amount(cast(c.request as hugeint), r.request)
        when 'free' then 0
    end as decimal(38, 0)) as cost
from usage_hour c
left join rate r on r.rate_id = c.rate_id;

-- One row per cell of usage_day, with its cost in pico-units of its currency; NULL where it is unknown.
create view usage_day_priced as
select
    c.*,
    cast(case c.costing
        when 'rated' then amount(cast(c.input as hugeint), r.input) + amount(cast(c.cache_read as hugeint), r.cache_read) +
            amount(cast(c.cache_write_5m as hugeint), r.cache_write_5m) +
            amount(cast(c.cache_write_1h as hugeint), r.cache_write_1h) +
            amount(cast(c.cache_write as hugeint), r.cache_write) +
            amount(cast(c.output as hugeint), r.output) +
            amount(cast(c.input_image as hugeint), r.input_image) +
            amount(cast(c.input_audio as hugeint), r.input_audio) +
            amount(cast(c.input_video as hugeint), r.input_video) +
            amount(cast(c.output_audio as hugeint), r.output_audio) +
            amount(cast(c.output_image as hugeint), r.output_image) +
            amount(cast(c.web_search as hugeint), r.web_search) + amount(cast(c.request as hugeint), r.request)
        when 'free' then 0
    end as decimal(38, 0)) as cost
from usage_day c
left join rate r on r.rate_id = c.rate_id;

-- One row per cell of usage_day_detail, with its cost in pico-units of its currency; NULL where it is unknown.
create view usage_day_detail_priced as
select
    c.*,
    cast(case c.costing
        when 'rated' then amount(cast(c.input as hugeint), r.input) + amount(cast(c.cache_read as hugeint), r.cache_read) +
            amount(cast(c.cache_write_5m as hugeint), r.cache_write_5m) +
            amount(cast(c.cache_write_1h as hugeint), r.cache_write_1h) +
            amount(cast(c.cache_write as hugeint), r.cache_write) +
            amount(cast(c.output as hugeint), r.output) +
            amount(cast(c.input_image as hugeint), r.input_image) +
            amount(cast(c.input_audio as hugeint), r.input_audio) +
            amount(cast(c.input_video as hugeint), r.input_video) +
            amount(cast(c.output_audio as hugeint), r.output_audio) +
            amount(cast(c.output_image as hugeint), r.output_image) +
            amount(cast(c.web_search as hugeint), r.web_search) + amount(cast(c.request as hugeint), r.request)
        when 'free' then 0
    end as decimal(38, 0)) as cost
from usage_day_detail c
left join rate r on r.rate_id = c.rate_id;

-- One row per cell of task_rate, with its cost in pico-units of its currency; NULL where it is unknown.
create view task_rate_priced as
select
    c.*,
    cast(case c.costing
        when 'rated' then amount(cast(c.input as hugeint), r.input) + amount(cast(c.cache_read as hugeint), r.cache_read) +
            amount(cast(c.cache_write_5m as hugeint), r.cache_write_5m) +
            amount(cast(c.cache_write_1h as hugeint), r.cache_write_1h) +
            amount(cast(c.cache_write as hugeint), r.cache_write) +
            amount(cast(c.output as hugeint), r.output) +
            amount(cast(c.input_image as hugeint), r.input_image) +
            amount(cast(c.input_audio as hugeint), r.input_audio) +
            amount(cast(c.input_video as hugeint), r.input_video) +
            amount(cast(c.output_audio as hugeint), r.output_audio) +
            amount(cast(c.output_image as hugeint), r.output_image) +
            amount(cast(c.web_search as hugeint), r.web_search) + amount(cast(c.request as hugeint), r.request)
        when 'free' then 0
    end as decimal(38, 0)) as cost
from task_rate c
left join rate r on r.rate_id = c.rate_id;

-- One row per counted call, with the names and measures of the rollups: for dimensions that no rollup has.
create view usage_row_priced as
select
    * exclude (review, cost_reported),
    cast(local_of(start_at, (select value from meta where name = 'billing_zone')) as date) as day, coalesce(model_served, model_requested) as model,
    cast(1 as bigint) as requests, cast(error_category is not null as bigint) as errors,
    cast(review is not null as bigint) as review, cast(usage_status = 'partial' as bigint) as partial,
    cast(cost_low - cost_read as decimal(38, 0)) as band_low,
    cast(cost_high - cost_read as decimal(38, 0)) as band_high,
    cast(cost_reported as decimal(38, 0)) as cost_reported, cast(cost_reported is not null as bigint) as reported
from usage_priced
where counted and granularity in ('request', 'iteration');
